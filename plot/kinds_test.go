package plot

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// waves is a recording of waveforms whose trigger wanders.
func waves(t testing.TB, n, length int64) *recording.Recording {
	l := newLab(t, block(length, analog("A"), analog("B")), recording.Options{})
	for k := range n {
		trigger := 20 + k%5
		l.signal = func(s int, d int64) float64 {
			if i := d%length - trigger; i >= 0 {
				return float64(1000 * (s + 1))
			}
			return 0
		}
		l.wave(k, length, trigger)
	}
	return l.open()
}

func TestPersistenceAlignsTriggers(t *testing.T) {
	t.Parallel()
	r := waves(t, 40, 200)
	f, err := Persistence(context.Background(), r, PersistenceOptions{Streams: r.Streams()})
	if err != nil {
		t.Fatal(err)
	}
	checkPNG(t, f, Size{500, 400})
	got := svgTexts(t, f, Size{900, 600})
	for _, want := range []string{"time from the trigger (ns)", "cell.A (V)", "waveforms", "2026-11-20 08:00:00.000000000 to 08:00:00.000032000 UTC (32 µs), 40 waveforms"} {
		if !strings.Contains(strings.Join(got, "|"), want) {
			t.Errorf("texts %v are without %q", got, want)
		}
	}
	// In front of the trigger all are low, behind it all are high: each column has one level, but for the one with the step.
	h := f.panels[0].layers[0].(*heat)
	mixed := 0
	for x := range h.columns {
		rows := 0
		for y := range h.rows {
			if !math.IsNaN(h.cells[y*h.columns+x]) {
				rows++
			}
		}
		if rows > 1 {
			mixed++
		}
	}
	if step := float64(h.columns) / 204; float64(mixed) > step+2 || mixed == 0 {
		t.Errorf("%d columns have several levels, want those of one sample, %.1f", mixed, step)
	}
}

// TestDensityCountsEachCurveOnce draws curves of many forms and counts by hand.
func TestDensityCountsEachCurveOnce(t *testing.T) {
	t.Parallel()
	unit := axis{min: 0, max: 10}
	for _, c := range []struct {
		name   string
		points []point
		want   []uint64 // row by row from below, 5 columns, 2 rows
	}{
		{"flat", []point{{0, 1}, {9, 1}}, []uint64{1, 1, 1, 1, 1, 0, 0, 0, 0, 0}},
		{"step", []point{{1, 1}, {5, 1}, {5, 9}, {9, 9}}, []uint64{1, 1, 1, 0, 0, 0, 0, 1, 1, 1}},
		{"to and fro in one column", []point{{4.1, 1}, {4.3, 9}, {4.5, 1}, {4.7, 9}}, []uint64{0, 0, 1, 0, 0, 0, 0, 1, 0, 0}},
		{"broken", []point{{1, 1}, {3, math.NaN()}, {9, 1}}, []uint64{1, 0, 0, 0, 1, 0, 0, 0, 0, 0}},
		{"one point", []point{{5, 1}}, []uint64{0, 0, 1, 0, 0, 0, 0, 0, 0, 0}},
		{"outside", []point{{-5, 1}, {20, 1}}, []uint64{1, 1, 1, 1, 1, 0, 0, 0, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDensity(5, 2, unit, unit)
			for _, p := range c.points {
				d.to(p.x, p.y)
			}
			d.end()
			if diff := cmp.Diff(c.want, d.cells); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestDensityCountsMany: a constant signal of an hour meets one cell more often than 32 bits can tell.
func TestDensityCountsMany(t *testing.T) {
	t.Parallel()
	a := axis{min: 0, max: 10}
	d, other := newDensity(2, 1, a, a), newDensity(2, 1, a, a)
	for _, one := range []*density{d, other} {
		one.cells[0] = 1<<32 - 1
		one.dot(1, 1)
		one.dot(9, 9)
	}
	d.with(other)
	if diff := cmp.Diff([]uint64{1 << 33, 2}, d.cells); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	h, scale := d.heat("samples")
	if scale.axis.max != 1<<33 || h.cells[0] != 1 || !(h.cells[1] > 0 && h.cells[1] < 0.1) {
		t.Errorf("cells %v of a scale up to %v", h.cells, scale.axis.max)
	}
}

func TestXY(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{1000, 60_000} {
		l := newLab(t, device(analog("A"), analog("B")), recording.Options{})
		l.signal = func(s int, d int64) float64 {
			v := float64(d%2000 - 1000)
			if s == 1 {
				return -v
			}
			return v
		}
		l.add(n / 2)
		l.lose(recording.CauseRingFull, 777)
		l.add(n / 2)
		r := l.open()
		f, err := XY(context.Background(), r, XYOptions{X: r.Streams()[0], Y: r.Streams()[1]})
		if err != nil {
			t.Fatal(err)
		}
		checkPNG(t, f, Size{600, 600})
		switch one := f.panels[0].layers[0].(type) {
		case *dots:
			if int64(len(one.at)) != n {
				t.Errorf("%d dots, want %d", len(one.at), n)
			}
			for _, p := range one.at {
				if p.x != -p.y {
					t.Fatalf("dot %v", p)
				}
			}
		case *heat:
			for x := range one.columns {
				for y := range one.rows {
					if mirror := one.columns - 1 - x; !math.IsNaN(one.cells[y*one.columns+x]) && max(mirror-y, y-mirror) > 1 {
						t.Fatalf("cell %d, %d is set, and lies beside the diagonal", x, y)
					}
				}
			}
		}
	}
}

func TestSpectra(t *testing.T) {
	t.Parallel()
	s := Spectrum{Name: "cell.A", Unit: "V"}
	for i := range 50_001 {
		s.Freq = append(s.Freq, float64(i)*10)
		s.Density = append(s.Density, 1e-9/(1+float64(i)))
	}
	s.Density[7000] = 1
	for _, c := range []struct {
		name string
		o    PSDOptions
		want string
		peak float64
	}{
		{"logarithmic", PSDOptions{}, "power spectral density (V²/Hz)", 1},
		{"decibels", PSDOptions{DB: true}, "power spectral density (dB re 1 V²/Hz)", 0},
		{"lines", PSDOptions{Lines: true}, "power of lines (V²)", 1},
		{"lines in decibels", PSDOptions{Lines: true, DB: true}, "power of lines (dBV)", 0},
		{"linear frequency", PSDOptions{Linear: true}, "frequency (kHz)", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := PSD(Caption{Title: "soak", Subtitle: "all of it"}, []Spectrum{s}, c.o)
			if err != nil {
				t.Fatal(err)
			}
			checkPNG(t, f, Size{500, 400})
			if got := strings.Join(svgTexts(t, f, Size{}), "|"); !strings.Contains(got, c.want) {
				t.Errorf("texts %s are without %s", got, c.want)
			}
			tr := f.panels[0].layers[0].(*trace)
			if v := tr.values(); v.hi != c.peak {
				t.Errorf("the peak is %v, want %v", v.hi, c.peak)
			}
			n := 0
			for _, s := range tr.stretches {
				n += len(s.columns)
			}
			if n > 6*defaultColumns {
				t.Errorf("%d columns", n)
			}
		})
	}
}

func TestSpectrogramLeavesGapsWhite(t *testing.T) {
	t.Parallel()
	s := Spectra{Name: "cell.A", Unit: "V", Start: startUTC}
	for k := range 33 {
		s.Freq = append(s.Freq, float64(k)*10)
	}
	for i := range 100 {
		x := float64(i) + 0.5
		if i >= 50 {
			x += 25
		}
		s.Times = append(s.Times, x)
		for k := range s.Freq {
			v := 1e-9
			if k == 8 {
				v = 1e-3
			}
			s.Density = append(s.Density, v)
		}
	}
	f, err := Spectrogram(Caption{Title: "soak"}, s, SpectrogramOptions{})
	if err != nil {
		t.Fatal(err)
	}
	checkPNG(t, f, Size{500, 400})
	h := f.panels[0].layers[0].(*heat)
	if h.columns != 125 || h.rows != 33 {
		t.Fatal(h.columns, h.rows)
	}
	img := h.image(125, 33)
	for x := range h.columns {
		for y := range h.rows {
			at := img.NRGBAAt(x, h.rows-1-y)
			white, top := at.A == 0, at == heatColor(1)
			if gap := x >= 50 && x < 75; white != gap || top != (!gap && y == 8) {
				t.Fatalf("cell %d, %d is %v", x, y, at)
			}
		}
	}
}

func TestHistogram(t *testing.T) {
	t.Parallel()
	b := Bins{Name: "cell.A", Unit: "V", Edges: []float64{-0.002, -0.001, 0, 0.001}, Counts: []int64{1, 0, 5000}}
	for _, log := range []bool{false, true} {
		f, err := Histogram(Caption{Title: "soak"}, []Bins{b, b}, HistogramOptions{Log: log})
		if err != nil {
			t.Fatal(err)
		}
		checkPNG(t, f, Size{500, 400})
		if got := strings.Join(svgTexts(t, f, Size{}), "|"); !strings.Contains(got, "value (mV)") {
			t.Errorf("texts %s", got)
		}
		var text bytes.Buffer
		if err := f.WriteText(&text, 60, 4); err != nil {
			t.Error(err)
		}
	}
}

func TestBlocksOverTime(t *testing.T) {
	t.Parallel()
	r := waves(t, 300, 100)
	for _, columns := range []int{20, 500, 20_000} {
		f := timeFigure(t, r, TimeOptions{Columns: columns})
		tr := f.panels[0].layers[1].(*trace)
		if v := tr.values(); v.lo != 0 || v.hi != 2 {
			t.Errorf("%d columns: values %+v, want 0 to 2", columns, v)
		}
		n := 0
		for _, s := range tr.stretches {
			n += len(s.columns)
		}
		if n > 2*max(columns, 300)*lineSamples {
			t.Errorf("%d columns of at most %d", n, columns)
		}
	}
}

func TestReaderOfValuesAllocatesNothing(t *testing.T) {
	l := newLab(t, device(analog("A")), recording.Options{})
	l.add(10_000)
	tr := newTrack(l.open().Streams()[0], 0, 0)
	e := &envelope{quantity: convert.Unit, zero: startUTC, pixel: 1, pending: noCounts}
	e.w.width = 1 << 30
	p := &tr.parts()[0]
	if err := e.add(p, 0, 10, counts{1, 2}); err != nil {
		t.Fatal(err)
	}
	at := int64(10)
	if n := testing.AllocsPerRun(100, func() {
		if err := e.add(p, at, at+10, counts{1, 2}); err != nil {
			t.Error(err)
		}
		at += 10
	}); n != 0 {
		t.Errorf("%v allocations for a row", n)
	}
}

// TestCurves: a panel for each unit, nothing over what is no number, and the extremes where points are many.
func TestCurves(t *testing.T) {
	t.Parallel()
	x, y := make([]float64, 20_000), make([]float64, 20_000)
	for i := range x {
		x[i], y[i] = float64(i)*1e-6, math.Sin(float64(i)/100)
	}
	y[7001] = 5
	for i := 9000; i < 9500; i++ {
		y[i] = math.NaN()
	}
	f, err := Curves(Caption{Title: "soak"}, x, []Curve{{"cell.A", y, "V"}, {"cell.B", y, "A"}, {"cell.C", y, "V"}}, CurveOptions{Label: "lag", Unit: "s"})
	if err != nil {
		t.Fatal(err)
	}
	checkPNG(t, f, Size{500, 400})
	if len(f.panels) != 2 || len(f.panels[0].layers) != 2 {
		t.Fatalf("%d panels", len(f.panels))
	}
	tr := f.panels[0].layers[0].(*trace)
	if v := tr.values(); v.hi != 5 || len(tr.stretches) != 2 || tr.stretches[0].columns[len(tr.stretches[0].columns)-1].x1 > 9000e-6 {
		t.Errorf("largest %v, %d stretches", v.hi, len(tr.stretches))
	}
	if got := strings.Join(svgTexts(t, f, Size{}), "|"); !strings.Contains(got, "lag (ms)") {
		t.Errorf("texts %s", got)
	}
	if _, err := Curves(Caption{}, x, []Curve{{"cell.A", y[:5], "V"}}, CurveOptions{}); !errors.As(err, new(*KindError)) {
		t.Errorf("a curve that is too short: %v", err)
	}
	if _, err := Curves(Caption{}, x[:1], []Curve{{"cell.A", []float64{math.NaN()}, "V"}}, CurveOptions{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("nothing to draw: %v", err)
	}
}
