package analyze

import (
	"slices"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// Table is what an operation finds: named columns of equal length.
type Table struct {
	Operation string
	Columns   []Column
	Rows      int
	More      int64    // rows that were found beyond the limit and are not here
	Grows     bool     // rows are added at its end only, while a run is followed, and stay as they are
	Notes     []string // what a careful reader wants to know
	Follow    []string // those of Notes that are about following, while a run is followed
	Drawn     *Drawing // how it is drawn; nil: it is not
	Watched   []Watched
	Brief     *Table  // what people want to see of a long one; nil: its first rows
	Heat      *Heat   // of a spectrogram, what it is drawn from; its columns have the same slices
	Traces    []Trace // of signals and of things that were found, what is drawn; asked for by the operation's Draw
}

// Watched is what people watch of a stream while a run is followed.
type Watched struct {
	Name   string
	Values []string // with their units; the most important one first
}

// watch adds what people watch of a stream.
func (t *Table) watch(name string, values ...string) {
	t.Watched = append(t.Watched, Watched{name, values})
}

// quantity prints what is watched: a name, which may be empty, and a value with its unit.
func quantity(name string, v float64, unit string) string {
	text := trim9(v)
	if name != "" {
		text = name + " " + trim6(v)
	}
	if unit != "" {
		text += " " + unit
	}
	return text
}

// Column is one column. One of Texts and Values has its content.
type Column struct {
	Name   string
	Unit   string // empty: none
	Texts  []string
	Values []float64
	Each   int  // rows that a value is for, and behind the last one comes the first again; 0: there is a value for each row
	Whole  bool // values are whole numbers
}

// Value returns the value of a row; the column must not be one of texts.
func (c *Column) Value(row int) float64 {
	if c.Each > 0 {
		return c.Values[row/c.Each%len(c.Values)]
	}
	return c.Values[row]
}

// Drawing says how a table is drawn.
type Drawing struct {
	Kind DrawingKind
	X    int      // column of the places of curves
	Y    []int    // columns of curves
	Of   []string // streams that they are of; nil: the columns' names say it
	// Of spectra:
	Units   []string // of the signals of Y
	Scaling spectrum.Scaling
	DB      bool // values are decibels
}

// DrawingKind is a kind of picture.
type DrawingKind int

// The kinds of pictures of tables.
const (
	DrawnCurves   DrawingKind = iota
	DrawnSpectrum             // densities, or powers of lines, over frequencies
	DrawnBars                 // a histogram: streams, edges, counts
	DrawnHeat                 // a spectrogram
	DrawnTraces               // on top of the streams
)

// text adds a column of texts, which rows fill.
func (t *Table) text(name string) int {
	t.Columns = append(t.Columns, Column{Name: name, Texts: []string{}})
	return len(t.Columns) - 1
}

// value adds a column of values.
func (t *Table) value(name, unit string) int {
	t.Columns = append(t.Columns, Column{Name: name, Unit: unit, Values: []float64{}})
	return len(t.Columns) - 1
}

// whole adds a column of whole numbers.
func (t *Table) whole(name string) int {
	t.Columns = append(t.Columns, Column{Name: name, Values: []float64{}, Whole: true})
	return len(t.Columns) - 1
}

// sharedUnit leaves the unit of columns out where another stream has another one.
func (t *Table) sharedUnit(unit string, names ...string) {
	for i := range t.Columns {
		if c := &t.Columns[i]; slices.Contains(names, c.Name) && c.Unit != unit {
			c.Unit = ""
		}
	}
}

// waveformColumn has the number of the waveform that a row is of, where there are waveforms.
const waveformColumn = "waveform"

// waveformOf adds the column of waveforms at the end for a source in a block mode; rows so far have none.
func (t *Table) waveformOf(src *source) {
	if src.Waveform() == 0 || t.Columns[len(t.Columns)-1].Name == waveformColumn {
		return
	}
	c := t.whole(waveformColumn)
	for range t.Rows {
		t.Columns[c].Values = append(t.Columns[c].Values, none)
	}
}

// waveform ends a row with the number of the waveform that it is of, where there is such a column.
func (t *Table) waveform(p piece) {
	c := &t.Columns[len(t.Columns)-1]
	switch {
	case c.Name != waveformColumn:
	case p.wave == nil:
		c.Values = append(c.Values, none)
	default:
		c.Values = append(c.Values, float64(p.wave.Number))
	}
}

// row appends a row: a string for a column of texts, else a float64, int or int64.
func (t *Table) row(cells ...any) {
	for i, c := range cells {
		col := &t.Columns[i]
		switch v := c.(type) {
		case string:
			col.Texts = append(col.Texts, v)
		case float64:
			col.Values = append(col.Values, v)
		case int64:
			col.Values = append(col.Values, float64(v))
		case int:
			col.Values = append(col.Values, float64(v))
		}
	}
	t.Rows++
}

// fill gives an empty table of values its columns. They are as long as each other, and the table's from then on.
func (t *Table) fill(columns ...[]float64) {
	for i, values := range columns {
		t.Columns[i].Values = values
	}
	t.Rows = len(columns[0])
}
