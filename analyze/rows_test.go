package analyze

import "testing"

// TestRowsKept: sources that find at the same time keep no more rows together than the table may have, and a block each; the table is that of one
// after the other.
func TestRowsKept(t *testing.T) {
	t.Parallel()
	const most = 3*blockRows + 5
	src := severalStreams(t).Open()
	list, err := sources(src, &Selection{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		found [3]int // rows of each source; the last one is first to find them
		want  []float64
	}{
		{"few", [3]int{2, 3, 4}, []float64{2, 3, 4}},
		{"the last has too many", [3]int{2, 3, most}, []float64{2, 3, most - 5}},
		{"each has too many", [3]int{most + 1, most, 5 * most}, []float64{most, 0, 0}},
		{"as many as there may be", [3]int{blockRows, blockRows, blockRows + 5}, []float64{blockRows, blockRows, blockRows + 5}},
		{"whole blocks", [3]int{blockRows, 2 * blockRows, 2 * blockRows}, []float64{blockRows, 2 * blockRows, 5}},
	} {
		r := newRows(most)
		r.table.whole("source")
		r.table.whole("number")
		for _, src := range list[:3] {
			r.add(src, "V")
		}
		for i := 2; i >= 0; i-- {
			for k := range c.found[i] {
				if !r.of[i].over() {
					r.of[i].row(piece{}, &Mark{}, i, k)
				}
			}
			whole := 0
			for _, f := range r.of {
				whole += len(f.whole) * blockRows
			}
			if whole >= most+blockRows {
				t.Errorf("%s: %d rows are kept", c.name, whole)
			}
		}
		r.settle()
		r.settle() // which changes nothing
		counts, all := make([]float64, 3), 0
		for i := range c.found {
			all += c.found[i]
		}
		for k, i := range r.table.Columns[0].Values {
			if n := r.table.Columns[1].Values[k]; n != counts[int(i)] {
				t.Fatalf("%s: row %d is number %v of source %v", c.name, k, n, i)
			}
			counts[int(i)]++
		}
		same(t, c.name, c.want, counts)
		same(t, c.name+", more", int64(all-r.table.Rows), r.table.More)
		same(t, c.name+", marks", int(c.want[2]), len(r.of[2].marks))
	}
}
