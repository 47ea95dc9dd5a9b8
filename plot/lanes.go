package plot

import (
	"image/color"
	"math"

	"github.com/scopelog/scopelog/series"
)

// level is what a pin does in a column.
type level uint8

const (
	pinLow level = iota
	pinHigh
	pinBoth    // it changes
	pinUnknown // it may change: only the smallest and the largest value of the port are known
)

// pins is what a digital port holds between two places.
type pins struct {
	x0, x1  float64
	and, or uint8 // bits that are always set, and ever set
	unsure  uint8 // bits of which neither is known
}

func (p *pins) level(bit int) level {
	m := uint8(1) << bit
	switch {
	case p.unsure&m != 0:
		return pinUnknown
	case p.and&m != 0:
		return pinHigh
	case p.or&m == 0:
		return pinLow
	}
	return pinBoth
}

// lanes draws pins of a port below each other.
type lanes struct {
	stretches [][]pins
	shown     []series.Pin // from the top
	color     color.NRGBA
}

// laneAxis names pins, the first one at the top, with their labels where there is room.
func laneAxis(label string, shown []series.Pin) axis {
	n := len(shown)
	return axis{min: 0, max: float64(n), label: label, ticks: func(_, _ float64, most int) ([]tick, string) {
		every := (n + 2*most - 1) / (2 * most) // these labels may stand close to each other
		var list []tick
		for i := 0; i < n; i += max(1, every) {
			list = append(list, tick{at: float64(n-i) - 0.5, text: shown[i].Name, name: clean(shown[i].Label)})
		}
		return list, ""
	}}
}

// The places of the levels in a lane, above its lower end.
const (
	laneLow  = 0.18
	laneHigh = 0.82
)

// base is the lower end of the lane of the i-th pin.
func (l *lanes) base(i int) float64 { return float64(len(l.shown) - 1 - i) }

func (l *lanes) draw(a *area) {
	for _, s := range l.stretches {
		for i := range l.shown {
			l.drawPin(a, s, i)
		}
	}
}

// drawPin draws one pin: a line while it stays, an area while it changes faster than can be shown, a pale one where it may.
func (l *lanes) drawPin(a *area, s []pins, i int) {
	base, bit := l.base(i), l.shown[i].Bit
	low, high := a.py(base+laneLow), a.py(base+laneHigh)
	for from := 0; from < len(s); {
		v := s[from].level(bit)
		to := from + 1
		for to < len(s) && s[to].level(bit) == v {
			to++
		}
		x0, x1 := a.px(s[from].x0), a.px(s[to-1].x1)
		if to < len(s) {
			x1 = a.px(s[to].x0)
		}
		x1 = max(x1, x0+0.5)
		switch v {
		case pinLow:
			a.rect(box{x0, low - lineWidth, x1, low}, l.color)
		case pinHigh:
			a.rect(box{x0, high, x1, high + lineWidth}, l.color)
		case pinBoth:
			a.rect(box{x0, high, math.Max(x1, x0+lineWidth), low}, l.color)
		case pinUnknown:
			a.rect(box{x0, high, x1, low}, gray(l.color, 0.35))
		}
		if from > 0 {
			if before := s[from-1].level(bit); before <= pinHigh && v <= pinHigh {
				a.rect(box{x0 - lineWidth/2, high, x0 + lineWidth/2, low}, l.color)
			}
		}
		from = to
	}
}

func (l *lanes) drawText(g *grid) bool {
	for _, s := range l.stretches {
		for i := range s {
			for k, p := range l.shown {
				base := l.base(k)
				switch s[i].level(p.Bit) {
				case pinLow:
					g.fill(s[i].x0, s[i].x1, base+0.2, base+0.2)
				case pinHigh:
					g.fill(s[i].x0, s[i].x1, base+0.8, base+0.8)
				default:
					g.fill(s[i].x0, s[i].x1, base+0.2, base+0.8)
				}
			}
		}
	}
	return true
}
