package analyze

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// stretch is a run of values without loss, from a device index on.
type stretch struct {
	from int64
	x    []float64
}

// wave is a sine of 20 Hz with noise, in counts; the second stream is 7 samples later.
func wave(stream int, device int64) int64 {
	device -= 7 * int64(stream)
	z := uint64(device+1000) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	return int64(math.Round(1000*math.Sin(2*math.Pi*float64(device)/50))) + int64(z>>40%41) - 20
}

// gappy makes a recording in steps, of two streams of 40000 samples in segments of 6400: both lack [17000, 17500) and [17520, 18000), B [30000, 30100)
// too.
func gappy(t *testing.T) (l *recordingtest.Lab, steps []func()) {
	t.Helper()
	info := recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"))
	info.CutSamples = 6400
	l = recordingtest.New(t, info)
	l.Signal = wave
	return l, []func(){
		func() { l.Add(9000) },
		func() { l.Add(8000) },
		func() { l.Lose(500); l.Add(20) },
		func() { l.Lose(480); l.Add(12000) },
		func() { l.AddTo(0, 30000, 100); l.LoseOf(1, 100); l.Add(50) },
		func() { l.Add(9850) },
	}
}

// gappyRun is that recording, sealed.
func gappyRun(t *testing.T) *recordingtest.Lab {
	t.Helper()
	l, steps := gappy(t)
	for _, step := range steps {
		step()
	}
	l.Seal()
	return l
}

// stretchesOf returns the values of a stream of gappy between the samples of each pair.
func stretchesOf(stream int, bounds ...[2]int64) []stretch {
	var list []stretch
	for _, b := range bounds {
		s := stretch{from: b[0]}
		for i := b[0]; i < b[1]; i++ {
			s.x = append(s.x, float64(wave(stream, i))*0.001)
		}
		list = append(list, s)
	}
	return list
}

// ofA are the stretches of A.
func ofA() []stretch {
	return stretchesOf(0, [2]int64{0, 17000}, [2]int64{17500, 17520}, [2]int64{18000, 40000})
}

// ofBoth are the stretches in which both streams have samples.
func ofBoth() (a, b []stretch) {
	bounds := [][2]int64{{0, 17000}, {17500, 17520}, {18000, 30000}, {30100, 40000}}
	return stretchesOf(0, bounds...), stretchesOf(1, bounds...)
}

var onlyA = Selection{Streams: []string{"cell.A"}}

// same compares values to the last bit; NaN is equal to itself.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if equal(want, got) {
		return
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("%s (-want +got)\n%.2000s", what, diff)
	}
}

// equal tells that long lists of values are the same, which cmp takes seconds for; false: cmp has to look.
func equal(want, got any) bool {
	alike := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	switch w := want.(type) {
	case []float64:
		g, ok := got.([]float64)
		return ok && slices.EqualFunc(w, g, alike)
	case [][]float64:
		g, ok := got.([][]float64)
		return ok && slices.EqualFunc(w, g, func(a, b []float64) bool { return slices.EqualFunc(a, b, alike) })
	case []Column:
		g, ok := got.([]Column)
		return ok && slices.EqualFunc(w, g, func(a, b Column) bool {
			return a.Name == b.Name && a.Unit == b.Unit && a.Whole == b.Whole && slices.Equal(a.Texts, b.Texts) && slices.EqualFunc(a.Values, b.Values, alike)
		})
	}
	return false
}

// column returns the values of a column by its name.
func column(t *testing.T, table *Table, name string) []float64 {
	t.Helper()
	for _, c := range table.Columns {
		if c.Name == name && c.Texts == nil {
			return c.Values
		}
	}
	t.Fatalf("no column %q", name)
	return nil
}

// files reads the arrays that a table names.
func files(t *testing.T, table *Table) [][]float64 {
	t.Helper()
	var list [][]float64
	for _, name := range table.Columns[1].Texts {
		x, _ := floats(t, name)
		list = append(list, x)
	}
	return list
}

// entries lists the names in a folder.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func into(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "x.npy")
}

// within compares with a tolerance.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, tolerance)
	}
}

// at reads a place in a recording.
func at(text string) series.Bound {
	b, err := series.ParseBound(text)
	if err != nil {
		panic(err)
	}
	return b
}

// isA tells whether an error is of a type.
func isA[T error](err error) bool { return errors.As(err, new(T)) }

// lineOf returns a field of a line of a text file.
func lineOf(t *testing.T, path string, line, field int) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	if line >= len(lines) {
		t.Fatalf("%d lines", len(lines))
	}
	return strings.Split(lines[line], ",")[field]
}
