package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// pulsesAt is a train of 1 V pulses.
func pulsesAt(width, interval units.Interval) driver.Options {
	return opts("signal", "pulses", "amplitude", units.Volt, "width", width, "interval", interval)
}

func us(n int64) units.Interval { return units.Seconds(n, 1e6) }

// TestTriggersThroughTheDriver has for each kind of trigger a configuration that fires, at which sample, and one that does
// not.
func TestTriggersThroughTheDriver(t *testing.T) {
	t.Parallel()
	const half = 500 * units.Millivolt
	at := func(source string, d driver.Direction, threshold units.Voltage) driver.LevelCondition {
		return driver.LevelCondition{Name: source, Source: source, Direction: d, Threshold: threshold}
	}
	levels := func(l ...driver.LevelCondition) driver.TriggerConfig { return driver.TriggerConfig{Levels: l} }
	window := func(d driver.Direction, lower, upper units.Voltage) driver.TriggerConfig {
		return driver.TriggerConfig{Windows: []driver.WindowCondition{{Name: "w", Source: "A", Direction: d, Lower: lower, Upper: upper}}}
	}
	pins := func(p ...driver.PinCondition) driver.TriggerConfig {
		return driver.TriggerConfig{Digital: []driver.DigitalCondition{{Name: "D0-7", Port: "D0-7", Pins: p}}}
	}
	width := func(d driver.Direction, kind driver.PulseType, lower, upper driver.Span) driver.TriggerConfig {
		return driver.TriggerConfig{
			Levels:     []driver.LevelCondition{at("A", driver.DirectionRising, half)},
			PulseWidth: &driver.PulseWidthCondition{Name: "p", Source: "A", Direction: d, Type: kind, Lower: lower, Upper: upper},
			AnyOf:      [][]driver.ConditionRef{{{Name: "p"}}},
		}
	}
	anyOf := func(c driver.TriggerConfig, terms ...[]driver.ConditionRef) driver.TriggerConfig {
		c.AnyOf = terms
		return c
	}
	const never = -1
	// A has pulses of 20 us every 1000 us, beginning at 0; B is a square of 500 Hz, high for the first ms; EXT has pulses of
	// 5 us every 400 us; D0 to D7 count ten a millisecond.
	for _, c := range []struct {
		name    string
		trigger driver.TriggerConfig
		want    int64
	}{
		{"level", levels(at("A", driver.DirectionRising, half)), 1000},
		{"level out of reach", levels(at("A", driver.DirectionRising, 1200*units.Millivolt)), never},
		{"falling", levels(at("A", driver.DirectionFalling, half)), 20},
		{"either", levels(at("A", driver.DirectionEither, half)), 20},
		{"window", window(driver.DirectionExit, -half, half), 1000},
		{"window never left", window(driver.DirectionExit, -half, 1500*units.Millivolt), never},
		{"runt", window(driver.DirectionPositiveRunt, half, 1500*units.Millivolt), 1020},
		{"no runt", window(driver.DirectionPositiveRunt, 200*units.Millivolt, half), never},
		{"ext", levels(at("EXT", driver.DirectionRising, half)), 400},
		{"ext out of reach", levels(at("EXT", driver.DirectionRising, 2*units.Volt)), never},
		{"aux", levels(at("AUX", driver.DirectionFalling, half)), never}, // a constant
		{"edge and state", levels(at("A", driver.DirectionRising, half), at("B", driver.DirectionAbove, 0)), 2000},
		{"edge and the opposite state", levels(at("A", driver.DirectionRising, half), at("B", driver.DirectionBelow, 0)), 1000},
		{"edge and an impossible state", levels(at("A", driver.DirectionRising, half), at("B", driver.DirectionAbove, 1500*units.Millivolt)), never},
		{"or", anyOf(levels(at("A", driver.DirectionRising, half), at("EXT", driver.DirectionRising, half)), []driver.ConditionRef{{Name: "A"}}, []driver.ConditionRef{{Name: "EXT"}}), 400},
		{"not", anyOf(levels(at("A", driver.DirectionRising, half), at("B", driver.DirectionBelow, 0)), []driver.ConditionRef{{Name: "A"}, {Name: "B", Not: true}}), 2000},
		{"pin", pins(driver.PinCondition{Pin: "D3", Direction: "rising"}), 800},
		{"pins", pins(driver.PinCondition{Pin: "D0", Direction: "rising"}, driver.PinCondition{Pin: "D4", Direction: "high"}), 1700},
		{"pins that exclude each other", pins(driver.PinCondition{Pin: "D0", Direction: "falling"}, driver.PinCondition{Pin: "D0", Direction: "high"}), never},
		{"pulse of 20 us", width(driver.DirectionRising, driver.PulseInRange, driver.Span{Time: us(19)}, driver.Span{Time: us(21)}), 1020},
		{"no pulse of 30 us", width(driver.DirectionRising, driver.PulseInRange, driver.Span{Time: us(29)}, driver.Span{Time: us(31)}), never},
		{"short pulse", width(driver.DirectionRising, driver.PulseLessThan, driver.Span{Samples: 21}, driver.Span{}), 1020},
		{"no shorter pulse", width(driver.DirectionRising, driver.PulseLessThan, driver.Span{Samples: 20}, driver.Span{}), never},
		{"long pulse", width(driver.DirectionRising, driver.PulseGreaterThan, driver.Span{Samples: 10}, driver.Span{}), 1011},
		{"no longer pulse", width(driver.DirectionRising, driver.PulseGreaterThan, driver.Span{Samples: 20}, driver.Span{}), never},
		{"not of 1 to 19 us", width(driver.DirectionRising, driver.PulseOutOfRange, driver.Span{Samples: 1}, driver.Span{Samples: 19}), 1020},
		{"not of 1 to 20 us", width(driver.DirectionRising, driver.PulseOutOfRange, driver.Span{Samples: 1}, driver.Span{Samples: 20}), never},
		{"interval", width(driver.DirectionEither, driver.PulseInRange, driver.Span{Samples: 980}, driver.Span{Samples: 980}), 1000},
		{"dropout", width(driver.DirectionFalling, driver.PulseGreaterThan, driver.Span{Samples: 700}, driver.Span{}), 721},
		{"no dropout", width(driver.DirectionFalling, driver.PulseGreaterThan, driver.Span{Samples: 980}, driver.Span{}), never},
		{"auto", driver.TriggerConfig{Auto: 5 * time.Millisecond, Levels: []driver.LevelCondition{at("A", driver.DirectionRising, 2*units.Volt)}}, 5000},
		{"delay", driver.TriggerConfig{Delay: driver.Span{Time: us(123)}, Levels: []driver.LevelCondition{at("A", driver.DirectionRising, half)}}, 1123},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.open(driver.OpenRequest{Serial: "S"})
			cfg := captured(0, 30)
			cfg.Trigger = &c.trigger
			cfg.Channels = []driver.ChannelConfig{
				{Channel: "A", Range: 2 * units.Volt, Options: pulsesAt(us(20), ms(1))},
				{Channel: "B", Range: 2 * units.Volt, Options: opts("signal", "square", "frequency", units.Hertz(500, 1), "amplitude", 2*units.Volt)},
				{Channel: "C", Range: 2 * units.Volt, Options: opts("signal", "ramp", "frequency", units.Hertz(1, 1), "amplitude", 4*units.Volt)},
			}
			cfg.Digital = []driver.DigitalConfig{{Port: "D0-7"}}
			cfg.Options = with(with(with(driver.Options{}, "digital", "D0-7", opts("pattern", "counter", "frequency", units.Hertz(10_000, 1))),
				"input", "EXT", pulsesAt(us(5), us(400))), "input", "AUX", opts("signal", "dc"))
			begin := b.clock.t
			b.clock.onWait = func(now int64) {
				if now-begin > 100e6 {
					d.current().halt()
				}
			}
			s, _, info, err := b.acquire(d, cfg, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == never {
				var e driver.Event
				select {
				case e = <-d.Events():
				default:
				}
				if info.Reason != driver.StopRequested || info.Waveforms != 0 || len(s.marks) != 0 || e.Kind != driver.EventTriggerWait {
					t.Errorf("%+v, %d marks, event %+v", info, len(s.marks), e)
				}
				return
			}
			if info.Waveforms != 1 {
				t.Fatalf("%+v", info)
			}
			// C tells the time: it rises from -2 V to 2 V in a million samples
			if got := float64(s.samples(2)[0]+32767) / 65534 * 1e6; got < float64(c.want)-16 || got > float64(c.want)+16 {
				t.Errorf("it fires near sample %.0f, want %d", got, c.want)
			}
			if marks := s.of(driver.MarkTrigger); (len(marks) == 1) != (c.name != "auto") {
				t.Errorf("trigger marks %+v", marks)
			}
		})
	}
}

// TestWaitingEndsAtOnce checks, with the real clock, that a trigger that never comes can be stopped.
func TestWaitingEndsAtOnce(t *testing.T) {
	t.Parallel()
	for _, pace := range paceNames {
		for _, end := range []string{"stop", "drain", "close"} {
			t.Run(pace+"/"+end, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				b.world.clock = func() clock { return newHostClock() }
				d := b.open(driver.OpenRequest{Serial: "S"})
				cfg := captured(100, 100)
				cfg.Trigger = rising(1500 * units.Millivolt)
				cfg.Options = opts("pace", pace)
				applied, err := d.Configure(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				s := newFakeSink(applied.Streams)
				if err := d.Start(t.Context(), s); err != nil {
					t.Fatal(err)
				}
				if e := <-d.Events(); e.Kind != driver.EventTriggerWait {
					t.Errorf("event %+v", e)
				}
				short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				if _, err := d.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("wait with a deadline: %v", err)
				}
				asked := time.Now()
				switch end {
				case "stop":
					err = d.Stop(t.Context())
				case "drain":
					close(s.drain)
				case "close":
					err = d.Close(t.Context())
				}
				if err != nil {
					t.Fatal(err)
				}
				info, err := d.Wait(t.Context())
				if err != nil || info.Reason != driver.StopRequested || s.progress == 0 || s.misused != "" {
					t.Errorf("%+v, %v, progress %d, %s", info, err, s.progress, s.misused)
				}
				if took := time.Since(asked); took > 5*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		}
	}
}

// TestSoftwareTrigger fires a trigger that never comes by itself.
func TestSoftwareTrigger(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.world.clock = func() clock { return newHostClock() }
	d := b.open(driver.OpenRequest{Serial: "S"})
	if err := d.SoftwareTrigger(t.Context()); err == nil {
		t.Error("a unit that does not run can be triggered")
	}
	cfg := captured(100, 100)
	cfg.Trigger = rising(1500 * units.Millivolt)
	applied, err := d.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := newFakeSink(applied.Streams)
	if err := d.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := d.SoftwareTrigger(t.Context()); err != nil {
		t.Fatal(err)
	}
	info, err := d.Wait(t.Context())
	if err != nil || info.Reason != driver.StopCompleted || info.Waveforms != 1 {
		t.Errorf("%+v, %v", info, err)
	}
	checkWaves(t, s, 200, 1)
	if m := s.of(driver.MarkTrigger); len(m) != 1 || m[0].at != 100 || m[0].OffsetFS != 0 {
		t.Errorf("marks %+v", m)
	}
}

func TestStreamTriggers(t *testing.T) {
	t.Parallel()
	for _, pace := range paceNames {
		for _, c := range []struct {
			name      string
			stop      bool
			pre, post int64
			down      driver.Downsample
			reason    driver.StopReason
			delivered int64
			mark      int64
		}{
			{"goes on", false, 0, 0, driver.Downsample{}, driver.StopCompleted, 100_000, 1000},
			{"goes on, decimated", false, 0, 0, driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 10}, driver.StopCompleted, 100_000, 100},
			{"stops", true, 400, 600, driver.Downsample{}, driver.StopTriggered, 1600, 1000},
			{"stops late", true, 40_000, 60_000, driver.Downsample{}, driver.StopTriggered, 100_000, 40_000},
			{"stops at once", true, 400, 0, driver.Downsample{}, driver.StopTriggered, 1001, 1000},
		} {
			t.Run(pace+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				cfg := captured(0, 1)
				cfg.Block, cfg.Stream = nil, &driver.StreamConfig{
					Interval: us(1), StopAfterTrigger: c.stop, Pre: driver.Span{Samples: c.pre}, Post: driver.Span{Samples: c.post}, Downsample: c.down,
				}
				cfg.Channels[0].Options = pulsesAt(us(20), ms(1))
				cfg.Trigger = rising(500 * units.Millivolt)
				cfg.Options = opts("pace", pace)
				if !c.stop {
					cfg.MaxSamples = c.delivered
				}
				s, _, info, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
				if err != nil || info.Reason != c.reason || info.Delivered != c.delivered {
					t.Fatalf("%+v, %v", info, err)
				}
				if c.down.Ratio == 0 {
					checkRun(t, s.samples(1), "S", "B", 0, 0, c.delivered)
				}
				marks := s.of(driver.MarkTrigger)
				if len(marks) != 1 || marks[0].at != c.mark {
					t.Fatalf("marks %+v", marks)
				}
				if a := s.samples(0); c.down.Ratio == 0 && (a[c.mark-1] != 0 || a[c.mark] == 0) {
					t.Errorf("the edge is not at the mark: %d, %d", a[c.mark-1], a[c.mark])
				}
			})
		}
	}
}
