package drivertest

import (
	"slices"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// rareTrigger is a trigger that an input at rest does not fire: near the top of the first channel's range.
func (u *unit) rareTrigger(cfg driver.Config) *driver.TriggerConfig {
	u.k.Helper()
	ch := u.analog(cfg)
	t := u.caps.Trigger
	if !slices.Contains(t.Sources, ch.Channel) || !slices.Contains(t.Directions, driver.DirectionRising) {
		u.k.Skipf("the unit has no trigger on a rising edge of channel %s", ch.Channel)
	}
	return &driver.TriggerConfig{Levels: []driver.LevelCondition{{
		Name: ch.Channel, Source: ch.Channel, Direction: driver.DirectionRising, Threshold: ch.Range / 100 * 98,
	}}}
}

// triggered returns a block mode that can be triggered.
func (u *unit) triggered() driver.ModeCapabilities {
	u.k.Helper()
	m := u.mode(driver.ModeBlock)
	if !m.Triggered {
		u.k.Skipf("blocks cannot be triggered")
	}
	return m
}

// checkTriggerWait has a trigger that does not come: the driver says that it waits, shows progress and stops when asked.
func checkTriggerWait(k *kit) {
	u := k.open()
	cfg := u.block(u.triggered(), 40, 60, 1)
	cfg.Trigger = u.rareTrigger(cfg)
	r := u.begin(u.configure(cfg), time.Second)
	if !u.waiting(r) {
		return
	}
	budget := u.d.Budgets.Fetch
	if budget <= 0 {
		budget = 10 * time.Second
	}
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		r.drain()
		r.c.Wait(50 * time.Millisecond)
		if age := time.Duration(shmring.MonoNow() - r.shm.Progress().ProgressNS); age > k.wait(min(budget, 2*time.Second)) {
			k.Fatalf("no progress for %v while it waits for its trigger", age)
		}
	}
	if r.waves.complete > 0 {
		k.Skipf("the trigger has come: the input is not at rest")
	}
	began := time.Now()
	info := u.end(r)
	if took := time.Since(began); took > k.wait(5*time.Second) {
		k.Errorf("it took %v to stop while it waited for its trigger", took)
	}
	if info.Reason != driver.StopRequested || info.Waveforms != 0 || r.waves.complete+r.waves.broken > 0 {
		k.Errorf("stopped while it waited: reason %q, %d waveforms", info.Reason, info.Waveforms)
	}
}

// waiting waits for the driver's word that it waits; false: it was triggered before.
func (u *unit) waiting(r *ring) bool {
	u.k.Helper()
	limit := time.After(u.k.wait(10 * time.Second))
	for {
		select {
		case e, ok := <-u.dev.Events():
			if !ok {
				u.k.Fatalf("the events have ended")
			}
			if e.Kind == driver.EventTriggerWait {
				return true
			}
		case <-time.After(20 * time.Millisecond):
			if r.drain(); r.waves.complete > 0 {
				u.k.Skipf("the trigger has come: the input is not at rest")
				return false
			}
		case <-limit:
			u.k.Errorf("a device that waits for its trigger has to send %q", driver.EventTriggerWait)
			return false
		}
	}
}

func checkAutoTrigger(k *kit) {
	u := k.open()
	m := u.triggered()
	if !u.caps.Trigger.Auto {
		k.Skipf("the unit cannot trigger by itself")
	}
	cfg := u.block(m, 40, 60, 1)
	cfg.Trigger = u.rareTrigger(cfg)
	cfg.Trigger.Auto = 50 * time.Millisecond
	a := u.configure(cfg)
	r := u.begin(a, time.Second)
	u.whole(r)
	if r.waves.complete != 3 {
		k.Errorf("%d waveforms, want 3", r.waves.complete)
	}
	for _, at := range r.waves.position {
		if at < a.PreSamples-1 || at > a.PreSamples+1 {
			k.Errorf("a trigger is marked at sample %d, the trigger point is sample %d", at, a.PreSamples)
		}
	}
}

// checkStopAfterTrigger wants a stream with a trigger that does not come to stop when asked to.
func checkStopAfterTrigger(k *kit) {
	u := k.open()
	if m := u.stream(); !m.Triggered || !m.StopAfter {
		k.Skipf("a stream cannot be stopped by a trigger")
	}
	cfg := u.config()
	cfg.Stream.StopAfterTrigger = true
	cfg.Stream.Post = driver.Span{Samples: 100}
	cfg.Trigger = u.rareTrigger(cfg)
	r := u.begin(u.configure(cfg), 4*time.Second)
	// It may deliver all the time, or only what is kept around the trigger.
	for end := time.Now().Add(time.Second); time.Now().Before(end) && !r.c.EOS(); {
		r.drain()
		r.c.Wait(20 * time.Millisecond)
	}
	ended := r.c.EOS()
	info := u.end(r)
	if info.Reason != driver.StopTriggered && (ended || info.Reason != driver.StopRequested) {
		k.Errorf("ended by itself: %v, and it says the reason is %q", ended, info.Reason)
	}
	r.account(info)
}
