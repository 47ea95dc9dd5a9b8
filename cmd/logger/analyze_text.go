package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/analyze"
)

// printAnalysis prints a table, long ones up to a limit, and the names of files that it was written to, where there are any.
func printAnalysis(a *app, t *analyze.Table, files ...string) error {
	shown := t
	if t.Brief != nil && t.Rows > mostShown {
		shown = t.Brief
	}
	rows := min(shown.Rows, mostShown)
	var b strings.Builder
	if shown.Rows == 0 {
		b.WriteString("nothing was found\n")
	} else if err := tableText(shown, 0, rows).write(&b, a.color); err != nil {
		return err
	}
	switch left := formatCount(int64(shown.Rows - rows)); {
	case shown != t && rows < shown.Rows:
		fmt.Fprintf(&b, "... and %s more rows of these: %s; --to FILE or --json has all %s rows\n", left, shown.Operation, formatCount(int64(t.Rows)))
	case shown != t:
		fmt.Fprintf(&b, "%s; --to FILE or --json has all %s rows\n", shown.Operation, formatCount(int64(t.Rows)))
	case rows < shown.Rows:
		fmt.Fprintf(&b, "... and %s more rows: --to FILE or --json has them all\n", left)
	}
	b.WriteString(analysisNotes(t, files...))
	return emit(a.stdout, b.String())
}

// analysisNotes are the lines behind the rows of a table.
func analysisNotes(t *analyze.Table, files ...string) string {
	var b strings.Builder
	if t.More > 0 {
		fmt.Fprintf(&b, "note: %s more were found than are kept; --max-rows keeps more\n", formatCount(t.More))
	}
	for _, n := range t.Notes {
		fmt.Fprintf(&b, "note: %s\n", printable(n))
	}
	for _, name := range files {
		if name != "" {
			fmt.Fprintf(&b, "written to %s\n", printable(name))
		}
	}
	return b.String()
}

// tableText makes text of some rows of a table.
func tableText(t *analyze.Table, from, until int) *table {
	var headings []string
	for _, c := range t.Columns {
		h := c.Name
		if !strings.Contains(h, ".") { // else the name of a stream, in which case counts
			h = strings.ToUpper(h)
		}
		if c.Unit != "" {
			h += " (" + c.Unit + ")"
		}
		if c.Texts == nil {
			h = ">" + h
		}
		headings = append(headings, printable(h))
	}
	out := newTable(headings...)
	for k := from; k < until; k++ {
		var cells []string
		for i := range t.Columns {
			cells = append(cells, cellText(&t.Columns[i], k))
		}
		distinctEdges(t, k, cells)
		out.add(cells...)
	}
	return out
}

// cellText prints a cell with as many digits as are of use.
func cellText(c *analyze.Column, row int) string {
	switch {
	case c.Texts != nil:
		return printable(c.Texts[row])
	case math.IsNaN(c.Value(row)):
		return "-"
	case c.Whole:
		return formatCount(int64(c.Value(row)))
	}
	v := c.Value(row)
	if v == 0 {
		v = 0 // without a sign
	}
	if c.Unit == "s" && math.Abs(v) >= 1 {
		return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 9, 64), "0"), ".")
	}
	return strconv.FormatFloat(v, 'g', 7, 64)
}
