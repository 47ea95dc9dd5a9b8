package drivertest

import (
	"context"
	"slices"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

var armRules = []rule{
	{"waits for an order to arm", checkOrdered},
	{"refuses a second order", checkSecondOrder},
	{"stops while it waits for an order", checkOrderStop},
	{"brings all captures of an order", checkOrderCaptures},
	{"carries an order out to its end", checkOrderTime},
}

// ordered configures blocks that are armed by order, and starts them. A rule is skipped where the unit cannot do it, which it
// has to say when it is ordered.
func (u *unit) ordered(repeat driver.Repeat, triggered bool) *ring {
	u.k.Helper()
	m := u.mode(driver.ModeBlock)
	if triggered && !m.Triggered {
		u.k.Skipf("blocks cannot be triggered")
	}
	u.armable()
	cfg := u.block(m, 40, 60, 1)
	cfg.Block.Repeat = repeat
	cfg.Block.Repeat.Ordered = true
	if triggered {
		cfg.Trigger = u.rareTrigger(cfg)
	}
	return u.begin(u.configure(cfg), time.Second)
}

// armable skips a rule where the unit takes no orders, which it has to say when it is ordered.
func (u *unit) armable() {
	u.k.Helper()
	if !u.dev.Has(driver.AbilityArm) {
		u.k.wantKind("an order to arm, without the ability", u.order(), driver.KindUnsupported)
		u.k.Skipf("this unit cannot be armed by order")
	}
}

// orderedRapid is ordered for rapid blocks whose captures take at least so long each.
func (u *unit) orderedRapid(repeat driver.Repeat, captures int64, each time.Duration) *ring {
	u.k.Helper()
	m := u.mode(driver.ModeRapidBlock)
	u.armable()
	cfg := u.block(m, 40, 60, captures)
	cfg.Channels, cfg.Digital = cfg.Channels[:min(1, len(cfg.Channels))], nil
	b := &cfg.RapidBlock.BlockConfig
	b.Interval = u.nearest(m, cfg, units.Seconds(1, 100_000))
	b.Post.Samples = max(b.Post.Samples, int64(each.Seconds()/b.Interval.Float64()))
	if m.MaxSamples > 0 && m.MaxSamples < captures*(b.Pre.Samples+b.Post.Samples) {
		u.k.Skipf("the unit's memory is too small for %d captures of %v", captures, each)
	}
	b.Repeat = repeat
	b.Repeat.Ordered = true
	return u.begin(u.configure(cfg), time.Second)
}

// order orders an arming.
func (u *unit) order() error {
	ctx, cancel := u.k.context()
	defer cancel()
	return u.dev.Arm(ctx)
}

// quiet wants nothing but progress for a while: neither waveforms nor word of a trigger that is waited for.
func (u *unit) quiet(r *ring, d time.Duration) {
	u.k.Helper()
	waves := r.waves.complete
	for end := time.Now().Add(d); time.Now().Before(end); {
		select {
		case e, ok := <-u.dev.Events():
			if ok && e.Kind == driver.EventTriggerWait {
				u.k.Fatalf("it waits for a trigger before it is ordered to arm")
			}
		case <-time.After(20 * time.Millisecond):
		}
		if r.drain(); r.waves.open || r.waves.complete != waves {
			u.k.Fatalf("a waveform comes without an order")
		}
	}
	if age := time.Duration(shmring.MonoNow() - r.shm.Progress().ProgressNS); age > u.k.wait(2*time.Second) {
		u.k.Errorf("no progress for %v while it waits for an order", age)
	}
}

func checkOrdered(k *kit) {
	u := k.open()
	r := u.ordered(driver.Repeat{Count: 2}, false)
	for n := 1; n <= 2; n++ {
		u.quiet(r, 300*time.Millisecond)
		u.orderSoon()
		r.until("the waveform that was ordered", func() bool { return r.waves.complete >= n })
	}
	if u.whole(r); r.waves.complete != 2 || len(r.waves.armings) != 2 {
		k.Errorf("%d waveforms of %d armings, want 2 of 2", r.waves.complete, len(r.waves.armings))
	}
	if u.order() == nil {
		k.Errorf("it takes an order when all that was configured is captured")
	}
}

// orderSoon orders an arming; the unit may still be about to end the one before.
func (u *unit) orderSoon() {
	u.k.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), u.k.wait(5*time.Second))
	defer cancel()
	for {
		err := u.order()
		if err == nil {
			return
		}
		if driver.KindOf(err) != driver.KindBusy || ctx.Err() != nil {
			u.k.Fatalf("an order to arm is refused: %v", err)
		}
		sleep(ctx, 5*time.Millisecond)
	}
}

func checkSecondOrder(k *kit) {
	u := k.open()
	r := u.ordered(driver.Repeat{Forever: true}, true)
	u.quiet(r, 300*time.Millisecond)
	u.orderSoon()
	if !u.waiting(r) {
		return
	}
	err := u.order()
	if r.drain(); r.waves.complete > 0 {
		k.Skipf("the trigger has come: the input is not at rest")
	}
	k.wantKind("a second order", err, driver.KindBusy)
	if info := u.end(r); info.Reason != driver.StopRequested || info.Waveforms != 0 {
		k.Errorf("stopped while it waited: reason %q, %d waveforms", info.Reason, info.Waveforms)
	}
}

func checkOrderStop(k *kit) {
	u := k.open()
	r := u.ordered(driver.Repeat{Forever: true}, false)
	u.quiet(r, 300*time.Millisecond)
	began := time.Now()
	info := u.end(r)
	if took := time.Since(began); took > k.wait(5*time.Second) {
		k.Errorf("it took %v to stop while it waited for an order", took)
	}
	if info.Reason != driver.StopRequested || info.Waveforms != 0 || r.waves.complete+r.waves.broken > 0 {
		k.Errorf("stopped while it waited: reason %q, %d waveforms", info.Reason, info.Waveforms)
	}
	if u.order() == nil {
		k.Errorf("it takes an order when it does not run")
	}
}

func checkOrderCaptures(k *kit) {
	const captures = 12
	u := k.open()
	r := u.orderedRapid(driver.Repeat{Count: 2}, captures, 0)
	u.quiet(r, 100*time.Millisecond)
	u.orderSoon()
	u.orderSoon() // taken when all of the first one is in the sink
	if r.drain(); r.waves.complete < captures {
		k.Errorf("an order of %d captures brought %d before the next one was taken", captures, r.waves.complete)
	}
	if u.whole(r); r.waves.complete != 2*captures || !slices.Equal(r.waves.armings, []int{captures, captures}) {
		k.Errorf("two orders of %d captures brought %d waveforms, by arming %v", captures, r.waves.complete, r.waves.armings)
	}
}

// checkOrderTime lets the time for repeating end in the middle of an order.
func checkOrderTime(k *kit) {
	const captures, each = 8, 200 * time.Millisecond
	u := k.open()
	r := u.orderedRapid(driver.Repeat{For: captures * each / 2}, captures, each)
	u.orderSoon()
	if info := u.whole(r); r.waves.complete != captures || info.Waveforms != captures {
		k.Errorf("an order of %d captures that the time for repeating ended in brought %d, Wait says %d", captures, r.waves.complete, info.Waveforms)
	}
}
