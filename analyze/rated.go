package analyze

import (
	"fmt"
	"math/big"

	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
	"github.com/scopelog/scopelog/units"
)

// mostRatio is up to which ratio of small integers streams of two rates are compared.
const mostRatio = 10_000

// halfFilter is how many values at an end of a resampled stretch know of what lies beyond it.
const halfFilter = 10

// ratio is the rate of one stream by that of a slower one: down values of it are up values of the slower one.
type ratio struct{ up, down int64 }

// of returns the seconds between values, and their rate, where the time between samples is multiplied with down/up: each rounded once.
func (r ratio) of(interval recording.Fraction) (seconds, rate float64) {
	by := new(big.Rat).Mul(interval.Rat(), big.NewRat(r.down, r.up))
	seconds, _ = by.Float64()
	rate, _ = by.Inv(by).Float64()
	return seconds, rate
}

// ratioOf returns the ratio of two rates, nil where they are the same. The second source has the higher rate.
func ratioOf(slow, quick *source) (*ratio, error) {
	from, err := rateOf(quick)
	if err != nil {
		return nil, err
	}
	to, err := rateOf(slow)
	if err != nil {
		return nil, err
	}
	up, down, err := resample.Factors(from, to)
	if err != nil || down > mostRatio {
		return nil, optionError("the streams %s and %s have different rates, whose ratio is not one of integers up to %d: they cannot be compared",
			slow.Stream.Name(), quick.Stream.Name(), mostRatio)
	}
	return &ratio{int64(up), int64(down)}, nil
}

// pieces turns pieces of the quick source into those of its resampled values, by the indexes of the slow one: at the ends without what the filter does
// not know. shift is the quick source's index at the slow one's 0.
func (r *ratio) pieces(list []piece, shift int64) []piece {
	var out []piece
	for _, p := range list {
		from := ceilDiv(p.from-shift, r.down) * r.up // here a value lies on a sample
		last := floorDiv((p.from+p.samples-1-shift)*r.up, r.down)
		if n := last - from + 1 - 2*halfFilter; n > 0 {
			out = append(out, piece{from: from + halfFilter, samples: n, gap: p.gap})
		}
	}
	return out
}

// ratedReader reads a source as if it had a lower rate.
type ratedReader struct {
	*series.Reader
	ratio
	shift int64
	r     *resample.Resampler
	fed   int64     // index of the next sample for the resampler
	out   []float64 // values that wait
	next  int64     // index of the first of them, in the slow source
	in    []float64
}

func newRatedReader(s *source, r ratio, shift int64) (*ratedReader, error) {
	rs, err := resample.New(int(r.up), int(r.down), resample.Options{})
	if err != nil {
		return nil, err
	}
	return &ratedReader{Reader: s.Reader(), ratio: r, shift: shift, r: rs}, nil
}

// read fills dst with values from an index of the slow source on. It begins anew with begins, and goes on else.
func (r *ratedReader) read(dst []float64, from int64, begins bool) error {
	if begins {
		r.r.Reset()
		r.next = floorDiv(from-halfFilter, r.up) * r.up // here a value lies on a sample
		r.fed, r.out = r.next/r.up*r.down+r.shift, r.out[:0]
	}
	last := from + int64(len(dst)) - 1
	needed := floorDiv((last+halfFilter)*r.down, r.up) + r.shift + 1 // not one more: it need not be there
	for last >= r.next+int64(len(r.out)) {
		n := max(1, min(chunkSamples, needed-r.fed))
		if int64(cap(r.in)) < n {
			r.in = make([]float64, n)
		}
		if _, err := r.Read(r.in[:n], r.fed); err != nil {
			return err
		}
		r.fed += n
		r.out = r.r.Process(r.out, r.in[:n])
	}
	skip := from - r.next
	copy(dst, r.out[skip:])
	r.out = r.out[:copy(r.out, r.out[skip+int64(len(dst)):])]
	r.next = from + int64(len(dst))
	return nil
}

// rated tells of a stream that was resampled to be compared.
func (l *lane) rated() []string {
	if l.ratio == nil {
		return nil
	}
	rate := units.Rate{}
	if v, err := rateOf(l.source); err == nil {
		rate = v
	}
	return []string{fmt.Sprintf("%s was resampled by %d/%d to the rate of %s, %s", l.second.name, l.ratio.up, l.ratio.down, l.name, rate)}
}

// slowest returns the source of the lowest rate.
func slowest(list []*source) *source {
	slow := list[0]
	for _, s := range list[1:] {
		if s.rate() < slow.rate() {
			slow = s
		}
	}
	return slow
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func ceilDiv(a, b int64) int64 { return -floorDiv(-a, b) }
