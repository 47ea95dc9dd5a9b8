package plot

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestLostSegments: segments that are gone with all that tells of them are shaded, also the first and the last one.
func TestLostSegments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, files string
		want        []string
		seconds     float64 // between the ends of the axis
	}{
		{"none", "", nil, 0.2},
		{"the first", "*000000*", []string{"missing from the files (64 samples)"}, 0.2},
		{"one in the middle", "*000001*", []string{"missing from the files (64 samples)"}, 0.2},
		{"the last", "*000003*", []string{"missing from the files (8 samples)"}, 0.2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			info := recordingtest.Device(recordingtest.Analog("A"))
			info.CutSamples = 64
			l := recordingtest.New(t, info)
			l.Add(200)
			l.Seal()
			gone, err := filepath.Glob(filepath.Join(l.Dir(), c.files))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range gone {
				if c.files != "" {
					if err := os.Remove(name); err != nil {
						t.Fatal(err)
					}
				}
			}
			r, err := recording.OpenWith(l.Dir(), recording.OpenOptions{Damaged: true})
			if err != nil {
				t.Fatal(err)
			}
			f, err := Time(t.Context(), r, TimeOptions{Streams: r.Streams()})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range f.shared {
				got = append(got, e.text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if seconds := f.x.max - f.x.min; seconds < c.seconds-1e-9 || seconds > c.seconds+1e-9 {
				t.Errorf("the axis has %v s, want %v", seconds, c.seconds)
			}
		})
	}
}

// TestLossBehindEmptySegments: of a run that was resumed and cut off again before it had a sample, the losses behind both parts are one.
func TestLossBehindEmptySegments(t *testing.T) {
	t.Parallel()
	segment := func(number int, lost int64) *recording.Segment {
		g := &recording.Segment{Number: number, Global: recording.Global{SampleInterval: recording.Fraction{Num: 1, Den: 1000}}}
		if lost > 0 {
			g.Global.GapAfter = &recording.Gap{Cause: recording.CauseDisk, Lost: lost, Exact: true}
		}
		return g
	}
	for _, c := range []struct {
		name string
		list []*recording.Segment
		want int64
	}{
		{"one", []*recording.Segment{segment(0, 5)}, 5},
		{"two that follow each other", []*recording.Segment{segment(0, 5), segment(1, 7)}, 12},
		{"none behind the second", []*recording.Segment{segment(0, 5), segment(1, 0)}, 5},
		{"one between is gone", []*recording.Segment{segment(0, 5), segment(2, 7)}, 7},
	} {
		tr := &track{}
		for _, g := range c.list {
			tr.add(g)
		}
		if tr.behind == nil || tr.behind.Lost != c.want {
			t.Errorf("%s: %+v, want %d", c.name, tr.behind, c.want)
		}
	}
}
