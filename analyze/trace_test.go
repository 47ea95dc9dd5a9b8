package analyze

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// Ranges hold what was fed, whatever the chunks, in order, without holes inside of a piece.
func TestSketch(t *testing.T) {
	t.Parallel()
	for name, pieces := range map[string][]int64{
		"one sample": {1}, "few": {100}, "as many as ranges": {mostRanges}, "one more": {mostRanges + 1}, "long": {1_000_003}, "gaps": {5000, 1, 70_000, 3, 123_456},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			s := newSketch(0.5, 3)
			values := map[float64]float64{}
			from := int64(0)
			for _, n := range pieces {
				s.open(piece{from: from, samples: n})
				x := make([]float64, n)
				for i := range x {
					x[i] = r.NormFloat64()
					values[float64(from)+3+float64(i)/2] = x[i]
				}
				for len(x) > 0 {
					k := 1 + r.IntN(len(x))
					s.add(x[:k])
					x = x[k:]
				}
				from += n + 50
			}
			got := s.trace(&source{Series: seriesOf(t)}, "x")
			if len(got.Ranges) > mostRanges {
				t.Fatalf("%d ranges", len(got.Ranges))
			}
			apart := 0
			for i, k := range got.Ranges {
				if k.Apart {
					apart++
				} else if i > 0 && s.width > 1 && got.Ranges[i-1].Until != k.From {
					t.Fatalf("range %d begins at %g, and the one before ends at %g", i, k.From, got.Ranges[i-1].Until)
				}
				low, high := math.Inf(1), math.Inf(-1)
				for at := k.From; at < k.Until || at == k.From; at += 0.5 {
					low, high = math.Min(low, values[at]), math.Max(high, values[at])
					delete(values, at)
				}
				if low != k.Low || high != k.High {
					t.Fatalf("range %d of [%g, %g) is [%g, %g], want [%g, %g]", i, k.From, k.Until, k.Low, k.High, low, high)
				}
			}
			if apart != len(pieces) || len(values) > 0 {
				t.Errorf("%d ranges begin a piece, and %d values are in none; want %d and 0", apart, len(values), len(pieces))
			}
		})
	}
}

func seriesOf(t *testing.T) *series.Series {
	t.Helper()
	list, err := series.Of(series.All(sawtooth(t).Open().Streams()...), 0)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func TestSketchOfManyPieces(t *testing.T) {
	t.Parallel()
	s := newSketch(1, 0)
	for i := range int64(5 * mostRanges) {
		s.open(piece{from: 10 * i, samples: 2})
		s.add([]float64{float64(i), float64(-i)})
	}
	got := s.trace(&source{Series: seriesOf(t)}, "x").Ranges
	last := got[len(got)-1]
	if len(got) > mostRanges || got[0].From != 0 || last.Until != 10*(5*mostRanges-1)+2 || last.Low != -(5*mostRanges-1) {
		t.Errorf("%d ranges from %g to %+v", len(got), got[0].From, last)
	}
}

func TestTracesOfSignals(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	sel := Selection{Streams: []string{"cell.A"}}
	table := run(t, r, sel, &ERes{Bits: 1, Draw: true})
	if table.Drawn == nil || table.Drawn.Kind != DrawnTraces || len(table.Traces) != 1 {
		t.Fatalf("drawn %+v, traces %+v", table.Drawn, table.Traces)
	}
	got := table.Traces[0]
	first, behind := got.Ranges[0], got.Ranges[997]
	want := []Range{{From: 1.5, Until: 1.5, Low: 0.0015, High: 0.0015, Apart: true}, {From: 1501.5, Until: 1501.5, Low: 0.0015, High: 0.0015, Apart: true}}
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-6 })
	if diff := cmp.Diff(want, []Range{first, behind}, near); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
	if table := run(t, r, sel, &ERes{Bits: 1}); table.Drawn != nil || table.Traces != nil {
		t.Errorf("traces that nobody asked for: %+v", table.Traces)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	r := sawtooth(t).Open()
	level := Number(0.0505)
	table := run(t, r, Selection{Streams: []string{"cell.A"}, Until: series.AtIndex(250)}, &Events{Find: "level", Level: level, Direction: events.DirectionAbove, Draw: true})
	want := []Trace{{Stream: "cell.A", Name: "2 events of cell.A", Marks: []Mark{{51, 100, 0.099}, {151, 200, 0.099}}}}
	if diff := cmp.Diff(want, table.Traces); diff != "" {
		t.Errorf("traces (-want +got):\n%s", diff)
	}
	table = run(t, r, Selection{Streams: []string{"cell.A"}, Until: series.AtIndex(250)}, &Peaks{Draw: true})
	if diff := cmp.Diff([]Mark{{99, 99, 0.099}, {199, 199, 0.099}}, table.Traces[0].Marks); diff != "" {
		t.Errorf("marks of peaks (-want +got):\n%s", diff)
	}
}

// Waveforms lie on top of each other.
func TestTracesOfWaveforms(t *testing.T) {
	t.Parallel()
	a := recordingtest.Analog("A")
	a.Global.WaveformSamples = 20
	info := recordingtest.Device(a)
	info.Mode = recording.ModeRapidBlock
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, device int64) int64 { return device }
	for i := range int64(3) {
		l.Wave(i, 20, 5, 0)
	}
	table := run(t, l.Open(), Selection{}, &Filter{Design: &filter.Design{Order: 1, Cutoff: 1}, Draw: true})
	got := table.Traces[0].Ranges
	if len(got) != 20 || got[0].Low != 0 || math.Abs(got[0].High-0.04) > 1e-9 || got[0].From != 0 || got[0].Until != 1 {
		t.Errorf("%d ranges, the first %+v", len(got), got[0])
	}
}
