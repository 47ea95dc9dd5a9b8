package analyze

import (
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// ratedLab has a stream of 1000 samples a second, and one of a quarter of that with the same signal, 12 fast samples later. Both are at 1 V on average.
func ratedLab(t *testing.T) *recordingtest.Lab {
	t.Helper()
	slow := recordingtest.Analog("S")
	slow.Ratio = 4
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), slow))
	l.Signal = func(stream int, device int64) int64 {
		at := float64(device)
		if stream == 1 {
			at = 4*at - 12
		}
		return int64(math.Round(1000 + 400*math.Sin(2*math.Pi*at/160) + 300*math.Sin(2*math.Pi*at/97+1)))
	}
	return l
}

// TestRates: a stream is compared with a slower one at the rate of that one, whichever is named first.
func TestRates(t *testing.T) {
	t.Parallel()
	l := ratedLab(t)
	l.Add(8000)
	r := l.Open()
	for _, c := range []struct {
		name, with string
		streams    []string
		lag        float64
	}{
		{"slow behind quick", "cell.A", []string{"cell.S", "cell.A"}, 3},
		{"quick before slow", "cell.S", []string{"cell.A", "cell.S"}, -3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sel := Selection{Streams: c.streams}
			table := run(t, r, sel, &XCorr{With: c.with, MaxLag: units.Seconds(1, 5), Options: correlate.Options{RemoveMean: true, Norm: correlate.Energy}})
			same(t, "values", 101, table.Rows)
			same(t, "lag", c.lag, table.Brief.Columns[1].Values[0])
			within(t, "time", column(t, table, "time")[0], -0.2, 1e-12)
			if v := slices.Max(column(t, table, "correlation")); v < 0.98 || v > 1 {
				t.Errorf("correlation %v", v)
			}
			hasNote(t, table, "cell.A was resampled by 1/4 to the rate of cell.S, 250 S/s")
			phase := run(t, r, sel, &Measure{With: c.with})
			within(t, "delay", math.Abs(rowOf(t, phase, "delay")), 0.012, 1e-3)
		})
	}
}

// TestRatedValues: what is compared is what resample.Poly makes of each stretch, without its ends, however it is read.
func TestRatedValues(t *testing.T) {
	t.Parallel()
	l := ratedLab(t)
	l.Add(1000)
	l.LoseOf(0, 150)
	l.AddTo(1, 250, 37)
	l.LoseOf(1, 3)
	l.AddTo(0, 1150, 2850)
	l.AddTo(1, 290, 710)
	r := l.Open()
	sel := Selection{}
	list, err := sources(r, &sel)
	if err != nil {
		t.Fatal(err)
	}
	pairOf, err := pair(list, "cell.S")
	if err != nil {
		t.Fatal(err)
	}
	at := func(device int64) float64 { return float64(l.Signal(0, device)) * 0.001 }
	poly := func(from, to int64) []float64 {
		var x []float64
		for i := from; i < to; i++ {
			x = append(x, at(i))
		}
		y, err := resample.Poly(nil, x, 1, 4, resample.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return y
	}
	first, second := poly(0, 1000), poly(1152, 4000) // the second begins at a multiple of 4
	pieces := pairOf.pieces()
	var got [][2]int64
	for _, p := range pieces {
		got = append(got, [2]int64{p.from, p.from + p.samples})
	}
	same(t, "pieces", [][2]int64{{10, 240}, {298, 990}}, got)
	for _, cut := range []int64{1, 7, 100, 10_000} {
		for k, p := range pieces {
			reading, err := pairOf.reading()
			if err != nil {
				t.Fatal(err)
			}
			var x []float64
			for i := int64(0); i < p.samples; i += cut {
				dst := make([]float64, 2*min(cut, p.samples-i))
				if err := reading.read(dst, p, i); err != nil {
					t.Fatal(err)
				}
				x = append(x, dst[:len(dst)/2]...) // A is named first
			}
			want := [][]float64{first[10:240], second[10:702]}[k]
			same(t, "values", want, x)
		}
	}
}

// TestFollowRates: a run that is followed gives the same, also where a look ends within the filter.
func TestFollowRates(t *testing.T) {
	t.Parallel()
	l := ratedLab(t)
	l.Add(400)
	l.Sync()
	op := &XCorr{With: "cell.S", MaxLag: units.Seconds(1, 5), Options: correlate.Options{Norm: correlate.Overlap}}
	sel := Selection{Streams: []string{"cell.A", "cell.S"}}
	followed := follow(t.Context(), t, l, sel, op,
		func(*Table) { l.Add(404); l.Sync() },
		func(*Table) { l.Lose(400); l.Add(2000); l.Sync() },
		func(*Table) { l.Add(1200); l.Seal() })
	same(t, "columns", run(t, l.Look(), sel, op).Columns, followed.Columns)
}
