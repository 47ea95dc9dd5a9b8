package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/recording"
)

// errNotDrawn is for tables that are lists of things.
var errNotDrawn = errors.New("this result has no picture")

// drawTable draws what an operation found in a selection. Times of a spectrogram are UTC, or seconds.
func drawTable(ctx context.Context, r *recording.Recording, sel analyze.Selection, t *analyze.Table, seconds bool) (*plot.Figure, error) {
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
		list, names := spectraOf(t)
		return plot.PSD(caption(names), list, plot.PSDOptions{Lines: t.Drawn.Scaling == spectrum.Power, DB: t.Drawn.DB})
	case analyze.DrawnHeat:
		name := t.Columns[2].Name
		s := plot.Spectra{Name: name, Times: t.Heat.Times, Freq: t.Heat.Freqs, Density: t.Heat.Power, Unit: unitOf(t.Heat.Unit), Start: e.Zero}
		return plot.Spectrogram(caption([]string{name}), s, plot.SpectrogramOptions{Elapsed: seconds})
	case analyze.DrawnBars:
		if t.Columns[1].Unit == "" {
			if err := analyze.OneUnit(r, sel); err != nil {
				return nil, err
			}
		}
		list, names := barsOf(t)
		return plot.Histogram(caption(names), list, plot.HistogramOptions{})
	case analyze.DrawnTraces:
		return drawTraces(ctx, r, sel, t, e)
	}
	return drawCurves(t, caption)
}

// drawCurves draws columns over another one. Of a correlation the legend and the axis tell which stream is how far behind which.
func drawCurves(t *analyze.Table, caption func(names []string) plot.Caption) (*plot.Figure, error) {
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
	o := plot.CurveOptions{Label: x.Name, Unit: x.Unit}
	if len(t.Drawn.Of) == 2 && len(list) == 1 {
		o.Value = list[0].Name
		o.Label = "lag of " + names[0] + " behind " + names[1]
		list[0].Name = fmt.Sprintf("%s of %s and %s", list[0].Name, names[0], names[1])
		if at, ok := firstOf(t.Brief, x.Name); ok {
			peak, _ := firstOf(t.Brief, t.Columns[t.Drawn.Y[0]].Name)
			o.Marks = []plot.Mark{{X: at, Name: fmt.Sprintf("peak of %.4g", peak)}}
		}
	}
	return plot.Curves(caption(names), x.Values, list, o)
}

// firstOf returns the first value of a column of values.
func firstOf(t *analyze.Table, name string) (v float64, ok bool) {
	if t == nil {
		return 0, false
	}
	i := slices.IndexFunc(t.Columns, func(c analyze.Column) bool { return c.Name == name && len(c.Values) > 0 })
	if i < 0 {
		return 0, false
	}
	return t.Columns[i].Values[0], true
}

// spectraOf takes the spectra of a table apart.
func spectraOf(t *analyze.Table) (list []plot.Spectrum, names []string) {
	for k, i := range t.Drawn.Y {
		c := t.Columns[i]
		power := c.Values
		if t.Drawn.DB {
			power = spectrum.Powers(nil, c.Values)
		}
		names = append(names, c.Name)
		list = append(list, plot.Spectrum{Name: c.Name, Freq: t.Columns[0].Values, Density: power, Unit: t.Drawn.Units[k]})
	}
	return list, names
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

// unitOf takes the unit of a signal out of that of its spectrum, as spectrum.PowerUnit makes it.
func unitOf(unit string) string {
	if unit == "1/Hz" {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(unit, "/Hz"), "²")
}

// checkPicture tells beforehand what is wrong with the name of a picture.
func (o *analyzeOptions) checkPicture() error {
	if o.picture == "" {
		return nil
	}
	if _, _, err := outfile.Split(o.picture, plot.Endings()); err != nil {
		return usageError(err, "")
	}
	return outfile.Allowed(o.picture, o.force)
}

// savePicture draws a result.
func (o *analyzeOptions) savePicture(ctx context.Context, dir string, opening recording.OpenOptions, t *analyze.Table) error {
	r, err := recording.OpenWith(dir, opening)
	if err != nil {
		return err
	}
	f, err := drawTable(ctx, r, o.Selection, t, false)
	if err != nil {
		return err
	}
	return f.Save(o.picture, plot.Size{}, o.force)
}
