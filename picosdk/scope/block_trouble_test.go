package scope

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
)

// TestStopWhileWaiting: a unit that waits for its trigger shows that it is alive, takes other calls, and stops at once.
func TestStopWhileWaiting(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 1, 0)
	cfg.Trigger = rising()
	r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.polls = -1 })
	r.begin(t)
	r.event(t, driver.EventTriggerWait, "waiting")
	before, _ := r.mem.seen()
	r.b.answer("Ping", picosdk.StatusBusy)
	if err := r.dev.(driver.Pinger).Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := r.dev.(driver.Identifier).Identify(t.Context()); err != nil {
		t.Errorf("identify: %v", err)
	}
	if _, err := r.dev.(driver.GeneratorController).SetGenerator(t.Context(), nil); err != nil {
		t.Errorf("generator: %v", err)
	}
	for limit := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if now, _ := r.mem.seen(); now > before {
			break
		}
		if time.Now().After(limit) {
			t.Fatal("no progress")
		}
	}
	if info := r.stop(t); info.Reason != driver.StopRequested || info.Waveforms != 0 || len(r.mem.batches) > 0 {
		t.Errorf("got %+v, %d batches", info, len(r.mem.batches))
	}
	calls := r.b.taken()
	for _, want := range []string{"Ping", "Flash 10", "Silence"} {
		if !slices.Contains(calls, want) {
			t.Errorf("calls %q lack %s", calls, want)
		}
	}
	wantCalls(t, calls[len(calls)-4:], "Stop", "Captured", "Stop", "Disarm")
}

// TestStoppedEarly: what a rapid block has captured before the end is kept.
func TestStoppedEarly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		captured int64
		status   picosdk.Status // of Captured
		keep     int
		drain    bool
		warns    bool
	}{
		{name: "some", captured: 5, keep: 5},
		{name: "the host drains", captured: 5, keep: 5, drain: true},
		{name: "none", captured: 0},
		{name: "none, by status", captured: 7, status: picosdk.StatusNoSamplesAvailable},
		{name: "more than there can be", captured: 13, keep: 12, warns: true},
		{name: "less than none", captured: -1, warns: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 12, 3)
			cfg.Trigger = rising()
			r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.polls, f.captured = -1, c.captured })
			if c.status != 0 {
				r.f.answer = func(call string) error {
					if call != "Captured" || !r.f.run.stopped {
						return nil
					}
					return picosdk.Err("fakeCaptured", c.status)
				}
			}
			r.begin(t)
			r.event(t, driver.EventTriggerWait, "")
			if c.drain {
				close(r.mem.drain)
			} else if err := r.dev.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			info, err := r.wait(t)
			waves := r.waves(t)
			if err != nil || info.Reason != driver.StopRequested || int(info.Waveforms) != c.keep || len(waves) != c.keep {
				t.Errorf("got %+v, %v, %d waveforms", info, err, len(waves))
			}
			if c.warns {
				r.event(t, driver.EventWarning, "of 12")
			}
			if calls := r.b.taken(); c.keep > 0 {
				at := slices.Index(calls, "Stop")
				if at < 0 || calls[at+1] != "Captured" || slices.IndexFunc(calls, func(s string) bool { return strings.HasPrefix(s, "Fetch") }) < at {
					t.Errorf("calls %q", calls)
				}
			}
		})
	}
}

// TestNoSamples: a unit may say that it is ready and then have no samples: once, not for ever.
func TestNoSamples(t *testing.T) {
	t.Parallel()
	none := picosdk.StatusNoSamplesAvailable
	for _, c := range []struct {
		name   string
		answer []picosdk.Status // of Fetch
		repeat int64
		whole  int
		lost   int
		fails  bool
	}{
		{"once", []picosdk.Status{none}, 3, 3, 0, false},
		{"twice", []picosdk.Status{none, none}, 3, 2, 1, false},
		{"in two armings", []picosdk.Status{none, none, none, none}, 3, 1, 2, false},
		{"now and then", []picosdk.Status{none, none, 0, none, none, 0, none, none, 0}, 6, 3, 3, false},
		{"always", slices.Repeat([]picosdk.Status{none}, 6), 3, 0, 3, true},
		{"busy", []picosdk.Status{picosdk.StatusBusy, picosdk.StatusBusy}, 3, 3, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newBlockRig(t, blockConfig(40, 60, 1, c.repeat))
			r.b.answer("Fetch", c.answer...)
			r.begin(t)
			info, err := r.wait(t)
			if (err != nil) != c.fails || c.fails && (driver.KindOf(err) != driver.KindTransient || info.Reason != driver.StopFailed) {
				t.Fatalf("got %+v, %v", info, err)
			}
			whole, lost := 0, 0
			for _, w := range r.waves(t) {
				if w.whole {
					whole++
				} else {
					lost++
				}
			}
			if whole != c.whole || lost != c.lost || int(info.Waveforms) != c.whole {
				t.Errorf("%d waveforms whole and %d lost, want %d and %d; told %d", whole, lost, c.whole, c.lost, info.Waveforms)
			}
		})
	}
}

// TestBlockFails: a failing call ends the run, the waveform that is open is ended as incomplete.
func TestBlockFails(t *testing.T) {
	t.Parallel()
	gone, bad := picosdk.StatusNotResponding, picosdk.Status(0x15) // PICO_BLOCK_MODE_FAILED
	for _, c := range []struct {
		name   string
		call   string
		after  int // answers in order before
		status picosdk.Status
		kind   driver.Kind
		waves  int
		broken bool
		last   []string
	}{
		{"arming", "RunBlock", 1, bad, driver.KindUnsupported, 1, false, []string{"Stop", "Disarm"}},
		{"unplugged while arming", "RunBlock", 0, gone, driver.KindDeviceGone, 0, false, nil},
		{"waiting", "Ready", 1, bad, driver.KindUnsupported, 1, false, []string{"Stop", "Disarm"}},
		{"unplugged while waiting", "Ready", 1, gone, driver.KindDeviceGone, 1, false, nil},
		{"fetching", "Fetch", 9, bad, driver.KindUnsupported, 2, true, []string{"Stop", "Disarm"}},
		{"unplugged while fetching", "Fetch", 10, gone, driver.KindDeviceGone, 2, true, nil},
		{"unplugged before the triggers are told", "TriggerTimes", 1, gone, driver.KindDeviceGone, 2, true, nil},
		{"another handle", "Ready", 0, picosdk.StatusInvalidHandle, driver.KindDeviceGone, 0, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 1, 3)
			cfg.Trigger = rising()
			r := newBlockRig(t, cfg)
			r.mem.most = 30 // seven batches of 16
			r.b.answer(c.call, append(make([]picosdk.Status, c.after), c.status)...)
			r.begin(t)
			info, err := r.wait(t)
			if driver.KindOf(err) != c.kind || err == nil || info.Reason != driver.StopFailed {
				t.Fatalf("got %+v, %v", info, err)
			}
			waves := r.waves(t)
			if len(waves) != c.waves || c.waves > 0 && waves[c.waves-1].whole == c.broken || len(r.mem.finished) != 1 || r.mem.finished[0] == nil {
				t.Errorf("%d waveforms, finished %v", len(waves), r.mem.finished)
			}
			kind := driver.EventError
			if c.kind == driver.KindDeviceGone {
				kind = driver.EventDeviceGone
			}
			r.event(t, kind, "")
			if calls := r.b.taken(); c.last != nil && !slices.Equal(calls[len(calls)-2:], c.last) || c.last == nil && slices.Contains(calls, "Stop") {
				t.Errorf("calls %q", calls)
			}
		})
	}
}

// TestHostileUnit: answers that cannot be are failures, not crashes.
func TestHostileUnit(t *testing.T) {
	t.Parallel()
	t.Run("over-range of too few", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, blockConfig(40, 60, 3, 1), func(f *fakeBlocks) { f.short = true })
		r.begin(t)
		if _, err := r.wait(t); err == nil || !strings.Contains(err.Error(), "2 waveforms instead of 3") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("too few triggers", func(t *testing.T) {
		t.Parallel()
		cfg := blockConfig(40, 60, 3, 1)
		cfg.Trigger = rising()
		r := newBlockRig(t, cfg, func(f *fakeBlocks) {
			f.times = func(int64, int64) ([]TriggerTime, error) { return nil, nil }
		})
		if info, _ := r.whole(t); info.Waveforms != 3 {
			t.Errorf("got %+v", info)
		}
		r.event(t, driver.EventWarning, "0 triggers instead of 3")
	})
	t.Run("no room for a sample", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, blockConfig(40, 60, 1, 1))
		r.mem.most = 0
		r.begin(t)
		if _, err := r.wait(t); driver.KindOf(err) != driver.KindBug || err == nil {
			t.Errorf("got %v", err)
		}
	})
}

// TestSilentUnit: a unit that captures by itself and does not is given up; one that waits for a trigger never is.
func TestSilentUnit(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 1, 1)
	r := newBlockRig(t, cfg)
	run := &blockRun{dev: inner(r.dev), set: inner(r.dev).set}
	s := newSilence(run.set)
	for _, c := range []struct {
		waited time.Duration
		fails  bool
	}{{time.Second, false}, {3 * time.Second, false}, {4 * time.Second, false}, {11 * time.Second, true}} {
		if err := s.look(run, c.waited, false); (err != nil) != c.fails || err != nil && driver.KindOf(err) != driver.KindTransient {
			t.Errorf("after %s: %v", c.waited, err)
		}
	}
	r.event(t, driver.EventWarning, "no waveform for 3s")
	slow := *run.set
	slow.block = &blockSetup{window: window{0, 5_000_000}, captures: 2}
	if s := newSilence(&slow); s.look(run, 20*time.Second, false) != nil || s.look(run, 70*time.Second, false) == nil {
		t.Errorf("10 s of samples: %+v", s)
	}
	slow.trigger = &trigger.Plan{}
	if err := newSilence(&slow).look(run, 1000*time.Hour, false); err != nil {
		t.Errorf("a trigger that does not come: %v", err)
	}
	slow.trigger.Auto = time.Second
	if newSilence(&slow).look(run, time.Hour, false) == nil {
		t.Error("an automatic trigger that does not come is no failure")
	}
}

// TestHangingLibrary: there is no progress while a call does not return, and Stop leaves with its context.
func TestHangingLibrary(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	r := newBlockRig(t, blockConfig(40, 60, 1, 1), func(f *fakeBlocks) { f.hang = hang })
	r.begin(t)
	<-r.f.asleep
	before, _ := r.mem.seen()
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if err := r.dev.Stop(ctx); driver.KindOf(err) != driver.KindTransient || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stop: %v", err)
	}
	if now, _ := r.mem.seen(); now != before {
		t.Errorf("%d signs of life while the library hangs", now-before)
	}
	close(hang)
	if info, err := r.wait(t); err != nil || info.Waveforms != 0 || info.Reason != driver.StopRequested {
		t.Errorf("got %+v, %v", info, err)
	}
	r.event(t, driver.EventWarning, "1 captured waveform is not recorded: the end came before they were fetched")
}
