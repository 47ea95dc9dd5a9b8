package analyze

import "strconv"

// briefRows is how many rows a short form of a table has at most, of all its streams together.
const briefRows = 40

// bins appends the bins of a histogram to a short form, as few as there is room for: neighbours are counted together.
func (t *Table) bins(stream string, from, to, counts []float64, room int) (together int) {
	together = max(1, (len(counts)+room-1)/max(1, room))
	for at := 0; at < len(counts); at += together {
		end := min(at+together, len(counts))
		var n float64
		for _, c := range counts[at:end] {
			n += c
		}
		t.row(stream, from[at], to[end-1], n)
	}
	return together
}

// thinned returns every so many rows of a table, so that few are left, and the table's own form where there are few.
func (t *Table) thinned() *Table {
	if t.Rows <= briefRows {
		return nil
	}
	step := (t.Rows + briefRows - 1) / briefRows
	b := &Table{Operation: "one row of " + strconv.Itoa(step)}
	for _, c := range t.Columns {
		short := Column{Name: c.Name, Unit: c.Unit, Whole: c.Whole, Values: []float64{}}
		for k := 0; k < t.Rows; k += step {
			short.Values = append(short.Values, c.Values[k])
		}
		b.Columns, b.Rows = append(b.Columns, short), len(short.Values)
	}
	return b
}
