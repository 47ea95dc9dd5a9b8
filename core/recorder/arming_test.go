package recorder

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestArmingsThatAreLeft: what did not come of an arming that had begun to come is lost, and has a number.
func TestArmingsThatAreLeft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		waves []waveform
		left  int64
	}{
		{"nothing came", nil, 0},
		{"in the middle", []waveform{{number: 0, samples: 100}, {number: 1, samples: 100}}, 3},
		{"in a waveform", []waveform{{number: 0, samples: 100}, {number: 1, samples: 50, open: true}}, 3},
		{"between two", []waveform{
			{number: 0, samples: 100}, {number: 1, samples: 100}, {number: 2, samples: 100}, {number: 3, samples: 100}, {number: 4, samples: 100},
		}, 0},
		{"in the next", []waveform{{number: 0, samples: 100}, {number: 1, arm: 1, samples: 100}}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newBlockRig(t, Options{Captures: 5}, nil, 0, 100, 1)
			r.start(1<<16, recording.CauseNone)
			for _, w := range c.waves {
				r.wave(w)
			}
			close(r.dead)
			r.end()
			if left := r.dev.LeaveArming("it died"); left != c.left {
				t.Errorf("%d are left, want %d", left, c.left)
			}
			if left := r.dev.LeaveArming("again"); left != 0 {
				t.Errorf("the same %d are left twice", left)
			}
			r.finish(recording.CauseNone)
			texts := strings.Join(r.lostEvents(), "; ")
			if told := strings.Contains(texts, "stayed in the device: it died"); told != (c.left > 0) {
				t.Errorf("events %q", texts)
			}
		})
	}
}
