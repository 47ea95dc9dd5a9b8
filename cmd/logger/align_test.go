package main

import (
	"math"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/clock"
)

// aligned are two devices at 1 MS/s and 250 kS/s; the second began 2 s later and seems to be 0.6 ms later than it is.
func aligned(t *testing.T) clock.Alignment {
	t.Helper()
	lines := make([]*clock.Timeline, 2)
	for i, d := range []struct{ interval, start, late float64 }{{1000, 1e12, 0}, {4000, 1e12 + 2e9, 0.6e6}} {
		var marks []clock.Mark
		for s := range 600 {
			at := float64(s+1) * 1e9
			marks = append(marks, clock.Mark{Index: int64(at / d.interval), MonoNS: int64(d.start + at + d.late)})
		}
		l, err := clock.NewTimeline(d.interval, marks, nil)
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = l
	}
	return clock.NewAlignment(lines[0], lines[1])
}

// seen is what a device sees of a signal over time, 20 ms around a moment that it takes for centre.
func seen(name string, signal func(second float64) float64, centre, interval, startS float64) look {
	n := int(0.04e9 / interval)
	k := look{name: name, ratio: 1, first: math.Floor(centre) - float64(n/2)}
	for i := range n {
		k.values = append(k.values, signal((k.first+float64(i))*interval/1e9+startS))
	}
	return k
}

func TestAlignByWhatBothSaw(t *testing.T) {
	t.Parallel()
	const moment = 100.0 // s after the first device began
	edge := func(s float64) float64 {
		if s >= moment+0.0012 {
			return 5
		}
		return 0
	}
	chirp := func(s float64) float64 { return math.Sin(2 * math.Pi * (300 + 20000*(s-moment)) * (s - moment)) }
	for _, c := range []struct {
		name   string
		signal func(float64) float64
		by     func(clock.Alignment, [2]look, *alignResult) (clock.Alignment, error)
		method string
	}{{"edge", edge, byEdge, "edge"}, {"correlation", chirp, byCorrelation, "correlation"}} {
		l := aligned(t)
		other, _ := l.Other(moment * 1e6)
		looks := [2]look{seen("a.A", c.signal, moment*1e6, 1000, 0), seen("b.A", c.signal, other, 4000, 2)}
		var res alignResult
		got, err := c.by(l, looks, &res)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if ns := got.ConstantNS(); math.Abs(ns-0.6e6) > 4000 || res.Method != c.method {
			t.Errorf("%s: constant %.0f ns by %s, want 600000", c.name, ns, res.Method)
		}
		index, errNS := got.Other(moment * 1e6)
		if off := math.Abs(index-(moment-2)*250e3) * 4000; off > 4000 || errNS > 200e3 {
			t.Errorf("%s: off by %.0f ns, said ±%.0f", c.name, off, errNS)
		}
	}
}

func TestAlignByNothing(t *testing.T) {
	t.Parallel()
	l := aligned(t)
	flat := func(float64) float64 { return 1 }
	step := func(sign float64) func(float64) float64 {
		return func(s float64) float64 { return sign * math.Copysign(1, s-100.001) }
	}
	slow := func(hz float64) func(float64) float64 {
		return func(s float64) float64 { return math.Sin(hz * s * s) }
	}
	for _, c := range []struct {
		name string
		a, b func(float64) float64
		by   func(clock.Alignment, [2]look, *alignResult) (clock.Alignment, error)
		want string
	}{
		{"no edge", flat, step(1), byEdge, "a.A has no edge"},
		{"no edge in the other", step(1), flat, byEdge, "b.A has no edge"},
		{"opposite edges", step(1), step(-1), byEdge, "opposite directions"},
		{"constant", flat, slow(10), byCorrelation, "not alike"},
		{"something else", slow(1000), slow(17), byCorrelation, "not alike"},
	} {
		other, _ := l.Other(100e6)
		looks := [2]look{seen("a.A", c.a, 100e6, 1000, 0), seen("b.A", c.b, other, 4000, 2)}
		var res alignResult
		if _, err := c.by(l, looks, &res); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestAlignFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		second string
		change func(*alignOptions)
		want   string
	}{
		{"the same device", "a", func(*alignOptions) {}, "the same"},
		{"both ways", "b", func(o *alignOptions) { o.edge, o.correlate = 1, 1 }, "exclude each other"},
		{"three channels", "b", func(o *alignOptions) { o.channels = []string{"A", "B", "C"} }, "two channels"},
		{"no window", "b", func(o *alignOptions) { o.window = 0 }, "--window"},
	} {
		o := alignOptions{edge: -1, correlate: -1, window: 1}
		c.change(&o)
		if err := o.check("a", c.second); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
