package analyze

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// clock is what the pin D3 is in bus: periods of 20 to 36 samples, 7 of which it is high.
func clock(device int64) int64 {
	if at := device % 840; at%(20+at/210*4) < 7 {
		return 1
	}
	return 0
}

// bus is a port, and the pin D3 of it as an analog channel A that is 0 V or 1 V beside it; both have lost samples. D2 is the clock 3 samples later.
func bus(t testing.TB, mode recording.Mode) *recordingtest.Lab {
	t.Helper()
	a, d := recordingtest.Analog("A"), port("D0-7")
	a.Global.Scale, a.Global.VoltsPerCount, a.Global.Codes = 1, nil, nil
	info := recordingtest.Device(a, d)
	info.CutSamples = 1000
	if info.Mode = mode; mode.Block() {
		info.Streams[0].Global.WaveformSamples, info.Streams[1].Global.WaveformSamples = 500, 500
		info.CutSamples = 1500
	}
	l := recordingtest.New(t, info)
	l.Signal = func(stream int, device int64) int64 {
		if stream == 0 {
			return clock(device)
		}
		return device&1 | clock(device+837)<<2 | clock(device)<<3 | (device/7&1)<<7
	}
	labels := `{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D3": "SCL", "D2": "SDA"}}]}]}`
	if err := os.WriteFile(filepath.Join(l.Dir(), recording.FileResolved), []byte(labels), 0o600); err != nil {
		t.Fatal(err)
	}
	return l
}

func gappyBus(t testing.TB) *recordingtest.Lab {
	l := bus(t, recording.ModeStream)
	l.Add(2345)
	l.Lose(77)
	l.Add(1)
	l.Lose(10)
	l.Add(20000)
	return l
}

// pinOperations are operations that a pin and an analog channel of 0 V and 1 V have in common.
func pinOperations() map[string]Operation {
	zero, one := Number(0), Number(1)
	low, high := Number(-0.5), Number(1.5)
	welch := spectrum.Options{Segment: 256}
	find := func(kind string, d events.Direction, longer, shorter int64) *Events {
		e := &Events{Find: kind, Direction: d, Level: Number(0.5), MaxRows: 100_000}
		if longer > 0 {
			e.Longer = units.Seconds(longer, 1000)
		}
		if shorter > 0 {
			e.Shorter = units.Seconds(shorter, 1000)
		}
		return e
	}
	return map[string]Operation{
		"stats": &Stats{Percentiles: []float64{0, 50, 100}}, "rising": find("level", events.DirectionRising, 0, 0), "falling": find("level", events.DirectionFalling, 0, 0),
		"high": find("level", events.DirectionAbove, 0, 0), "low": find("level", events.DirectionBelow, 0, 0), "pulses": find("pulse", events.DirectionAbove, 0, 0),
		"long pauses": find("pulse", events.DirectionBelow, 20, 0), "intervals": find("interval", events.DirectionRising, 20, 30), "dropout": find("dropout", "", 22, 0),
		"histogram": &Histogram{Bins: 4, Low: &low, Top: &high}, "widths": &Histogram{Of: "negative_width", Bins: 10, States: States{&zero, &one}},
		"psd": &PSD{Options: welch}, "spectrogram": &Spectrogram{Options: welch}, "resample": &Resample{Up: 2, Down: 3}, "eres": &ERes{Bits: 1},
		"filter":          &Filter{Design: &filter.Design{Order: 2, Cutoff: 20}},
		"autocorrelation": &XCorr{MaxLag: units.Seconds(1, 10), Options: correlate.Options{RemoveMean: true}},
	}
}

// values lists the columns of a table that hold values.
func valuesOf(t *Table) map[int][]float64 {
	list := map[int][]float64{}
	for i, c := range t.Columns {
		if c.Values != nil {
			list[i] = c.Values
		}
	}
	return list
}

// TestPinIsItsAnalogTwin: what comes out of a pin is what comes out of an analog channel that shows the same, over gaps and segments, of a range too.
func TestPinIsItsAnalogTwin(t *testing.T) {
	t.Parallel()
	r := gappyBus(t).Open()
	for name := range pinOperations() {
		for _, sel := range []Selection{{}, {From: at("1001"), Until: at("9.999s")}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				twin, pin := sel, sel
				twin.Streams, pin.Streams = []string{"cell.A"}, []string{"cell.D3"}
				op := pinOperations()[name]
				want := run(t, r, twin, op)
				if h, ok := op.(*Histogram); ok {
					h.States = States{} // those of a pin are known
				}
				got := run(t, r, pin, op)
				if diff := cmp.Diff(valuesOf(want), valuesOf(got), cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 1e-15)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				if want.Rows != got.Rows || got.Rows == 0 {
					t.Errorf("%d rows, want %d", got.Rows, want.Rows)
				}
				if got.Columns[0].Texts != nil && slices.Contains(got.Columns[0].Texts, "cell.A") || !strings.Contains(strings.Join(got.Notes, "\n"), "cell.D3: the plan calls it SCL") {
					t.Errorf("streams %v, notes %q", got.Columns[0].Texts, got.Notes)
				}
			})
		}
	}
}

// TestFollowPin: a pin of a run that grows gives what the sealed one does.
func TestFollowPin(t *testing.T) {
	t.Parallel()
	for name, op := range map[string]Operation{
		"stats": &Stats{}, "events": &Events{Find: "pulse"}, "dropout": &Events{Find: "dropout", Longer: units.Seconds(22, 1000)}, "measure": &Measure{},
		"widths": &Histogram{Of: "negative_width", Bins: 10}, "psd": &PSD{Options: spectrum.Options{Segment: 256}}, "resample": &Resample{Up: 2, Down: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := bus(t, recording.ModeStream)
			l.Sync()
			sel := Selection{Streams: []string{"cell.SCL"}}
			followed := follow(t.Context(), t, l, sel, op,
				func(table *Table) { hasNote(t, table, "cell.D3: no samples yet"); l.Add(1500); l.Sync() },
				func(*Table) { l.Add(1777); l.Sync() },
				func(*Table) { l.Lose(50); l.Add(900); l.Seal() })
			whole := run(t, l.Look(), sel, op)
			if diff := cmp.Diff(valuesOf(whole), valuesOf(followed), cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 1e-15)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestPinInWaveforms: pins of block modes have averages, events and widths by waveform.
func TestPinInWaveforms(t *testing.T) {
	t.Parallel()
	l := bus(t, recording.ModeRapidBlock)
	for k := range int64(7) {
		l.Wave(k, 500, 20, 0)
	}
	r := l.Open()
	for name, op := range map[string]Operation{
		"average": &Average{}, "events": pinOperations()["rising"], "stats": &Stats{}, "psd": &PSD{}, "dead time": &Histogram{Of: OfDeadTime, Bins: 2},
	} {
		sel := Selection{From: at("1"), Until: at("6")}
		sel.Streams = []string{"cell.A"}
		want := run(t, r, sel, op)
		sel.Streams = []string{"cell.D3"}
		if diff := cmp.Diff(valuesOf(want), valuesOf(run(t, r, sel, op)), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// TestMeasurePin: widths and rates of a pin without a search for its states, and no rise times, which nobody knows.
func TestMeasurePin(t *testing.T) {
	t.Parallel()
	r := gappyBus(t).Open()
	pin := Selection{Streams: []string{"cell.D3"}}
	zero, one := Number(0), Number(1)
	want := run(t, r, onlyA, &Measure{States: States{&zero, &one}})
	got := run(t, r, pin, &Measure{})
	for _, q := range []string{"base", "top", "mean", "rms", "period", "frequency", "positive_width", "negative_width", "duty_cycle"} {
		within(t, q, rowOf(t, got, q), rowOf(t, want, q), 1e-12)
	}
	for _, q := range []string{"rise_time", "fall_time", "rising_slew", "overshoot", "cycle_mean"} {
		if slices.Contains(got.Columns[1].Texts, q) {
			t.Errorf("a pin has %s", q)
		}
	}
	total, passes := int64(0), pin
	passes.Progress = func(_, n int64) { total = n }
	if run(t, r, passes, &Measure{}); total != 2345+1+20000 {
		t.Errorf("%d samples are read, each of them once", total)
	}
	h := run(t, r, pin, &Histogram{Bins: 256})
	same(t, "bins", []float64{-0.5, 0.5}, column(t, h, "from"))
	same(t, "samples", 22346.0, column(t, h, "count")[0]+column(t, h, "count")[1])
	still := run(t, r, Selection{Streams: []string{"cell.D5"}}, &Measure{})
	same(t, "top of a pin that stays", 1.0, rowOf(t, still, "top"))
	same(t, "its largest value", 0.0, rowOf(t, still, "max"))
	hasNote(t, still, "no whole cycle")
}

// TestPinsOfAPair: the stream of --with is known by a label and by a pattern, wherever it stands in the recording.
func TestPinsOfAPair(t *testing.T) {
	t.Parallel()
	r := gappyBus(t).Open()
	for _, c := range []struct{ of, with, name string }{
		{"cell.D3", "cell.D2", "cell.D3 to cell.D2"},
		{"cell.SCL", "cell.SDA", "cell.D3 to cell.D2"},
		{"cell.A", "cell.SDA", "cell.A to cell.D2"},
		{"*.D3", "*.D2", "cell.D3 to cell.D2"},
	} {
		sel := Selection{Streams: []string{c.of, c.with}}
		m := run(t, r, sel, &Measure{With: c.with})
		same(t, c.name, c.name, m.Columns[0].Texts[0])
		within(t, "delay", rowOf(t, m, "delay"), 0.003, 1e-9)
		x := run(t, r, sel, &XCorr{With: c.with, MaxLag: units.Seconds(1, 100), Options: correlate.Options{RemoveMean: true, Norm: correlate.Overlap}})
		same(t, "lag", []float64{-3}, column(t, x.Brief, "lag"))
	}
	raw := run(t, r, Selection{Streams: []string{"cell.A", "cell.D2"}}, &XCorr{With: "cell.D2", MaxLag: units.Seconds(1, 100), Options: correlate.Options{Norm: correlate.Raw}})
	same(t, "unit", "V", raw.Columns[2].Unit)
}

// TestPinRefusals: what has no meaning of a pin is refused, with a word on what has one.
func TestPinRefusals(t *testing.T) {
	t.Parallel()
	r := gappyBus(t).Open()
	zero, one, volts := Number(0), Number(1), Value{0.5, "V", "0.5V"}
	for _, c := range []struct {
		name  string
		op    Operation
		words string
	}{
		{"runt", &Events{Find: "runt", Lower: zero, Upper: one}, "level, pulse, interval and dropout are"},
		{"window", &Events{Find: "window", Lower: zero, Upper: one}, "--find window is not for it"},
		{"slope", &Events{Find: "slope", Slope: one}, "--find slope is not for it"},
		{"nothing", &Events{Find: "spike"}, `no event "spike"`},
		{"a level that is none of it", &Events{Find: "level", Level: Number(1.5)}, "--level 1.5 is not between them"},
		{"volts", &Events{Find: "level", Level: volts}, "0.5V has a unit"},
		{"a dropout of no length", &Events{Find: "dropout"}, "--longer"},
		{"peaks", &Peaks{}, "events --find pulse"},
		{"rise times", &Histogram{Of: "rise_time", Bins: 10}, "which has no rise_time"},
		{"states", &Measure{States: States{&zero, &one}}, "whose states are 0 and 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Run(t.Context(), r, Selection{Streams: []string{"cell.D3"}}, c.op)
			if !isA[*OptionError](err) || !strings.Contains(err.Error(), c.words) {
				t.Errorf("error %v", err)
			}
		})
	}
	_, err := Run(t.Context(), r, Selection{Streams: []string{"cell.D0-7"}}, &Measure{})
	if d := new(DigitalError); !errors.As(err, &d) || d.Stream != "cell.D0-7" || d.Pin != "cell.D0" {
		t.Errorf("%+v", err)
	}
}

// TestPinLevelIsKnown: events of a pin need no level, and are told without a word on noise.
func TestPinLevelIsKnown(t *testing.T) {
	t.Parallel()
	r := gappyBus(t).Open()
	pin := Selection{Streams: []string{"cell.D3"}}
	want := run(t, r, pin, &Events{Find: "pulse", Level: Number(0.5)})
	got := run(t, r, pin, &Events{Find: "pulse"})
	same(t, "indexes", column(t, want, "index"), column(t, got, "index"))
	for _, n := range got.Notes {
		if strings.Contains(n, "hysteresis") {
			t.Errorf("note %q", n)
		}
	}
	// An analog channel beside it still needs one.
	if _, err := Run(t.Context(), r, Selection{Streams: []string{"cell.A", "cell.D3"}}, &Events{Find: "pulse"}); !isA[*OptionError](err) {
		t.Errorf("error %v", err)
	}
}

// TestQuietPin: stretches in which the overview knows that a pin stays are not read, and nothing is missed beside them.
func TestQuietPin(t *testing.T) {
	t.Parallel()
	const n = 1 << 20
	l := recordingtest.New(t, recordingtest.Device(port("D0-7")))
	l.Signal = func(_ int, device int64) int64 {
		level := device >> 3 & 3 // D0 and D1 are busy
		if device%300_000 < 5 || device > n-1000 {
			level |= 1 << 6
		}
		return level
	}
	l.Add(n)
	table := run(t, l.Open(), Selection{Streams: []string{"cell.D6"}}, &Events{Find: "pulse"})
	same(t, "indexes", []float64{0, 300_000, 600_000, 900_000, n - 999}, column(t, table, "index"))
	if length := column(t, table, "length"); math.Abs(length[1]-0.005) > 1e-12 {
		t.Errorf("length %v", length[1])
	}
}

func BenchmarkPin(b *testing.B) {
	const n = 4 << 20
	l := recordingtest.New(b, recordingtest.Device(port("D0-7")))
	l.Signal = func(_ int, device int64) int64 { return device >> 2 & 0xff }
	l.Add(n)
	r := l.Open()
	for name, op := range map[string]Operation{"stats": &Stats{}, "measure": &Measure{}, "events": &Events{Find: "pulse", Longer: units.Seconds(1, 1)}, "psd": &PSD{}} {
		b.Run(fmt.Sprintf("%s/samples=%d", name, n), func(b *testing.B) {
			b.SetBytes(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Run(b.Context(), r, Selection{Streams: []string{"cell.D3"}}, op); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestPinOfParts: a pin of a port whose rate was changed is as many parts, each with a name of its own.
func TestPinOfParts(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(port("D0-7"))
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 { return device / 10 & 1 << 3 }
	l.Add(1000)
	info = recordingtest.Device(port("D0-7"))
	info.RawInterval = recording.Fraction{Num: 1, Den: 500}
	l.Reconfigure(info)
	l.Add(1000)
	r := l.Open()
	table := run(t, r, Selection{Streams: []string{"cell.D3"}}, &Measure{})
	same(t, "first", "cell.D3.1", table.Columns[0].Texts[0])
	same(t, "last", "cell.D3.2", table.Columns[0].Texts[table.Rows-1])
	within(t, "period", rowOf(t, table, "period"), 0.02, 1e-9)
	both := run(t, r, Selection{Streams: []string{"cell.D0-7", "cell.D3"}}, &Stats{})
	same(t, "streams", []string{"cell.D0-7.1", "cell.D0-7.2", "cell.D3.1", "cell.D3.2"}, both.Columns[0].Texts)
}

// TestToldWithoutUnit: a value without a unit has nothing behind it.
func TestToldWithoutUnit(t *testing.T) {
	t.Parallel()
	for unit, want := range map[string]string{"": "0.5", "V": "0.5 V"} {
		if got := (&histogramPart{unit: unit}).told(0.5); got != want {
			t.Errorf("%q", got)
		}
	}
}

// TestMoreThanTwoPins: who compares by a pattern or a label that more pins have learns which ones they are.
func TestMoreThanTwoPins(t *testing.T) {
	t.Parallel()
	r := gappyBus(t).Open()
	for pattern, want := range map[string]string{"cell.D[0-2]": "3 were chosen (cell.D0, cell.D1, cell.D2)", "cell.D[0-6]": "7 were chosen (cell.D0, cell.D1, cell.D2, cell.D3, ...)"} {
		_, err := Run(t.Context(), r, Selection{Streams: []string{pattern}}, &XCorr{With: "cell.D0", MaxLag: units.Seconds(1, 100)})
		if e := new(OptionError); !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}
