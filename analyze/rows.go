package analyze

import (
	"sync"
	"sync/atomic"
)

// blockRows is how many rows a source keeps by itself before it hands them over.
const blockRows = 4096

// rows are those that sources found, each in its order, in one table. Sources may find at the same time: the table has the rows of the first source,
// then those of the second, up to a limit of all together, as if one had been looked at after the other. Beside those there are up to two blocks for
// each source.
type rows struct {
	table *Table // what is settled
	most  int    // rows of the table

	mu   sync.Mutex
	kept int // rows of the table and of whole blocks
	of   []*foundRows
}

// foundRows are rows of one source. What one goroutine adds another one may take away again, since sources before it have found more.
type foundRows struct {
	rows  *rows
	whole []*rowBlock  // under the lock of rows
	block *rowBlock    // that is filled; nil: none
	more  atomic.Int64 // rows that were left out
	full  atomic.Bool  // some were, so that all that follow are
	marks []Mark       // of settled rows
}

// rowBlock is some rows with their marks, which may be none.
type rowBlock struct {
	Table
	marks []Mark
}

func newRows(most int) *rows {
	return &rows{table: &Table{Grows: true}, most: mostOf(most)}
}

// add makes room for the rows of another source. unit is that of its values, which the named columns have.
func (r *rows) add(src *source, unit string, names ...string) *foundRows {
	r.settle()
	r.table.sharedUnit(unit, names...)
	r.table.waveformOf(src)
	f := &foundRows{rows: r}
	r.of = append(r.of, f)
	return f
}

// over tells that there are too many rows before the next one, which is counted then.
func (f *foundRows) over() bool {
	if !f.full.Load() {
		return false
	}
	f.more.Add(1)
	return true
}

// row adds a row, of a place in a piece, marked unless mark is nil.
func (f *foundRows) row(p piece, mark *Mark, cells ...any) {
	if f.block == nil {
		f.block = &rowBlock{}
		for _, c := range f.rows.table.Columns {
			f.block.Columns = append(f.block.Columns, Column{Name: c.Name})
		}
	}
	b := f.block
	b.row(cells...)
	b.waveform(p)
	if mark != nil {
		b.marks = append(b.marks, *mark)
	}
	if b.Rows == blockRows {
		f.block = nil
		f.rows.keep(f, b)
	}
}

// keep takes a whole block, and leaves out those at the end that are beyond the limit.
func (r *rows) keep(f *foundRows, b *rowBlock) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.full.Load() {
		f.more.Add(int64(b.Rows))
		return
	}
	f.whole = append(f.whole, b)
	r.kept += b.Rows
	for i := len(r.of) - 1; i >= 0; i-- {
		for of := r.of[i]; len(of.whole) > 0; {
			n := len(of.whole) - 1
			last := of.whole[n]
			if r.kept-last.Rows < r.most {
				return
			}
			of.whole[n], of.whole = nil, of.whole[:n]
			of.full.Store(true)
			of.more.Add(int64(last.Rows))
			r.kept -= last.Rows
		}
	}
}

// settle puts all rows into the table, while nobody adds any.
func (r *rows) settle() {
	t := r.table
	t.More = 0
	for _, f := range r.of {
		for i, b := range f.whole {
			f.settle(b)
			f.whole[i] = nil // its memory is the table's now
		}
		f.whole = f.whole[:0]
		if f.block != nil {
			f.settle(f.block)
			f.block = nil
		}
		t.More += f.more.Load()
	}
	r.kept = t.Rows
}

// settle puts a block into the table.
func (f *foundRows) settle(b *rowBlock) {
	t := f.rows.table
	n := min(b.Rows, f.rows.most-t.Rows)
	for i := range t.Columns {
		to, from := &t.Columns[i], &b.Columns[i]
		if to.Texts != nil {
			to.Texts = append(to.Texts, from.Texts[:n]...)
		} else {
			to.Values = append(to.Values, from.Values[:n]...)
		}
	}
	if b.marks != nil {
		f.marks = append(f.marks, b.marks[:n]...)
	}
	t.Rows += n
	if n < b.Rows {
		f.full.Store(true)
		f.more.Add(int64(b.Rows - n))
	}
}
