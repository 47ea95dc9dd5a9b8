package scope

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// order orders an arming, again and again while the one before is carried out.
func (r *blockRig) order(t *testing.T) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		err := r.dev.(driver.Armer).Arm(t.Context())
		if err == nil {
			return
		}
		if driver.KindOf(err) != driver.KindBusy || time.Now().After(limit) {
			t.Fatalf("arm: %v", err)
		}
	}
}

// TestOrdered arms by order only, also by one that comes right behind Start.
func TestOrdered(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 2, 3)
	cfg.RapidBlock.Repeat.Ordered = true
	r := newBlockRig(t, cfg)
	r.begin(t)
	for n := 1; n <= 3; n++ {
		r.order(t)
		r.batches(t, 2*n)
	}
	if info, err := r.wait(t); err != nil || info.Reason != driver.StopCompleted || info.Waveforms != 6 || len(r.waves(t)) != 6 {
		t.Errorf("got %+v, %v", info, err)
	}
	if err := r.dev.(driver.Armer).Arm(t.Context()); driver.KindOf(err) != driver.KindPermanent || err == nil {
		t.Errorf("an order when all is done: %v", err)
	}
}

// lateContext is looked at when something has happened.
type lateContext struct {
	context.Context
	happened chan struct{}
}

func (c lateContext) Done() <-chan struct{} {
	<-c.happened
	return c.Context.Done()
}

// TestLastOrder: an order that was carried out is not answered by the end of the run, which comes right behind it.
func TestLastOrder(t *testing.T) {
	t.Parallel()
	for range 50 {
		b := &blockRun{plan: &blockSetup{ordered: true}, queue: newOrders(), ending: ending{done: make(chan struct{})}}
		ctx := lateContext{t.Context(), make(chan struct{})}
		go func() {
			reply := <-b.queue.next
			reply <- nil
			close(b.done)
			close(ctx.happened)
		}()
		if err := (&Device{running: b}).Arm(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOrderWaits: nothing is armed without an order, the time and Stop end the wait, and an order is for one arming.
func TestOrderWaits(t *testing.T) {
	t.Parallel()
	ordered := func(repeat driver.Repeat) driver.Config {
		cfg := blockConfig(40, 60, 1, 0)
		repeat.Ordered = true
		cfg.Block.Repeat, cfg.Trigger = repeat, rising()
		return cfg
	}
	t.Run("stop", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, ordered(driver.Repeat{Forever: true}))
		r.begin(t)
		for before, limit := 0, time.Now().Add(10*time.Second); before < 2; time.Sleep(time.Millisecond) {
			if before, _ = r.mem.seen(); time.Now().After(limit) {
				t.Fatal("no progress while it waits for an order")
			}
		}
		if info := r.stop(t); info.Reason != driver.StopRequested || info.Waveforms != 0 {
			t.Errorf("got %+v", info)
		}
		wantCalls(t, r.b.taken(), "Stop", "Disarm")
	})
	t.Run("time", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, ordered(driver.Repeat{For: 30 * time.Millisecond}))
		if info, _ := r.whole(t); info.Waveforms != 0 {
			t.Errorf("got %+v", info)
		}
	})
	t.Run("busy", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, ordered(driver.Repeat{Forever: true}), func(f *fakeBlocks) { f.polls = -1 })
		r.begin(t)
		r.order(t)
		if calls := r.b.taken(); calls[0] != "RunBlock 40 60 127 0" {
			t.Errorf("the order is answered before the unit is armed: %q", calls)
		}
		if err := r.dev.(driver.Armer).Arm(t.Context()); driver.KindOf(err) != driver.KindBusy {
			t.Errorf("a second order: %v", err)
		}
		r.stop(t)
	})
	t.Run("fails", func(t *testing.T) {
		t.Parallel()
		r := newBlockRig(t, ordered(driver.Repeat{Forever: true}))
		r.b.answer("RunBlock", picosdk.StatusNotResponding)
		r.begin(t)
		if err := r.dev.(driver.Armer).Arm(t.Context()); driver.KindOf(err) != driver.KindPermanent || err == nil {
			t.Errorf("an order that cannot be carried out: %v", err)
		}
		if _, err := r.wait(t); driver.KindOf(err) != driver.KindDeviceGone {
			t.Errorf("got %v", err)
		}
	})
	t.Run("not ordered", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.start(t)
		if err := r.dev.(driver.Armer).Arm(t.Context()); driver.KindOf(err) != driver.KindPermanent || err == nil {
			t.Errorf("a stream takes an order: %v", err)
		}
	})
	t.Run("hangs", func(t *testing.T) {
		t.Parallel()
		hang := make(chan struct{})
		cfg := ordered(driver.Repeat{Forever: true})
		cfg.Trigger = nil
		r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.hang = hang })
		r.begin(t)
		r.order(t)
		<-r.f.asleep
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := r.dev.(driver.Armer).Arm(ctx); driver.KindOf(err) != driver.KindBusy {
			t.Errorf("an order while the library hangs: %v", err)
		}
		close(hang)
		r.batches(t, 1)
		r.stop(t)
	})
}

// TestBlockPower: a change of power costs the arming that it falls into. The unit is set up again, with its trigger.
func TestBlockPower(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, call string
		after      int
		lost       int // waveforms that were begun
		ordered    bool
	}{
		{"arming", "RunBlock", 1, 0, false},
		{"arming by order", "RunBlock", 1, 0, true},
		{"waiting", "Ready", 1, 0, false},
		{"fetching", "Fetch", 9, 1, false},
		{"the triggers", "TriggerTimes", 1, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 1, 3)
			cfg.Digital, cfg.Trigger = nil, rising()
			cfg.Block.Repeat.Ordered = c.ordered
			r := newBlockRig(t, cfg)
			r.mem.most = 30
			r.b.answer(c.call, append(make([]picosdk.Status, c.after), picosdk.StatusPowerSupplyNotConnected)...)
			r.begin(t)
			for n := 1; c.ordered && n <= 3; n++ {
				r.order(t)
			}
			info, err := r.wait(t)
			if err != nil || info.Reason != driver.StopCompleted || info.Waveforms != 3 {
				t.Fatalf("got %+v, %v", info, err)
			}
			r.event(t, driver.EventPower, "running again from usb power")
			lost, runs := 0, 0
			for _, w := range r.mem.batches {
				for _, m := range w.marks {
					if m.Kind == driver.MarkWaveEnd && m.Incomplete {
						lost++
					}
				}
			}
			calls := strings.Join(r.b.taken(), "\n")
			runs = strings.Count(calls, "RunBlock")
			want := "ChangePowerSource 0x0000011A\nDisarm\nSetChannel C off\nSetChannel D off\nSetPort 0 false [] 0\nSetPort 1 false [] 0\nSetResolution 8\nPrepare\n" +
				"SetChannel A 1 8 0 V 1\nSetChannel B 0 6 -1 V 0\nSegments 1\nSetCaptures 1\nSetTrigger 1 0 0s\nRunBlock"
			if lost != c.lost || runs != 4 || !strings.Contains(calls, want) {
				t.Errorf("%d waveforms lost, %d armings, calls\n%s", lost, runs, calls)
			}
		})
	}
}

// TestBlockPowerTakesChannels: what cannot be captured any more ends the run.
func TestBlockPowerTakesChannels(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 1, 3)
	cfg.Channels[1].Channel = "D"
	r := newBlockRig(t, cfg)
	r.b.answer("Ready", picosdk.StatusPowerSupplyNotConnected)
	r.begin(t)
	info, err := r.wait(t)
	e := wantError(t, err, driver.KindTransient, "power", "")
	if !strings.Contains(e.Message, "no channel D") || info.Reason != driver.StopFailed {
		t.Errorf("got %+v, %v", info, err)
	}
}

// TestBlockClose: closing a unit that captures stops it in order.
func TestBlockClose(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 1, 1)
	cfg.Block.Repeat.Forever = true
	r := newBlockRig(t, cfg)
	r.begin(t)
	r.batches(t, 3)
	if err := r.dev.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := r.wait(t); err != nil || info.Reason != driver.StopRequested || info.Waveforms < 3 {
		t.Errorf("got %+v, %v", info, err)
	}
	if err := r.dev.(driver.Armer).Arm(t.Context()); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("an order behind the close: %v", err)
	}
}
