package export

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

const python = "/usr/bin/python3"

// needs skips a test where something of scripts/packages.txt is not installed: modules of Python, or commands.
func needs(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if err := exec.Command(python, "-c", "import "+name).Run(); err != nil {
			t.Skipf("no %s: that it reads what is exported is not proven; make deps installs it", name)
		}
	}
}

// reading is what a foreign reader found in a file.
type reading struct {
	arrays map[string][]float64
	shapes map[string][]int
	meta   map[string]any
}

// readWith opens a file with a reader of testdata/readers.py.
func readWith(t *testing.T, reader, path string) reading {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(python, "testdata/readers.py", reader, path, dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", reader, err)
	}
	got := reading{arrays: map[string][]float64{}}
	var shapes struct{ Shapes map[string][]int }
	if err := json.Unmarshal(out, &got.meta); err != nil {
		t.Fatalf("%s: %v: %s", reader, err, out)
	}
	if err := json.Unmarshal(out, &shapes); err != nil {
		t.Fatal(err)
	}
	got.shapes = shapes.Shapes
	delete(got.meta, "shapes")
	for name := range got.shapes {
		got.arrays[name] = doubles(t, filepath.Join(dir, name+".f8"))
	}
	return got
}

// doubles reads a file of nothing but little-endian doubles.
func doubles(t *testing.T, path string) []float64 {
	t.Helper()
	b := []byte(text(t, path))
	values := make([]float64, len(b)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return values
}

// sameSamples compares samples one by one; NaN is NaN.
func sameSamples(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d samples, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		if got[i] != w && !(math.IsNaN(got[i]) && math.IsNaN(w)) {
			t.Fatalf("%s: sample %d is %v, want %v", what, i, got[i], w)
		}
	}
}

// sameMeta compares some of what a reader told.
func sameMeta(t *testing.T, got, want map[string]any) {
	t.Helper()
	some := map[string]any{}
	for k := range want {
		some[k] = got[k]
	}
	if diff := cmp.Diff(want, some); diff != "" {
		t.Errorf("metadata (-want +got)\n%s", diff)
	}
}

// stored reads what the files of a stream hold, from the first device index to behind the last one: samples that are not there are NaN.
func stored(t *testing.T, r *recording.Recording, stream string, scale float64) []float64 {
	t.Helper()
	s := r.Stream(stream)
	var out []float64
	for _, g := range s.Segments() {
		captures := g.Captures()
		for i, c := range captures {
			end := g.End()
			if i+1 < len(captures) {
				end = captures[i+1].SampleStart
			}
			for int64(len(out)) < c.GlobalIndex {
				out = append(out, math.NaN())
			}
			size := g.Global.Datatype.Size()
			raw := make([]byte, int(end-c.SampleStart)*size)
			if n, err := s.ReadAt(raw, c.SampleStart); n*size != len(raw) {
				t.Fatalf("%s: %d samples, %v", stream, n, err)
			}
			for ; len(raw) > 0; raw = raw[size:] {
				switch g.Global.Datatype {
				case recording.Int16:
					out = append(out, float64(int16(binary.LittleEndian.Uint16(raw)))*scale)
				case recording.Uint8:
					out = append(out, float64(raw[0])*scale)
				case recording.Int32:
					out = append(out, float64(int32(binary.LittleEndian.Uint32(raw)))*scale)
				default:
					t.Fatalf("%s has type %s", stream, g.Global.Datatype)
				}
			}
		}
	}
	return out
}

// single rounds values to float32.
func single(values []float64) []float64 {
	out := slices.Clone(values)
	for i, v := range out {
		out[i] = float64(float32(v))
	}
	return out
}

// levels returns one pin of the samples of a port.
func levels(port []float64, bit int) []float64 {
	out := make([]float64, len(port))
	for i, v := range port {
		out[i] = float64(int(v) >> bit & 1)
	}
	return out
}

// port is a digital port of eight pins.
func port(channel string) recording.StreamInfo {
	return recording.StreamInfo{Channel: channel, Datatype: recording.Uint8, Global: recording.Global{Scale: 1, Unit: "1"}}
}

// mixed is a run of two analog channels and two digital ports, of more than one batch.
func mixed(t *testing.T) *recording.Recording {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"), port("D0-7"), port("D8-15")))
	must(t, os.WriteFile(filepath.Join(l.Dir(), recording.FileResolved), []byte(
		`{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D0": "clock", "D7": "chip select"}}]}]}`), 0o600))
	l.Add(batchSamples + 5000)
	return l.Open()
}

// place is the index of a bound, 0 where it is none.
func place(b series.Bound) int64 {
	n, _ := b.Index()
	return n
}
