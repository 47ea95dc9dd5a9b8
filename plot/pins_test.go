package plot

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// chosenPins chooses pins of a recording.
func chosenPins(t *testing.T, r *recording.Recording, names ...string) []series.Choice {
	t.Helper()
	list, err := series.Choose(r, names)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestPins: pins that were chosen have lanes of their own in the panel of their port, under their names.
func TestPins(t *testing.T) {
	t.Parallel()
	d := digitalInfo()
	second := digitalInfo()
	second.Channel = "D8-15"
	l := newLab(t, device(analog("A"), d, second), recording.Options{})
	l.signal = func(_ int, device int64) float64 { return float64(device / 10 & 0xff) }
	l.add(1000)
	r := l.open()
	if err := os.WriteFile(filepath.Join(r.Dir(), recording.FileResolved), []byte(`{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D3": "clock"}}]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Time(t.Context(), r, TimeOptions{Streams: r.Streams()[:1], Pins: chosenPins(t, r, "cell.D3", "cell.D1", "cell.D9")})
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, p := range f.panels {
		texts := []string{p.legend[0].text}
		if lanes, ok := p.layers[0].(*lanes); ok {
			ticks, _ := p.y.labels(8, 16)
			for i, pin := range lanes.shown {
				if at := float64(len(lanes.shown)-i) - 0.5; ticks[i].at != at || ticks[i].text != pin.Name {
					t.Errorf("tick %+v for %+v", ticks[i], pin)
				}
				texts = append(texts, pin.Name)
			}
		}
		got = append(got, texts)
	}
	want := [][]string{{"cell.A"}, {"cell.D1, cell.D3: clock", "D1", "D3"}, {"cell.D9", "D9"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !strings.Contains(f.title, "cell.A, cell.D1, cell.D3, cell.D9") {
		t.Errorf("title %q", f.title)
	}
	var b strings.Builder
	if err := f.WriteText(&b, 80, 0); err != nil || !strings.Contains(b.String(), "D3 clock ┤") {
		t.Errorf("%v: %s", err, b.String())
	}
	if err := f.WritePNG(io.Discard, Size{}); err != nil {
		t.Error(err)
	}
}

// TestPinsOfAggregate: the minimum and the maximum of a pin are one lane, in which it changes where both differ.
func TestPinsOfAggregate(t *testing.T) {
	t.Parallel()
	low, high := digitalInfo(), digitalInfo()
	low.Kind, low.Ratio, high.Kind, high.Ratio = recording.KindMin, 10, recording.KindMax, 10
	l := newLab(t, device(low, high), recording.Options{})
	l.signal = func(stream int, _ int64) float64 { return float64(8 * stream) }
	l.add(1000)
	r := l.open()
	f, err := Time(t.Context(), r, TimeOptions{Pins: chosenPins(t, r, "cell.D3.*", "cell.D2.min")})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range f.panels {
		names = append(names, p.legend[0].text)
	}
	if !slices.Equal(names, []string{"cell.D2.min, cell.D3.min", "cell.D3.max"}) { // not of the same pins
		t.Errorf("%q", names)
	}
	f, err = Time(t.Context(), r, TimeOptions{Pins: chosenPins(t, r, "cell.D3.*")})
	if err != nil || len(f.panels) != 1 || f.panels[0].legend[0].text != "cell.D3 min..max" {
		t.Fatalf("%+v, %v", f, err)
	}
	if v := f.panels[0].layers[0].(*lanes).stretches[0][0].level(3); v != pinBoth {
		t.Errorf("level %v", v)
	}
}

// TestComputedOfPin: what was computed of a pin lies in its lane.
func TestComputedOfPin(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(digitalInfo()), recording.Options{})
	l.add(100)
	r := l.open()
	pins := chosenPins(t, r, "cell.D1", "cell.D3")
	f, err := Time(t.Context(), r, TimeOptions{Pins: pins, Computed: []Computed{
		{Of: pins[0].Stream, Pin: pins[0].Pin, Name: "events", Markers: []Marker{{1, 5, 1}, {9, 9, 0}, {12, 12, math.NaN()}}},
		{Of: pins[1].Stream, Pin: pins[1].Pin, Name: "mean", Ranges: []Range{{From: 0, Until: 9, Low: 0, High: 1}}},
		{Of: pins[0].Stream, Name: "not of a pin"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	p := f.panels[0]
	if len(p.layers) != 3 || len(p.legend) != 3 {
		t.Fatalf("%d layers, %d in the legend", len(p.layers), len(p.legend))
	}
	for i, want := range []float64{1 + laneHigh, 1 + laneLow, 1 + laneHigh} { // D1 is above D3
		if got := p.layers[1].(*markers).list[i].lo; math.Abs(got-want) > 1e-12 {
			t.Errorf("marker %d is at %v, want %v", i, got, want)
		}
	}
	if c := p.layers[2].(*trace).stretches[0].columns[0]; math.Abs(c.lo-laneLow) > 1e-12 || math.Abs(c.hi-laneHigh) > 1e-12 {
		t.Errorf("range %v to %v", c.lo, c.hi)
	}
}

// TestLabelsOfLanes: lanes of a whole port, and of pins, have the labels of the plan behind their names, as far as there is room.
func TestLabelsOfLanes(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(digitalInfo()), recording.Options{})
	l.add(100)
	r := l.open()
	if err := os.WriteFile(filepath.Join(r.Dir(), recording.FileResolved), []byte(
		`{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D1": "a line\nof\u0007bus", "D3": "clock", "D4": "D4", "D5": "a label that is longer than there is room"}}]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		o    TimeOptions
		size Size
		want []string
	}{
		{"port", TimeOptions{Streams: r.Streams()}, Size{Width: 1200, Height: 800}, []string{"D0", "D1 a line of\uFFFDbus", "D2", "D3 clock", "D4", "D5 a label that is long…", "D6", "D7"}},
		{"pins", TimeOptions{Pins: chosenPins(t, r, "cell.D[35]")}, Size{Width: 600, Height: 400}, []string{"D3 clock", "D5 a label t…"}},
		{"narrow", TimeOptions{Pins: chosenPins(t, r, "cell.D[35]")}, Size{Width: 200, Height: 400}, []string{"D3", "D5"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := Time(t.Context(), r, c.o)
			if err != nil {
				t.Fatal(err)
			}
			got, err := lay(f, c.size)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, k := range got.ticksY[0] {
				texts = append(texts, k.text)
			}
			if diff := cmp.Diff(c.want, texts); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	f, err := Time(t.Context(), r, TimeOptions{Streams: r.Streams()})
	if err != nil {
		t.Fatal(err)
	}
	for columns, want := range map[int]string{200: "\nD5 a label that is … ┤", 80: "\nD5 a label that… ┤", 40: "\nD5 a la… ┤"} {
		var b strings.Builder
		if err := f.WriteText(&b, columns, 24); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%d columns: %v\n%s", columns, err, b.String())
		}
	}
}

// TestLegendOfPins: each pin has its own label behind it, also where a minimum and a maximum are one trace.
func TestLegendOfPins(t *testing.T) {
	t.Parallel()
	low, high := digitalInfo(), digitalInfo()
	low.Kind, low.Ratio, high.Kind, high.Ratio = recording.KindMin, 10, recording.KindMax, 10
	l := newLab(t, device(low, high), recording.Options{})
	l.add(1000)
	r := l.open()
	if err := os.WriteFile(filepath.Join(r.Dir(), recording.FileResolved), []byte(`{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D1": "a", "D3": "b"}}]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string]string{
		"cell.D[1-3].min": "cell.D1.min: a, cell.D2.min, cell.D3.min: b",
		"cell.D[1-3].*":   "cell.D1 min..max: a, cell.D2 min..max, cell.D3 min..max: b",
	} {
		f, err := Time(t.Context(), r, TimeOptions{Pins: chosenPins(t, r, pattern)})
		if err != nil || len(f.panels) != 1 || f.panels[0].legend[0].text != want {
			t.Errorf("%s: %+v, %v", pattern, f, err)
		}
	}
}

// TestHistogramOfPins: the levels of pins have bars that stand apart, at 0 and at 1, and the bins of other values touch.
func TestHistogramOfPins(t *testing.T) {
	t.Parallel()
	levels := Bins{Name: "cell.D3", Edges: []float64{-0.5, 0.5, 1.5}, Counts: []int64{3, 5}}
	values := Bins{Name: "cell.A", Edges: []float64{-0.5, 0.5, 2.5}, Counts: []int64{3, 5}}
	for _, c := range []struct {
		name string
		list []Bins
		want bool
	}{{"pins", []Bins{levels, levels}, true}, {"values", []Bins{values}, false}, {"both", []Bins{levels, values}, false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := Histogram(Caption{}, c.list, HistogramOptions{})
			if err != nil {
				t.Fatal(err)
			}
			b := f.panels[0].layers[0].(*bars)
			_, end := b.bar(0)
			next, _ := b.bar(1)
			var texts []string
			ticks, _ := f.x.marks(20)
			for _, k := range ticks {
				texts = append(texts, k.text)
			}
			if apart := end < next; apart != c.want || slices.Equal(texts, []string{"0", "1"}) != c.want {
				t.Errorf("first bar to %v, second from %v, ticks %q", end, next, texts)
			}
			for write, err := range map[string]error{"png": f.WritePNG(io.Discard, Size{}), "text": f.WriteText(io.Discard, 80, 0)} {
				if err != nil {
					t.Errorf("%s: %v", write, err)
				}
			}
		})
	}
}

// TestMask: of the pins that a track does not show it does not matter what is known.
func TestMask(t *testing.T) {
	t.Parallel()
	tr := &track{pins: []series.Choice{{Pin: series.Pin{Name: "D7", Bit: 7}}, {Pin: series.Pin{Name: "D1", Bit: 1}}}}
	if m := tr.mask(); m != 0x82 {
		t.Errorf("mask %#x", m)
	}
}

// TestPinsBesideTheirPort: what a port has lost is counted once where it is drawn with some of its pins.
func TestPinsBesideTheirPort(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(digitalInfo()), recording.Options{})
	l.add(1000)
	l.lose(recording.CauseDriver, 500)
	l.add(1000)
	l.dev.Annotate(0, recording.Annotation{SampleStart: 100, SampleCount: 70, Label: recording.LabelUnverified})
	r := l.open()
	pins := chosenPins(t, r, "cell.D3", "cell.D1")
	for name, o := range map[string]TimeOptions{"pins": {Pins: pins}, "both": {Streams: r.Streams(), Pins: pins}} {
		f, err := Time(t.Context(), r, o)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := f.WriteSVG(&b, Size{}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"(500 samples)", "unverified (70 samples)"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: no legend %q", name, want)
			}
		}
	}
}
