package recorder

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// TestCountedOut: a device that counts to the end of all counting is full, has all its samples, and says why it ends.
func TestCountedOut(t *testing.T) {
	t.Parallel()
	const before = 1200
	r := newRig(t, Options{}, nil, 1, 4)
	r.start(1<<20, recording.CauseNone)
	r.must(r.prod.Gap(0, maxIndex-before, shmring.CauseDriver))
	r.must(r.prod.Gap(1, (maxIndex-before)/4, shmring.CauseDriver))
	r.push(1000, 0)
	r.push(1000, 0) // 800 of them are behind the end
	select {
	case <-r.dev.Full():
	case <-time.After(30 * time.Second):
		t.Fatal("it is never full")
	}
	r.push(1000, 0) // comes while it is stopped
	r.must(r.prod.Finish(nil))
	if out := r.end(); out.End != EndFinished {
		t.Errorf("it ended with %+v", out)
	}
	r.finish(recording.CauseUnknown) // nothing is missing to the end of the run, which has none
	for channel, ratio := range map[string]int64{"A": 1, "B": 4} {
		s := r.stream("dev." + channel)
		if last, ok := s.DeviceIndex(s.End() - 1); s.Samples() != before/ratio || !ok || last != maxIndex/ratio-1 || len(s.Gaps()) != 1 {
			t.Errorf("%s: %d samples, the last has index %d, gaps %+v", s.Name(), s.Samples(), last, s.Gaps())
		}
	}
	events, err := os.ReadFile(filepath.Join(r.run.Dir(), recording.FileEvents))
	if err != nil || !strings.Contains(string(events), "it has counted 2305843009213693952 samples") {
		t.Errorf("events: %v\n%s", err, events)
	}
	r.verify()
}

// TestCountsBeyond: a leap behind the end of all counting is no end but a lie.
func TestCountsBeyond(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.start(1<<20, recording.CauseNone)
	r.must(r.prod.Gap(0, maxIndex+1, shmring.CauseDriver))
	r.push(1000, 0)
	if out := r.end(); out.End != EndFault || !errors.Is(out.Fault, errIndex) {
		t.Errorf("it ended with %+v", out)
	}
	r.finish(recording.CauseNone)
	if s := r.stream("dev.A"); s.Samples() != 0 {
		t.Errorf("%d samples are recorded", s.Samples())
	}
}
