package plot

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// Spectrum is a power spectral density, or the powers of lines, as it is drawn.
type Spectrum struct {
	Name    string    // of the stream
	Freq    []float64 // in hertz, ascending
	Density []float64 // unit²/Hz at these, or unit² of lines; as many
	Unit    string    // of the signal: "V"
}

// PSDOptions say how spectra are drawn. The zero value has densities, and two logarithmic axes.
type PSDOptions struct {
	Lines  bool // powers of lines instead of densities
	DB     bool // 10·log10 of the densities in unit²/Hz, or of the powers in unit², instead of a logarithmic axis
	Linear bool // the frequency is linear, and zero is shown
}

// PSD draws power spectral densities, in a panel for each unit. What a logarithmic axis cannot show, as a density of 0 or the frequency 0, is left out.
// The slices are read only, and not kept. Nothing that can be shown is [ErrEmpty]; a spectrum whose slices differ in length is a [*KindError].
func PSD(c Caption, list []Spectrum, o PSDOptions) (*Figure, error) {
	f := &Figure{title: c.Title, subtitle: c.Subtitle}
	var freq extent
	for _, s := range list {
		if len(s.Freq) != len(s.Density) {
			return nil, &KindError{s.Name, "has not as many densities as frequencies"}
		}
		for i, v := range s.Freq {
			if !o.Linear && v <= 0 || !(s.Density[i] > 0) {
				continue
			}
			freq.add(v)
		}
	}
	if !freq.some {
		return nil, ErrEmpty
	}
	if freq.lo == freq.hi {
		freq.lo, freq.hi = freq.lo*0.9, freq.hi*1.1+1e-12
	}
	f.x = axis{min: freq.lo, max: freq.hi, log: !o.Linear, label: withUnit("frequency", "Hz"), ticks: logTicks}
	if o.Linear {
		name, factor := unitFor("Hz", freq.hi)
		f.x.label, f.x.ticks = withUnit("frequency", name), scaled(factor)
	}
	for _, unit := range unitsOf(list) {
		f.panels = append(f.panels, psdPanel(f.x, unit, list, o))
	}
	return f, nil
}

func unitsOf(list []Spectrum) []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s.Unit] {
			names = append(names, s.Unit)
		}
		seen[s.Unit] = true
	}
	return names
}

func psdPanel(x axis, unit string, list []Spectrum, o PSDOptions) *panel {
	p := &panel{}
	var e extent
	for _, s := range list {
		if s.Unit != unit {
			continue
		}
		t := &trace{stretches: curve(x, s.Freq, s.Density, o.DB), color: traceColor(len(p.layers))}
		v := t.values()
		if v.some {
			e.add(v.lo, v.hi)
		}
		p.layers = append(p.layers, t)
		p.legend = append(p.legend, entry{text: s.Name, color: t.color})
	}
	shareTraces(p)
	what, scaling := "power spectral density", spectrum.Density
	if o.Lines {
		what, scaling = "power of lines", spectrum.Power
	}
	if o.DB {
		lo, hi := e.padded()
		p.y = axis{min: lo, max: hi, label: withUnit(what, spectrum.DecibelUnit(clean(unit), scaling)), ticks: scaled(1)}
		return p
	}
	lo, hi := e.lo, e.hi
	if !e.some {
		lo, hi = 1e-12, 1
	}
	lo = max(lo, hi*1e-20)
	p.y = axis{min: lo / 1.5, max: hi * 1.5, log: true, label: withUnit(what, spectrum.PowerUnit(clean(unit), scaling)), ticks: powerTicks}
	return p
}

// powerTicks is the ticker of a logarithmic axis of numbers that no prefix reaches.
func powerTicks(lo, hi float64, most int) ([]tick, string) {
	list, _ := logTicks(lo, hi, most)
	for i := range list {
		if list[i].text == "" {
			continue
		}
		e := math.Floor(math.Log10(list[i].at) + 1e-9)
		list[i].text = fmt.Sprintf("%.0fe%.0f", list[i].at/math.Pow(10, e), e)
	}
	return list, ""
}

// curve makes the columns of a curve: its points where they lie far from each other, as at the low end of a logarithmic axis, and behind that the
// smallest and the largest value of each column.
func curve(x axis, xs, ys []float64, db bool) []stretch {
	points := make([]column, 0, len(xs))
	for i, v := range xs {
		y := ys[i]
		if x.log && v <= 0 || !(y > 0) || math.IsInf(y, 0) {
			continue
		}
		if db {
			y = 10 * math.Log10(y)
		}
		points = append(points, column{v, v, y, y})
	}
	sparse := len(points)
	for i := lineSamples; i < len(points); i++ {
		if (x.at(points[i].x0)-x.at(points[i-lineSamples].x0))*defaultColumns < 1 {
			sparse = i - lineSamples
			break
		}
	}
	list := []stretch{{points[:min(sparse+1, len(points))], true}}
	if sparse == len(points) {
		return list
	}
	var dense []column
	last := -1
	for _, c := range points[sparse:] {
		if at := int(x.at(c.x0) * defaultColumns); at != last {
			dense, last = append(dense, c), at
			continue
		}
		now := &dense[len(dense)-1]
		now.x1, now.lo, now.hi = c.x1, min(now.lo, c.lo), max(now.hi, c.hi)
	}
	return append(list, stretch{dense, false})
}
