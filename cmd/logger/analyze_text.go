package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/analyze"
)

// analysisJSON is what analyze --json prints.
type analysisJSON struct {
	FormatVersion string         `json:"format_version"`
	Dir           string         `json:"dir,omitempty"`
	Operation     string         `json:"operation"`
	Rows          int            `json:"rows"`
	More          int64          `json:"more"`    // rows beyond the limit
	Columns       *analyze.Table `json:"columns"` // which writes its columns
	Notes         []string       `json:"notes"`
}

func analysisDocument(dir string, t *analyze.Table) analysisJSON {
	return analysisJSON{formatVersion, dir, t.Operation, t.Rows, t.More, t, append([]string{}, t.Notes...)}
}

// tellSoFar prints what a run that is followed gave until now: a JSON line, or a line of the last row.
func tellSoFar(a *app, dir string, t *analyze.Table, asJSON bool) error {
	if asJSON {
		return tellJSON(a, dir, t)
	}
	if t.Rows == 0 {
		a.screen.setStatus(t.Operation + ": nothing yet" + soFar(t.Follow))
		return nil
	}
	from, row := t, t.Rows-1
	if t.Brief != nil && t.Brief.Rows > 0 {
		if from, row = t.Brief, 0; from.Columns[0].Name == "time" { // else the first row is the strongest
			row = from.Rows - 1
		}
	}
	var cells []string
	for i := range from.Columns {
		c := &from.Columns[i]
		cells = append(cells, c.Name+" "+cellText(c, row))
	}
	a.screen.setStatus(fmt.Sprintf("%s, %s rows: %s%s", t.Operation, formatCount(int64(t.Rows)+t.More), printable(strings.Join(cells, "  ")), soFar(t.Follow)))
	return nil
}

// soFar is what a line says at its end of streams that are waited for and samples that were missed.
func soFar(notes []string) string {
	if len(notes) == 0 {
		return ""
	}
	return "; " + printable(strings.Join(notes, "; "))
}

// tellJSON prints a result as one line.
func tellJSON(a *app, dir string, t *analyze.Table) error {
	b, err := json.Marshal(analysisDocument(dir, t))
	if err != nil {
		return err
	}
	return emit(a.stdout, string(b)+"\n")
}

// printAnalysis prints a table, long ones up to a limit, and the names of files that it was written to, where there are any.
func printAnalysis(a *app, t *analyze.Table, files ...string) error {
	makePrintable(t)
	shown := t
	if t.Brief != nil && t.Rows > mostShown {
		shown = t.Brief
	}
	rows := min(shown.Rows, mostShown)
	var b strings.Builder
	if shown.Rows == 0 {
		b.WriteString("nothing was found\n")
	} else if err := tableText(shown, rows).write(&b, a.color); err != nil {
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
	if t.More > 0 {
		fmt.Fprintf(&b, "note: %s more were found than are kept; --max-rows keeps more\n", formatCount(t.More))
	}
	for _, n := range t.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	for _, name := range files {
		if name != "" {
			fmt.Fprintf(&b, "written to %s\n", printable(name))
		}
	}
	return emit(a.stdout, b.String())
}

// tableText makes text of the first rows of a table.
func tableText(t *analyze.Table, rows int) *table {
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
		headings = append(headings, h)
	}
	out := newTable(headings...)
	for k := range rows {
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
		return c.Texts[row]
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
