package export

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

func TestRefusals(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recording.StreamInfo{Channel: "X", Datatype: recording.Float32, Global: recording.Global{Scale: 1, Unit: "degC"}}))
	l.AddTo(0, 0, 10)
	r := l.Open()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.npy")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var (
		format *outfile.FormatError
		stream *series.StreamError
		exists *outfile.ExistsError
	)
	for _, c := range []struct {
		name string
		o    Options
		is   func(error) bool
	}{
		{"unknown format", Options{To: filepath.Join(dir, "x.xlsx")}, func(err error) bool { return errors.As(err, &format) }},
		{"an ending in capitals, and a folder", Options{To: dir + "/x.d/.NPY"}, func(err error) bool { return errors.As(err, &format) }},
		{"no name before the ending", Options{To: filepath.Join(dir, ".npy")}, func(err error) bool { return errors.As(err, &format) }},
		{"unknown stream", Options{To: filepath.Join(dir, "x.npy"), Streams: []string{"cell.A", "cel.*"}}, func(err error) bool {
			return errors.As(err, &stream) && stream.Pattern == "cel.*" && slices.Equal(stream.Known, []string{"cell.A", "cell.X"})
		}},
		{"broken pattern", Options{To: filepath.Join(dir, "x.npy"), Streams: []string{"[a"}}, func(err error) bool { return errors.As(err, new(*series.PatternError)) }},
		{"unknown policy", Options{To: filepath.Join(dir, "x.npy"), Gaps: "ignore"}, func(err error) bool { return err != nil }},
		{"stream without samples", Options{To: filepath.Join(dir, "x.npy"), Streams: []string{"cell.X"}}, func(err error) bool { return errors.Is(err, series.ErrEmpty) }},
		{"nothing between the bounds", Options{To: filepath.Join(dir, "x.npy"), From: series.AtIndex(10)}, func(err error) bool { return errors.Is(err, series.ErrEmpty) }},
		{"there already", Options{To: there}, func(err error) bool { return errors.As(err, &exists) && exists.Path == there }},
		{"no such folder", Options{To: filepath.Join(dir, "none", "x.npy")}, func(err error) bool { return errors.As(err, new(*outfile.FolderError)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Run(context.Background(), r, c.o); !c.is(err) {
				t.Errorf("error %v", err)
			}
		})
	}
	if text(t, there) != "mine" {
		t.Error("a file was replaced")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestVoltsOfAnotherQuantity(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recording.StreamInfo{Channel: "X", Datatype: recording.Int16, Global: recording.Global{Scale: 1, Unit: "degC"}}))
	l.Add(10)
	r := l.Open()
	if _, err := Run(context.Background(), r, Options{To: filepath.Join(t.TempDir(), "x.npy"), Quantity: convert.Volts}); !errors.Is(err, convert.ErrNoVolts) {
		t.Errorf("error %v", err)
	}
}

// TestInterrupted ends an export in its second file: neither it nor the first one may be left.
func TestInterrupted(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Add(2 * batchSamples)
	r := l.Open()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Run(ctx, r, Options{To: filepath.Join(dir, "x.npy"), Progress: func(done, _ int64) {
		if done > 2*batchSamples {
			cancel()
		}
	}})
	left, _ := os.ReadDir(dir)
	if !errors.Is(err, context.Canceled) || len(left) > 0 {
		t.Errorf("error %v, left behind %v", err, left)
	}
}

func TestWhileItRecords(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	l.Sync()
	l.Add(500) // not synced
	res := export(t, l.Look(), Options{To: filepath.Join(t.TempDir(), "x.npy")})
	if res.Files[0].Rows != 1000 || len(res.Notes) != 1 {
		t.Errorf("%+v", res)
	}
	l.Open()
}

// TestForeignReader lets NumPy read what was written and tell sums that depend on every place.
func TestForeignReader(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		t.Skipf("%s has no NumPy, so that nothing proves that it reads exported arrays and tables; make deps installs it: %v", python, err)
	}
	dir := t.TempDir()
	streams := gappy(t)
	export(t, streams, Options{To: filepath.Join(dir, "f8.npy"), Streams: []string{"cell.A"}, Gaps: Fill})
	export(t, streams, Options{To: filepath.Join(dir, "f4.npy"), Streams: []string{"cell.A"}, Gaps: Fill, Float32: true})
	export(t, streams, Options{To: filepath.Join(dir, "table.csv"), Gaps: Fill})
	matrix := blocks(t)
	export(t, matrix, Options{To: filepath.Join(dir, "i2.npy"), Streams: []string{"cell.A"}, Quantity: convert.Counts})
	export(t, matrix, Options{To: filepath.Join(dir, "waves.csv"), Streams: []string{"cell.A", "cell.B"}})
	script := `
import json, sys, numpy as np
d = sys.argv[1]
def place(x):
    x = np.asarray(x, dtype=float).ravel()
    return float(np.nansum(x * np.arange(1, len(x) + 1)))
out = {}
for n in ("f8", "f4", "i2"):
    x = np.load(d + "/" + n + ".npy", mmap_mode="r")
    out[n] = [str(x.dtype), list(x.shape), place(x), int(np.isnan(x.astype(float)).sum())]
for n in ("table", "waves"):
    x = np.genfromtxt(d + "/" + n + ".csv", delimiter=",", skip_header=3)
    out[n] = [str(x.dtype), list(x.shape), place(x[:, -1]), int(np.isnan(x).sum())]
print(json.dumps(out))
`
	cmd := exec.Command(python, "-c", script, dir)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string][4]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	ramp := func(n int64, scale float64, lost ...[2]int64) (sum float64) {
		for i := range n {
			if !slices.ContainsFunc(lost, func(l [2]int64) bool { return i >= l[0] && i < l[1] }) {
				sum += float64(i) * scale * float64(i+1)
			}
		}
		return sum
	}
	for _, c := range []struct {
		name, dtype string
		shape       []any
		sum         float64
		missing     float64
	}{
		{"f8", "float64", []any{300.0}, ramp(300, 0.001, [2]int64{100, 150}, [2]int64{250, 260}), 60},
		{"f4", "float32", []any{300.0}, ramp(300, 0.001, [2]int64{100, 150}, [2]int64{250, 260}), 60},
		{"i2", "int16", []any{4.0, 20.0}, ramp(80, 1), 0},
		{"table", "float64", []any{300.0, 3.0}, ramp(300, 0.001, [2]int64{100, 150}, [2]int64{200, 210}, [2]int64{250, 260}), 130},
		{"waves", "float64", []any{80.0, 4.0}, ramp(80, 0.001), 0},
	} {
		g := got[c.name]
		sum, _ := g[2].(float64)
		shape, _ := g[1].([]any)
		if g[0] != c.dtype || !slices.Equal(shape, c.shape) || math.Abs(sum-c.sum) > 1e-6*c.sum || g[3] != c.missing {
			t.Errorf("%s: NumPy reads %v, want %s %v with %v and %v missing", c.name, g, c.dtype, c.shape, c.sum, c.missing)
		}
	}
}

func BenchmarkExport(b *testing.B) {
	info := recordingtest.Device(recordingtest.Analog("A"))
	run, err := recording.Create(b.TempDir(), "bench", recording.Options{})
	if err != nil {
		b.Fatal(err)
	}
	d, err := run.AddDevice(info)
	if err != nil {
		b.Fatal(err)
	}
	if err := d.StartEpoch(recording.Epoch{}); err != nil {
		b.Fatal(err)
	}
	const samples = 1 << 22
	if err := d.Append(0, 0, make([]byte, 2*samples), recording.Stamp{}); err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(d.Finish(context.Background(), recording.SealStop, nil, nil), run.Close(recording.End{})); err != nil {
		b.Fatal(err)
	}
	r, err := recording.Open(run.Dir())
	if err != nil {
		b.Fatal(err)
	}
	for _, ending := range Endings() {
		b.Run("samples=4194304/"+ending[1:], func(b *testing.B) {
			b.SetBytes(2 * samples)
			b.ReportAllocs()
			for b.Loop() {
				to := filepath.Join(b.TempDir(), "x"+ending)
				if _, err := Run(context.Background(), r, Options{To: to}); err != nil {
					b.Fatal(err)
				}
				os.Remove(to)
			}
		})
	}
}
