package export

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

func TestMatIsRead(t *testing.T) {
	needs(t, "scipy")
	t.Parallel()
	r := mixed(t)
	for _, c := range []struct {
		name  string
		o     Options
		dtype string
		unit  string
		scale float64
	}{
		{"unit", Options{From: series.AtIndex(500)}, "float32", "V", 0.001},
		{"counts", Options{Quantity: convert.Counts}, "int16", "counts", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.To = filepath.Join(t.TempDir(), "x.mat")
			export(t, r, c.o)
			got := readWith(t, "mat", c.o.To)
			from := place(c.o.From)
			n := float64(batchSamples + 5000 - from)
			for variable, stream := range map[string]string{"A": "cell.A", "B": "cell.B", "D0_7": "cell.D0-7", "D8_15": "cell.D8-15"} {
				scale := c.scale
				if variable[0] == 'D' {
					scale = 1
				}
				sameSamples(t, variable, got.arrays[variable], single(stored(t, r, stream, scale)[from:]))
				if diff := cmp.Diff([]int{int(n), 1}, got.shapes[variable]); diff != "" {
					t.Errorf("%s (-want +got)\n%s", variable, diff)
				}
			}
			for name, want := range map[string]float64{"Tstart": float64(from) / 1000, "Tinterval": 0.001, "Length": n, "RequestedLength": n, "ExtraSamples": 0} {
				sameSamples(t, name, got.arrays[name], []float64{want})
			}
			types, _ := got.meta["dtypes"].(map[string]any)
			sameMeta(t, types, map[string]any{"A": c.dtype, "B": c.dtype, "D0_7": "uint8", "Tinterval": "float64", "Length": "float64"})
			sameMeta(t, got.meta, map[string]any{"A_unit": c.unit, "D0_7_unit": "counts", "Version": "scopelog"})
		})
	}
}

func TestMatOfGapsAndWaveforms(t *testing.T) {
	needs(t, "scipy")
	t.Parallel()
	dir := t.TempDir()
	r := gappy(t)
	o := Options{To: filepath.Join(dir, "x.mat"), Gaps: Fill}
	export(t, r, o)
	got := readWith(t, "mat", o.To)
	sameSamples(t, "A", got.arrays["A"], single(stored(t, r, "cell.A", 0.001)))
	sameSamples(t, "B", got.arrays["B"], single(stored(t, r, "cell.B", 0.001)))

	o = Options{To: filepath.Join(dir, "waves.mat"), Streams: analogs, Quantity: convert.Counts}
	export(t, blocks(t), o)
	got = readWith(t, "mat", o.To)
	if diff := cmp.Diff([]int{20, 4}, got.shapes["B"]); diff != "" {
		t.Errorf("samples x waveforms (-want +got)\n%s", diff)
	}
	for i, v := range got.arrays["B"] { // in rows
		if sample, waveform := i/4, i%4; v != float64(20*waveform+sample) {
			t.Fatalf("sample %d of waveform %d is %v", sample, waveform, v)
		}
	}
	sameSamples(t, "Waveform", got.arrays["Waveform"], []float64{0, 1, 2, 4})
	sameSamples(t, "Tstart", got.arrays["Tstart"], []float64{-0.00525, -0.00525, 0, -0.00725})
	sameSamples(t, "Length", got.arrays["Length"], []float64{20})
}

func TestMatSizes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := mixed(t)
	var unfit *UnfitError
	_, err := Run(t.Context(), r, Options{To: filepath.Join(dir, "x.mat"), limit: 1000})
	if !errors.As(err, &unfit) || unfit.Stream != "cell.A" || unfit.Advice == "" {
		t.Errorf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	h := headerOf(piecesOf(t, r, ".mat", analogs)[0])
	for rows, fits := range map[int64]bool{math.MaxInt32 / 4: true, math.MaxInt32/4 + 1: false} {
		h.rows = rows
		if err := matFits(&Options{}, h); (err == nil) != fits {
			t.Errorf("%d samples: %v", rows, err)
		}
	}
}

func TestMatNames(t *testing.T) {
	t.Parallel()
	for channel, want := range map[string]string{"A": "A", "D0-7": "D0_7", "1": "Ch1", "_x": "Ch_x", "Length": "ChLength", "Tstart": "ChTstart"} {
		l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog(channel)))
		l.Add(1)
		if got := matName(piecesOf(t, l.Open(), ".mat", nil)[0].table.columns[0]); got != want {
			t.Errorf("%s is %s, want %s", channel, got, want)
		}
	}
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("D-1"), recordingtest.Analog("D_1")))
	l.Add(1)
	if _, err := Run(t.Context(), l.Open(), Options{To: filepath.Join(t.TempDir(), "x.mat")}); !errors.As(err, new(*UnfitError)) {
		t.Errorf("two variables of one name: %v", err)
	}
}
