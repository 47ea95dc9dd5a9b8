package export

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSteadyState writes the same batch again and again: nothing is allocated for it. Archives and Parquet files note each of their parts, and are
// left out.
func TestSteadyState(t *testing.T) {
	r := mixed(t)
	for _, ending := range []string{".npy", ".csv", ".f32", ".wav", ".mat", ".vcd", ".h5"} {
		t.Run(ending, func(t *testing.T) {
			f, _, err := formatOf("x" + ending)
			if err != nil {
				t.Fatal(err)
			}
			h := headerOf(piecesOf(t, r, ending, analogs)[0])
			file, err := os.Create(filepath.Join(t.TempDir(), "x"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			w := newOutput(file)
			defer func() { must(t, w.end()) }()
			e, err := f.create(&Options{}, h, w)
			if err != nil {
				t.Fatal(err)
			}
			b := &batch{values: make([][]float64, len(h.columns))}
			for i := range b.values {
				b.values[i] = make([]float64, 1000)
				for k := range b.values[i] {
					b.values[i][k] = float64(k)
				}
			}
			if n := testing.AllocsPerRun(10, func() {
				if err := e.write(b); err != nil {
					t.Fatal(err)
				}
			}); n != 0 {
				t.Errorf("%v allocations for each batch", n)
			}
		})
	}
}
