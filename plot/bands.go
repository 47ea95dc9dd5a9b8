package plot

import (
	"fmt"
	"image/color"
	"slices"

	"github.com/scopelog/scopelog/units"
)

// band is a stretch of the horizontal axis that is shaded, in all panels or in one.
type band struct {
	x0, x1 float64
	color  color.NRGBA
	panel  *panel // nil: all
}

// minBand is how many pixels a band has at least: what was lost is to be seen, however short it was.
const minBand = 2

func (b *band) draw(a *area) {
	x0, x1 := a.px(b.x0), a.px(b.x1)
	if x1-x0 < minBand {
		mid := x0/2 + x1/2
		x0, x1 = max(a.left, mid-minBand/2), min(a.right, mid+minBand/2)
	}
	a.rect(box{x0, a.top, x1, a.bottom}, b.color)
}

// bandKind sums up the bands of one cause for the legend.
type bandKind struct {
	name    string
	number  int
	samples int64
	bands   []band
}

// bandKinds gathers bands by cause, in the order in which causes come.
type bandKinds []*bandKind

// add takes in a band of a cause, of so many samples. What is not counted was, in another panel of the device.
func (k *bandKinds) add(name string, samples int64, p *panel, x0, x1 float64, counted bool) {
	i := slices.IndexFunc(*k, func(b *bandKind) bool { return b.name == name })
	if i < 0 {
		i = len(*k)
		*k = append(*k, &bandKind{name: name})
	}
	b := (*k)[i]
	if counted {
		b.number++
		b.samples += samples
	}
	b.bands = append(b.bands, band{x0: x0, x1: x1, panel: p})
}

// mostBands bounds how many bands of a cause are kept; more are joined with their neighbours where these are near.
const mostBands = 4000

// into gives colours to the causes and adds all of them to a figure whose axis has a width.
func (k bandKinds) into(f *Figure, width float64) {
	for i, b := range k {
		ink := bandColors[i%len(bandColors)]
		text := b.name
		if b.number > 1 {
			text += fmt.Sprintf(" ×%s", units.FormatCount(int64(b.number)))
		}
		f.shared = append(f.shared, entry{text: fmt.Sprintf("%s (%s)", text, counted(b.samples)), color: ink, fill: true})
		near := 0.0
		if len(b.bands) > mostBands {
			near = width / mostBands
		}
		for _, one := range joinBands(b.bands, near) {
			one.color = ink
			f.bands = append(f.bands, one)
		}
	}
}

// joinBands joins bands of a panel that overlap, or lie nearer to each other than near.
func joinBands(all []band, near float64) []band {
	slices.SortStableFunc(all, func(a, b band) int {
		if a.x0 < b.x0 {
			return -1
		} else if a.x0 > b.x0 {
			return 1
		}
		return 0
	})
	last := map[*panel]int{}
	var list []band
	for _, b := range all {
		if i, ok := last[b.panel]; ok && b.x0 <= list[i].x1+near {
			list[i].x1 = max(list[i].x1, b.x1)
			continue
		}
		last[b.panel] = len(list)
		list = append(list, b)
	}
	return list
}

// strip marks where a channel was over its range: a line at the top of the panel.
type strip struct{ spans []band }

func (s *strip) draw(a *area) {
	for _, b := range s.spans {
		x0, x1 := a.px(b.x0), a.px(b.x1)
		if x1-x0 < minBand {
			x1 = min(a.right, x0+minBand)
			x0 = x1 - minBand
		}
		a.rect(box{x0, a.top, x1, a.top + 5}, overColor)
	}
}

func (s *strip) drawText(*grid) bool { return true }

// event is a moment with a name: a thin line through all panels.
type event struct {
	x    float64
	text string
}

// counted prints a number of samples.
func counted(n int64) string {
	if n == 1 {
		return "1 sample"
	}
	return units.FormatCount(n) + " samples"
}
