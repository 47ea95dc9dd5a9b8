package export

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// arrays are recordings of one and of many batches, with gaps, and what of them is exported to .npy and .csv.
func arrays(t *testing.T) []struct {
	name   string
	r      *recording.Recording
	o      Options
	scale  float64 // of a count
	dtype  string
	single bool
} {
	t.Helper()
	long, gaps := mixed(t), gappy(t)
	return []struct {
		name   string
		r      *recording.Recording
		o      Options
		scale  float64
		dtype  string
		single bool
	}{
		{"unit", long, Options{}, 0.001, "float64", false},
		{"volts", long, Options{Quantity: convert.Volts}, 0.001, "float64", false},
		{"counts", long, Options{Quantity: convert.Counts}, 1, "int16", false},
		{"single", long, Options{Float32: true}, 0.001, "float32", true},
		{"a part", long, Options{From: series.AtIndex(777), Until: series.AtIndex(2001)}, 0.001, "float64", false},
		{"gaps", gaps, Options{Gaps: Fill}, 0.001, "float64", false},
	}
}

// part cuts what a bound of the options leaves out.
func part(values []float64, o Options) []float64 {
	until := int64(len(values))
	if n := place(o.Until); n > 0 {
		until = n
	}
	return values[place(o.From):until]
}

// TestNpyIsRead compares what NumPy maps with what the files of the recording hold, sample by sample.
func TestNpyIsRead(t *testing.T) {
	needs(t, "numpy")
	t.Parallel()
	for _, c := range arrays(t) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.To, c.o.Streams = filepath.Join(t.TempDir(), "x.npy"), analogs[:1]
			export(t, c.r, c.o)
			want := part(stored(t, c.r, "cell.A", c.scale), c.o)
			if c.single {
				want = single(want)
			}
			got := readWith(t, "npy", c.o.To)
			sameMeta(t, got.meta, map[string]any{"dtype": c.dtype})
			sameSamples(t, "cell.A", got.arrays["x"], want)
		})
	}
}

// TestCSVIsRead does the same for tables, whose columns are the streams side by side: values have ten digits, and so each is that of its count.
func TestCSVIsRead(t *testing.T) {
	needs(t, "numpy")
	t.Parallel()
	for _, c := range arrays(t) {
		if c.single {
			continue // a table has no precision to choose
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.To, c.o.Streams = filepath.Join(t.TempDir(), "x.csv"), analogs
			export(t, c.r, c.o)
			got := readWith(t, "csv", c.o.To)
			unit := "(V)"
			if c.o.Quantity == convert.Counts {
				unit = "(counts)"
			}
			sameMeta(t, got.meta, map[string]any{"names": []any{"Time", "cell.A", "cell.B"}, "units": []any{"(s)", unit, unit}})
			for i, stream := range analogs {
				sameDigits(t, stream, got.arrays[[]string{"c1", "c2"}[i]], part(stored(t, c.r, stream, c.scale), c.o), c.scale)
			}
			for i, v := range got.arrays["c0"] {
				if !near(v, float64(int64(i)+place(c.o.From))*0.001) {
					t.Fatalf("row %d is at %v s", i, v)
				}
			}
		})
	}
}

// sameDigits compares values of ten digits, and the counts that they are made of.
func sameDigits(t *testing.T, what string, got, want []float64, scale float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d samples, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		if math.IsNaN(w) && math.IsNaN(got[i]) {
			continue
		}
		if !(math.Abs(got[i]-w) <= 5e-10*math.Abs(w)) || math.Round(got[i]/scale) != math.Round(w/scale) {
			t.Fatalf("%s: sample %d is %v, want %v", what, i, got[i], w)
		}
	}
}
