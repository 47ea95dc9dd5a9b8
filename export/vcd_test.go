package export

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// wires are the pins of mixed, as programs are told them.
var wires = []string{"clock", "D1", "D2", "D3", "D4", "D5", "D6", "chip_select", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15"}

func TestVCDIsRead(t *testing.T) {
	needs(t, "sigrok-cli", "numpy")
	t.Parallel()
	r := mixed(t)
	to := filepath.Join(t.TempDir(), "x.vcd")
	export(t, r, Options{To: to})
	got := readWith(t, "vcd", to)
	var names []string
	for _, name := range got.meta["logic"].([]any) {
		names = append(names, name.(string))
	}
	if diff := cmp.Diff(wires, names); diff != "" {
		t.Errorf("wires (-want +got)\n%s", diff)
	}
	sameMeta(t, got.meta, map[string]any{"rate": 1000.0})
	low, high := stored(t, r, "cell.D0-7", 1), stored(t, r, "cell.D8-15", 1)
	for i, name := range wires {
		port := low
		if i >= 8 {
			port = high
		}
		sameSamples(t, name, got.arrays[name], levels(port, i%8))
	}
}

// TestVCDRealsAreRead: the reader above leaves reals out. GTKWave's has all of them, at their times.
func TestVCDRealsAreRead(t *testing.T) {
	t.Parallel()
	const samples = batchSamples + 5000
	for reader, timescale := range map[string]string{"vcd-fst": "1ms", "vcd-reals": "1 ms"} {
		t.Run(reader, func(t *testing.T) {
			if needs(t, "numpy"); reader == "vcd-fst" {
				needs(t, "vcd2fst", "fst2vcd")
			}
			t.Parallel()
			r := mixed(t)
			to := filepath.Join(t.TempDir(), "x.vcd")
			export(t, r, Options{To: to})
			got := readWith(t, reader, to)
			sameMeta(t, got.meta, map[string]any{"timescale": timescale, "end": float64(samples)})
			for _, channel := range []string{"A", "B"} {
				sameSamples(t, channel, held(got.arrays[channel], samples), stored(t, r, "cell."+channel, 0.001))
			}
			sameSamples(t, "D9", held(got.arrays["D9"], samples), levels(stored(t, r, "cell.D8-15", 1), 1))

			gaps := gappy(t)
			to = filepath.Join(t.TempDir(), "gaps.vcd")
			export(t, gaps, Options{To: to, Gaps: Fill})
			got = readWith(t, reader, to)
			for _, channel := range []string{"A", "B"} {
				sameSamples(t, channel, held(got.arrays[channel], 300), stored(t, gaps, "cell."+channel, 0.001))
			}
		})
	}
}

// held returns the samples of a real, of which a reader tells times and values of changes.
func held(changes []float64, samples int) []float64 {
	out := make([]float64, samples)
	for ; len(changes) > 0; changes = changes[2:] {
		for i := int(changes[0]); i < samples && (len(changes) < 4 || i < int(changes[2])); i++ {
			out[i] = changes[1]
		}
	}
	for i, v := range out {
		out[i] = math.Round(v*1000) * 0.001 // ten digits
	}
	return out
}

func TestVCDOfGaps(t *testing.T) {
	needs(t, "numpy")
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), port("D0-7")))
	l.Add(10)
	l.Lose(5)
	l.Add(10)
	r := l.Open()
	to := filepath.Join(t.TempDir(), "x.vcd")
	export(t, r, Options{To: to, Gaps: Fill})
	got := readWith(t, "vcd-reals", to)
	want := []float64{0, 0, 1, 1, 2, 0, 3, 1, 4, 0, 5, 1, 6, 0, 7, 1, 8, 0, 9, 1, 10, math.NaN(), 15, 1, 16, 0, 17, 1, 18, 0, 19, 1, 20, 0, 21, 1, 22, 0, 23, 1, 24, 0}
	sameSamples(t, "D0", got.arrays["D0"], want)
	sameSamples(t, "A", got.arrays["A"][20:24], []float64{10, math.NaN(), 15, 0.015})
}

func TestVCDOfAWaveform(t *testing.T) {
	needs(t, "numpy")
	t.Parallel()
	r := blocks(t)
	o := Options{To: filepath.Join(t.TempDir(), "x.vcd"), Streams: analogs}
	var unfit *UnfitError
	if _, err := Run(t.Context(), r, o); !errors.As(err, &unfit) {
		t.Errorf("several waveforms: %v", err)
	}
	o.From, o.Until = series.AtIndex(2), series.AtIndex(3)
	export(t, r, o)
	got := readWith(t, "vcd-reals", o.To)
	if x := got.arrays["B"]; len(x) != 40 || x[0] != 0 || x[1] != 0.04 || x[39] != 0.059 || got.meta["end"] != 20.0 {
		t.Errorf("%v, %v", x, got.meta)
	}
}

func TestVCDConstantAndLong(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(port("D0-7")))
	l.Signal = func(int, int64) int64 { return 0 } // what does not change is written once
	l.Add(2 * batchSamples)
	to := filepath.Join(t.TempDir(), "x.vcd")
	export(t, l.Open(), Options{To: to})
	_, body, _ := strings.Cut(text(t, to), "$enddefinitions $end\n")
	want := "#0\n$dumpvars\n0!\n0\"\n0#\n0$\n0%\n0&\n0'\n0(\n$end\n#131072\n"
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestVCDScale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		num, den int64
		samples  int64
		want     vcdScale
		exact    bool
	}{
		{"1 kS/s", 1, 1000, 10, vcdScale{"1 ms", 1, 1}, true},
		{"100 kS/s", 1, 100_000, 10, vcdScale{"10 us", 1, 1}, true},
		{"8 ns", 1, 125_000_000, 1 << 40, vcdScale{"1 ns", 8, 1}, true},
		{"0.2 ns", 1, 5_000_000_000, 10, vcdScale{"100 ps", 2, 1}, true},
		{"a minute", 60, 1, 10, vcdScale{"10 s", 6, 1}, true},
		{"a third of a second", 1, 3, 10, vcdScale{"1 fs", 1_000_000_000_000_000, 3}, false},
		{"a third of a second, for long", 1, 3, 1 << 30, vcdScale{"100 ps", 10_000_000_000, 3}, false},
		{"a third of a nanosecond", 1, 3_000_000_000, 10, vcdScale{"1 fs", 1_000_000, 3}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, exact, err := newVCDScale(&header{rows: c.samples, interval: recording.Fraction{Num: c.num, Den: c.den}})
			if err != nil || got != c.want || exact != c.exact {
				t.Errorf("got %+v %v, %v, want %+v %v", got, exact, err, c.want, c.exact)
			}
			if end := got.at(c.samples); end <= 0 || c.samples > 1 && got.at(1) < 1 {
				t.Errorf("sample 1 is at %d, the end at %d", got.at(1), end)
			}
		})
	}
}

func TestVCDIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 20_000 {
		id := vcdID(n)
		if seen[id] || strings.Trim(id, "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~") != "" {
			t.Fatalf("%d is %q", n, id)
		}
		seen[id] = true
	}
}

func TestVCDIsText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := Run(t.Context(), mixed(t), Options{To: filepath.Join(dir, "x.vcd"), MaxRows: 100})
	if !errors.As(err, new(*outfile.RowsError)) {
		t.Errorf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
