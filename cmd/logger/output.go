package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// formatVersion is the version of the JSON documents and lines that commands print. The number before the point
// changes when a key changes its meaning or goes, the other one with every addition.
const formatVersion = "1.0"

// writeJSON prints one document, indented.
func writeJSON(w io.Writer, document any) error {
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return emit(w, string(text)+"\n")
}

// writeJSONLine prints one document on one line.
func writeJSONLine(w io.Writer, document any) error {
	text, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return emit(w, string(text)+"\n")
}

// emit writes text, and says what failed when it cannot.
func emit(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// table is text in columns. A heading that begins with ">" sets its column flush right.
type table struct {
	headings []string
	rows     [][]string
	widths   []int // of the columns; nil: nothing was written
}

func newTable(headings ...string) *table { return &table{headings: headings} }

// add appends one row; cells that are missing are empty.
func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// write prints the table, its headings in bold where colour is on.
func (t *table) write(w io.Writer, color bool) error {
	t.fit()
	names := make([]string, len(t.headings))
	for i, h := range t.headings {
		names[i] = strings.TrimPrefix(h, ">")
	}
	return emit(w, paint(color, bold, t.line(names))+"\n"+t.lines())
}

// goOn prints other rows below those that were written, in columns that become wider where they have to.
func (t *table) goOn(w io.Writer, rows [][]string) error {
	t.rows = rows
	t.fit()
	return emit(w, t.lines())
}

// fit makes the columns wide enough for the rows.
func (t *table) fit() {
	if t.widths == nil {
		t.widths = make([]int, len(t.headings))
	}
	for i, h := range t.headings {
		t.widths[i] = max(t.widths[i], utf8.RuneCountInString(strings.TrimPrefix(h, ">")))
		for _, r := range t.rows {
			if i < len(r) {
				t.widths[i] = max(t.widths[i], utf8.RuneCountInString(r[i]))
			}
		}
	}
}

func (t *table) lines() string {
	var b strings.Builder
	for _, r := range t.rows {
		b.WriteString(t.line(r) + "\n")
	}
	return b.String()
}

func (t *table) line(cells []string) string {
	var b strings.Builder
	for i, h := range t.headings {
		cell := ""
		if i < len(cells) {
			cell = cells[i]
		}
		pad := strings.Repeat(" ", t.widths[i]-utf8.RuneCountInString(cell))
		if strings.HasPrefix(h, ">") {
			cell, pad = pad+cell, ""
		}
		b.WriteString(cell + pad + "  ")
	}
	return strings.TrimRight(b.String(), " ")
}
