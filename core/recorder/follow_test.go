package recorder

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// listener remembers what a follower is told.
type listener struct {
	mu     sync.Mutex
	pairs  []clock.Pair
	epochs []int
	moved  [][3]int64
	broken []int64
}

func (l *listener) Paired(epoch int, p clock.Pair) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pairs, l.epochs = append(l.pairs, p), append(l.epochs, epoch)
}

func (l *listener) Moved(raw, lost, doubt int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moved = append(l.moved, [3]int64{raw, lost, doubt})
}

func (l *listener) Broken(raw int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = append(l.broken, raw)
}

// TestFollower: who follows a device's clock learns of pairs, of estimated losses, and of those that are found later.
func TestFollower(t *testing.T) {
	t.Parallel()
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test", SyncAsked: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	f := &listener{}
	r := newRigOf(t, Options{Follower: f, Sync: time.Millisecond}, run, recording.DeviceInfo{
		Name: "dev", Driver: "test", Serial: "1", RawInterval: recording.Fraction{Num: 1, Den: 10_000},
		Streams: []recording.StreamInfo{
			{Channel: "A", Kind: recording.KindRaw, Ratio: 1, Global: recording.Global{Scale: 1}},
			{Channel: "B", Kind: recording.KindDecimate, Ratio: 10, Global: recording.Global{Scale: 1}},
		},
	})
	r.start(1<<16, recording.CauseNone)
	r.streamFor(100)
	r.mono += int64(3 * time.Second) // of which nobody tells
	r.streamFor(90)
	r.must(r.prod.Finish(nil))
	r.end()
	taken := r.dev.Stats().Taken
	r.mono += int64(5 * time.Second)
	r.start(1<<16, recording.CauseRestart)
	r.streamFor(20)
	r.finished()
	if len(f.moved) != 1 || f.moved[0][0] > 1_000_000 || f.moved[0][1] < 29_000 || f.moved[0][1] > 31_000 || f.moved[0][2] < f.moved[0][1] {
		t.Errorf("moved %v, lost are 30000 behind 1000000", f.moved)
	}
	second := slices.Index(f.epochs, 1)
	if base := r.stream("dev.A").Captures(); len(f.broken) != 1 || f.broken[0] != base[len(base)-1].GlobalIndex {
		t.Errorf("broken at %v, the second epoch begins with %+v", f.broken, base[len(base)-1])
	}
	if second < 2 || len(f.pairs) < second+1 || !slices.IsSortedFunc(f.pairs, func(a, b clock.Pair) int { return int(a.MonoNS - b.MonoNS) }) {
		t.Fatalf("%d pairs, the first %d of the first epoch", len(f.pairs), second)
	}
	if behind := 1_900_000 + f.moved[0][1]; taken != behind || f.pairs[second].Index <= f.broken[0] {
		t.Errorf("taken are %d, want %d; the first pair of the second epoch is %+v", taken, behind, f.pairs[second])
	}
}

// TestArmingEnds: the end of an arming is known by its last waveform, or by the next arming.
func TestArmingEnds(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, Options{Captures: 3}, nil, 0, 100, 1)
	r.start(1<<16, recording.CauseNone)
	ended := func(waves int64) int64 {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
			if s := r.dev.Stats(); s.WavesEnded >= waves {
				return s.ArmEndNS
			}
			if time.Now().After(end) {
				t.Fatal("the waveforms do not come")
			}
		}
	}
	began := int64(0)
	for n, w := range []struct {
		arm  uint32
		ends bool // the arming with it
	}{{0, false}, {0, false}, {0, true}, {1, false}, {1, false}} {
		r.wave(waveform{number: uint32(n), arm: w.arm, samples: 100, trigger: -1})
		at := ended(int64(n + 1))
		switch {
		case n == 0:
			began, r.mono = at, max(r.mono, at) // the waveforms of the rig begin before the drain, on a busy machine
		case w.ends && at != r.mono:
			t.Errorf("waveform %d ended the arming at %d, told is %d", n, r.mono, at)
		case w.ends:
			began = at
		case at != began:
			t.Errorf("behind waveform %d the last arming ended at %d, want %d", n, at, began)
		}
	}
	last := r.mono
	r.wave(waveform{number: 5, arm: 2, samples: 100, trigger: -1}) // the arming before it has brought two of three
	if at := ended(6); at != last {
		t.Errorf("the arming was given up behind %d, told is %d", last, at)
	}
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
}
