package export

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

func TestHDF5IsRead(t *testing.T) {
	needs(t, "h5py")
	t.Parallel()
	r := mixed(t)
	for _, c := range []struct {
		name  string
		o     Options
		dtype string
		unit  string
		scale float64
		round func([]float64) []float64
	}{
		{"double", Options{}, "float64", "V", 0.001, func(v []float64) []float64 { return v }},
		{"single", Options{Float32: true, From: series.AtIndex(7)}, "float32", "V", 0.001, single},
		{"counts", Options{Quantity: convert.Counts}, "int16", "counts", 1, single},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.To = filepath.Join(t.TempDir(), "x.h5")
			export(t, r, c.o)
			got := readWith(t, "hdf5", c.o.To)
			for stream, scale := range map[string]float64{"cell.A": c.scale, "cell.B": c.scale, "cell.D0-7": 1, "cell.D8-15": 1} {
				sameSamples(t, stream, got.arrays[stream], c.round(stored(t, r, stream, scale)[place(c.o.From):]))
			}
			types, _ := got.meta["dtypes"].(map[string]any)
			sameMeta(t, types, map[string]any{"cell.A": c.dtype, "cell.D0-7": "uint8"})
			attributes, _ := got.meta["attributes"].(map[string]any)
			a, _ := attributes["cell.A"].(map[string]any)
			sameMeta(t, a, map[string]any{
				"unit": c.unit, "channel": "A", "sample_interval_s": 0.001, "sample_interval_num": 1.0, "sample_interval_den": 1000.0,
				"device_index": float64(place(c.o.From)), "start": fmt.Sprintf("2026-11-20T08:00:00.%03d000000Z", place(c.o.From)), "quantity": c.o.Quantity.String(),
			})
		})
	}
}

func TestHDF5OfGapsAndWaveforms(t *testing.T) {
	needs(t, "h5py")
	t.Parallel()
	dir := t.TempDir()
	r := gappy(t)
	o := Options{To: filepath.Join(dir, "x.h5"), Gaps: Fill}
	export(t, r, o)
	got := readWith(t, "hdf5", o.To)
	sameSamples(t, "A", got.arrays["cell.A"], stored(t, r, "cell.A", 0.001))
	sameSamples(t, "B", got.arrays["cell.B"], stored(t, r, "cell.B", 0.001))
	o.Quantity, o.To = convert.Counts, filepath.Join(dir, "counts.h5")
	if _, err := Run(t.Context(), r, o); !errors.As(err, new(*FillError)) {
		t.Errorf("missing samples as whole numbers: %v", err)
	}

	o = Options{To: filepath.Join(dir, "waves.h5"), Streams: analogs, Quantity: convert.Counts}
	export(t, blocks(t), o)
	got = readWith(t, "hdf5", o.To)
	if diff := cmp.Diff([]int{4, 20}, got.shapes["cell.B"]); diff != "" {
		t.Errorf("waveforms x samples (-want +got)\n%s", diff)
	}
	for i, v := range got.arrays["cell.B"] {
		if v != float64(i) {
			t.Fatalf("value %d is %v", i, v)
		}
	}
	sameSamples(t, "waveform", got.arrays["waveform"], []float64{0, 1, 2, 4})
	sameSamples(t, "trigger_s", got.arrays["trigger_s"], []float64{0.00525, 0.00525, math.NaN(), 0.00725})
}

// TestHDF5OfManyStreams has more datasets than a node of an ordinary group.
func TestHDF5OfManyStreams(t *testing.T) {
	needs(t, "h5py")
	t.Parallel()
	info := recordingtest.Device()
	for i := range 41 {
		info.Streams = append(info.Streams, recordingtest.Analog(fmt.Sprintf("C%d", i)))
	}
	l := recordingtest.New(t, info)
	l.Add(3)
	to := filepath.Join(t.TempDir(), "x.h5")
	export(t, l.Open(), Options{To: to, Quantity: convert.Counts})
	got := readWith(t, "hdf5", to)
	if len(got.arrays) != 41 {
		t.Errorf("%d datasets", len(got.arrays))
	}
	for name, x := range got.arrays {
		sameSamples(t, name, x, []float64{0, 1, 2})
	}
}

// TestLargeHDF5 looks at the end of a dataset of more than 4 GiB with holes in it.
func TestLargeHDF5(t *testing.T) {
	needs(t, "h5py")
	t.Parallel()
	const rows = 600_000_001
	h := headerOf(piecesOf(t, mixed(t), ".h5", analogs)[0])
	h.rows = rows
	file, err := os.Create(filepath.Join(t.TempDir(), "x.h5"))
	if err != nil {
		t.Fatal(err)
	}
	w := newOutput(file)
	made, err := newHDF5(&Options{}, h, w)
	if err != nil {
		t.Fatal(err)
	}
	e, ok := made.(*hdf5)
	if !ok {
		t.Fatalf("%T", made)
	}
	for _, l := range e.lanes {
		l.next += 8 * (rows - 1)
	}
	if err := errors.Join(e.write(&batch{values: [][]float64{{0.25}, {-0.5}}}), e.end(), w.end(), file.Close()); err != nil {
		t.Fatal(err)
	}
	got := readWith(t, "hdf5", file.Name())
	sameSamples(t, "A", got.arrays["cell.A"], []float64{0.25})
	sameSamples(t, "B", got.arrays["cell.B"], []float64{-0.5})
	attributes, _ := got.meta["attributes"].(map[string]any)
	b, _ := attributes["cell.B"].(map[string]any)
	sameMeta(t, b, map[string]any{"length": float64(rows)})
}

// TestHDF5Tools lets the tools of HDF5 take out a dataset of each kind, as it is.
func TestHDF5Tools(t *testing.T) {
	needs(t, "h5dump")
	t.Parallel()
	dir := t.TempDir()
	to := filepath.Join(dir, "x.h5")
	export(t, blocks(t), Options{To: to, Streams: analogs})
	for name, want := range map[string][]float64{"cell.B": nil, "trigger_s": {0.00525, 0.00525, math.NaN(), 0.00725}} {
		out := filepath.Join(dir, name+".f8")
		if text, err := exec.Command("h5dump", "-d", "/"+name, "-b", "LE", "-o", out, to).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		for i := range 80 {
			if name == "cell.B" {
				want = append(want, float64(i)*0.001)
			}
		}
		sameSamples(t, name, doubles(t, out), want)
	}
}
