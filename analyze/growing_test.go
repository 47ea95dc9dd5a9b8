package analyze

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// TestGrowing: a run gives the same whether it is sealed, still records, or is followed while it grows.
func TestGrowing(t *testing.T) {
	t.Parallel()
	both := Selection{Streams: []string{"cell.A", "cell.B"}}
	low, top, high := Number(-1.1), Number(1.1), Number(0.9)
	for _, c := range []struct {
		name  string
		sel   Selection
		op    func(to string) Operation
		files bool
	}{
		{"stats", both, func(string) Operation { return &Stats{Percentiles: []float64{1, 50}} }, false},
		{"events", onlyA, func(string) Operation { return &Events{Find: "level", Level: Number(0.2), Hysteresis: Number(0.1)} }, false},
		{"peaks", onlyA, func(string) Operation { return &Peaks{Height: Limits{Min: &high}, Distance: units.Seconds(40, 1000)} }, false},
		{"psd", both, func(string) Operation { return &PSD{Options: spectrum.Options{Segment: 512}} }, false},
		{"spectrogram", onlyA, func(string) Operation { return &Spectrogram{Options: spectrum.Options{Segment: 512}} }, false},
		{"histogram", both, func(string) Operation { return &Histogram{Bins: 50, Low: &low, Top: &top} }, false},
		{"xcorr", both, func(string) Operation {
			return &XCorr{With: "cell.B", MaxLag: units.Seconds(30, 1000), Options: correlate.Options{Norm: correlate.Overlap}}
		}, false},
		{"filter", both, func(to string) Operation { return &Filter{To: to, Design: &lowPass} }, true},
		{"zero phase", both, func(to string) Operation { return &Filter{To: to, Design: &lowPass, ZeroPhase: true} }, true},
		{"resample", both, func(to string) Operation { return &Resample{To: to, Up: 2, Down: 5} }, true},
		{"eres", both, func(to string) Operation { return &ERes{To: to, Bits: 2} }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, steps := gappy(t)
			next := func() {
				if len(steps) == 0 {
					l.Seal()
					return
				}
				steps[0]()
				steps = steps[1:]
				l.Sync()
			}
			next()
			var records *Table
			followed, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, c.sel, c.op(into(t)), Following{Every: 1, Patience: time.Hour, Tell: func(*Table) error {
				if len(steps) == 0 {
					records = run(t, l.Look(), c.sel, c.op(into(t)))
				}
				next()
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			if notes := strings.Join(followed.Notes, "\n"); strings.Contains(notes, "removed") || strings.Contains(notes, "no samples") {
				t.Errorf("notes %s", notes)
			}
			sealed := run(t, l.Look(), c.sel, c.op(into(t)))
			if records == nil {
				t.Fatal("it was not looked at while it recorded")
			}
			if c.files {
				same(t, "followed files", files(t, sealed), files(t, followed))
				same(t, "files of a run that records", files(t, sealed), files(t, records))
				return
			}
			same(t, "followed", sealed.Columns, followed.Columns)
			same(t, "a run that records", sealed.Columns, records.Columns)
			same(t, "rates of the followed one", rates(sealed), rates(followed))
			same(t, "rates of a run that records", rates(sealed), rates(records))
		})
	}
}

// rates are the notes that tell one.
func rates(table *Table) (list []string) {
	for _, n := range table.Notes {
		if strings.Contains(n, "per minute") {
			list = append(list, n)
		}
	}
	return list
}

// grow adds to a recording from another goroutine, and seals it.
func grow(t *testing.T, l *recordingtest.Lab, steps ...func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, step := range steps {
			step()
			l.Sync()
		}
		l.Seal()
	}()
	t.Cleanup(func() { <-done })
}

// TestFollowTooLittle: what is too little for a result at first is waited for, and a second stream that has nothing yet.
func TestFollowTooLittle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		op   Operation
	}{
		{"spectrogram", &Spectrogram{Options: spectrum.Options{Segment: 512}}},
		{"xcorr", &XCorr{With: "cell.B", MaxLag: units.Seconds(30, 1000)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
			l.Signal = wave
			l.AddTo(0, 0, 100)
			l.Sync()
			grow(t, l, func() { l.AddTo(1, 0, 100) }, func() { l.Add(1000) }, func() { l.Add(1000) })
			sel := onlyA
			if c.name == "xcorr" {
				sel = Selection{}
			}
			followed, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, sel, c.op, Following{Every: time.Millisecond, Patience: time.Hour, Tell: func(*Table) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			same(t, "followed", run(t, l.Look(), sel, c.op).Columns, followed.Columns)
		})
	}
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	l.Seal()
	if _, err := Follow(t.Context(), l.Dir(), recording.OpenOptions{}, onlyA, &Spectrogram{Options: spectrum.Options{Segment: 512}}, Following{Every: 1}); !isA[*OptionError](err) || !strings.Contains(err.Error(), "the longest has 100, and --segment 100 fits") {
		t.Errorf("too little at the end: %v", err)
	}
}

// TestFollowEnds: Ctrl-C ends it in order, with files that are complete; an error leaves none.
func TestFollowEnds(t *testing.T) {
	t.Parallel()
	l, steps := gappy(t)
	steps[0]()
	l.Sync()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	op := &Filter{To: into(t), Design: &lowPass, ZeroPhase: true}
	table, err := Follow(ctx, l.Dir(), recording.OpenOptions{}, onlyA, op, Following{Every: 1, Patience: time.Hour, Tell: func(*Table) error { stop(); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	want, err := lowPassSOS(t).FiltFilt(nil, stretchesOf(0, [2]int64{0, 9000})[0].x)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "file", [][]float64{want}, files(t, table))

	enough := errors.New("enough")
	looks := 0
	op = &Filter{To: into(t), Design: &filter.Design{Order: 1, Cutoff: 30}}
	_, err = Follow(t.Context(), l.Dir(), recording.OpenOptions{}, onlyA, op, Following{Every: 1, Patience: time.Hour, Tell: func(*Table) error {
		if looks++; looks == 2 {
			return enough
		}
		steps[1]()
		steps[2]()
		l.Sync()
		return nil
	}})
	if !errors.Is(err, enough) {
		t.Errorf("error %v", err)
	}
	same(t, "left", []string{}, entries(t, filepath.Dir(op.To)))
	l.Seal()
}
