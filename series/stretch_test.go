package series

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
)

// randomSpans makes spans that follow each other or leave gaps, of some of which files have lost the end, or all.
func randomSpans(n int, seed uint64) *Series {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &Series{}
	at, stored := int64(r.IntN(5)), int64(0)
	for range n {
		told := 1 + int64(r.IntN(6))
		one := Span{Capture: &recording.Capture{}, Device: at, Stream: stored, Told: told, Samples: told}
		if r.IntN(3) == 0 {
			one.Samples = int64(r.IntN(int(told)))
		}
		if r.IntN(2) == 0 {
			at += int64(r.IntN(4))
		}
		s.Spans = append(s.Spans, one)
		at, stored = at+told, stored+told
	}
	return s
}

// TestStretchesOfManySpans: what there is and what files have lost between any two places, against a look at each sample.
func TestStretchesOfManySpans(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		s := randomSpans(8, seed)
		end := s.Spans[7].Until() + 3
		has, lost := make([]bool, end+1), make([]bool, end+1)
		for i := range s.Spans {
			p := &s.Spans[i]
			for k := p.Device; k < p.Until(); k++ {
				has[k], lost[k] = k < p.End(), k >= p.End()
			}
		}
		for from := int64(-1); from <= end; from++ {
			for to := from; to <= end; to++ {
				check := func(what string, list []Stretch, want []bool) {
					t.Helper()
					got := make([]bool, len(want))
					for _, one := range list {
						for k := one.From; k < one.To; k++ {
							got[k] = true
						}
					}
					inside := make([]bool, len(want))
					for k := max(from, 0); k < to; k++ {
						inside[k] = want[k]
					}
					if !slices.Equal(inside, got) {
						t.Fatalf("seed %d: %s of [%d, %d) (-want +got)\n%s", seed, what, from, to, cmp.Diff(inside, got))
					}
				}
				check("stretches", s.Stretches(from, to), has)
				check("holes", s.Holes(from, to), lost)
			}
		}
		if whole := s.Stretches(math.MinInt64, math.MaxInt64); len(whole) == 0 {
			t.Errorf("seed %d: nothing in all of it", seed)
		}
	}
}

func BenchmarkComplete(b *testing.B) {
	s := randomSpans(100_000, 1)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := &s.Spans[i*7919%len(s.Spans)]
		s.Complete(p.Device, p.End())
	}
}
