package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
)

// svgTexts draws a figure and returns its texts in order; that it is XML is checked on the way.
func svgTexts(t *testing.T, f *Figure, size Size) []string {
	t.Helper()
	var b bytes.Buffer
	if err := f.WriteSVG(&b, size); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
		t.Error("the picture holds numbers that are none")
	}
	var list []string
	in := false
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch v := token.(type) {
		case xml.StartElement:
			in = v.Name.Local == "text"
		case xml.CharData:
			if in {
				list = append(list, string(v))
			}
		case xml.EndElement:
			in = false
		}
	}
}

// checkPNG draws a figure, checks its size, and that nothing touches its border.
func checkPNG(t *testing.T, f *Figure, size Size) {
	t.Helper()
	var b bytes.Buffer
	if err := f.WritePNG(&b, size); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	have := img.Bounds().Size()
	if size != (Size{}) && (have.X != size.Width || have.Y != size.Height) {
		t.Errorf("%v pixels, want %v", have, size)
	}
	white := func(x, y int) bool {
		r, g, b, _ := img.At(x, y).RGBA()
		return r == 0xffff && g == 0xffff && b == 0xffff
	}
	for x := range have.X {
		if !white(x, 0) || !white(x, have.Y-1) {
			t.Fatalf("something is drawn at the border, column %d", x)
		}
	}
	for y := range have.Y {
		if !white(0, y) || !white(have.X-1, y) {
			t.Fatalf("something is drawn at the border, row %d", y)
		}
	}
}

// rig is a recording with everything that a figure over time shows.
func rig(t *testing.T) *recording.Recording {
	a, b, c := analog("A"), analog("B"), analog("C")
	a.Global.Label, a.Global.Unit, a.Global.Scale, a.Global.VoltsPerCount = "cell current", "A", 1e-6, nil
	b.Global.Label = strings.Repeat("a very long label <&> ", 20)
	c.Global.Unit, c.Global.VoltsPerCount = "°C", nil
	l := newLab(t, device(a, b, c, digitalInfo()), recording.Options{})
	l.signal = func(s int, d int64) float64 {
		if s == 3 {
			return float64(uint8(d / 100))
		}
		return math.Round(20000 * math.Sin(float64(d)/3000+float64(s)))
	}
	l.add(30_000)
	l.lose(recording.CauseRingFull, 5000)
	l.add(20_000)
	l.dev.Annotate(0, recording.Annotation{SampleStart: 44_000, SampleCount: 900, Label: recording.LabelOverRange})
	l.lose(recording.CauseUSB, 1)
	l.add(25_000)
	l.dev.Annotate(1, recording.Annotation{SampleStart: 70_000, SampleCount: 3000, Label: recording.LabelUnverified})
	for i := range 4 {
		l.dev.Annotate(i, recording.Annotation{SampleStart: 10_000, SampleCount: 1, Label: recording.LabelTrigger})
	}
	l.must(l.run.Event(recording.Event{Kind: recording.EventDetected, UTC: startUTC + 60e9, Data: map[string]any{"event": "overcurrent"}, Device: "cell"}))
	return l.open()
}

func TestTimeFigure(t *testing.T) {
	t.Parallel()
	r := rig(t)
	f := timeFigure(t, r, TimeOptions{})
	got := svgTexts(t, f, Size{1200, 800})
	for i, s := range got {
		if strings.HasPrefix(s, "a very long") && strings.HasSuffix(s, "… (V)") {
			got[i] = "a very … (V)"
		}
		if strings.HasPrefix(s, "cell.B: ") && strings.HasSuffix(s, "…") {
			got[i] = "cell.B: …"
		}
	}
	want := []string{
		"test: cell.A, cell.B, cell.C, cell.D0-7", "2026-11-20 08:00:00.000 to 08:01:20.001 UTC (80 s)",
		"-20", "0", "20", "cell current (mA)", "cell.A: cell current", "over range",
		"-20", "0", "20", "a very … (V)", "cell.B: …",
		"-20", "0", "20", "cell.C (°C)", "cell.C",
		"D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "pin", "cell.D0-7",
		"trigger", "overcurrent",
		"08:00:00", "2026-11-20", "08:00:10", "08:00:20", "08:00:30", "08:00:40", "08:00:50", "08:01:00", "08:01:10", "08:01:20", "UTC",
		"lost: ring_full (5,000 samples)", "lost: usb (1 sample)", "unverified (3,000 samples)", "marks, triggers, events (2)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got)\n%s", diff)
	}
	for _, size := range []Size{{600, 600}} {
		checkPNG(t, f, size)
	}
}

func TestTimeFigureElapsed(t *testing.T) {
	t.Parallel()
	r := rig(t)
	f := timeFigure(t, r, TimeOptions{Streams: r.Streams()[:1], Elapsed: true, From: startUTC + 32e9, Until: startUTC + 42e9})
	got := strings.Join(svgTexts(t, f, Size{900, 400}), "|")
	want := "|32|34|36|38|40|42|time since the start (s)|lost: ring_full (5,000 samples)"
	if !strings.HasSuffix(got, want) {
		t.Errorf("texts %s, want them to end in %s", got, want)
	}
	if f.bands[0].x0 != 32 || math.Abs(f.bands[0].x1-35) > 1e-6 {
		t.Errorf("band %+v, want 32 to 35", f.bands[0])
	}
}

func TestHardPictures(t *testing.T) {
	t.Parallel()
	float := analog("A")
	float.Datatype = recording.Float32
	for _, c := range []struct {
		name   string
		n      int64
		signal func(int, int64) float64
	}{
		{"one sample", 1, ramp},
		{"two samples", 2, ramp},
		{"constant", 5000, func(int, int64) float64 { return 5000 }},
		{"constant zero", 5000, func(int, int64) float64 { return 0 }},
		{"nothing but NaN", 5000, func(int, int64) float64 { return math.NaN() }},
		{"NaN here and there", 50_000, func(_ int, d int64) float64 { return 1 / float64(d%100-50) * math.Sqrt(float64(d%7-2)) }},
		{"infinite", 5000, func(_ int, d int64) float64 { return math.Inf(int(d%3) - 1) }},
		{"huge", 5000, func(_ int, d int64) float64 { return float64(d) * 1e30 }},
		{"tiny", 5000, func(_ int, d int64) float64 { return float64(d) * 1e-30 }},
		{"largest floats", 5000, func(_ int, d int64) float64 { return math.MaxFloat32 * float64(d%3-1) }},
		{"small beside large", 5000, func(_ int, d int64) float64 { return 1e6 + float64(d%2) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, device(float), recording.Options{})
			l.signal = c.signal
			l.add(c.n)
			r := l.open()
			for _, elapsed := range []bool{false, true} {
				f := timeFigure(t, r, TimeOptions{Elapsed: elapsed})
				checkPNG(t, f, Size{500, 300})
				svgTexts(t, f, Size{500, 300})
				if err := f.WriteText(io.Discard, 80, 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestMinimumAndMaximumAreOneEnvelope(t *testing.T) {
	t.Parallel()
	low, high, raw := analog("A"), analog("A"), analog("B")
	low.Kind, high.Kind = recording.KindMin, recording.KindMax
	low.Ratio, high.Ratio = 10, 10
	for _, n := range []int64{300, 100_000} {
		l := newLab(t, device(low, high, raw), recording.Options{})
		l.signal = func(s int, d int64) float64 { return float64(d%100) + 1000*float64(s) }
		l.add(n)
		f := timeFigure(t, l.open(), TimeOptions{Columns: 100})
		if len(f.panels) != 1 || len(f.panels[0].layers) != 2 || f.panels[0].legend[0].text != "cell.A min..max" {
			t.Fatalf("%d samples: %d panels, legend %v", n, len(f.panels), f.panels[0].legend)
		}
		for _, s := range f.panels[0].layers[0].(*trace).stretches {
			for _, c := range s.columns {
				if c.lo >= 0.1 || c.hi < 1 {
					t.Fatalf("%d samples: column %+v", n, c)
				}
			}
		}
	}
}

func TestSave(t *testing.T) {
	t.Parallel()
	f := timeFigure(t, rig(t), TimeOptions{})
	dir := t.TempDir()
	for _, name := range []string{"a.png", "b.SVG"} {
		path := filepath.Join(dir, name)
		if err := f.Save(path, Size{500, 540}, false); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil || len(before) == 0 {
			t.Fatal(len(before), err)
		}
		var exists *outfile.ExistsError
		if err := f.Save(path, Size{500, 540}, false); !errors.As(err, &exists) {
			t.Errorf("a file that is there: %v", err)
		}
		if err := f.Save(path, Size{500, 600}, true); err != nil {
			t.Error(err)
		}
		if after, _ := os.ReadFile(path); bytes.Equal(before, after) {
			t.Error("the file was not replaced")
		}
	}
	var format *outfile.FormatError
	if err := f.Save(filepath.Join(dir, "c.pdf"), Size{}, false); !errors.As(err, &format) {
		t.Errorf("unknown ending: %v", err)
	}
	var size *SizeError
	if err := f.Save(filepath.Join(dir, "d.png"), Size{1200, 210}, false); !errors.As(err, &size) || !strings.Contains(err.Error(), "make it ") {
		t.Errorf("too small: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%d files are there, want 2: %v", len(entries), err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	r := rig(t)
	ctx := t.Context()
	var kind *KindError
	if _, err := Time(ctx, r, TimeOptions{Streams: r.Streams(), From: startUTC + 1e15}); !errors.Is(err, ErrEmpty) {
		t.Errorf("behind the end: %v", err)
	}
	if _, err := Time(ctx, r, TimeOptions{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("no streams: %v", err)
	}
	if _, err := Persistence(ctx, r, PersistenceOptions{Streams: r.Streams()[:1]}); !errors.As(err, &kind) {
		t.Errorf("waveforms of a stream: %v", err)
	}
	if _, err := XY(ctx, r, XYOptions{X: r.Streams()[0], Y: r.Stream("cell.D0-7")}); !errors.As(err, &kind) || kind.Stream != "cell.D0-7" {
		t.Errorf("against a port: %v", err)
	}
	if _, err := PSD(Caption{}, nil, PSDOptions{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("no spectrum: %v", err)
	}
	if _, err := PSD(Caption{}, []Spectrum{{Freq: []float64{1}}}, PSDOptions{}); !errors.As(err, &kind) {
		t.Errorf("a spectrum with too few densities: %v", err)
	}
	if _, err := Spectrogram(Caption{}, Spectra{Times: []float64{1}, Freq: []float64{1}}, SpectrogramOptions{}); !errors.As(err, &kind) {
		t.Errorf("a spectrogram with too few densities: %v", err)
	}
	if _, err := Histogram(Caption{}, []Bins{{Counts: []int64{1}}}, HistogramOptions{}); !errors.As(err, &kind) {
		t.Errorf("a histogram with too few edges: %v", err)
	}
	for _, text := range []string{"x", "100x100", "1200", "-5x7", "1200x99999", "1200x700x2", "16000x16000"} {
		var size *SizeError
		if _, err := ParseSize(text); !errors.As(err, &size) {
			t.Errorf("size %q: %v", text, err)
		}
	}
	if s, err := ParseSize("800x600"); err != nil || s != (Size{800, 600}) {
		t.Error(s, err)
	}
}
