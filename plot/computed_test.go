package plot

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/recording"
)

var near = cmpopts.EquateApprox(0, 1e-9)

// What was computed lies where its samples are, also behind a gap, and the axis has room for it.
func TestComputed(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(analog("A")), recording.Options{})
	l.add(1000)
	l.lose(recording.CauseUSB, 500)
	l.add(1000)
	r := l.open()
	s := r.Streams()[0]
	f, err := Time(t.Context(), r, TimeOptions{Streams: []*recording.Stream{s}, Elapsed: true, Computed: []Computed{{
		Of: s, Name: "smooth", Ranges: []Range{{0, 10, -900, 900, true}, {10, 20, -2, 1e6, false}, {1500.5, 1500.5, 3, 3, true}},
		Markers: []Marker{{1700, 1800, math.NaN()}, {600, 600, 5}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	layers := f.panels[0].layers
	dt := 1e-3
	tr, marks := layers[1].(*trace), layers[2].(*markers)
	want := []stretch{{columns: []column{{0, 10 * dt, -900, 900}, {10 * dt, 20 * dt, -2, 1e6}}}, {columns: []column{{1500.5 * dt, 1500.5 * dt, 3, 3}}, line: true}}
	if diff := cmp.Diff(want, tr.stretches, cmp.AllowUnexported(stretch{}, column{}), near); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
	found := []column{{600 * dt, 600 * dt, 5, 5}, {1700 * dt, 1800 * dt, math.NaN(), math.NaN()}}
	if diff := cmp.Diff(found, marks.list, cmp.AllowUnexported(column{}), near, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	if f.panels[0].y.max < 1e6 {
		t.Errorf("the axis ends at %g", f.panels[0].y.max)
	}
	var b bytes.Buffer
	if err := f.WriteSVG(&b, Size{}); err != nil || !strings.Contains(b.String(), ">smooth<") {
		t.Errorf("no legend, or %v", err)
	}
	if err := f.WriteText(&b, 80, 0); err != nil {
		t.Error(err)
	}
}

// The marks of a port lie above its pins.
func TestComputedOfPort(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(digitalInfo()), recording.Options{})
	l.add(100)
	r := l.open()
	s := r.Streams()[0]
	f, err := Time(t.Context(), r, TimeOptions{Streams: r.Streams(), Computed: []Computed{{Of: s, Name: "2 events", Markers: []Marker{{1, 5, 200}, {9, 9, 3}}}}})
	if err != nil {
		t.Fatal(err)
	}
	m, ok := f.panels[0].layers[1].(*markers)
	if !ok || len(m.list) != 2 || !math.IsNaN(m.list[0].lo) {
		t.Errorf("layers %+v", f.panels[0].layers)
	}
}
