package main

import (
	"errors"
	"strings"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/recording"
)

// errNotDrawn is for tables that are lists of things.
var errNotDrawn = errors.New("this result has no picture")

// drawTable draws what an operation found in a selection. Times of a spectrogram are UTC, or seconds.
func drawTable(r *recording.Recording, sel analyze.Selection, t *analyze.Table, seconds bool) (*plot.Figure, error) {
	if t.Drawn == nil {
		return nil, errNotDrawn
	}
	e, err := analyze.ExtentOf(r, sel)
	if err != nil {
		return nil, err
	}
	caption := func(names []string) plot.Caption { return plot.CaptionOf(r, names, e.First, e.Last) }
	switch t.Drawn.Kind {
	case analyze.DrawnSpectrum:
		var list []plot.Spectrum
		var names []string
		for _, i := range t.Drawn.Y {
			c := t.Columns[i]
			names = append(names, c.Name)
			list = append(list, plot.Spectrum{Name: c.Name, Freq: t.Columns[0].Values, Density: c.Values, Unit: unitOf(c.Unit)})
		}
		return plot.PSD(caption(names), list, plot.PSDOptions{})
	case analyze.DrawnHeat:
		name := t.Columns[2].Name
		s := plot.Spectra{Name: name, Times: t.Heat.Times, Freq: t.Heat.Freqs, Density: t.Heat.Power, Unit: unitOf(t.Heat.Unit), Start: e.Zero}
		return plot.Spectrogram(caption([]string{name}), s, plot.SpectrogramOptions{Elapsed: seconds})
	case analyze.DrawnBars:
		list, names := barsOf(t)
		return plot.Histogram(caption(names), list, plot.HistogramOptions{})
	}
	var list []plot.Curve
	var names []string
	for _, i := range t.Drawn.Y {
		c := t.Columns[i]
		names = append(names, c.Name)
		list = append(list, plot.Curve{Name: c.Name, Y: c.Values, Unit: c.Unit})
	}
	if t.Drawn.Of != nil {
		names = t.Drawn.Of
	}
	x := t.Columns[t.Drawn.X]
	return plot.Curves(caption(names), x.Values, list, plot.CurveOptions{Label: x.Name, Unit: x.Unit})
}

// barsOf takes the histograms of a table apart.
func barsOf(t *analyze.Table) (list []plot.Bins, names []string) {
	for k := range t.Rows {
		name := t.Columns[0].Texts[k]
		if n := len(list); n == 0 || list[n-1].Name != name {
			names = append(names, name)
			list = append(list, plot.Bins{Name: name, Edges: []float64{t.Columns[1].Values[k]}, Unit: t.Columns[1].Unit})
		}
		b := &list[len(list)-1]
		b.Edges, b.Counts = append(b.Edges, t.Columns[2].Values[k]), append(b.Counts, int64(t.Columns[3].Values[k]))
	}
	return list, names
}

// unitOf takes the unit of a signal out of that of its spectrum.
func unitOf(unit string) string {
	return strings.TrimSuffix(strings.TrimSuffix(unit, "/Hz"), "²")
}

// checkPicture tells beforehand what is wrong with the name of a picture.
func (o *analyzeOptions) checkPicture() error {
	if o.picture == "" {
		return nil
	}
	if err := plot.CheckName(o.picture); err != nil {
		return usageError(err, "")
	}
	return outfile.Check(o.picture)
}

// savePicture draws a result.
func (o *analyzeOptions) savePicture(dir string, opening recording.OpenOptions, t *analyze.Table) error {
	r, err := recording.OpenWith(dir, opening)
	if err != nil {
		return err
	}
	f, err := drawTable(r, o.Selection, t, false)
	if err != nil {
		return err
	}
	return f.Save(o.picture, plot.Size{}, false)
}
