package main

import (
	"slices"
	"strconv"

	"github.com/scopelog/scopelog/analyze"
)

// distinctEdges prints the edges of a bin with as many digits as tell them apart, where the usual ones do not.
func distinctEdges(t *analyze.Table, row int, cells []string) {
	from := slices.IndexFunc(t.Columns, func(c analyze.Column) bool { return c.Name == "from" })
	to := from + 1
	if from < 0 || to == len(t.Columns) || t.Columns[to].Name != "to" || cells[from] != cells[to] {
		return
	}
	low, high := t.Columns[from].Value(row), t.Columns[to].Value(row)
	if !(low < high) {
		return
	}
	for digits := 8; cells[from] == cells[to]; digits++ { // 17 tell all numbers apart
		cells[from], cells[to] = strconv.FormatFloat(low, 'g', digits, 64), strconv.FormatFloat(high, 'g', digits, 64)
	}
}
