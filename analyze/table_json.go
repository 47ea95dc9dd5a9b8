package analyze

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"math"
	"strconv"
)

// rowsAtOnce is how many rows are written without a look at whether the table is still wanted.
const rowsAtOnce = 1 << 14

// WriteJSON writes the columns of the rows from one on as a JSON array of objects with name, unit and values; null is for what is no number. What it
// needs beside the table does not grow with that. Each value has a line of its own where indented is set, at the depth that the array has as the value of
// a key of an indented document; else all is one line, without its end. The errors are those of w and of ctx.
func (t *Table) WriteJSON(ctx context.Context, w io.Writer, from int, indented bool) error {
	j := &jsonWriter{Writer: bufio.NewWriterSize(w, 1<<16), indented: indented}
	j.open('[')
	for i := range t.Columns {
		j.next(i == 0)
		if err := j.column(ctx, &t.Columns[i], from, t.Rows); err != nil {
			return err
		}
	}
	j.close(']', len(t.Columns) == 0)
	return j.Flush()
}

// jsonWriter writes JSON. The first error of writing is told by Flush.
type jsonWriter struct {
	*bufio.Writer
	indented bool
	depth    int
	number   []byte
}

func (j *jsonWriter) open(bracket byte) {
	if err := j.WriteByte(bracket); err == nil {
		j.depth++
	}
}

// next begins a line for what follows inside of brackets.
func (j *jsonWriter) next(first bool) {
	if !first {
		j.text(",")
	}
	j.line()
}

func (j *jsonWriter) close(bracket byte, empty bool) {
	j.depth--
	if !empty {
		j.line()
	}
	j.text(string(bracket))
}

// lineStart begins lines, of which the deepest are those of values.
const lineStart = "\n          "

func (j *jsonWriter) line() {
	if j.indented {
		j.text(lineStart[:1+2*(j.depth+1)])
	}
}

func (j *jsonWriter) text(s string) {
	_, _ = j.WriteString(s) // Flush tells it
}

func (j *jsonWriter) key(name string) {
	j.text(`"` + name + `":`)
	if j.indented {
		j.text(" ")
	}
}

// string writes what encoding/json does.
func (j *jsonWriter) string(s string) {
	b, err := json.Marshal(s)
	if err == nil { // as of every string
		_, _ = j.Write(b)
	}
}

// column writes a column's rows from one on.
func (j *jsonWriter) column(ctx context.Context, c *Column, from, rows int) error {
	j.open('{')
	j.next(true)
	j.key("name")
	j.string(c.Name)
	if c.Unit != "" {
		j.next(false)
		j.key("unit")
		j.string(c.Unit)
	}
	j.next(false)
	j.key("values")
	j.open('[')
	for k := from; k < rows; k++ {
		if (k-from)%rowsAtOnce == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		j.next(k == from)
		if c.Texts != nil {
			j.string(c.Texts[k])
			continue
		}
		j.number = appendNumber(j.number[:0], c.Value(k))
		if _, err := j.Write(j.number); err != nil {
			return err
		}
	}
	j.close(']', from >= rows)
	j.close('}', false)
	return nil
}

// appendNumber appends a number as encoding/json writes it, null for what is none.
func appendNumber(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, v, format, -1, 64)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' { // e-09 becomes e-9
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}
