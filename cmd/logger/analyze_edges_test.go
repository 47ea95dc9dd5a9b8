package main

import (
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analyze"
)

func TestDistinctEdges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		low, high float64
		want      []string
	}{
		{"usual", 1, 2, []string{"a", "1", "2"}},
		{"narrow", 0.0099999999, 0.01, []string{"a", "0.0099999999", "0.01"}},
		{"neighbours", 1, math.Nextafter(1, 2), []string{"a", "1", "1.0000000000000002"}},
		{"the same", 1, 1, []string{"a", "1", "1"}},
		{"none", math.NaN(), math.NaN(), []string{"a", "-", "-"}},
	} {
		table := &analyze.Table{Rows: 1, Columns: []analyze.Column{
			{Name: "stream", Texts: []string{"a"}}, {Name: "from", Values: []float64{c.low}}, {Name: "to", Values: []float64{c.high}},
		}}
		if got := tableText(table, 0, 1).rows[0]; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestMeantOperation: words for what operations find lead to them.
func TestMeantOperation(t *testing.T) {
	t.Parallel()
	names := operationNames()
	for word, op := range meantOperations {
		if !slices.Contains(names, op) {
			t.Errorf("%s leads to %s, which is no operation", word, op)
		}
		if slices.Contains(names, word) {
			t.Errorf("%s is an operation", word)
		}
	}
}
