package plot

import (
	"image/color"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
)

// TestCells: columns lie on whole pixels, and none is narrower than one.
func TestCells(t *testing.T) {
	t.Parallel()
	a := &area{box: box{0, 0, 10, 10}, x: axis{min: 0, max: 10}, y: axis{min: 0, max: 10}}
	for _, c := range []struct {
		name string
		in   []column
		want []cell
	}{
		{"as they are", []column{{0, 1, 1, 2}, {1, 2, 3, 4}, {2, 10, 5, 6}}, []cell{{0, 1, 1, 2}, {1, 2, 3, 4}, {2, 10, 5, 6}}},
		{"rounded", []column{{0.4, 1.4, 1, 2}, {1.4, 2.6, 3, 4}}, []cell{{0, 1, 1, 2}, {1, 3, 3, 4}}},
		{"several in a pixel", []column{{0, 0.2, 1, 2}, {0.2, 0.3, 0, 1}, {0.3, 0.45, 7, 9}, {0.45, 2, 3, 3}}, []cell{{0, 1, 0, 9}, {1, 2, 3, 3}}},
		{"a peak behind a wide one", []column{{0, 4.6, 1, 1}, {4.6, 4.65, 0, 9}, {4.65, 8, 2, 2}}, []cell{{0, 4, 1, 1}, {4, 5, 0, 9}, {5, 8, 2, 2}}},
		{"a peak in front of a wide one", []column{{0, 4.3, 1, 1}, {4.3, 4.35, 0, 9}, {4.35, 8, 2, 2}}, []cell{{0, 4, 1, 1}, {4, 5, 0, 9}, {5, 8, 2, 2}}},
		{"a peak at the end", []column{{0, 9.99, 1, 1}, {9.99, 10, 0, 9}}, []cell{{0, 9, 1, 1}, {9, 10, 0, 9}}},
		{"behind the end", []column{{10, 10, 0, 9}}, []cell{{9, 10, 0, 9}}},
		{"one sample", []column{{3.2, 3.2, 5, 5}}, []cell{{3, 4, 5, 5}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, cells(a, c.in), cmp.AllowUnexported(cell{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLabelsOfSmallPanels: an axis tells two numbers at least, where they have room, as one tells no scale.
func TestLabelsOfSmallPanels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		min, max   float64
		most, room int
		want       []string
	}{
		{"around zero", -22, 22, 2, 4, []string{"-20", "0", "20"}},
		{"enough", 0, 10, 2, 4, []string{"0", "5", "10"}},
		{"between steps", 11, 19, 2, 4, []string{"12", "14", "16", "18"}},
		{"no room", -22, 22, 2, 2, []string{"0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := axis{min: c.min, max: c.max, ticks: scaled(1)}
			list, _ := a.labels(c.most, c.room)
			var got []string
			for _, k := range list {
				got = append(got, k.text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestManyStreams: a panel has no two traces of one colour.
func TestManyStreams(t *testing.T) {
	t.Parallel()
	var list []recording.StreamInfo
	for i := range 16 {
		list = append(list, analog(string(rune('A'+i))))
	}
	l := newLab(t, device(list...), recording.Options{})
	l.add(10)
	f := timeFigure(t, l.open(), TimeOptions{})
	var got []int
	for _, p := range f.panels {
		got = append(got, len(p.legend))
		used := map[color.NRGBA]bool{}
		for _, e := range p.legend {
			if used[e.color] {
				t.Errorf("%s has the colour of another one", e.text)
			}
			used[e.color] = true
		}
	}
	if diff := cmp.Diff([]int{7, 7, 2}, got); diff != "" {
		t.Errorf("traces of panels (-want +got):\n%s", diff)
	}
	checkPNG(t, f, Size{})
}
