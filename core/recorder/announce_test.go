package recorder

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// TestAnnouncedStampsStay: what was taken between the announcement of a ring and its draining keeps its time, as in the hands of a recorder that adopts the
// ring: where segments of block modes end hangs on it.
func TestAnnouncedStampsStay(t *testing.T) {
	t.Parallel()
	keep := func() json.RawMessage { return json.RawMessage(`{}`) }
	r := newBlockRig(t, Options{Keep: keep, RotateEvery: time.Hour}, nil, 1<<40, 1000, 1)
	var err error
	r.ring, err = shmring.NewHeap(shmring.Spec{Lanes: []shmring.LaneSpec{{
		SampleType: shmring.I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: 1, Scale: 1, Capacity: 1 << 18,
	}}})
	r.must(err)
	g := Generation{Ring: r.ring, Dead: make(chan struct{}), StartNS: clock.Mono()}
	r.dev.Announce(g)
	r.prod, err = r.ring.NewProducer()
	r.must(err)
	r.mono = clock.Mono()
	r.wave(waveform{samples: 1000})
	for clock.Mono() <= r.mono { // its draining begins behind the stamp
		time.Sleep(time.Millisecond)
	}
	r.must(r.prod.Finish(nil))
	r.out = make(chan Outcome, 1)
	r.out <- r.dev.Drain(context.Background(), g)
	if at := r.dev.blocks.segmentNS; at != r.mono {
		t.Errorf("the segment begins %v behind the stamp of its first waveform", time.Duration(at-r.mono))
	}
	r.end()
	r.finish(recording.CauseNone)
	r.verify()
}
