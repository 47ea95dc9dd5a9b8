package export

import (
	"archive/zip"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

func TestSigrokIsRead(t *testing.T) {
	needs(t, "sigrok-cli", "numpy")
	t.Parallel()
	r := mixed(t)
	for _, c := range []struct {
		name    string
		streams []string
		limit   int64
	}{
		{"pins and analog", nil, 0},
		{"in chunks", nil, 40_000},
		{"pins", []string{"cell.D*"}, 0},
		{"analog", analogs, 100_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			to := filepath.Join(t.TempDir(), "x.sr")
			export(t, r, Options{To: to, Streams: c.streams, limit: c.limit})
			got := readWith(t, "sr", to)
			sameMeta(t, got.meta, map[string]any{"rate": 1000.0})
			pins, analog := len(got.meta["logic"].([]any)), len(got.meta["analog"].([]any))
			if c.streams == nil && pins+analog != 18 || c.streams != nil && (pins > 0) == (analog > 0) {
				t.Fatalf("%d pins, %d analog", pins, analog)
			}
			low, high := stored(t, r, "cell.D0-7", 1), stored(t, r, "cell.D8-15", 1)
			for i, name := range wires[:pins] {
				port := low
				if i >= 8 {
					port = high
				}
				sameSamples(t, name, got.arrays[name], levels(port, i%8))
			}
			if analog > 0 {
				sameSamples(t, "A", got.arrays["A"], single(stored(t, r, "cell.A", 0.001)))
				sameSamples(t, "B", got.arrays["B"], single(stored(t, r, "cell.B", 0.001)))
			}
		})
	}
}

func TestSigrokOfGapsAndWaveforms(t *testing.T) {
	needs(t, "sigrok-cli", "numpy")
	t.Parallel()
	dir := t.TempDir()
	r := gappy(t)
	o := Options{To: filepath.Join(dir, "x.sr"), Gaps: Fill}
	export(t, r, o)
	sameSamples(t, "B", readWith(t, "sr", o.To).arrays["B"], single(stored(t, r, "cell.B", 0.001)))

	l := recordingtest.New(t, recordingtest.Device(port("D0-7")))
	l.Add(10)
	l.Lose(5)
	l.Add(10)
	o.To = filepath.Join(dir, "pins.sr")
	if _, err := Run(t.Context(), l.Open(), o); !errors.As(err, new(*FillError)) {
		t.Errorf("missing samples of pins: %v", err)
	}
	o = Options{To: filepath.Join(dir, "waves.sr"), Streams: analogs}
	if _, err := Run(t.Context(), blocks(t), o); !errors.As(err, new(*UnfitError)) {
		t.Errorf("several waveforms: %v", err)
	}
	o.Until = series.AtIndex(1)
	export(t, blocks(t), o)
	if x := readWith(t, "sr", o.To).arrays["B"]; len(x) != 20 || x[19] != float64(float32(0.019)) {
		t.Errorf("%v", x)
	}
}

// TestSigrokEntries looks at what the archive is made of.
func TestSigrokEntries(t *testing.T) {
	t.Parallel()
	narrow := port("D0-3")
	info := recordingtest.Device(narrow, port("P"), recordingtest.Analog("A"))
	info.RawInterval = recording.Fraction{Num: 3, Den: 1_000_000}
	l := recordingtest.New(t, info)
	l.Add(250)
	to := filepath.Join(t.TempDir(), "x.sr")
	res := export(t, l.Open(), Options{To: to, limit: 400})
	z, err := zip.OpenReader(to)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	want := []string{"version", "metadata", "logic-1-1", "analog-1-13-1", "logic-1-2", "analog-1-13-2", "logic-1-3", "analog-1-13-3"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	logic, err := z.Open("logic-1-1")
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 40)
	if _, err := io.ReadFull(logic, first); err != nil {
		t.Fatal(err)
	}
	// Sample 19 is 0x13 in both ports: four bits of the first, then eight of the second.
	if first[38] != 0x33 || first[39] != 0x01 {
		t.Errorf("sample 19 is % x", first[38:40])
	}
	if len(res.Notes) != 1 || !strings.Contains(res.Notes[0], "333333") {
		t.Errorf("notes %q", res.Notes)
	}
}
