package main

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// captured is a block configuration at 1 MS/s: a sine of 1 kHz on A, the proof signal on B.
func captured(pre, post int64) driver.Config {
	return driver.Config{
		Block: &driver.BlockConfig{
			Interval: units.Seconds(1, 1e6), Pre: driver.Span{Samples: pre}, Post: driver.Span{Samples: post}, Repeat: driver.Repeat{Count: 1},
		},
		Channels: []driver.ChannelConfig{
			{Channel: "A", Range: 2 * units.Volt, Options: opts("frequency", units.Hertz(1000, 1), "amplitude", 2*units.Volt)},
			{Channel: "B", Range: 2 * units.Volt, Options: opts("signal", "proof")},
		},
	}
}

// rapid makes a rapid block of it.
func rapid(cfg driver.Config, captures int64) driver.Config {
	cfg.RapidBlock, cfg.Block = &driver.RapidBlockConfig{BlockConfig: *cfg.Block, Captures: captures}, nil
	return cfg
}

// rising is a trigger on A.
func rising(threshold units.Voltage) *driver.TriggerConfig {
	return &driver.TriggerConfig{Levels: []driver.LevelCondition{{Name: "A", Source: "A", Direction: driver.DirectionRising, Threshold: threshold}}}
}

// checkWaves checks what holds of all waveforms: their marks, and that the proof signal counts on.
func checkWaves(t *testing.T, s *fakeSink, n, waves int64) {
	t.Helper()
	begins, ends := s.of(driver.MarkWaveBegin), s.of(driver.MarkWaveEnd)
	if int64(len(begins)) != waves || int64(len(ends)) != waves {
		t.Fatalf("%d waveforms begin and %d end, want %d", len(begins), len(ends), waves)
	}
	for i := range begins {
		b, e := begins[i], ends[i]
		if b.at != int64(i)*n || e.at != b.at+n || b.Samples != n || b.Waveform != uint32(i) || e.Waveform != uint32(i) || e.Incomplete {
			t.Fatalf("waveform %d: %+v to %+v", i, b, e)
		}
	}
	if dead := s.of(driver.MarkDeadTime); int64(len(dead)) != max(waves-1, 0) {
		t.Errorf("%d dead times of %d waveforms", len(dead), waves)
	}
	checkRun(t, s.samples(1), "S", "B", 0, 0, waves*n)
	if got := int64(len(s.samples(0))); got != waves*n {
		t.Errorf("%d samples", got)
	}
}

func TestBlock(t *testing.T) {
	t.Parallel()
	for _, pace := range paceNames {
		for _, c := range []struct {
			name      string
			pre, post int64
			trigger   bool
			repeat    driver.Repeat
			waves     int64
		}{
			{"once, at once", 0, 1000, false, driver.Repeat{Count: 1}, 1},
			{"with a trigger", 300, 700, true, driver.Repeat{Count: 1}, 1},
			{"repeated", 250, 750, true, driver.Repeat{Count: 5}, 5},
			{"all before the trigger", 1000, 0, true, driver.Repeat{Count: 2}, 2},
			{"large", 100_000, 300_000, true, driver.Repeat{Count: 2}, 2},
			{"for a while", 0, 1000, false, driver.Repeat{For: 100 * time.Millisecond, Every: 20 * time.Millisecond}, 5},
		} {
			t.Run(pace+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				cfg := captured(c.pre, c.post)
				cfg.Block.Repeat = c.repeat
				cfg.Options = opts("pace", pace)
				if c.trigger {
					cfg.Trigger = rising(500 * units.Millivolt)
				}
				s, applied, info, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
				n := c.pre + c.post
				if err != nil || info.Reason != driver.StopCompleted || info.Waveforms != c.waves || info.Delivered != c.waves*n {
					t.Fatalf("%+v, %v", info, err)
				}
				if applied.PreSamples != c.pre || applied.PostSamples != c.post || applied.Streams[0].WaveformSamples != n {
					t.Errorf("applied %+v", applied)
				}
				checkWaves(t, s, n, c.waves)
				triggers := s.of(driver.MarkTrigger)
				if !c.trigger && len(triggers) > 0 || c.trigger && int64(len(triggers)) != c.waves {
					t.Fatalf("%d triggers", len(triggers))
				}
				for i, m := range triggers {
					checkTrigger(t, s, m, int64(i)*n+c.pre, 0.5/2*32767)
				}
			})
		}
	}
}

// checkTrigger checks that a rising sine of 1 kHz, 1 V peak, crosses a code where the mark says: the half of its peak is
// gone through after 1/12 of the period.
func checkTrigger(t *testing.T, s *fakeSink, m marked, at int64, code float64) {
	t.Helper()
	if m.Stream != 0 || m.at != at || m.OffsetFS > 0 || m.OffsetFS <= -1e9 {
		t.Fatalf("trigger %+v at %d, want %d", m.Mark, m.at, at)
	}
	a := s.samples(0)
	if at == int64(len(a)) || at == 0 {
		return
	}
	before, behind := float64(a[at-1]), float64(a[at])
	if before >= math.Round(code) || behind < math.Round(code) {
		return // the first sample of the next waveform stands behind the last of this one
	}
	want := -(behind - math.Round(code)) / (behind - before) * 1e9
	if math.Abs(float64(m.OffsetFS)-want) > 1 {
		t.Errorf("the trigger lies %d fs from sample %d, want %.0f", m.OffsetFS, at, want)
	}
}

func TestRapidBlock(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := rapid(captured(20, 80), 2000)
	cfg.Trigger = rising(0)
	cfg.RapidBlock.Repeat.Count = 2
	cfg.Options = opts("pace", "fast", "rearm", units.Seconds(50, 1e6))
	s, _, info, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
	if err != nil || info.Reason != driver.StopCompleted || info.Waveforms != 4000 {
		t.Fatalf("%+v, %v", info, err)
	}
	checkWaves(t, s, 100, 4000)
	for i, m := range s.of(driver.MarkWaveBegin) {
		if int(m.Arming) != i/2000 || int(m.MemorySegment) != i%2000 {
			t.Fatalf("waveform %d: arming %d, segment %d", i, m.Arming, m.MemorySegment)
		}
	}
	for i, m := range s.of(driver.MarkDeadTime) { // a trigger each period of 1000 us, and 100 of them are recorded
		if m.DeadTimeNS != 900_000 {
			t.Fatalf("dead time %d before waveform %d", m.DeadTimeNS, i+1)
		}
	}
	a := s.samples(0)
	for i := 100; i < len(a); i += 100 { // every waveform is the same stretch of the sine
		if !slices.Equal(a[i:i+100], a[:100]) {
			t.Fatalf("waveform %d is not like the first", i/100)
		}
	}
}

// TestRapidBlockStopped checks that what was captured is kept.
func TestRapidBlockStopped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	cfg := rapid(captured(20, 80), 1_000_000)
	cfg.Trigger = rising(0)
	begin := b.clock.t
	b.clock.onWait = func(now int64) {
		if now-begin > 50e6 {
			d.current().halt()
		}
	}
	s, _, info, err := b.acquire(d, cfg, nil)
	if err != nil || info.Reason != driver.StopRequested {
		t.Fatalf("%+v, %v", info, err)
	}
	if info.Waveforms < 40 || info.Waveforms > 80 { // one in each millisecond
		t.Errorf("%d waveforms", info.Waveforms)
	}
	checkWaves(t, s, 100, info.Waveforms)
}

// TestBlockOverTime checks pace: a block is there when its samples are taken, and not before.
func TestBlockOverTime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	cfg := captured(0, 250_000)
	cfg.Block.Repeat = driver.Repeat{Count: 3, Every: time.Second}
	begin := b.clock.t
	var stamps []int64
	s, _, _, err := b.acquire(d, cfg, func(s *fakeSink) {
		s.onCommit = func() { stamps = append(stamps, b.clock.t-begin) }
	})
	if err != nil {
		t.Fatal(err)
	}
	checkWaves(t, s, 250_000, 3)
	last := stamps[len(stamps)-1]
	if last < 2250e6 || last > 2300e6 || stamps[0] < 250e6 {
		t.Errorf("the first batch came after %d ns, the last after %d", stamps[0], last)
	}
}

func TestBlockDownsampled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := captured(100, 203)
	cfg.Trigger = rising(0)
	cfg.Block.Repeat.Count = 3
	cfg.Block.Downsample = driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 10}
	s, applied, info, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
	if err != nil || info.Waveforms != 3 || applied.PostSamples != 210 || applied.Streams[1].WaveformSamples != 31 {
		t.Fatalf("%+v, %+v, %v", applied, info, err)
	}
	got := s.samples(1)
	if len(got) != 93 {
		t.Fatalf("%d samples", len(got))
	}
	for i, want := range proof(t, "S", "B", 0, 930) {
		if i%10 == 0 && got[i/10] != want {
			t.Fatalf("group %d is not the proof signal's", i/10)
		}
	}
	for i, m := range s.of(driver.MarkTrigger) { // raw sample 100 of each waveform begins group 10
		if m.at != int64(31*i+10) || m.OffsetFS > 0 || m.OffsetFS <= -1e9 {
			t.Errorf("trigger %+v at %d", m.Mark, m.at)
		}
	}
}

// TestBlockWithoutRoom checks that nothing is dropped, and that an end in the middle of a waveform leaves it incomplete.
func TestBlockWithoutRoom(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := captured(0, 500_000)
	var sink *tightSink
	d := b.open(driver.OpenRequest{Serial: "S"})
	applied, err := d.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	sink = &tightSink{fakeSink: newFakeSink(applied.Streams), batches: 3}
	if err := d.Start(t.Context(), sink); err != nil {
		t.Fatal(err)
	}
	info, err := d.Wait(t.Context())
	if err != nil || info.Reason != driver.StopRequested || info.Waveforms != 0 || sink.misused != "" {
		t.Errorf("%+v, %v, %s", info, err, sink.misused)
	}
	ends := sink.of(driver.MarkWaveEnd)
	if len(ends) != 1 || !ends[0].Incomplete || info.Delivered != 3*fetchBatch {
		t.Errorf("the waveform ends with %+v after %d samples", ends, info.Delivered)
	}
}

// tightSink has room for some batches, and then is closed.
type tightSink struct {
	*fakeSink
	batches int
}

func (s *tightSink) WaitRoom(ctx context.Context, n int) error {
	if s.batches--; s.batches < 0 {
		return driver.Errorf(driver.KindPermanent, "wait for room", "closed")
	}
	return s.fakeSink.WaitRoom(ctx, n)
}

func TestFaultsInBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		options   driver.Options
		kind      driver.Kind
		waves     int64
		delivered int64
	}{
		{"between two", withFault(opts("rearm", ms(1)), "fail", "sample", samples(1500)), driver.KindTransient, 1, 1000},
		{"within one", withFault(opts("rearm", ms(1)), "fail", "sample", samples(2400)), driver.KindTransient, 1, 1400},
		{"unplugged", withFault(opts("pace", "fast"), "unplug", "sample", samples(500)), driver.KindDeviceGone, 0, 500},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			cfg := captured(0, 1000)
			cfg.Block.Repeat.Count = 4
			cfg.Options = c.options
			s, _, info, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
			if driver.KindOf(err) != c.kind || info.Waveforms != c.waves || info.Delivered != c.delivered {
				t.Errorf("%+v, %v", info, err)
			}
			if incomplete := c.delivered%1000 > 0; incomplete {
				ends := s.of(driver.MarkWaveEnd)
				if len(ends) == 0 || !ends[len(ends)-1].Incomplete {
					t.Errorf("the waveforms end with %+v", ends)
				}
			}
		})
	}
}
