package spectrum

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// columns returns a spectrogram that keeps its columns.
func columns(t testing.TB, o Options) (*Spectrogram, *[]Column) {
	t.Helper()
	var all []Column
	s, err := NewSpectrogram(o, func(c Column) error {
		c.Values = slices.Clone(c.Values)
		all = append(all, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, &all
}

// mustDo ends the test on an error.
func mustDo(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSpectrogramOfCutsAndCores(t *testing.T) {
	t.Parallel()
	x, o := scipytest.Signal("drift", 8000, 3), Options{Segment: 100, Overlap: 90, Workers: 1}
	s, want := columns(t, o)
	mustDo(t, s.Add(x))
	mustDo(t, s.Flush())
	if len(*want) != 791 {
		t.Fatalf("%d columns", len(*want))
	}
	for _, workers := range []int{2, 5} {
		o.Workers = workers
		r := rand.New(rand.NewPCG(1, uint64(workers)))
		s, got := columns(t, o)
		for range 2 { // the second after Reset
			cuts(r, x, func(part []float64) {
				mustDo(t, s.Add(part))
				if r.IntN(20) == 0 {
					mustDo(t, s.Flush())
				}
			})
			mustDo(t, s.Flush())
			if !reflect.DeepEqual(*want, *got) {
				t.Fatalf("%d workers: the columns are others", workers)
			}
			s.Reset()
			*got = nil
		}
	}
}

func TestSpectrogramOfStretches(t *testing.T) {
	t.Parallel()
	s, got := columns(t, Options{Segment: 8, SampleRate: 16})
	mustDo(t, s.Add(make([]float64, 17))) // segments at 0, 4, 8; one sample left
	s.Break(100)
	mustDo(t, s.Add(make([]float64, 7))) // too short
	s.Break(0)
	mustDo(t, s.AddInt16(make([]int16, 9), 1, 1)) // at 17 + 100 + 7; one left
	mustDo(t, s.Flush())
	s.Break(3)
	mustDo(t, s.Add(make([]float64, 12)))
	mustDo(t, s.Flush())
	var places [][2]int64
	for _, c := range *got {
		places = append(places, [2]int64{c.First, c.Gaps})
		if c.Segment != 8 || c.Step != 2 || len(c.Values) != 5 || c.Middle() != float64(c.First)+4 {
			t.Errorf("column %+v with its middle at %v", c, c.Middle())
		}
	}
	want := [][2]int64{{0, 0}, {4, 0}, {8, 0}, {124, 2}, {136, 3}, {140, 3}}
	if diff := cmp.Diff(want, places); diff != "" || s.Skipped() != 1+7+1 {
		t.Errorf("%d skipped, places (-want +got):\n%s", s.Skipped(), diff)
	}
}

func TestSpectrogramIsEndedByItsFunction(t *testing.T) {
	t.Parallel()
	stop, calls := errors.New("stop"), 0
	s, err := NewSpectrogram(Options{Segment: 4, Workers: 1}, func(Column) error {
		if calls++; calls == 3 {
			return stop
		}
		return nil
	})
	mustDo(t, err)
	mustDo(t, s.Add(make([]float64, 40)))
	if err := s.Flush(); !errors.Is(err, stop) || calls != 3 {
		t.Errorf("error %v after %d calls", err, calls)
	}
	calls = 0
	for range 2 { // also when batches are complete
		if err := s.Add(make([]float64, 20000)); !errors.Is(err, stop) {
			t.Errorf("error %v", err)
		}
		calls = 2
	}
}

func TestSpectrogramHasNoMedian(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]Options{"no median": {Average: Median}, "sample rate": {SampleRate: -1}} {
		if _, err := NewSpectrogram(o, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestSegmentsDoNotTouchEachOther: what is not finite, or huge, stays in the columns that have it.
func TestSegmentsDoNotTouchEachOther(t *testing.T) {
	t.Parallel()
	for _, segment := range []int{64, 60, 63} {
		x := scipytest.Signal("noise", 10*segment, 1)
		o := Options{Segment: segment, Overlap: NoOverlap}
		s, want := columns(t, o)
		mustDo(t, s.Add(x))
		mustDo(t, s.Flush())
		x[0], x[2*segment] = math.NaN(), 1e200
		s, got := columns(t, o)
		mustDo(t, s.Add(x))
		mustDo(t, s.Flush())
		for i := range *want {
			if same := reflect.DeepEqual((*want)[i], (*got)[i]); same == (i == 0 || i == 2) {
				t.Errorf("segment %d: column %d is the same: %v", segment, i, same)
			}
		}
	}
}

func TestSpectrogramAllocatesNothing(t *testing.T) {
	n := 0
	s, err := NewSpectrogram(Options{Segment: 1000, Workers: 1}, func(Column) error { n++; return nil })
	mustDo(t, err)
	x := counts(1 << 14)
	add := func() { mustDo(t, s.AddInt16(x, 1, 0)) }
	for range 40 { // until the buffers have their size
		add()
	}
	if got := testing.AllocsPerRun(40, add); got != 0 || n == 0 {
		t.Errorf("%v allocations, %d columns", got, n)
	}
}

func BenchmarkSpectrogram(b *testing.B) {
	const chunk = 1 << 20
	x := counts(chunk)
	s, err := NewSpectrogram(Options{Segment: 4096}, func(Column) error { return nil })
	mustDo(b, err)
	b.Run("int16/segment=4096", func(b *testing.B) {
		b.SetBytes(2 * chunk)
		b.ReportAllocs()
		for b.Loop() {
			mustDo(b, s.AddInt16(x, 1e-3, 0))
		}
	})
}
