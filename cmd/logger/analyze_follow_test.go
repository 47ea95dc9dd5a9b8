package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/analyze"
)

// found is a table that grows, of so many rows.
func found(rows int) *analyze.Table {
	t := &analyze.Table{Operation: "events", Grows: true, Columns: []analyze.Column{{Name: "event", Texts: []string{}}, {Name: "time", Unit: "s", Values: []float64{}}}}
	for k := range rows {
		t.Columns[0].Texts = append(t.Columns[0].Texts, "rising"+strings.Repeat("!", k))
		t.Columns[1].Values = append(t.Columns[1].Values, float64(k)/2)
		t.Rows++
	}
	return t
}

// TestFollowRows: what is found is printed when it is found, and once.
func TestFollowRows(t *testing.T) {
	t.Parallel()
	a, out := newTestApp(t, nil)
	f := &followTeller{a: a}
	for _, look := range []struct {
		rows int
		want string
	}{
		{0, ""},
		{1, "EVENT   TIME (s)\nrising         0\n"},
		{1, ""},
		{3, "rising!        0.5\nrising!!         1\n"},
	} {
		out.stdout.Reset()
		if err := f.tell(t.Context(), found(look.rows)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(look.want, out.stdout.String()); diff != "" {
			t.Errorf("%d rows (-want +got)\n%s", look.rows, diff)
		}
	}
	out.stdout.Reset()
	last := found(4)
	last.Notes = []string{"that was all"}
	if err := f.end(t.Context(), last, "x.csv"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("rising!!!       1.5\nnote: that was all\nwritten to x.csv\n", out.stdout.String()); diff != "" {
		t.Errorf("the end (-want +got)\n%s", diff)
	}
}

// TestFollowJSON: a table that grows has its new rows in each line, another one all that there is; a look that found nothing prints nothing.
func TestFollowJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		grow bool
		want []int // rows of each line
	}{
		{"events", true, []int{2, 3, 0}},
		{"stats", false, []int{2, 2, 5, 5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, out := newTestApp(t, nil)
			f := &followTeller{a: a, dir: "run", json: true}
			table := func(rows int) *analyze.Table {
				k := found(rows)
				k.Grows = c.grow
				return k
			}
			for _, rows := range []int{0, 2, 2, 5} {
				if err := f.tell(t.Context(), table(rows)); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.end(t.Context(), table(5)); err != nil {
				t.Fatal(err)
			}
			var got []int
			for line := range strings.Lines(out.stdout.String()) {
				var d struct {
					Rows    int
					Columns []struct{ Values []any }
					Notes   []string
				}
				if err := json.Unmarshal([]byte(line), &d); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				for _, col := range d.Columns {
					if len(col.Values) != d.Rows {
						t.Errorf("%d values, %d rows", len(col.Values), d.Rows)
					}
				}
				got = append(got, d.Rows)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestFollowLine: a line has what people watch of each stream, as much as there is room for.
func TestFollowLine(t *testing.T) {
	t.Parallel()
	two := &analyze.Table{Operation: "measure", Rows: 20, Watched: []analyze.Watched{
		{Name: "cell.A", Values: []string{"1000 Hz", "mean 0.5 V", "rms 1 V"}},
		{Name: "cell.B", Values: []string{"no cycle", "mean 2 V", "rms 2 V"}},
	}}
	for _, c := range []struct {
		name    string
		table   *analyze.Table
		columns int
		want    string
	}{
		{"wide", two, 90, "measure cell.A: 1000 Hz, mean 0.5 V, rms 1 V; cell.B: no cycle, mean 2 V, rms 2 V"},
		{"without the operation", two, 75, "cell.A: 1000 Hz, mean 0.5 V, rms 1 V; cell.B: no cycle, mean 2 V, rms 2 V"},
		{"narrow", two, 60, "cell.A: 1000 Hz, mean 0.5 V; cell.B: no cycle, mean 2 V"},
		{"narrower", two, 41, "measure cell.A: 1000 Hz; cell.B: no cycle"},
		{"too narrow", two, 10, "cell.A: 1000 Hz; cell.B: no cycle"},
		{"newest row", found(2), 80, "events, 2 rows: event rising!  time 0.5"},
		{"nothing", &analyze.Table{Operation: "stats", Follow: []string{"cell.A: no samples yet"}}, 80, "stats: nothing yet; cell.A: no samples yet"},
	} {
		if got := followLine(c.table, c.columns); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}
