package analyze

import (
	"encoding/json"
	"math"
	"slices"
)

// Table is what an operation finds: named columns of equal length.
type Table struct {
	Operation string
	Columns   []Column
	Rows      int
	More      int64    // rows that were found beyond the limit and are not here
	Notes     []string // what a careful reader wants to know
	Follow    []string // those of Notes that are about following, while a run is followed
	Drawn     *Drawing // how it is drawn; nil: it is not
	Brief     *Table   // what people want to see of a long one; nil: its first rows
	Heat      *Heat    // of a spectrogram, what it is drawn from
}

// Column is one column. One of Texts and Values has its content.
type Column struct {
	Name   string
	Unit   string // empty: none
	Texts  []string
	Values []float64
	Whole  bool // values are whole numbers
}

// Drawing says how a table is drawn.
type Drawing struct {
	Kind DrawingKind
	X    int      // column of the places of curves
	Y    []int    // columns of curves
	Of   []string // streams that they are of; nil: the columns' names say it
}

// DrawingKind is a kind of picture.
type DrawingKind int

// The kinds of pictures of tables.
const (
	DrawnCurves   DrawingKind = iota
	DrawnSpectrum             // densities over frequencies
	DrawnBars                 // a histogram: streams, edges, counts
	DrawnHeat                 // a spectrogram
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

// number is a value as JSON has it: null where it is none.
type number float64

// MarshalJSON writes null for what is no number.
func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// MarshalJSON writes the column's name, unit and values.
func (c Column) MarshalJSON() ([]byte, error) {
	var out struct {
		Name   string `json:"name"`
		Unit   string `json:"unit,omitempty"`
		Values any    `json:"values"`
	}
	out.Name, out.Unit = c.Name, c.Unit
	if c.Texts != nil {
		out.Values = c.Texts
	} else {
		list := make([]number, len(c.Values))
		for i, v := range c.Values {
			list[i] = number(v)
		}
		out.Values = list
	}
	return json.Marshal(out)
}
