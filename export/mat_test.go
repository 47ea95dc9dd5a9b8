package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// TestMatInParts: what is too large for a variable becomes files of equal form, which follow each other.
func TestMatInParts(t *testing.T) {
	needs(t, "scipy")
	t.Parallel()
	dir := t.TempDir()
	r := mixed(t)
	res := export(t, r, Options{To: filepath.Join(dir, "x.mat"), From: series.AtIndex(100), limit: 160_000}) // 40,000 of four bytes
	const samples = batchSamples + 5000
	want := map[string][]float64{"A": single(stored(t, r, "cell.A", 0.001)), "D8_15": stored(t, r, "cell.D8-15", 1)}
	next := int64(100)
	for i, f := range res.Files {
		if name := filepath.Join(dir, fmt.Sprintf("x-%04d.mat", i+1)); f.Path != name || f.From != next || f.Rows != min(40_000, samples-next) {
			t.Errorf("%+v, want %s from %d on", f, name, next)
		}
		got := readWith(t, "mat", f.Path)
		for variable, all := range want {
			sameSamples(t, variable, got.arrays[variable], all[next:next+f.Rows])
		}
		sameSamples(t, "Tstart", got.arrays["Tstart"], []float64{float64(next) * 0.001})
		sameSamples(t, "Length", got.arrays["Length"], []float64{float64(f.Rows)})
		next += f.Rows
	}
	if next != samples || len(res.Files) != 2 || len(res.Notes) != 1 || !strings.Contains(res.Notes[0], "at most 40,000 samples of cell.A here, so that these are 2 files") {
		t.Errorf("%d files up to %d, notes %q", len(res.Files), next, res.Notes)
	}

	res = export(t, blocks(t), Options{To: filepath.Join(dir, "waves.mat"), Streams: analogs, limit: 250}) // three waveforms of 80 bytes
	if len(res.Files) != 2 || res.Files[1].From != 4 || res.Files[1].Rows != 1 || !strings.Contains(res.Notes[0], "3 waveforms") {
		t.Fatalf("%+v", res)
	}
	got := readWith(t, "mat", res.Files[1].Path)
	sameSamples(t, "Waveform", got.arrays["Waveform"], []float64{4})
	if x := got.arrays["B"]; len(x) != 20 || x[19] != float64(float32(0.079)) {
		t.Errorf("%v", x)
	}
}

// TestMatSizes: the limit is what readers take, and a waveform is not cut.
func TestMatSizes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var unfit *UnfitError
	_, err := Run(t.Context(), blocks(t), Options{To: filepath.Join(dir, "x.mat"), Streams: analogs, limit: 79})
	if !errors.As(err, &unfit) || unfit.Stream != "cell.A" || unfit.Advice == "" {
		t.Errorf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	p := piecesOf(t, mixed(t), ".mat", analogs)[0]
	for rows, want := range map[int64]int{500_000_000: 1, 500_000_001: 2, 28_800_000_000: 58} {
		p.to = p.from + rows
		if got := p.parts(matMost(&Options{}, p.table)); len(got) != want || got[want-1].to != p.to {
			t.Errorf("%d samples: %d files, want %d", rows, len(got), want)
		}
	}
}

// TestMatNames: variables have names that MATLAB takes, and no two are the same.
func TestMatNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		channels []string
		want     []string
	}{
		{"plain", []string{"A", "D0-7"}, []string{"A", "D0_7"}},
		{"no letter before", []string{"1", "_x"}, []string{"Ch1", "Ch_x"}},
		{"ours", []string{"Length", "Tstart"}, []string{"ChLength", "ChTstart"}},
		{"words", []string{"end", "End"}, []string{"Chend", "End"}},
		{"the same when cleaned", []string{"D-1", "D_1", "D-1_2"}, []string{"D_1", "D_1_2", "D_1_2_2"}},
		{"the unit of another one", []string{"A_unit", "A"}, []string{"A_unit_2", "A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := &header{}
			numbered := 0
			for i, channel := range c.channels {
				h.columns = append(h.columns, oneColumn(t, channel))
				if wish := variableName(h.columns[i]); wish != c.want[i] {
					numbered++
				}
			}
			if diff := cmp.Diff(c.want, matVariables(h)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(h.notes) != numbered {
				t.Errorf("notes %q, want %d", h.notes, numbered)
			}
		})
	}
}

// TestMatNamesAreRead: a channel A_unit beside A hides nothing.
func TestMatNamesAreRead(t *testing.T) {
	needs(t, "scipy")
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A_unit"), recordingtest.Analog("A")))
	l.Signal = func(stream int, device int64) int64 { return 1000*int64(stream) + device }
	l.Add(3)
	to := filepath.Join(t.TempDir(), "x.mat")
	res := export(t, l.Open(), Options{To: to, Quantity: convert.Counts})
	got := readWith(t, "mat", to)
	sameSamples(t, "A", got.arrays["A"], []float64{1000, 1001, 1002})
	sameSamples(t, "A_unit_2", got.arrays["A_unit_2"], []float64{0, 1, 2})
	sameMeta(t, got.meta, map[string]any{"A_unit": "counts", "A_unit_2_unit": "counts"})
	if want := []string{"cell.A_unit is called A_unit_2 in .mat files, since A_unit is taken"}; !slices.Equal(res.Notes, want) {
		t.Errorf("notes %q", res.Notes)
	}
}

// oneColumn is a column of a recording of one sample.
func oneColumn(t *testing.T, channel string) *column {
	t.Helper()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog(channel)))
	l.Add(1)
	return piecesOf(t, l.Open(), ".mat", nil)[0].table.columns[0]
}
