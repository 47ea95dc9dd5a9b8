package scope

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// TestBlockHostEnds: a host that takes no more ends the run without a failure, one that misuses it, with one.
func TestBlockHostEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer error
		fails  bool
	}{
		{"closed", driver.Errorf(driver.KindPermanent, "commit", "the host has ended the acquisition"), false},
		{"misused", driver.Errorf(driver.KindBug, "commit", "misused"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newBlockRig(t, blockConfig(40, 60, 1, 1))
			r.mem.closed = c.answer
			r.begin(t)
			info, err := r.wait(t)
			if c.fails != (driver.KindOf(err) == driver.KindBug) || !c.fails && (err != nil || info.Reason != driver.StopRequested) || info.Waveforms != 0 {
				t.Errorf("got %+v, %v", info, err)
			}
		})
	}
	t.Run("full", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, blockConfig(40, 60, 1, 1))
		r.mem.full = true
		r.begin(t)
		for limit := time.Now().Add(10 * time.Second); !slices.Contains(r.b.taken(), "Ready"); time.Sleep(time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatal("it does not come to the fetch")
			}
		}
		began := time.Now()
		if info := r.stopWithin(t, 2*waits); info.Reason != driver.StopRequested || info.Waveforms != 0 || time.Since(began) < 2*waits-endMargin {
			t.Errorf("got %+v after %s", info, time.Since(began))
		}
		r.event(t, driver.EventWarning, "1 captured waveform is not recorded: the end came before they were fetched")
	})
}

// waits is how long those wait who ask for the end.
const waits = 2 * time.Second

// slowly is a rapid block of 12 waveforms whose samples the host takes one by one, each in a time, and that is stopped in its first fetch.
func slowly(t *testing.T, each time.Duration) *blockRig {
	t.Helper()
	cfg := blockConfig(0, 40_000, 12, 1)
	cfg.Digital = nil
	r := newBlockRig(t, cfg)
	r.mem.most, r.mem.slow = 40_000, each
	r.begin(t)
	for limit := time.Now().Add(10 * time.Second); !slices.Contains(r.b.taken(), "Ready"); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("it does not come to the fetch")
		}
	}
	return r
}

// TestStoppedWhileFetching: what is captured is fetched as long as the host takes it, and waits for it.
func TestStoppedWhileFetching(t *testing.T) {
	t.Parallel()
	t.Run("a slow host", func(t *testing.T) {
		t.Parallel()
		r := slowly(t, waits/8)
		if info := r.stop(t); info.Waveforms != 12 || len(r.waves(t)) != 12 {
			t.Errorf("got %+v, %d waveforms", info, len(r.waves(t)))
		}
	})
	t.Run("one that does not wait", func(t *testing.T) {
		t.Parallel()
		r := slowly(t, waits/4)
		ctx, cancel := context.WithTimeout(t.Context(), endMargin+waits)
		defer cancel()
		if err := r.dev.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		info, err := r.wait(t)
		if n := len(r.waves(t)); err != nil || info.Reason != driver.StopRequested || info.Waveforms < 1 || info.Waveforms > 8 || int(info.Waveforms) != n {
			t.Errorf("got %+v, %v, %d waveforms", info, err, n)
		}
		r.event(t, driver.EventWarning, "not recorded: the end came before they were fetched")
	})
}

// TestNoRoom: why there is no room is told, where it is not that the host has ended.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	refusal := driver.Errorf(driver.KindPermanent, "wait for room", "no lane is so large")
	for _, drains := range []bool{false, true} {
		t.Run(fmt.Sprintf("the host has ended: %v", drains), func(t *testing.T) {
			t.Parallel()
			r := newBlockRig(t, blockConfig(40, 60, 1, 1))
			r.mem.refusal = refusal
			if drains {
				close(r.mem.drain)
			}
			r.begin(t)
			info, err := r.wait(t)
			if drains && (err != nil || info.Reason != driver.StopRequested) || !drains && !errors.Is(err, refusal) {
				t.Errorf("got %+v, %v", info, err)
			}
		})
	}
}

// TestAskedRoom: batches grow as long as the ring takes them, and no more is waited for than it has taken.
func TestAskedRoom(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40_000, 60_000, 5, 2)
	cfg.Digital, cfg.Channels = nil, cfg.Channels[:1]
	r := newBlockRig(t, cfg)
	r.mem.lanes[0] = make([]byte, 4<<20)
	r.mem.most = 200_000 // a quarter of a lane
	r.whole(t)
	if r.mem.asked > r.mem.most || r.mem.refusals > 1 {
		t.Errorf("room for %d samples was waited for, of %d; %d refusals", r.mem.asked, r.mem.most, r.mem.refusals)
	}
	largest := 0
	for _, b := range r.mem.batches {
		largest = max(largest, b.count[0])
	}
	if largest < 100_000 {
		t.Errorf("the largest batch has %d samples", largest)
	}
}

// TestNothingOfMany: of an arming whose samples are gone each waveform is told of, and ended.
func TestNothingOfMany(t *testing.T) {
	t.Parallel()
	none := picosdk.StatusNoSamplesAvailable
	r := newBlockRig(t, blockConfig(40, 60, 7, 2))
	r.b.answer("Fetch", none, none)
	info, waves := r.whole(t)
	if info.Waveforms != 7 || len(waves) != 14 || waves[6].whole || waves[6].begin.Arming != 0 || waves[7].begin.MemorySegment != 0 || !waves[7].whole {
		t.Errorf("got %+v, %d waveforms", info, len(waves))
	}
	r.event(t, driver.EventWarning, "7 captured waveforms are not recorded: the unit has no samples")
}

// TestLostMeanwhile: what a unit was seen to have captured when it failed is lost, and told.
func TestLostMeanwhile(t *testing.T) {
	t.Parallel()
	for _, s := range []picosdk.Status{picosdk.StatusPowerSupplyNotConnected, picosdk.StatusNotResponding} {
		t.Run(s.Name(), func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 12, 1)
			cfg.Trigger = rising()
			r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.polls, f.sofar = 3, func() int64 { return 5 } })
			r.b.answer("Ready", 0, 0, s)
			r.begin(t)
			info, err := r.wait(t)
			lost, whole := 0, 0
			for _, batch := range r.mem.batches {
				for _, m := range batch.marks {
					switch {
					case m.Kind == driver.MarkWaveEnd && m.Incomplete:
						lost++
					case m.Kind == driver.MarkWaveEnd:
						whole++
					}
				}
			}
			if gone := !s.IsPower(); lost != 5 || gone != (err != nil) || !gone && whole != 12 || int(info.Waveforms) != whole {
				t.Errorf("%d lost, %d whole, %+v, %v", lost, whole, info, err)
			}
			r.event(t, driver.EventWarning, "5 captured waveforms are not recorded")
		})
	}
}

// TestUntilCaptured: the time for repeating does not end what is being captured without waiting for anything.
func TestUntilCaptured(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{false, true} {
		cfg := blockConfig(40, 60, 12, 0)
		cfg.RapidBlock.Repeat = driver.Repeat{For: 50 * time.Millisecond, Ordered: ordered}
		var began time.Time
		r := newBlockRig(t, cfg, func(f *fakeBlocks) {
			f.polls = -1
			f.sofar = func() int64 {
				if began.IsZero() {
					began = time.Now()
				}
				if time.Since(began) > 150*time.Millisecond {
					f.polls = 0
				}
				return 1
			}
		})
		r.begin(t)
		if ordered {
			r.order(t)
		}
		if info, err := r.wait(t); err != nil || info.Reason != driver.StopCompleted || info.Waveforms != 12 {
			t.Errorf("ordered: %v; got %+v, %v", ordered, info, err)
		}
	}
}

// TestOverWithNothing: a run whose time is over ends, whatever becomes of what was captured.
func TestOverWithNothing(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 7, 0)
	cfg.RapidBlock.Repeat = driver.Repeat{For: 50 * time.Millisecond}
	cfg.Trigger = rising()
	r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.polls, f.captured = -1, 3 })
	r.b.answer("Fetch", slices.Repeat([]picosdk.Status{picosdk.StatusNoSamplesAvailable}, 9)...)
	r.whole(t)
	armed := 0
	for _, call := range r.b.taken() {
		if call == "RunBlock 40 60 127 0" {
			armed++
		}
	}
	if armed != 1 {
		t.Errorf("armed %d times", armed)
	}
	r.event(t, driver.EventWarning, "3 captured waveforms are not recorded")
}

// TestAlwaysBusy: a unit that answers nothing but "busy" has failed, also while it waits for a trigger.
func TestAlwaysBusy(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 1, 1)
	cfg.Trigger = rising()
	t.Run("as time goes", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, cfg)
		run := &blockRun{dev: inner(r.dev), set: inner(r.dev).set}
		s := newSilence(run.set)
		for _, c := range []struct {
			at    time.Duration
			busy  bool
			fails bool
		}{{0, true, false}, {9 * time.Second, true, false}, {11 * time.Second, false, false}, {time.Hour, true, false}, {time.Hour + 9*time.Second, true, false}, {time.Hour + 10*time.Second, true, true}} {
			if err := s.look(run, c.at, c.busy); (err != nil) != c.fails || err != nil && driver.KindOf(err) != driver.KindTransient {
				t.Errorf("at %s: %v", c.at, err)
			}
		}
	})
	t.Run("a run", func(t *testing.T) {
		t.Parallel()
		if os.Getenv("SCOPELOG_LONG") != "1" {
			t.Skip("it takes as long as a unit may be busy; the families' own tests do it with emulated ones")
		}
		r := newBlockRig(t, cfg, func(f *fakeBlocks) {
			f.answer = func(call string) error {
				if call != "Ready" {
					return nil
				}
				return picosdk.Err("fakeReady", picosdk.StatusBusy)
			}
		})
		r.begin(t)
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		if info, err := r.dev.Wait(ctx); driver.KindOf(err) != driver.KindTransient || errors.Is(err, context.DeadlineExceeded) || info.Reason != driver.StopFailed {
			t.Errorf("got %+v, %v", info, err)
		}
	})
}
