package export

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// duck is what DuckDB read.
type duck struct {
	Types   map[string]string
	Columns map[string][]*string
	Groups  [2]int64 // rows of the largest row group, how many there are
	Meta    map[string]string
	Count   int64
}

// readParquet opens a file with DuckDB, which make deps puts into build/duckdb.
func readParquet(t *testing.T, path string) duck {
	t.Helper()
	modules, err := filepath.Abs(filepath.Join("..", "build", "duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "node_modules", "@duckdb", "node-api")); err != nil {
		t.Skip("no DuckDB in build/duckdb: that it reads exported Parquet files is not proven; make deps installs it from npm")
	}
	cmd := exec.Command("node", "testdata/duckdb/query.mjs", modules, path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got duck
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %.200s", err, out)
	}
	return got
}

// values returns a column; null is NaN.
func (d duck) values(t *testing.T, name string) []float64 {
	t.Helper()
	out := make([]float64, len(d.Columns[name]))
	for i, s := range d.Columns[name] {
		if s == nil {
			out[i] = math.NaN()
			continue
		}
		v, err := strconv.ParseFloat(*s, 64)
		if err != nil {
			t.Fatal(err)
		}
		if d.Types[name] == "FLOAT" {
			v = float64(float32(v))
		}
		out[i] = v
	}
	return out
}

// moments returns a column of 64-bit numbers.
func (d duck) moments(t *testing.T, name string) []int64 {
	t.Helper()
	out := make([]int64, len(d.Columns[name]))
	for i, s := range d.Columns[name] {
		v, err := strconv.ParseInt(*s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = v
	}
	return out
}

func TestParquetIsRead(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	for _, c := range []struct {
		name  string
		o     Options
		kind  string
		unit  string
		scale float64
		round func([]float64) []float64
	}{
		{"double", Options{Until: series.AtIndex(3000)}, "DOUBLE", "V", 0.001, func(v []float64) []float64 { return v }},
		{"single", Options{Float32: true, Streams: analogs[:1], From: series.AtIndex(1000), limit: 10_000}, "FLOAT", "V", 0.001, single},
		{"counts", Options{Quantity: convert.Counts, Until: series.AtIndex(3000)}, "SMALLINT", "counts", 1, single},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.To = filepath.Join(t.TempDir(), "x.parquet")
			export(t, r, c.o)
			got := readParquet(t, c.o.To)
			from, until := place(c.o.From), int64(batchSamples+5000)
			if place(c.o.Until) > 0 {
				until = place(c.o.Until)
			}
			want := map[string]string{"utc": "TIMESTAMP_NS", "device_index": "BIGINT", "cell.A": c.kind}
			scales := map[string]float64{"cell.A": c.scale}
			if c.o.Streams == nil {
				want["cell.B"], want["cell.D0-7"], want["cell.D8-15"] = c.kind, "UTINYINT", "UTINYINT"
				scales["cell.B"], scales["cell.D0-7"], scales["cell.D8-15"] = c.scale, 1, 1
			}
			if diff := cmp.Diff(want, got.Types); diff != "" {
				t.Errorf("types (-want +got)\n%s", diff)
			}
			for stream, scale := range scales {
				sameSamples(t, stream, got.values(t, stream), c.round(stored(t, r, stream, scale)[from:until]))
			}
			times, indexes := got.moments(t, "utc"), got.moments(t, "device_index")
			for i := range times {
				if n := int64(i) + from; indexes[i] != n || times[i] != recordingtest.StartUTC+n*1_000_000 {
					t.Fatalf("row %d: sample %d at %d", i, indexes[i], times[i])
				}
			}
			if got.Meta["unit:cell.A"] != c.unit || got.Meta["sample_interval_s"] != "1/1000" || got.Meta["device"] != "cell" {
				t.Errorf("metadata %v", got.Meta)
			}
			if c.o.limit > 0 && got.Groups != [2]int64{10_000, 7} {
				t.Errorf("row groups %v", got.Groups)
			}
		})
	}
}

func TestParquetOfGaps(t *testing.T) {
	t.Parallel()
	r := gappy(t)
	for q, scale := range map[convert.Quantity]float64{convert.Unit: 0.001, convert.Counts: 1} {
		o := Options{To: filepath.Join(t.TempDir(), "x.parquet"), Gaps: Fill, Quantity: q}
		export(t, r, o)
		got := readParquet(t, o.To)
		sameSamples(t, "A", got.values(t, "cell.A"), stored(t, r, "cell.A", scale))
		sameSamples(t, "B", got.values(t, "cell.B"), stored(t, r, "cell.B", scale))
	}
	a := recordingtest.Analog("A")
	a.Global.Equation = "sqrt(0.1 - v)"
	l := recordingtest.New(t, recordingtest.Device(a))
	l.Add(200)
	to := filepath.Join(t.TempDir(), "equation.parquet")
	export(t, l.Open(), Options{To: to})
	if x := readParquet(t, to).Columns["cell.A"]; x[50] == nil || x[150] != nil {
		t.Errorf("a formula without a result is %v, one with a result %v", x[150], x[50])
	}
}

func TestParquetOfWaveforms(t *testing.T) {
	t.Parallel()
	to := filepath.Join(t.TempDir(), "x.parquet")
	export(t, blocks(t), Options{To: to, Streams: analogs, Quantity: convert.Counts, limit: 33})
	got := readParquet(t, to)
	waveforms, indexes, times, starts := got.values(t, "waveform"), got.values(t, "index"), got.values(t, "time_s"), got.moments(t, "utc")
	triggers := map[float64]float64{0: 0.00525, 1: 0.00525, 2: 0, 4: 0.00725}
	for i, v := range got.values(t, "cell.B") {
		number := []float64{0, 1, 2, 4}[i/20]
		if v != float64(i) || waveforms[i] != number || indexes[i] != float64(i%20) || !near(times[i], float64(i%20)*0.001-triggers[number]) {
			t.Fatalf("row %d: %v in waveform %v, sample %v at %v", i, v, waveforms[i], indexes[i], times[i])
		}
		if i%20 > 0 && starts[i]-starts[i-1] != 1_000_000 {
			t.Fatalf("row %d begins %d ns after the one before", i, starts[i]-starts[i-1])
		}
	}
	if got.Count != 80 || got.Groups != [2]int64{33, 3} {
		t.Errorf("%d rows, row groups %v", got.Count, got.Groups)
	}
}

func TestNSClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		num, den int64
		n, want  int64
	}{
		{"start", 1, 1000, 0, 0},
		{"8 ns for a year", 1, 125_000_000, 3_944_700_000_000_001, 31_557_600_000_000_008},
		{"a third of a nanosecond", 1, 3_000_000_000, 5, 1},
		{"a third of a second", 1, 3, 4, 1_333_333_333},
		{"minutes", 60, 1, 3, 180_000_000_000},
		{"long fractions", 999_999_999_999_999_999, 1_000_000_000_000_000_001, 7, 6_999_999_999},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := recording.Fraction{Num: c.num, Den: c.den}
			if got := newNSClock(f).at(c.n); got != c.want || got != f.NS(c.n) {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
