package main

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// leastAlike is the correlation coefficient below which two signals are not taken for the same.
const leastAlike = 0.5

// mostLooked bounds how many samples of a device are looked at.
const mostLooked = 20_000_000

// shared aligns by what both devices have seen.
func (o *alignOptions) shared(rec *recording.Recording, l clock.Alignment, sides [2]alignSide, res *alignResult) (clock.Alignment, error) {
	channels := o.channels
	if channels == nil {
		channels = []string{"", ""}
	}
	at := max(o.edge, o.correlate)
	centre := float64(at.Nanoseconds()) / sides[0].interval // raw index of the first device
	other, _ := l.Other(int64(centre))
	var looks [2]look
	for i, raw := range []float64{centre, other} {
		s, err := channelOf(rec, sides[i].name, channels[i])
		if err != nil {
			return l, err
		}
		if looks[i], err = lookAt(s, raw, float64(o.window.Nanoseconds())/sides[i].interval); err != nil {
			return l, err
		}
	}
	if o.edge >= 0 {
		return byEdge(l, looks, res)
	}
	return byCorrelation(l, looks, res)
}

// look is a stretch of a stream.
type look struct {
	name   string
	first  float64 // raw device index of its first value
	ratio  float64
	values []float64
}

func (k *look) raw(at float64) float64 { return k.first + at*k.ratio }

// lookAt reads what lies around a raw device index, half raw samples on each side.
func lookAt(s *recording.Stream, centre, half float64) (look, error) {
	g := s.Global()
	ratio := float64(ratioOf(&g))
	from, to := int64(math.Max(0, math.Floor((centre-half)/ratio))), int64(math.Ceil((centre+half)/ratio))+1
	k := look{name: s.Name(), first: float64(from) * ratio, ratio: ratio}
	if to-from > mostLooked || to <= from {
		return k, usageError(fmt.Errorf("%s: %s samples cannot be looked at", k.name, formatCount(to-from)), "choose another --window, or another time")
	}
	if err := s.Contiguous(from, to); err != nil {
		return k, err
	}
	r := s.Ranges(from, to)[0]
	k.values = make([]float64, to-from)
	if _, err := s.Values(k.values, r.StreamIndex+from-r.From); err != nil {
		return k, err
	}
	return k, nil
}

func byEdge(l clock.Alignment, looks [2]look, res *alignResult) (clock.Alignment, error) {
	var raw [2]float64
	var rises [2]bool
	for i := range looks {
		at, rising, ok := clock.FindEdge(looks[i].values)
		if !ok {
			return l, &failure{err: fmt.Errorf("%s has no edge there", looks[i].name), advice: "give the time of an edge that both devices saw, or a longer --window"}
		}
		raw[i], rises[i] = looks[i].raw(at), rising
	}
	if rises[0] != rises[1] {
		return l, &failure{err: fmt.Errorf("%s and %s have edges of opposite directions there", looks[0].name, looks[1].name), advice: "choose a --window that holds a single edge"}
	}
	res.Method = "edge"
	return l.WithEdge(raw[0], raw[1]), nil
}

func byCorrelation(l clock.Alignment, looks [2]look, res *alignResult) (clock.Alignment, error) {
	a, b := &looks[0], &looks[1]
	grid := make([]float64, len(a.values)) // b at the times of a's samples, as far as the clocks tell
	where := func(at float64) float64 {
		whole := math.Floor(a.raw(at))
		other, _ := l.Other(int64(whole))
		next, _ := l.Other(int64(whole) + 1)
		return other + (next-other)*(a.raw(at)-whole)
	}
	first, last := where(0), where(float64(len(grid)-1))
	for i := range grid {
		at := (first + (last-first)*float64(i)/math.Max(1, float64(len(grid)-1)) - b.first) / b.ratio
		at = math.Max(0, math.Min(at, float64(len(b.values)-1)))
		k := min(int(at), max(len(b.values)-2, 0))
		grid[i] = b.values[k]
		if k+1 < len(b.values) {
			grid[i] += (b.values[k+1] - b.values[k]) * (at - float64(k))
		}
	}
	lag, alike := clock.Lag(a.values, grid, len(grid)/4)
	if alike < leastAlike {
		return l, &failure{
			err:    fmt.Errorf("%s and %s are not alike there: the correlation coefficient is %.2f", a.name, b.name, alike),
			advice: "choose a time and a --window in which both devices saw the same signal",
		}
	}
	res.Method, res.Coefficient = "correlation", &alike
	middle := float64(len(grid) / 2)
	return l.WithEdge(a.raw(middle), where(middle+lag)), nil
}
