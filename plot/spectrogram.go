package plot

import (
	"fmt"
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
)

// Spectra is a power spectral density over time, as it is drawn.
type Spectra struct {
	Name    string              // of the stream
	Start   recording.Timestamp // what times count from
	Times   []float64           // seconds from Start to the middle of each segment, ascending
	Freq    []float64           // hertz, ascending
	Density []float64           // unit²/Hz, len(Times) x len(Freq), the frequencies of one time side by side
	Unit    string              // of the signal: "V"
}

// SpectrogramOptions say how a spectrogram is drawn. The zero value of each field is legal.
type SpectrogramOptions struct {
	Elapsed bool    // the axis counts from Start, instead of showing UTC
	RangeDB float64 // how far the colours reach below the largest density; 0: 80 dB
}

// Spectrogram draws a power spectral density over time: the largest one of each cell, in decibels. Times without a segment, as in gaps, stay white.
// The slices are read only, and not kept. The errors are [ErrEmpty], and a [*KindError] for slices that do not belong together.
func Spectrogram(c Caption, s Spectra, o SpectrogramOptions) (*Figure, error) {
	nt, nf := len(s.Times), len(s.Freq)
	if nt*nf != len(s.Density) {
		return nil, &KindError{s.Name, fmt.Sprintf("has %d densities, and not those of %d times and %d frequencies", len(s.Density), nt, nf)}
	}
	if nt == 0 || nf == 0 {
		return nil, ErrEmpty
	}
	if o.RangeDB <= 0 {
		o.RangeDB = 80
	}
	dt, df := spacing(s.Times), spacing(s.Freq)
	x := axis{min: s.Times[0] - dt/2, max: s.Times[nt-1] + dt/2, label: "UTC", ticks: utcTicks(s.Start)}
	if o.Elapsed {
		x.label, x.ticks = "time since the start", elapsedTicks
	}
	name, factor := unitFor("Hz", s.Freq[nf-1])
	y := axis{min: s.Freq[0] - df/2, max: s.Freq[nf-1] + df/2, label: withUnit("frequency", name), ticks: scaled(factor)}
	if s.Freq[0] == 0 {
		y.min = 0
	}
	columns := min(defaultColumns, int(math.Ceil((x.max-x.min)/dt-1e-6)))
	rows := min(600, nf)
	cells, top := gather(&s, x, dt, max(1, columns), rows)
	for i, v := range cells { // NaN stays so
		cells[i] = min(1, max(0, (10*math.Log10(v)-top)/o.RangeDB+1))
	}
	h := &heat{columns: max(1, columns), rows: rows, cells: cells, x0: x.min, x1: x.max, y0: y.min, y1: y.max}
	scale := &colorScale{axis: axis{min: top - o.RangeDB, max: top, label: spectrum.DecibelUnit(clean(s.Unit), spectrum.Density), ticks: scaled(1)}}
	p := &panel{y: y, layers: []layer{h}, scale: scale, legend: []entry{{text: s.Name, color: heatColor(0.5)}}}
	return &Figure{title: c.Title, subtitle: c.Subtitle, x: x, panels: []*panel{p}}, nil
}

// gather returns the largest density of each cell, NaN where there is none, and that of all in decibels.
func gather(s *Spectra, x axis, dt float64, columns, rows int) (cells []float64, top float64) {
	cells = make([]float64, columns*rows)
	for i := range cells {
		cells[i] = math.NaN()
	}
	largest := 0.0
	nf := len(s.Freq)
	for i, t := range s.Times {
		from := int(x.at(t-dt/2)*float64(columns) + 1e-6)
		to := max(from+1, int(x.at(t+dt/2)*float64(columns)+1e-6))
		for k := range nf {
			v := s.Density[i*nf+k]
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			largest = max(largest, v)
			for c := max(0, from); c < min(columns, to); c++ {
				cell := &cells[k*rows/nf*columns+c]
				if !(*cell >= v) {
					*cell = v
				}
			}
		}
	}
	if largest == 0 {
		largest = 1
	}
	return cells, 10 * math.Log10(largest)
}

// spacing returns the usual distance of values that ascend: the median, so that gaps do not count.
func spacing(v []float64) float64 {
	if len(v) < 2 {
		return 1
	}
	d := make([]float64, len(v)-1)
	for i := range d {
		d[i] = v[i+1] - v[i]
	}
	slices.Sort(d)
	if m := d[len(d)/2]; m > 0 {
		return m
	}
	return 1
}
