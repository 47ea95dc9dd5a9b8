package analyze

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// TestEventTerms: a condition without its level is not one of level 0, and flags that it does not take are told.
func TestEventTerms(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	ms := units.Seconds(1, 1000)
	for _, c := range []struct {
		name  string
		op    Events
		words string // empty: it is a condition
	}{
		{"level", Events{Find: "level"}, "--find level needs --level"},
		{"level of 0", Events{Find: "level", Level: Number(0)}, ""},
		{"level and upper", Events{Find: "level", Level: Number(0), Upper: Number(1)}, "--find level does not take --upper"},
		{"level and longer", Events{Find: "level", Level: Number(0), Longer: ms}, "does not take --longer"},
		{"window", Events{Find: "window"}, "--find window needs --lower and --upper"},
		{"window with one level", Events{Find: "window", Lower: Number(1)}, "--find window needs --upper"},
		{"window and level", Events{Find: "window", Lower: Number(0), Upper: Number(1), Level: Number(0)}, "does not take --level"},
		{"runt", Events{Find: "runt", Upper: Number(1)}, "--find runt needs --lower"},
		{"dropout", Events{Find: "dropout"}, "--find dropout needs --level and --longer"},
		{"dropout and shorter", Events{Find: "dropout", Level: Number(0), Longer: ms, Shorter: ms}, "does not take --shorter"},
		{"dropout and direction", Events{Find: "dropout", Level: Number(0), Longer: ms, Direction: events.DirectionRising}, "does not take --direction"},
		{"pulse", Events{Find: "pulse", Shorter: ms}, "--find pulse needs --level"},
		{"pulse of any length", Events{Find: "pulse", Level: Number(0)}, ""},
		{"interval", Events{Find: "interval", Longer: ms}, "--find interval needs --level"},
		{"slope", Events{Find: "slope"}, "--find slope needs --slope"},
		{"slope and level", Events{Find: "slope", Slope: Number(1), Level: Number(1), Shorter: ms}, "does not take --level or --shorter"},
		{"nothing there is", Events{Find: "glitch", Level: Number(1)}, `no event "glitch"`},
	} {
		_, err := Run(t.Context(), r, onlyA, &c.op)
		switch {
		case c.words == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.words != "" && (!isA[*OptionError](err) || !strings.Contains(err.Error(), c.words)):
			t.Errorf("%s: %v, want %q", c.name, err, c.words)
		}
	}
	level := &Events{Find: "level", Level: Number(0.05)}
	hasNote(t, run(t, r, onlyA, level), "--hysteresis")
	level.Hysteresis = Number(0)
	if notes := strings.Join(run(t, r, onlyA, level).Notes, "\n"); strings.Contains(notes, "--hysteresis") {
		t.Errorf("told of a hysteresis that is given: %s", notes)
	}
}

// TestSlopeColumn: what a slope has is its change, and not a value of the signal.
func TestSlopeColumn(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	table := run(t, r, onlyA, &Events{Find: "slope", Slope: Number(50), Draw: true}) // the edge back from 99 mV to 0
	if column(t, table, "change")[0] != -0.099 {
		t.Errorf("change %v", column(t, table, "change"))
	}
	if m := table.Traces[0].Marks[0]; !math.IsNaN(m.Value) {
		t.Errorf("a change is drawn among values: %+v", m)
	}
}

// TestWaveformColumn: what is found in waveforms has their number, and of streams beside them none.
func TestWaveformColumn(t *testing.T) {
	t.Parallel()
	a := recordingtest.Analog("A")
	a.Global.WaveformSamples = 20
	info := recordingtest.Device(a)
	info.Mode = recording.ModeRapidBlock
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 { return 1000 * (device % 20 / 5 % 2) } // two pulses in each
	for i := range int64(3) {
		l.Wave(i, 20, 5, 0)
	}
	r := l.Open()
	for _, op := range []Operation{&Events{Find: "level", Level: Number(0.5)}, &Peaks{}} {
		table := run(t, r, Selection{}, op)
		got := column(t, table, "waveform")
		if len(got) < 3 || got[0] != 0 || got[len(got)-1] != 2 || !table.Columns[len(table.Columns)-1].Whole {
			t.Errorf("%s: waveforms %v", op.Name(), got)
		}
	}
	hasNote(t, run(t, r, Selection{}, &Peaks{}), "cell.A: 3 peaks in 0.06 s of samples: 50 per second, 3000 per minute")
	for _, n := range run(t, r, Selection{}, &Peaks{}).Notes {
		if strings.Contains(n, "from one to the next") { // there is one in each waveform
			t.Errorf("note %q", n)
		}
	}
	teeth := run(t, sawtooth(t).Open(), onlyA, &Peaks{Distance: units.Seconds(50, 1000)})
	same(t, "teeth, 9 before the gap and 14 behind it", 23, teeth.Rows)
	hasNote(t, teeth, "; from one to the next 0.1 s in the mean, 600 per minute") // never over the gap
	if table := run(t, sawtooth(t).Open(), onlyA, &Peaks{}); table.Columns[len(table.Columns)-1].Name == "waveform" {
		t.Error("a stream has waveforms")
	}

	mixed := &Table{Columns: []Column{{Name: "n", Whole: true, Values: []float64{1, none}}, {Name: "m", Whole: true, Values: []float64{1, 2}}}, Rows: 2}
	to := filepath.Join(t.TempDir(), "x.npy")
	if err := mixed.Write(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(to)
	if err != nil || !strings.Contains(string(b), "('n', '<f8'), ('m', '<i8')") {
		t.Errorf("%v, %q", err, b)
	}
}

// TestAutocorrelation: a stream with itself is 1 at lag 0, and the same as with another stream of the same values.
func TestAutocorrelation(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	table := run(t, r, onlyA, &XCorr{MaxLag: units.Seconds(50, 1000), Options: correlate.Options{Norm: correlate.Energy}})
	got := column(t, table, "correlation")
	within(t, "at lag 0", got[50], 1, 1e-12)
	within(t, "its mirror", got[10], got[90], 1e-9)
	same(t, "streams", "cell.A behind cell.A", table.Brief.Columns[0].Texts[0])
}
