package analyze

import (
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/scopelog/scopelog/outfile"
)

// TableEndings lists the endings of files that a table can be written to.
func TableEndings() []string { return []string{".csv", ".npy"} }

// Write writes the table to a file: .csv with a line of names and one of units, or .npy, a structured array with a field for each column.
// The errors are those of [outfile.Create] and ctx, an [*outfile.FormatError] and a [*WriteError]. With an error no file is left.
func (t *Table) Write(ctx context.Context, name string) error { return t.writeTo(ctx, name, false) }

// Replace is [Table.Write] into the place of a file that may be there, which stays until its successor is complete.
func (t *Table) Replace(ctx context.Context, name string) error { return t.writeTo(ctx, name, true) }

func (t *Table) writeTo(ctx context.Context, name string, replace bool) error {
	_, ending, err := outfile.Split(name, TableEndings())
	if err != nil {
		return err
	}
	write := t.csv
	if ending == ".npy" {
		write = t.npy
	}
	f, err := outfile.CreateOr(name, replace)
	if err != nil {
		return writing(name, 0, 0, err)
	}
	defer f.Discard()
	rows, err := write(ctx, f)
	if err == nil {
		err = f.Commit()
	}
	return writing(name, f.Bytes(), int64(float64(f.Bytes())*float64(t.Rows)/float64(max(1, rows))), err)
}

// csv returns how many rows were written, also with an error.
func (t *Table) csv(ctx context.Context, f *outfile.File) (rows int, err error) {
	w := csv.NewWriter(f)
	names, units := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		if names[i] = c.Name; c.Unit != "" {
			units[i] = "(" + c.Unit + ")"
		}
	}
	line := make([]string, len(t.Columns))
	err = w.WriteAll([][]string{names, units})
	for ; rows < t.Rows && err == nil; rows++ {
		if rows%rowsAtOnce == 0 && ctx.Err() != nil {
			return rows, ctx.Err()
		}
		for i := range t.Columns {
			line[i] = t.Columns[i].exact(rows)
		}
		err = w.Write(line)
	}
	w.Flush()
	return rows, w.Error() // the first one
}

// exact prints a cell so that reading gives the same number; what is none is empty.
func (c *Column) exact(row int) string {
	switch {
	case c.Texts != nil:
		return c.Texts[row]
	case math.IsNaN(c.Value(row)):
		return ""
	case c.Whole:
		return strconv.FormatInt(int64(c.Value(row)), 10)
	}
	return strconv.FormatFloat(c.Value(row), 'g', -1, 64)
}

// npy writes a structured array of format 1.0; texts have the length of the longest. It returns how many rows were written, also with an error.
func (t *Table) npy(ctx context.Context, f *outfile.File) (int, error) {
	var fields []string
	width, whole := make([]int, len(t.Columns)), make([]bool, len(t.Columns))
	for i, c := range t.Columns {
		descr := "<f8"
		if whole[i] = c.Whole && !slices.ContainsFunc(c.Values, math.IsNaN); whole[i] { // whole numbers have none that stands for no number
			descr = "<i8"
		}
		if c.Texts != nil {
			for _, s := range c.Texts {
				width[i] = max(width[i], utf8.RuneCountInString(s))
			}
			width[i] = max(width[i], 1)
			descr = fmt.Sprintf("<U%d", width[i])
		}
		fields = append(fields, fmt.Sprintf("('%s', '%s')", strings.NewReplacer("'", "", `\`, "").Replace(c.Name), descr))
	}
	if _, err := f.Write(npyHead("["+strings.Join(fields, ", ")+"]", fmt.Sprintf("(%d,)", t.Rows))); err != nil {
		return 0, err
	}
	var p []byte
	for k := range t.Rows {
		if k%rowsAtOnce == 0 && ctx.Err() != nil {
			return k, ctx.Err()
		}
		p = p[:0]
		for i, c := range t.Columns {
			switch {
			case c.Texts != nil:
				n := 0
				for _, r := range c.Texts[k] {
					p = binary.LittleEndian.AppendUint32(p, uint32(r))
					n++
				}
				p = append(p, make([]byte, 4*(width[i]-n))...)
			case whole[i]:
				p = binary.LittleEndian.AppendUint64(p, uint64(int64(c.Value(k))))
			default:
				p = binary.LittleEndian.AppendUint64(p, math.Float64bits(c.Value(k)))
			}
		}
		if _, err := f.Write(p); err != nil {
			return k, err
		}
	}
	return t.Rows, nil
}

// npyHead is the header of an array, a multiple of 64 bytes long. descr is a quoted type or a list of fields.
func npyHead(descr, shape string) []byte {
	head := fmt.Sprintf("{'descr': %s, 'fortran_order': False, 'shape': %s, }", descr, shape)
	length := (10+len(head)+1+63)/64*64 - 10
	p := append([]byte("\x93NUMPY\x01\x00"), byte(length), byte(length>>8))
	p = append(p, head...)
	for range length - len(head) - 1 {
		p = append(p, ' ')
	}
	return append(p, '\n')
}
