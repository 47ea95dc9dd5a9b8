package main

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/trigger"
	"github.com/scopelog/scopelog/units"
)

// hunter configures a unit and returns the search for its trigger.
func hunter(t testing.TB, b *bench, cfg driver.Config) *trigger.Hunt {
	t.Helper()
	d := b.open(driver.OpenRequest{Serial: "S"})
	if _, err := d.Configure(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	h := trigger.New(d.set.trigger.config, d.set.trigger.inputs)
	h.Arm()
	return h
}

// rare is a random pulse every ten minutes at 100 MS/s, in noise.
func rare(threshold units.Voltage) driver.Config {
	cfg := captured(0, 1000)
	cfg.Block.Interval = units.Seconds(1, 1e8)
	cfg.Channels[0].Options = opts("signal", "random_pulses", "amplitude", units.Volt, "width", us(3), "rise", us(1), "mean_interval", units.Seconds(600, 1), "noise", 5*units.Millivolt)
	cfg.Trigger = rising(threshold)
	cfg.Trigger.Levels[0].Hysteresis = 100 * units.Millivolt
	return cfg
}

// TestRareTriggerInHours looks through four hours of samples: some twenty pulses, of which each is found where it is, and
// nothing else.
func TestRareTriggerInHours(t *testing.T) {
	t.Parallel()
	const hours = int64(4 * 3600 * 1e8)
	h := hunter(t, newBench(t), rare(500*units.Millivolt))
	found := 0
	for first := int64(0); ; found++ {
		at, ok := h.Run(first, hours-first)
		if !ok {
			break
		}
		if fs := h.Offset(1e7, 1); fs > 0 || fs <= -1e7 {
			t.Errorf("pulse at %d: offset %d fs", at, fs)
		}
		first = at + 1
		h.Arm()
	}
	if found < 10 || found > 40 {
		t.Errorf("%d pulses in four hours, want about 24", found)
	}
	if at, ok := hunter(t, newBench(t), rare(1500*units.Millivolt)).Run(0, hours); ok {
		t.Errorf("a threshold above all pulses is crossed at %d", at)
	}
}

// TestBlocksAllocateNothing checks the steady state of captures.
func TestBlocksAllocateNothing(t *testing.T) {
	b := newBench(t)
	unit := b.open(driver.OpenRequest{})
	cfg := rapid(captured(100, 900), 1000)
	cfg.Trigger = rising(0)
	cfg.Trigger.Levels = append(cfg.Trigger.Levels, driver.LevelCondition{Name: "EXT", Source: "EXT", Direction: driver.DirectionBelow, Threshold: 4 * units.Volt})
	cfg.RapidBlock.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 10, KeepRaw: true}
	cfg.Options = opts("pace", "fast")
	applied, err := unit.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := &nullSink{fakeSink: newFakeSink(applied.Streams)}
	a, err := newAcquisition(unit, unit.set, s, unit.state)
	if err != nil {
		t.Fatal(err)
	}
	next := func() {
		s.marks = s.marks[:0]
		if next, failure := a.capture(a.waves.end+1, capture{}); next != goOn || failure != nil {
			t.Fatal("it ended")
		}
	}
	for range 10 {
		next()
	}
	if n := testing.AllocsPerRun(60, next); n != 0 {
		t.Errorf("%g allocations per waveform", n)
	}
	a.halt()
	a.giveUp()
}

// BenchmarkSearch tells how fast a trigger that does not come is looked for.
func BenchmarkSearch(b *testing.B) {
	for name, c := range map[string]struct {
		options driver.Options
		trigger *driver.TriggerConfig
	}{
		"edge, periodic signal": {opts("signal", "sine", "amplitude", 2*units.Volt), unarmed()},
		"edge, noise":           {opts("signal", "dc", "noise", 100*units.Millivolt), unarmed()},
		"edge, out of reach":    {opts("signal", "dc", "noise", 10*units.Millivolt), rising(units.Volt)},
		"pulse width":           {opts("signal", "sine", "amplitude", 2*units.Volt), widePulse()},
	} {
		b.Run(name, func(b *testing.B) {
			world := &world{rig: rig{dir: filepath.Join(b.TempDir(), "rig"), owner: "test"}, clock: func() clock { return &fakeClock{} }}
			d, err := newDriver(world).Open(b.Context(), driver.OpenRequest{Serial: "S"})
			if err != nil {
				b.Fatal(err)
			}
			cfg := captured(0, 1000)
			cfg.Channels[0].Options, cfg.Trigger = c.options, c.trigger
			if _, err := d.Configure(b.Context(), cfg); err != nil {
				b.Fatal(err)
			}
			set := d.(*Device).set
			h := trigger.New(set.trigger.config, set.trigger.inputs)
			h.Arm()
			b.SetBytes(1 << 20) // a byte stands for a sample
			b.ReportAllocs()
			at := int64(0)
			for b.Loop() {
				h.Run(at, 1<<20)
				at += 1 << 20
			}
			if err := d.Close(context.Background()); err != nil {
				b.Error(err)
			}
		})
	}
}

// unarmed is an edge that never comes because the signal never falls below its hysteresis.
func unarmed() *driver.TriggerConfig {
	t := rising(0)
	t.Levels[0].Hysteresis = 1500 * units.Millivolt
	return t
}

// widePulse is a pulse that the signal does not have.
func widePulse() *driver.TriggerConfig {
	t := rising(0)
	t.PulseWidth = &driver.PulseWidthCondition{Name: "p", Source: "A", Direction: driver.DirectionRising, Type: driver.PulseGreaterThan, Lower: driver.Span{Samples: 1000}}
	t.AnyOf = [][]driver.ConditionRef{{{Name: "p"}}}
	return t
}
