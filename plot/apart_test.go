package plot

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// changed is a recording of two streams: 1,000 samples in V, 500 lost, 1,000 in K of both, and 3,000 lost behind these.
func changed(t *testing.T) *recording.Recording {
	t.Helper()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
	l.Add(1000)
	list := []recording.StreamInfo{recordingtest.Analog("A"), recordingtest.Analog("B")}
	for i := range list {
		list[i].Global.Unit, list[i].Global.Sensor, list[i].Global.Scale = "K", &recording.Sensor{Scale: 100}, 0.1
	}
	l.Lose(500)
	l.Reconfigure(recordingtest.Device(list...))
	l.Add(1000)
	l.Annotate(0, recording.LabelOverRange, 1500, 10)
	l.Lose(3000)
	return l.Open()
}

// TestUnitsHavePanels: values of two units never share an axis, and what was lost behind the last sample is a part of the picture.
func TestUnitsHavePanels(t *testing.T) {
	t.Parallel()
	r := changed(t)
	for q, want := range map[convert.Quantity][]string{convert.Unit: {"cell (V)", "cell (K)"}, convert.Volts: {"cell (V)"}, convert.Counts: {"cell (counts)"}} {
		f := timeFigure(t, r, TimeOptions{Quantity: q, Elapsed: true})
		var got []string
		for _, p := range f.panels {
			got = append(got, p.y.label)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", q, diff)
		}
		if f.x.min != 0 || f.x.max < 5.4 || f.x.max > 5.6 {
			t.Errorf("%s: from %v to %v s, want 0 to 5.5", q, f.x.min, f.x.max)
		}
		if strings.Count(f.title, "cell.A") != 1 {
			t.Errorf("title %q", f.title)
		}
		lost := slices.IndexFunc(f.shared, func(e entry) bool { return strings.Contains(e.text, "3,500 samples") })
		if lost < 0 {
			t.Errorf("%s: legend %+v", q, f.shared)
		}
		over := 0
		for _, p := range f.panels {
			if slices.ContainsFunc(p.legend, func(e entry) bool { return e.text == "over range" }) {
				over++
			}
		}
		if over != 1 {
			t.Errorf("%s: %d panels are over range, want that of the samples", q, over)
		}
	}
}

// TestComputedOfOnePart: what was computed of one part is drawn on that one only.
func TestComputedOfOnePart(t *testing.T) {
	t.Parallel()
	r := changed(t)
	s := r.Stream("cell.A")
	f := timeFigure(t, r, TimeOptions{Streams: []*recording.Stream{s}, Computed: []Computed{
		{Of: s, Name: "first", Ranges: []Range{{From: 0, Until: 999, Low: 0, High: 1}}}, {Of: s, Name: "second", Markers: []Marker{{From: 1600, Until: 1600}}},
	}})
	for i, want := range []string{"first", "second"} {
		var got []string
		for _, e := range f.panels[i].legend[1:] {
			if e.text != "over range" {
				got = append(got, e.text)
			}
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("panel %d (-want +got)\n%s", i, diff)
		}
	}
}

func TestOneUnitOnly(t *testing.T) {
	t.Parallel()
	r := changed(t)
	o := XYOptions{X: r.Stream("cell.A"), Y: r.Stream("cell.B")}
	if _, err := XY(t.Context(), r, o); !errors.As(err, new(*KindError)) || !strings.Contains(err.Error(), "in V and in K") {
		t.Errorf("error %v", err)
	}
	o.Quantity = convert.Volts
	if _, err := XY(t.Context(), r, o); err != nil {
		t.Error(err)
	}
}

// TestElapsedFromTheFirstSample: of samples that came faster than the clock goes the first one is told to be older than the device's start.
func TestElapsedFromTheFirstSample(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	early := recording.Stamp{MonoNS: 1e9, UTCNS: recordingtest.StartUTC}.Add(-32.8e9)
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(l.Writer().Append(0, 0, make([]byte, 2*1000), early))
	f := timeFigure(t, l.Open(), TimeOptions{Elapsed: true})
	if f.x.min != 0 || f.x.max < 0.9 || f.x.max > 1.1 {
		t.Errorf("from %v to %v s, want 0 to 1", f.x.min, f.x.max)
	}
}
