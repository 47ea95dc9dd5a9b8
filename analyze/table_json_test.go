package analyze

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// awkward is a table of values and texts that JSON writes in ways of their own.
func awkward() *Table {
	t := &Table{}
	t.text("stream")
	t.value("value <&>", "V²/Hz")
	t.whole("count")
	for _, v := range []float64{0, math.Copysign(0, -1), 1, -1.5, 1e-6, 9.9e-7, 1e-9, -1e-10, 1e-100, 5e-324, 1e20, 1e21, 1e22, math.MaxFloat64, 0.1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		t.row("a \"quoted\" <stream>\n\xff", v, int64(len(t.Columns[2].Values)))
	}
	t.Columns = append(t.Columns, Column{Name: "turns", Values: []float64{0, 0.25, 0.5}, Each: 2})
	return t
}

// reference is what encoding/json makes of the rows of a table from one on.
func reference(t *testing.T, table *Table, from int, indented bool) string {
	t.Helper()
	type column struct {
		Name   string `json:"name"`
		Unit   string `json:"unit,omitempty"`
		Values []any  `json:"values"`
	}
	list := []column{}
	for i := range table.Columns {
		c := &table.Columns[i]
		out := column{c.Name, c.Unit, []any{}}
		for k := from; k < table.Rows; k++ {
			var v any
			if c.Texts != nil {
				v = c.Texts[k]
			} else if f := c.Value(k); !math.IsNaN(f) && !math.IsInf(f, 0) {
				v = f
			}
			out.Values = append(out.Values, v)
		}
		list = append(list, out)
	}
	text, err := json.Marshal(list)
	if indented {
		text, err = json.MarshalIndent(map[string]any{"columns": list}, "", "  ")
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(text), "{\n  \"columns\": "), "\n}")
}

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		table *Table
		from  int
	}{
		{"all", awkward(), 0},
		{"new rows", awkward(), 7},
		{"no new rows", awkward(), 18},
		{"no columns", &Table{}, 0},
	} {
		for _, indented := range []bool{false, true} {
			var b strings.Builder
			if err := c.table.WriteJSON(t.Context(), &b, c.from, indented); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(reference(t, c.table, c.from, indented), b.String()); diff != "" {
				t.Errorf("%s, indented %v (-want +got)\n%s", c.name, indented, diff)
			}
		}
	}
}

// counted counts bytes.
type counted struct{ n int64 }

func (c *counted) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// TestWriteJSONMemory: a table of millions of values is written without memory for them.
func TestWriteJSONMemory(t *testing.T) {
	const rows = 1 << 18
	values := make([]float64, rows)
	for i := range values {
		values[i] = float64(i) * 1e-3
	}
	table := &Table{Rows: rows, Columns: []Column{{Name: "value", Values: values}}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w := &counted{}
	if err := table.WriteJSON(t.Context(), w, 0, true); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 8*rows/2 { // that of the column would be four times as much in text
		t.Errorf("%d bytes of memory for %d of text", used, w.n)
	}
}

// ending ends a context with the first byte that is written.
type ending struct {
	stop context.CancelFunc
	n    int
}

func (e *ending) Write(p []byte) (int, error) {
	e.stop()
	e.n += len(p)
	return len(p), nil
}

// TestWriteCancelled: the writing of a long table ends with its context, and leaves no file.
func TestWriteCancelled(t *testing.T) {
	t.Parallel()
	table := &Table{Rows: 1 << 20, Columns: []Column{{Name: "value", Values: make([]float64, 1<<20)}}}
	ctx, stop := context.WithCancel(t.Context())
	w := &ending{stop: stop}
	if err := table.WriteJSON(ctx, w, 0, false); !errors.Is(err, context.Canceled) {
		t.Errorf("JSON: %v", err)
	}
	if w.n > 4<<16 {
		t.Errorf("%d bytes were written", w.n)
	}
	for _, ending := range TableEndings() {
		dir := t.TempDir()
		if err := table.Write(ctx, dir+"/x"+ending); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", ending, err)
		}
		same(t, "left", []string{}, entries(t, dir))
	}
}
