package export

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// must ends a test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func export(t *testing.T, r *recording.Recording, o Options) Result {
	t.Helper()
	got, err := Run(context.Background(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// array reads what npy wrote: shape as text and float64 values.
func array(t *testing.T, path string) (descr, shape string, values []float64) {
	t.Helper()
	b := []byte(text(t, path))
	head, data := string(b[10:npyHeader]), b[npyHeader:]
	cut := func(from, to string) string {
		_, rest, _ := strings.Cut(head, from)
		part, _, _ := strings.Cut(rest, to)
		return part
	}
	descr, shape = cut("'descr': '", "'"), cut("'shape': ", ", }")
	for len(data) > 0 {
		switch descr {
		case "<f8":
			values, data = append(values, math.Float64frombits(binary.LittleEndian.Uint64(data))), data[8:]
		case "<f4":
			values, data = append(values, float64(math.Float32frombits(binary.LittleEndian.Uint32(data)))), data[4:]
		case "<i2":
			values, data = append(values, float64(int16(binary.LittleEndian.Uint16(data)))), data[2:]
		case "<i4":
			values, data = append(values, float64(int32(binary.LittleEndian.Uint32(data)))), data[4:]
		case "|u1":
			values, data = append(values, float64(data[0])), data[1:]
		case "|i1":
			values, data = append(values, float64(int8(data[0]))), data[1:]
		default:
			t.Fatalf("type %q", descr)
		}
	}
	return descr, shape, values
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }

func TestNpyOfAStream(t *testing.T) {
	const n = 3*batchSamples + 17
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(n)
	r := l.Open()
	for _, c := range []struct {
		name, descr string
		o           Options
		want        func(i int) float64
	}{
		{"unit", "<f8", Options{}, func(i int) float64 { return float64(int16(i)) / 1000 }},
		{"single precision", "<f4", Options{Float32: true}, func(i int) float64 { return float64(int16(i)) / 1000 }},
		{"volts", "<f8", Options{Quantity: convert.Volts}, func(i int) float64 { return float64(int16(i)) / 1000 }},
		{"counts", "<i2", Options{Quantity: convert.Counts}, func(i int) float64 { return float64(int16(i)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.To = filepath.Join(t.TempDir(), "out.Npy") // in any case
			var last, total int64
			c.o.Progress = func(done, all int64) { last, total = done, all }
			res := export(t, r, c.o)
			descr, shape, values := array(t, c.o.To)
			if descr != c.descr || shape != "(196625,)" || len(values) != n {
				t.Fatalf("type %s, shape %s, %d values", descr, shape, len(values))
			}
			for i, v := range values {
				if !near(v, c.want(i)) {
					t.Fatalf("value %d is %v, want %v", i, v, c.want(i))
				}
			}
			if last != n || total != n {
				t.Errorf("progress ends at %d of %d", last, total)
			}
			info, err := os.Stat(c.o.To)
			if err != nil || len(res.Files) != 1 || res.Files[0].Bytes != info.Size() || res.Files[0].Rows != n || res.Files[0].Start != recordingtest.StartUTC {
				t.Errorf("result %+v, %v", res, err)
			}
		})
	}
}

func TestTypesKeepTheirCounts(t *testing.T) {
	pins := recording.StreamInfo{Channel: "D0-7", Datatype: recording.Uint8, Global: recording.Global{Scale: 1, Unit: "1"}}
	sum := recordingtest.Analog("S")
	sum.Datatype, sum.Kind, sum.Ratio = recording.Int32, recording.KindSum, 2
	small := recordingtest.Analog("B")
	small.Datatype = recording.Int8
	l := recordingtest.New(t, recordingtest.Device(pins, sum, small))
	l.Add(400)
	r := l.Open()
	dir := t.TempDir()
	res := export(t, r, Options{To: filepath.Join(dir, "x.npy"), Quantity: convert.Counts})
	want := map[string]string{"cell.B": "|i1", "cell.D0-7": "|u1", "cell.S": "<i4"}
	if len(res.Files) != len(want) {
		t.Fatalf("%+v", res.Files)
	}
	for _, f := range res.Files {
		if filepath.Base(f.Path) != "x."+f.Streams[0]+".npy" {
			t.Errorf("%s is called %s", f.Streams[0], f.Path)
		}
		descr, _, values := array(t, f.Path)
		if descr != want[f.Streams[0]] {
			t.Errorf("%s has type %s", f.Streams[0], descr)
		}
		for i, v := range values {
			if w := map[string]float64{"|i1": float64(int8(i)), "|u1": float64(uint8(i)), "<i4": float64(i)}[descr]; v != w {
				t.Fatalf("%s: value %d is %v, want %v", f.Path, i, v, w)
			}
		}
	}
	// Pins are whole numbers in every quantity, and nothing keeps volts of other channels from being exported beside them.
	export(t, r, Options{To: filepath.Join(dir, "v.npy"), Quantity: convert.Volts})
	if descr, _, _ := array(t, filepath.Join(dir, "v.cell.D0-7.npy")); descr != "|u1" {
		t.Errorf("pins as volts have type %s", descr)
	}
}

func TestCSV(t *testing.T) {
	b := recordingtest.Analog("B")
	b.Global.Unit, b.Global.Sensor = "m/s, really", &recording.Sensor{Scale: 100, Offset: 0.5}
	b.Global.Scale, b.Global.Offset = 0.1, 0.5
	pins := recording.StreamInfo{Channel: "D0-7", Datatype: recording.Uint8, Global: recording.Global{Scale: 1, Unit: "1"}}
	low := recordingtest.Analog("A")
	low.Kind, low.Ratio = recording.KindMin, 2
	high := low
	high.Kind = recording.KindMax
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), b, pins, low, high))
	l.Add(4)
	r := l.Open()
	dir := t.TempDir()
	export(t, r, Options{To: filepath.Join(dir, "x.csv")})
	want := "Time,cell.A,cell.B,cell.D0-7\n(s),(V),\"(m/s, really)\",(counts)\n\n" +
		"0.000,0,0.5,0\n0.001,0.001,0.6,1\n0.002,0.002,0.7,2\n0.003,0.003,0.8,3\n"
	if diff := cmp.Diff(want, text(t, filepath.Join(dir, "x.cell.x1.csv"))); diff != "" {
		t.Error("(-want +got)", diff)
	}
	want = "Time,cell.A.max,cell.A.min\n(s),(V),(V)\n\n0.000,0,0\n0.002,0.001,0.001\n"
	if diff := cmp.Diff(want, text(t, filepath.Join(dir, "x.cell.x2.csv"))); diff != "" {
		t.Error("(-want +got)", diff)
	}
	export(t, r, Options{To: filepath.Join(dir, "one.csv"), Streams: []string{"cell.B"}, Quantity: convert.Counts, From: series.AtIndex(2)})
	want = "Time,cell.B\n(s),(counts)\n\n0.002,2\n0.003,3\n"
	if diff := cmp.Diff(want, text(t, filepath.Join(dir, "one.csv"))); diff != "" {
		t.Error("(-want +got)", diff)
	}
	_, err := Run(context.Background(), r, Options{To: filepath.Join(dir, "many.csv"), MaxRows: 5})
	var many *outfile.RowsError
	if !errors.As(err, &many) || many.Rows != 6 {
		t.Errorf("too many rows: %v", err)
	}
}

func TestScalesAndEquations(t *testing.T) {
	a := recordingtest.Analog("A")
	a.Global.Equation, a.Global.Unit = "v < 0.25 ? sqrt(0.1 - v) : pow(v, 2)", "W"
	l := recordingtest.New(t, recordingtest.Device(a))
	l.Add(300)
	must(t, l.Writer().Rescale(0, recording.Scaling{Scale: 0.01, Range: &[2]float64{-327, 327}}))
	l.Add(100)
	r := l.Open()
	dir := t.TempDir()
	res := export(t, r, Options{To: filepath.Join(dir, "x.npy")})
	_, _, values := array(t, filepath.Join(dir, "x.npy"))
	if len(res.Files) != 1 || res.Files[0].Unit[0] != "W" || res.Files[0].Missing != 0 {
		t.Errorf("%+v", res)
	}
	for i, got := range values {
		v := float64(i) * 0.001
		if i >= 300 {
			v = float64(i) * 0.01
		}
		want := math.Pow(v, 2)
		if v < 0.25 {
			want = math.Sqrt(0.1 - v)
		}
		if math.IsNaN(got) != math.IsNaN(want) || !math.IsNaN(want) && math.Abs(got-want) > 1e-9 {
			t.Fatalf("value %d is %v, want %v", i, got, want)
		}
	}
	export(t, r, Options{To: filepath.Join(dir, "x.csv"), From: series.AtIndex(200), Until: series.AtIndex(201)})
	if got := text(t, filepath.Join(dir, "x.csv")); !strings.HasSuffix(got, "\n0.200,\n") {
		t.Errorf("no result is not an empty cell: %q", got)
	}
}
