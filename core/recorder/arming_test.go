package recorder

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestArmingsThatAreLeft: what did not come of an arming that had begun to come is lost, and has a number.
func TestArmingsThatAreLeft(t *testing.T) {
	t.Parallel()
	middle := []waveform{{number: 0, samples: 100}, {number: 1, samples: 100}}
	for _, c := range []struct {
		name   string
		waves  []waveform
		ending bool // it was asked to end
		left   int64
	}{
		{"nothing came", nil, false, 0},
		{"in the middle", middle, false, 3},
		{"in the middle, as it was to end", middle, true, 3},
		{"in a waveform", []waveform{{number: 0, samples: 100}, {number: 1, samples: 50, open: true}}, false, 3},
		{"between two", []waveform{
			{number: 0, samples: 100}, {number: 1, samples: 100}, {number: 2, samples: 100}, {number: 3, samples: 100}, {number: 4, samples: 100},
		}, false, 0},
		{"in the next", []waveform{{number: 0, samples: 100}, {number: 1, arm: 1, samples: 100}}, false, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newBlockRig(t, Options{Captures: 5}, nil, 0, 100, 1)
			r.start(1<<16, recording.CauseNone)
			for _, w := range c.waves {
				r.wave(w)
			}
			if c.ending {
				r.dev.Ending()
			}
			close(r.dead)
			r.end()
			before := r.dev.Stats().WaveformsLost
			if left := r.dev.LeaveArming("it died"); left != c.left {
				t.Errorf("%d are left, want %d", left, c.left)
			}
			if lost := r.dev.Stats().WaveformsLost - before; lost != c.left && !c.ending || lost != 0 && c.ending {
				t.Errorf("%d are counted as lost", lost)
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

// TestWavesThatEnded counts waveforms of which nothing more comes, over generations: what orders are measured by.
func TestWavesThatEnded(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{Captures: 4, Limit: Limit{Samples: 300}}, nil, 0, 100, 1)
	run := func(want int64, waves ...waveform) {
		t.Helper()
		r.start(1<<16, recording.CauseNone)
		for _, w := range waves {
			r.wave(w)
		}
		close(r.dead)
		r.end()
		if got := r.dev.Stats().WavesEnded; got != want {
			t.Errorf("%d waveforms have ended, want %d", got, want)
		}
	}
	run(4, waveform{number: 0, samples: 100}, waveform{number: 2, samples: 100}, waveform{number: 3, samples: 100, incomplete: true}) // 1 was left out
	run(6, waveform{number: 1, samples: 50, open: true})
	if left := r.dev.LeaveOrders(4, "it died"); left != 4 {
		t.Errorf("%d of 4 are lost", left)
	}
	run(8, waveform{number: 0, samples: 100}, waveform{number: 1, samples: 100}) // the second is not wanted any more
	if left := r.dev.LeaveOrders(4, "again"); left != 0 {
		t.Errorf("%d are lost behind the end", left)
	}
	r.finish(recording.CauseNone)
	if texts := r.lostEvents(); len(texts) != 1 || !strings.Contains(texts[0], "4 waveforms that were ordered did not come: it died") {
		t.Errorf("events %q", texts)
	}
}
