package main

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// ordered is a block configuration that is armed by order.
func ordered(repeat driver.Repeat, trigger bool) driver.Config {
	cfg := captured(100, 400)
	cfg.Block.Repeat = repeat
	cfg.Block.Repeat.Ordered = true
	if trigger {
		cfg.Trigger = rising(500 * units.Millivolt)
	}
	return cfg
}

// armSoon arms, again while an earlier order is carried out.
func armSoon(t *testing.T, d *Device) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		err := d.Arm(t.Context())
		if err == nil {
			return
		}
		if driver.KindOf(err) != driver.KindBusy || time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

func TestOrdered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		pace    string
		cfg     driver.Config
		orders  int64
		waves   int64
		reason  driver.StopReason
		stopped bool
	}{
		{"one order each", paceNames[0], ordered(driver.Repeat{Count: 3}, false), 3, 3, driver.StopCompleted, false},
		{"with a trigger", paceNames[0], ordered(driver.Repeat{Count: 3}, true), 3, 3, driver.StopCompleted, false},
		{"without end", paceNames[0], ordered(driver.Repeat{Forever: true}, true), 4, 4, driver.StopRequested, true},
		{"rapid", paceNames[0], rapid(ordered(driver.Repeat{Count: 2}, true), 5), 2, 10, driver.StopCompleted, false},
		{"fast", paceNames[1], ordered(driver.Repeat{Count: 3}, true), 3, 3, driver.StopCompleted, false},
		{"never ordered", paceNames[0], ordered(driver.Repeat{Count: 3}, false), 0, 0, driver.StopRequested, true},
		{"never ordered, for a time", paceNames[0], ordered(driver.Repeat{For: 20 * time.Millisecond}, false), 0, 0, driver.StopCompleted, false},
		{"never ordered, for a time, fast", paceNames[1], ordered(driver.Repeat{For: 20 * time.Millisecond}, false), 0, 0, driver.StopCompleted, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.world.clock = func() clock { return newHostClock() }
			d := b.open(driver.OpenRequest{Serial: "S"})
			if err := d.Arm(t.Context()); driver.KindOf(err) != driver.KindPermanent {
				t.Errorf("a unit that does not run can be armed: %v", err)
			}
			c.cfg.Options = opts("pace", c.pace)
			applied, err := d.Configure(t.Context(), c.cfg)
			if err != nil {
				t.Fatal(err)
			}
			s := newFakeSink(applied.Streams)
			if err := d.Start(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			for range c.orders {
				armSoon(t, d)
			}
			if c.stopped {
				for d.current().orders.ordered.Load() { // the last order is being carried out
					time.Sleep(time.Millisecond)
				}
				if err := d.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			info, err := d.Wait(t.Context())
			if err != nil || info.Reason != c.reason || info.Waveforms != c.waves {
				t.Fatalf("%+v, %v", info, err)
			}
			checkWaves(t, s, 500, c.waves)
			if err := d.Arm(t.Context()); driver.KindOf(err) != driver.KindPermanent {
				t.Errorf("armed behind the end: %v", err)
			}
		})
	}
}

// TestBusy orders twice at once.
func TestBusy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.world.clock = func() clock { return newHostClock() }
	d := b.open(driver.OpenRequest{Serial: "S"})
	cfg := ordered(driver.Repeat{Forever: true}, false)
	cfg.Trigger = rising(1500 * units.Millivolt) // never comes
	applied, err := d.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context(), newFakeSink(applied.Streams)); err != nil {
		t.Fatal(err)
	}
	if err := d.Arm(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := d.Arm(t.Context()); driver.KindOf(err) != driver.KindBusy {
			t.Fatalf("armed twice: %v", err)
		}
	}
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	plain := captured(0, 100)
	if _, err := d.Configure(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	if err := d.Arm(t.Context()); driver.KindOf(err) != driver.KindPermanent {
		t.Errorf("a block that is armed by itself takes an order: %v", err)
	}
}

// TestRepeatForEndsAWait lets the time for repeating end while a trigger is waited for that never comes.
func TestRepeatForEndsAWait(t *testing.T) {
	t.Parallel()
	for _, pace := range paceNames {
		for _, c := range []struct {
			name      string
			threshold units.Voltage
			length    time.Duration
			waves     int64
		}{
			{"no trigger", 1500 * units.Millivolt, 100 * time.Millisecond, 0},
			{"no trigger for an hour", 1500 * units.Millivolt, time.Hour, 0},
			{"the last trigger comes too late", 500 * units.Millivolt, 900 * time.Microsecond, 1}, // it rises through it every 1 ms
		} {
			t.Run(pace+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				cfg := captured(10, 20)
				cfg.Block.Repeat = driver.Repeat{For: c.length}
				cfg.Trigger = rising(c.threshold)
				cfg.Options = opts("pace", pace)
				b := newBench(t)
				s, _, info, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
				if err != nil || info.Reason != driver.StopCompleted || info.Waveforms != c.waves {
					t.Fatalf("%+v, %v", info, err)
				}
				checkWaves(t, s, 30, c.waves)
			})
		}
	}
}
