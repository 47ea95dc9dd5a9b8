package analyze

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// follow follows a lab, which goes on by a step after each look that found something; the last step seals it.
func follow(ctx context.Context, t *testing.T, l *recordingtest.Lab, sel Selection, op Operation, steps ...func(*Table)) *Table {
	t.Helper()
	looks := 0
	table, err := Follow(ctx, l.Dir(), recording.OpenOptions{}, sel, op, Following{Every: 1, Patience: time.Hour, Tell: func(table *Table) error {
		if looks < len(steps) {
			steps[looks](table)
		}
		looks++
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if looks < len(steps) {
		t.Errorf("%d looks, want %d", looks, len(steps))
	}
	return table
}

func hasNote(t *testing.T, table *Table, words string) {
	t.Helper()
	if !slices.ContainsFunc(table.Notes, func(n string) bool { return strings.Contains(n, words) }) {
		t.Errorf("no note has %q: %q", words, table.Notes)
	}
}

// TestFollowLateStream: a stream that has its first samples later is waited for, and that is told at once.
func TestFollowLateStream(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{
		&Stats{}, &Measure{}, &Histogram{Bins: 20, Low: &Value{number: -2}, Top: &Value{number: 2}}, &Histogram{Bins: 20, Of: "period"},
		&Events{Find: "level", Level: Number(0.5)}, &Peaks{Height: Limits{Min: &Value{number: 0.9}}}, &PSD{Options: spectrum.Options{Segment: 128}},
		&Resample{Up: 1, Down: 2},
	} {
		t.Run(op.Name(), func(t *testing.T) {
			t.Parallel()
			l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
			l.Signal = wave
			l.Sync()
			followed := follow(t.Context(), t, l, Selection{}, op,
				func(table *Table) {
					hasNote(t, table, "cell.A: no samples yet")
					l.AddTo(0, 0, 500)
					l.Sync()
				},
				func(table *Table) {
					hasNote(t, table, "cell.B: no samples yet")
					l.AddTo(1, 0, 700)
					l.AddTo(0, 500, 200)
					l.Sync()
				},
				func(*Table) {
					l.Add(300)
					l.Seal()
				})
			whole := run(t, l.Look(), Selection{}, op)
			if slices.Contains([]string{"events", "peaks", "measure"}, op.Name()) { // rows come as they are found; levels may be as far off as is allowed
				same(t, "rows", whole.Rows, followed.Rows)
				return
			}
			same(t, "columns", whole.Columns, followed.Columns)
		})
	}
}

// TestFollowLevels: levels go with a signal that begins with noise and grows, and are in the end those of all of it.
func TestFollowLevels(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{&Measure{}, &Histogram{Of: "period", Bins: 20}, &Measure{With: "cell.B"}} {
		t.Run(op.Name(), func(t *testing.T) {
			t.Parallel()
			l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
			l.Signal = func(stream int, device int64) int64 {
				if device < 400 {
					return device * 7919 % 13
				}
				return 1000 * ((device - 3*int64(stream)) / 10 % 2)
			}
			l.Add(400)
			l.Sync()
			sel := onlyA
			if m, ok := op.(*Measure); ok && m.With != "" {
				sel = Selection{}
			}
			followed := follow(t.Context(), t, l, sel, op,
				func(*Table) { l.Add(100); l.Sync() },
				func(*Table) { l.Add(1500); l.Sync() },
				func(table *Table) {
					if m, ok := op.(*Measure); ok && m.With == "" {
						within(t, "top in the middle", rowOf(t, table, "top"), 1, 1e-3)
					}
					l.Add(500)
					l.Seal()
				})
			whole := run(t, l.Look(), sel, op)
			same(t, "columns", whole.Columns, followed.Columns)
		})
	}
}

// TestStates: levels that are given are taken, without a look at the signal for them.
func TestStates(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Signal = func(_ int, device int64) int64 { return device % 100 }
	l.Add(1000)
	r := l.Open()
	base, top := Number(0), Number(0.1)
	table := run(t, r, onlyA, &Measure{States: States{&base, &top}})
	same(t, "base", 0.0, rowOf(t, table, "base"))
	same(t, "top", 0.1, rowOf(t, table, "top"))
	within(t, "period", rowOf(t, table, "period"), 0.1, 1e-9)
	amps := Value{1, "A", "1A"}
	for _, bad := range []*Measure{{States: States{Base: &base}}, {States: States{&top, &base}}, {States: States{&base, &amps}}, {States: States{&base, &top}, With: "cell.B"}} {
		sel := onlyA
		if bad.With != "" {
			sel = Selection{}
		}
		if _, err := Run(t.Context(), r, sel, bad); !isA[*OptionError](err) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// TestFollowEndedAtOnce: what is ended while it still looks for levels does not measure with levels of nothing.
func TestFollowEndedAtOnce(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Signal = wave
	l.Add(40000)
	l.Sync()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, op := range []Operation{&Measure{}, &Histogram{Of: "period", Bins: 10}} {
		table := follow(ctx, t, l, onlyA, op)
		if table.Rows != 0 {
			t.Errorf("%s: %d rows", op.Name(), table.Rows)
		}
		hasNote(t, table, "before anything was measured")
	}
	l.Seal()
}

// TestFollowRemoved: what a rule of the plan removes before it was looked at is told, and does not end it.
func TestFollowRemoved(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 640
	l := recordingtest.New(t, info)
	l.Signal = wave
	l.Add(1000)
	l.Sync()
	op := &Stats{}
	table := follow(t.Context(), t, l, onlyA, op,
		func(*Table) {
			l.Add(1500) // segments end at 640, 1280, 1920
			l.Sync()
			l.DropOldest()
			l.DropOldest()
		},
		func(table *Table) {
			hasNote(t, table, "cell.A: gap of 280 samples from sample 1000 on: removed")
			l.Seal()
		})
	same(t, "samples", 1000.0+2500-1280, column(t, table, "samples")[0])
	hasNote(t, table, "cell.A: gap of 280 samples from sample 1000 on: removed")
}

// TestFollowRemovedMeanwhile: files that go while they are read do not end it.
func TestFollowRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 640
	l := recordingtest.New(t, info)
	l.Signal = wave
	l.Add(2500)
	l.Sync()
	op := &dropping{Stats: &Stats{}, drop: l.DropOldest, at: 640}
	table := follow(t.Context(), t, l, onlyA, op, func(*Table) { l.Seal() })
	if n := column(t, table, "samples")[0]; n+640 != 2500 {
		t.Errorf("%v samples", n)
	}
	hasNote(t, table, "cell.A: gap of 640 samples from sample 0 on: removed")
}

// dropping removes the oldest segment when it is about to begin.
type dropping struct {
	*Stats
	drop func()
	at   int64
}

func (o *dropping) begin(list []*source) (state, error) {
	o.drop()
	return o.Stats.begin(list)
}

// TestFollowSignalProgress: a signal that is written tells how many values it has, before its file is complete.
func TestFollowSignalProgress(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Signal = wave
	l.Add(1000)
	l.Sync()
	var values []float64
	note := func(table *Table) { values = append(values, column(t, table, "values")...) }
	follow(t.Context(), t, l, onlyA, &ERes{To: into(t), Bits: 1},
		func(table *Table) { note(table); l.Add(500); l.Sync() },
		func(table *Table) { note(table); l.Seal() })
	same(t, "values", []float64{997, 1497}, values)
	if math.IsNaN(values[0]) {
		t.Error("no number")
	}
}

// TestFollowProminence: how long a run becomes is not known, so the bases of its peaks are not kept.
func TestFollowProminence(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Signal = wave
	l.Add(1000)
	l.Sync()
	deep := Number(0.5)
	op := &Peaks{Prominence: Limits{Min: &deep}}
	followed := follow(t.Context(), t, l, onlyA, op, func(*Table) { l.Add(1000); l.Seal() })
	hasNote(t, followed, "cell.A: prominences are looked at and not told of a run that records")
	whole := run(t, l.Look(), onlyA, op)
	same(t, "indexes", column(t, whole, "index"), column(t, followed, "index"))
	if p := column(t, followed, "prominence"); !math.IsNaN(p[0]) {
		t.Errorf("prominence %v", p[0])
	}
	if p := column(t, whole, "prominence"); math.IsNaN(p[0]) {
		t.Errorf("of the sealed run %v", p[0])
	}
}

// TestFollowSpectrogramLimit: what is beyond the limit while a run is followed is counted, and does not end it.
func TestFollowSpectrogramLimit(t *testing.T) {
	t.Parallel()
	o := spectrum.Options{Segment: 100, Overlap: spectrum.NoOverlap}
	for _, op := range []*Spectrogram{{Options: o, MaxCells: 12 * 51}, {Options: o, MaxRows: 12 * 51}, {Options: o, MaxCells: 12 * 51, MaxRows: 19 * 51}} {
		l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
		l.Signal = wave
		l.Add(1000)
		l.Sync()
		table := follow(t.Context(), t, l, onlyA, op, func(*Table) { l.Add(1000); l.Seal() })
		same(t, "rows", 12*51, table.Rows)
		hasNote(t, table, "408 values behind these left out: 612 are kept")
	}
}

// TestFollowUntil: it ends where the selection ends, in all streams, while the run goes on.
func TestFollowUntil(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Signal = wave
	l.AddTo(0, 0, 500)
	l.Sync()
	table := follow(t.Context(), t, l, Selection{Until: at("600")}, &Stats{},
		func(*Table) { l.AddTo(0, 500, 500); l.AddTo(1, 0, 100); l.Sync() },
		func(*Table) { l.AddTo(1, 100, 500); l.Sync() })
	same(t, "samples", []float64{600, 600}, column(t, table, "samples"))
	l.Seal()
}

// TestFollowRemovedWaveforms: waveforms are counted as such.
func TestFollowRemovedWaveforms(t *testing.T) {
	t.Parallel()
	a := recordingtest.Analog("A")
	a.Global.WaveformSamples = 100
	info := recordingtest.Device(a)
	info.Mode, info.CutSamples = recording.ModeRapidBlock, 300
	l := recordingtest.New(t, info)
	l.Signal = wave
	number := int64(0)
	waves := func(n int64) {
		for range n {
			l.Wave(number, 100, 20, 0)
			number++
		}
		l.Sync()
	}
	waves(2)
	table := follow(t.Context(), t, l, onlyA, &Average{},
		func(*Table) { waves(6); l.DropOldest(); l.DropOldest() },
		func(*Table) { waves(1); l.Seal() })
	hasNote(t, table, "cell.A: gap of 4 waveforms from number 2 on: removed")
	hasNote(t, table, "cell.A: 5 waveforms")
}

// TestFollowProgress: a long look tells how far it is, and is done at its end, also where levels have moved.
func TestFollowProgress(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{&Stats{}, &Measure{}} {
		l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
		l.Signal = func(_ int, device int64) int64 { return device / 1000 * 100 * (device / 10 % 2) }
		l.Add(1000)
		l.Sync()
		sel := onlyA
		var done, total, calls int64
		sel.Progress = func(d, n int64) { done, total, calls = d, n, calls+1 }
		looks := 0
		_, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, sel, op, Following{Every: 1, Patience: time.Hour, longLook: 1500, Tell: func(*Table) error {
			if looks++; looks == 1 && op.Name() == "stats" && calls > 0 {
				t.Errorf("a short look told %d of %d", done, total)
			}
			switch looks {
			case 1:
				l.Add(5000)
				l.Sync()
			case 2:
				l.Seal()
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if calls == 0 || done != total {
			t.Errorf("%s: told %d times, %d of %d", op.Name(), calls, done, total)
		}
	}
}

// TestFollowRefused: a stream that comes later and does not go with the others is left out, and told, without an end to those.
func TestFollowRefused(t *testing.T) {
	t.Parallel()
	l := ratedLab(t)
	l.AddTo(0, 0, 500)
	l.Sync()
	table := follow(t.Context(), t, l, Selection{}, &PSD{Options: spectrum.Options{Segment: 128}},
		func(*Table) { l.AddTo(0, 500, 500); l.AddTo(1, 0, 250); l.Sync() },
		func(table *Table) {
			hasNote(t, table, "cell.S: samples 0 to 250 were not looked at: the streams cell.A and cell.S have different rates")
			l.Add(400)
			l.Seal()
		})
	same(t, "columns", 2, len(table.Columns))
	hasNote(t, table, "cell.S: samples 0 to 350 were not looked at")
}
