package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/scopelog/scopelog/analyze"
)

// followTeller tells what a run that is followed gave until now: with JSON a line a look, of a table that grows with its new rows only. Else, where
// standard output is no terminal, the rows of such a table as they are found; a terminal has a status line.
type followTeller struct {
	a    *app
	dir  string
	json bool
	told int    // rows of a table that grows
	rows *table // they are printed as they are found; nil: none was yet
}

// tell tells of a look.
func (f *followTeller) tell(ctx context.Context, t *analyze.Table) error {
	switch {
	case f.json && t.Rows == f.first(t):
		return nil
	case f.json:
		return f.tellJSON(ctx, t)
	case t.Grows && !f.a.terminal():
		return f.tellRows(ctx, t)
	}
	f.a.screen.setStatus(followLine(t, f.a.screen.width()-1))
	return nil
}

// first is the first row that was not told yet.
func (f *followTeller) first(t *analyze.Table) int {
	if t.Grows {
		return f.told
	}
	return 0
}

// tellJSON prints one line, also where nothing is new. Half a line is of no use to anybody, so that ctx does not end it.
func (f *followTeller) tellJSON(ctx context.Context, t *analyze.Table) error {
	from := f.first(t)
	f.told = t.Rows
	return tellJSON(context.WithoutCancel(ctx), f.a, f.dir, t, from, false)
}

// rowsAtOnce is how many rows are printed without a look at whether they are still wanted.
const rowsAtOnce = 1000

// tellRows prints the rows that are new, in columns that become wider where they have to.
func (f *followTeller) tellRows(ctx context.Context, t *analyze.Table) error {
	for f.told < t.Rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		until := min(t.Rows, f.told+rowsAtOnce)
		next := tableText(t, f.told, until)
		f.told = until
		if f.rows == nil {
			f.rows = next
			if err := next.write(f.a.stdout, f.a.color); err != nil {
				return err
			}
			continue
		}
		if err := f.rows.goOn(f.a.stdout, next.rows); err != nil {
			return err
		}
	}
	return nil
}

// end tells the result.
func (f *followTeller) end(ctx context.Context, t *analyze.Table, files ...string) error {
	switch {
	case f.json:
		return f.tellJSON(ctx, t)
	case f.rows == nil:
		return printAnalysis(f.a, t, files...)
	}
	if err := f.tellRows(ctx, t); err != nil {
		return err
	}
	return emit(f.a.stdout, analysisNotes(t, files...))
}

// terminal tells whether standard output is one.
func (a *app) terminal() bool {
	f, ok := a.stdout.(*os.File)
	return ok && isTerminal(f)
}

// followLine is what there is so far on a line of so many columns: what people watch of each stream, with as much as fits, or the newest row.
func followLine(t *analyze.Table, columns int) string {
	if t.Rows == 0 {
		return t.Operation + ": nothing yet" + soFar(t.Follow)
	}
	if len(t.Watched) == 0 {
		return newestRow(t)
	}
	most := 0
	for _, w := range t.Watched {
		most = max(most, len(w.Values))
	}
	line := ""
	for n := most; n > 0; n-- {
		var parts []string
		for _, w := range t.Watched {
			parts = append(parts, printable(w.Name+": "+strings.Join(w.Values[:min(n, len(w.Values))], ", ")))
		}
		line = strings.Join(parts, "; ")
		if full := t.Operation + " " + line + soFar(t.Follow); len([]rune(full)) <= columns {
			return full
		}
		if len([]rune(line)) <= columns {
			break
		}
	}
	return line
}

// newestRow is the line of a table whose rows come one after the other.
func newestRow(t *analyze.Table) string {
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
	return fmt.Sprintf("%s, %s rows: %s%s", t.Operation, formatCount(int64(t.Rows)+t.More), printable(strings.Join(cells, "  ")), soFar(t.Follow))
}

// soFar is what a line says at its end of streams that are waited for and samples that were missed.
func soFar(notes []string) string {
	if len(notes) == 0 {
		return ""
	}
	return "; " + printable(strings.Join(notes, "; "))
}
