package measure

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// Table lines up text in columns. The first column is aligned to the left, the others to the right.
type Table struct{ rows [][]string }

// NewTable begins a table with its headings.
func NewTable(headings ...string) *Table { return &Table{rows: [][]string{headings}} }

// Add appends a row.
func (t *Table) Add(cells ...string) { t.rows = append(t.rows, cells) }

// Write prints the table.
func (t *Table) Write(w io.Writer) error {
	var width []int
	for _, r := range t.rows {
		for i, c := range r {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for _, r := range t.rows {
		var line strings.Builder
		for i, c := range r {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			switch i {
			case 0:
				line.WriteString(c + pad)
			default:
				line.WriteString("  " + pad + c)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Target is a bound that a figure is held against.
type Target struct {
	Bound   float64
	AtLeast bool // the figure is to reach the bound; else it is not to go beyond it
}

// AtLeast is a target from below.
func AtLeast(x float64) Target { return Target{x, true} }

// AtMost is a target from above.
func AtMost(x float64) Target { return Target{x, false} }

// Judge prints the target with a verb, and whether the figure meets it.
func (t Target) Judge(figure float64, verb string) string {
	sign, ok := "<=", figure <= t.Bound
	if t.AtLeast {
		sign, ok = ">=", figure >= t.Bound
	}
	word := "met"
	switch {
	case math.IsNaN(figure):
		word = "not measured"
	case !ok:
		word = "MISSED"
	}
	return fmt.Sprintf("%s "+verb+" %s", sign, t.Bound, word)
}
