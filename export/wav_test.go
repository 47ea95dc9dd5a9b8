package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

var analogs = []string{"cell.A", "cell.B"}

func TestWavIsRead(t *testing.T) {
	needs(t, "scipy", "soundfile", "sox")
	t.Parallel()
	r := mixed(t)
	for _, c := range []struct {
		name, subtype, dtype string
		o                    Options
		scale                float64
	}{
		{"float", "FLOAT", "float32", Options{Streams: analogs}, 0.001},
		{"counts of one channel", "PCM_16", "int16", Options{Streams: analogs[:1], Quantity: convert.Counts}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.To = filepath.Join(t.TempDir(), "x.wav")
			res := export(t, r, c.o)
			for _, reader := range []string{"wav-scipy", "wav-soundfile", "wav-sox"} {
				got := readWith(t, reader, c.o.To)
				for i, s := range c.o.Streams {
					want := single(stored(t, r, s, c.scale))
					x := got.arrays[fmt.Sprintf("c%d", i)]
					if reader == "wav-sox" && c.scale != 1 {
						want, x = clipped(want), rounded(x, want) // its samples are 32 bits of +-1
					}
					sameSamples(t, reader+" "+s, x, want)
				}
				sameMeta(t, got.meta, map[string]any{"rate": 1000.0})
				switch reader {
				case "wav-scipy":
					sameMeta(t, got.meta, map[string]any{"dtype": c.dtype})
				case "wav-soundfile":
					sameMeta(t, got.meta, map[string]any{"format": "WAV", "subtype": c.subtype})
					if comment, _ := got.meta["comment"].(string); !strings.HasPrefix(comment, c.o.Streams[0]+" (") || !strings.HasSuffix(comment, "from 2026-11-20T08:00:00.000000000Z") {
						t.Errorf("comment %q", comment)
					}
				}
			}
			if len(res.Files) != 1 || len(res.Notes) != 0 {
				t.Errorf("%+v", res)
			}
		})
	}
}

// clipped is what is left of values outside of +-1.
func clipped(values []float64) []float64 {
	for i, v := range values {
		values[i] = max(-1, min(1, v))
	}
	return values
}

// rounded replaces values that are near those wanted by them.
func rounded(values, want []float64) []float64 {
	for i := range min(len(values), len(want)) {
		if d := values[i] - want[i]; d > -1e-7 && d < 1e-7 {
			values[i] = want[i]
		}
	}
	return values
}

func TestWavTypes(t *testing.T) {
	needs(t, "soundfile")
	t.Parallel()
	sum := recordingtest.Analog("S")
	sum.Datatype = recording.Int32
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"), sum))
	l.Add(3000)
	r := l.Open()
	for _, c := range []struct {
		name, subtype string
		o             Options
		scale         float64
	}{
		{"sums as counts have 32 bits", "PCM_32", Options{Quantity: convert.Counts}, 1},
		{"three channels", "FLOAT", Options{}, 0.001},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.To = filepath.Join(t.TempDir(), "x.wav")
			export(t, r, c.o)
			got := readWith(t, "wav-soundfile", c.o.To)
			sameMeta(t, got.meta, map[string]any{"subtype": c.subtype})
			for i, s := range []string{"cell.A", "cell.B", "cell.S"} {
				sameSamples(t, s, got.arrays[fmt.Sprintf("c%d", i)], single(stored(t, r, s, c.scale)))
			}
		})
	}
}

func TestWavOfGapsAndWaveforms(t *testing.T) {
	needs(t, "soundfile")
	t.Parallel()
	dir := t.TempDir()
	r := gappy(t)
	o := Options{To: filepath.Join(dir, "x.wav"), Gaps: Fill}
	export(t, r, o)
	got := readWith(t, "wav-soundfile", o.To)
	for i, s := range analogs {
		sameSamples(t, s, got.arrays[fmt.Sprintf("c%d", i)], single(stored(t, r, s, 0.001)))
	}
	o.Quantity, o.To = convert.Counts, filepath.Join(dir, "counts.wav")
	if _, err := Run(t.Context(), r, o); !errors.As(err, new(*FillError)) {
		t.Errorf("missing samples as whole numbers: %v", err)
	}
	waves := blocks(t)
	o = Options{To: filepath.Join(dir, "waves.wav"), Streams: analogs}
	export(t, waves, o)
	got = readWith(t, "wav-soundfile", o.To)
	want := make([]float64, 80)
	for i := range want {
		want[i] = float64(float32(float64(i) * 0.001))
	}
	sameSamples(t, "waveforms behind each other", got.arrays["c1"], want)
}

// TestRF64 lets the file grow beyond RIFF's lengths at a small size, and looks at one of more than 4 GiB with holes in it.
func TestRF64(t *testing.T) {
	needs(t, "soundfile")
	t.Parallel()
	r := mixed(t)
	dir := t.TempDir()
	o := Options{To: filepath.Join(dir, "x.wav"), Streams: analogs, limit: 1000}
	export(t, r, o)
	got := readWith(t, "wav-soundfile", o.To)
	sameMeta(t, got.meta, map[string]any{"format": "RF64", "subtype": "FLOAT"})
	for i, s := range analogs {
		sameSamples(t, s, got.arrays[fmt.Sprintf("c%d", i)], single(stored(t, r, s, 0.001)))
	}

	const frames = 600_000_000
	h := headerOf(piecesOf(t, r, ".wav", analogs)[0])
	h.rows = frames
	file, err := os.Create(filepath.Join(dir, "large.wav"))
	if err != nil {
		t.Fatal(err)
	}
	w := newOutput(file)
	e, err := newWav(&Options{}, h, w)
	if err != nil {
		t.Fatal(err)
	}
	w.first.flush()
	w.first.next += 8 * (frames - 1)
	if err := errors.Join(e.write(&batch{values: [][]float64{{0.25}, {-0.5}}}), e.end(), w.end(), file.Close()); err != nil {
		t.Fatal(err)
	}
	got = readWith(t, "wav-last", file.Name())
	sameMeta(t, got.meta, map[string]any{"format": "RF64", "frames": float64(frames), "rate": 1000.0})
	sameSamples(t, "last frame", got.arrays["last"], []float64{0.25, -0.5})
}

// piecesOf returns what an export would write.
func piecesOf(t *testing.T, r *recording.Recording, ending string, streams []string) []piece {
	t.Helper()
	f, _, err := formatOf("x" + ending)
	if err != nil {
		t.Fatal(err)
	}
	o := &Options{Gaps: Refuse, Streams: streams}
	chosen, err := series.Choose(r, streams)
	if err != nil {
		t.Fatal(err)
	}
	list, err := tables(chosen, o.Quantity, f.together)
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := layOut(list, o, f)
	if err != nil {
		t.Fatal(err)
	}
	return pieces
}

func TestWavRefusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		name     string
		interval recording.Fraction
		info     recording.StreamInfo
		note     string // "": refused
	}{
		{"digital port", recording.Fraction{Num: 1, Den: 1000}, port("D0-7"), ""},
		{"too fast", recording.Fraction{Num: 1, Den: 5_000_000_000}, recordingtest.Analog("A"), ""},
		{"too slow", recording.Fraction{Num: 10, Den: 1}, recordingtest.Analog("A"), ""},
		{"rounded to the rate", recording.Fraction{Num: 3, Den: 1_000_000}, recordingtest.Analog("A"),
			"rates in .wav files are whole numbers: cell.A says 333333 Hz, and the rate is 333333.333333 Hz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			info := recordingtest.Device(c.info)
			info.RawInterval = c.interval
			l := recordingtest.New(t, info)
			l.Add(10)
			res, err := Run(t.Context(), l.Open(), Options{To: filepath.Join(dir, "x.wav")})
			var unfit *UnfitError
			switch {
			case c.note == "" && (!errors.As(err, &unfit) || unfit.Advice == "" || unfit.Ending != ".wav"):
				t.Errorf("error %v", err)
			case c.note != "" && (err != nil || len(res.Notes) != 1 || res.Notes[0] != c.note):
				t.Errorf("notes %q, error %v", res.Notes, err)
			}
		})
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// TestWavFrames: the bytes of a sample of all channels have 16 bits in the file.
func TestWavFrames(t *testing.T) {
	t.Parallel()
	h := headerOf(piecesOf(t, mixed(t), ".wav", analogs)[0])
	sum := recordingtest.Analog("S")
	sum.Datatype, sum.Kind = recording.Int32, recording.KindSum
	plain := h.columns[0]
	var counts []*column
	for _, c := range []struct {
		name string
		o    Options
		of   []*column
		most int
	}{
		{"float32", Options{}, []*column{plain}, 16383},
		{"counts of 16 bits", Options{Quantity: convert.Counts}, counted(t, recordingtest.Analog("A")), 32767},
		{"counts and sums beside float32", Options{Quantity: convert.Counts}, counted(t, sum, recording.StreamInfo{Channel: "X", Datatype: recording.Float32, Global: recording.Global{Scale: 1, Unit: "V"}}), 8191},
	} {
		counts = counts[:0]
		for len(counts) < c.most {
			counts = append(counts, c.of[len(counts)%len(c.of)])
		}
		h.columns = counts
		if err := wavFits(&c.o, h); err != nil {
			t.Errorf("%s: %d channels: %v", c.name, c.most, err)
		}
		h.columns = append(counts, c.of[0])
		var unfit *UnfitError
		if err := wavFits(&c.o, h); !errors.As(err, &unfit) || !strings.Contains(unfit.Reason, plural(int64(c.most), "channel")) {
			t.Errorf("%s: %d channels: %v", c.name, c.most+1, err)
		}
	}
}

// counted are columns of counts.
func counted(t *testing.T, streams ...recording.StreamInfo) (list []*column) {
	t.Helper()
	l := recordingtest.New(t, recordingtest.Device(streams...))
	l.Add(10)
	found, err := tables(series.All(l.Open().Streams()...), convert.Counts, true)
	must(t, err)
	for _, f := range found {
		list = append(list, f.columns...)
	}
	return list
}
