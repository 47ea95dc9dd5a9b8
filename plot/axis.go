package plot

import (
	"math"
	"strings"
)

// tick is a place on an axis. One without text is a line only.
type tick struct {
	at     float64
	text   string
	second string // a line below, as a date
	name   string // what stands behind the text where there is room
}

// axis is one axis of a panel: a range, and what is written beside it.
type axis struct {
	min, max float64
	log      bool
	label    string
	// ticks returns the ticks for so many labels at most, and a text that goes with all of them, as an offset; empty: none.
	ticks func(min, max float64, most int) ([]tick, string)
}

// at returns where a value lies: 0 at the beginning of the axis, 1 at its end.
func (a *axis) at(v float64) float64 {
	lo, hi := a.min, a.max
	if a.log {
		v, lo, hi = math.Log10(v), math.Log10(lo), math.Log10(hi)
	}
	return (v - lo) / (hi - lo)
}

// marks returns the ticks that lie on the axis.
func (a *axis) marks(most int) ([]tick, string) {
	if a.ticks == nil {
		return nil, ""
	}
	all, extra := a.ticks(a.min, a.max, max(2, most))
	slack := 1e-6
	kept := all[:0]
	for _, t := range all {
		if f := a.at(t.at); f >= -slack && f <= 1+slack {
			kept = append(kept, t)
		}
	}
	return kept, extra
}

// labels returns the ticks that lie on the axis, and more than asked for where fewer than two would be told and there is room for them: one number
// tells no scale.
func (a *axis) labels(most, room int) ([]tick, string) {
	list, extra := a.marks(most)
	for n := max(2, most) + 1; n <= room && told(list) < 2; n++ {
		list, extra = a.marks(n)
	}
	return list, extra
}

// named puts names behind the texts of ticks. shorten fits a text into the room that there is; where that leaves nothing of a name it is left out.
func named(list []tick, shorten func(string) string) []tick {
	for i := range list {
		t := &list[i]
		before := t.text + " "
		if name, ok := strings.CutPrefix(shorten(before+t.name), before); ok && t.name != "" && name != "" && name != "…" {
			t.text = before + name
		}
	}
	return list
}

// told counts ticks that have a text.
func told(list []tick) (n int) {
	for _, t := range list {
		if t.text != "" {
			n++
		}
	}
	return n
}

// extent is a range of values that grows.
type extent struct {
	lo, hi float64
	some   bool
}

// add takes in values; those that are not finite are left out.
func (e *extent) add(values ...float64) {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		if !e.some {
			e.lo, e.hi, e.some = v, v, true
			continue
		}
		e.lo, e.hi = min(e.lo, v), max(e.hi, v)
	}
}

// with takes in another range.
func (e *extent) with(o extent) {
	if o.some {
		e.add(o.lo, o.hi)
	}
}

// padded returns the range with room around it. A single value gets room, too: a tenth of itself, and of nothing at all the range is from -1 to 1.
func (e extent) padded() (lo, hi float64) {
	if !e.some {
		return -1, 1
	}
	lo, hi = e.lo, e.hi
	size := hi - lo
	if limit := 1e-12 * max(math.Abs(lo), math.Abs(hi)); size <= limit {
		size = 2 * max(math.Abs(lo), math.Abs(hi)) * 0.1
		if size == 0 {
			size = 2
		}
		mid := lo/2 + hi/2
		return mid - size/2, mid + size/2
	}
	lo, hi = lo-0.05*size, hi+0.05*size
	if math.IsInf(size, 0) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return e.lo, e.hi
	}
	return lo, hi
}
