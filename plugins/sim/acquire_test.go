package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/units"
)

// proof returns the proof codes first, first+1, ... of a channel at 16 bits.
func proof(t *testing.T, serial, channel string, first, n int64) []int64 {
	t.Helper()
	p, err := signal.NewProof(serial, channel, 16, -32767)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 2*n)
	p.Fill(b, first)
	s := fakeSink{streams: []driver.Stream{{Type: driver.SampleInt16}}, data: [][]byte{b}}
	return s.samples(0)
}

// checkRun compares samples from index at on with the proof signal from hardware index first on.
func checkRun(t *testing.T, got []int64, serial, channel string, at, first, n int64) {
	t.Helper()
	if int64(len(got)) < at+n {
		t.Fatalf("channel %s: %d samples, want at least %d", channel, len(got), at+n)
	}
	for i, want := range proof(t, serial, channel, first, n) {
		if got[at+int64(i)] != want {
			t.Fatalf("channel %s: sample %d is not hardware sample %d", channel, at+int64(i), first+int64(i))
		}
	}
}

func TestPacing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		interval  units.Interval
		ppm       float64
		drift     float64
		delivery  units.Interval
		elapsed   time.Duration
		want      int64
		tolerance int64
	}{
		{"exact", units.Seconds(1, 1e6), 0, 0, ms(20), time.Second, 1_000_000, 0},
		{"fast clock", units.Seconds(1, 1e5), 100, 0, ms(20), 20 * time.Second, 2_000_200, 0},
		{"slow clock", units.Seconds(1, 1e5), -150, 0, ms(50), 20 * time.Second, 1_999_700, 1},
		{"drift", units.Seconds(1, 100), 0, 100, ms(1000), time.Hour, 360_000 + 18, 1}, // 50 ppm on average
		{"a third of a second", units.Seconds(1, 3), 0, 0, ms(20), time.Minute, 180, 0},
		{"44100 per second", units.Seconds(1, 44100), 0, 0, ms(7), 700 * time.Millisecond, 30870, 0},
		{"slow", units.Seconds(3, 1), 0, 0, ms(20), 10 * time.Second, 3, 0},
		{"fast", units.Seconds(1, 1e9), 0, 0, ms(1), 2 * time.Millisecond, 2_000_000, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.open(driver.OpenRequest{})
			cfg := stream(c.interval, 0, "A")
			cfg.Channels[0].Options = opts("signal", "dc")
			cfg.Options = opts("clock_error_ppm", c.ppm, "clock_drift_ppm_per_hour", c.drift, "delivery", c.delivery)
			var s *fakeSink
			end := b.clock.t + int64(c.elapsed)
			b.clock.onWait = func(now int64) {
				if now >= end {
					d.current().halt()
				}
			}
			s, applied, info, err := b.acquire(d, cfg, nil)
			if err != nil || info.Reason != driver.StopRequested {
				t.Fatalf("%v, %v", info, err)
			}
			got := int64(len(s.data[0]) / 2)
			if got < c.want-c.tolerance || got > c.want+c.tolerance || info.Delivered != got || info.DriverLost != 0 {
				t.Errorf("%d samples after %v, want %d; told %+v", got, c.elapsed, c.want, info)
			}
			if applied.DeliveryPeriod != c.delivery.Duration() {
				t.Errorf("delivery period %v", applied.DeliveryPeriod)
			}
			if longest := c.elapsed / time.Duration(longestWait); s.progress < int(longest) {
				t.Errorf("progress only %d times in %v", s.progress, c.elapsed)
			}
		})
	}
}

// TestStamps checks that each delivery's samples were taken before its stamp, and not long before.
func TestStamps(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	cfg := stream(units.Seconds(1, 1e5), 100_000, "A")
	cfg.Options = opts("clock_error_ppm", 80.0)
	begin := b.clock.t
	s, _, _, err := b.acquire(d, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for _, e := range s.log {
		n += e.count
		taken := int64(float64(n) * 1e4 / (1 + 80e-6))
		if late := e.mono - begin - taken; late < 0 || late > int64(21*time.Millisecond) {
			t.Fatalf("sample %d was delivered %v after it was taken", n, time.Duration(late))
		}
	}
}

func TestBacklogAfterAStandstill(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	random := rand.New(rand.NewPCG(1, 1))
	b.clock.late = func(int64) int64 { return random.Int64N(1e9) } // the process gets no time for seconds
	s, _, info, err := b.acquire(d, stream(units.Seconds(1, 1e6), 1_000_000, "A", "B"), nil)
	if err != nil || info.Reason != driver.StopCompleted || info.Delivered != 1_000_000 {
		t.Fatalf("%+v, %v", info, err)
	}
	for i, channel := range []string{"A", "B"} {
		checkRun(t, s.samples(i), "S", channel, 0, 0, 1_000_000)
	}
	for _, e := range s.log {
		if e.count > 100_000 {
			t.Errorf("a batch of %d samples is more than a tenth of a second", e.count)
		}
	}
}

func TestTooSlowAComputer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	b.clock.late = func(int64) int64 { return 1200e6 } // as if each delivery took longer than its samples last
	if _, _, _, err := b.acquire(d, stream(units.Seconds(1, 1e3), 20_000, "A"), nil); err != nil {
		t.Fatal(err)
	}
	if e := <-d.Events(); e.Kind != driver.EventWarning || len(d.Events()) != 0 {
		t.Errorf("event %+v and %d more", e, len(d.Events()))
	}
}

func TestMaxSamplesRestartAndClose(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	cfg := stream(units.Seconds(1, 1e6), 12_345, "C")
	for range 3 { // every Start begins with sample 0
		s, _, info, err := b.acquire(d, cfg, nil)
		if err != nil || info != (driver.StopInfo{Reason: driver.StopCompleted, Delivered: 12_345}) {
			t.Fatalf("%+v, %v", info, err)
		}
		if got := s.samples(0); len(got) != 12_345 {
			t.Errorf("%d samples", len(got))
		}
		checkRun(t, s.samples(0), "S", "C", 0, 0, 12_345)
	}
	if err := d.Stop(t.Context()); err != nil {
		t.Errorf("stop of a device that does not run: %v", err)
	}
	for range 2 {
		if err := d.Close(t.Context()); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if _, open := <-d.Events(); open {
		t.Error("the events are not closed")
	}
	if _, err := d.Configure(t.Context(), cfg); err == nil {
		t.Error("a closed device can be configured")
	}
	if err := d.Start(t.Context(), newFakeSink(nil)); err == nil {
		t.Error("a closed device can be started")
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a closed device answers")
	}
}

func TestRulesOfTheContract(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	bug := &driver.Error{Kind: driver.KindBug}
	if err := d.Start(t.Context(), newFakeSink(nil)); !errors.Is(err, bug) {
		t.Errorf("start before configure: %v", err)
	}
	if _, err := d.Wait(t.Context()); !errors.Is(err, bug) {
		t.Errorf("wait before start: %v", err)
	}
	cfg := stream(units.Seconds(1, 1e3), 0, "A")
	applied, err := d.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context(), newFakeSink(nil)); !errors.Is(err, bug) {
		t.Errorf("start with a sink that does not fit: %v", err)
	}
	waiting, release := make(chan struct{}), make(chan struct{})
	b.clock.onWait = func(int64) {
		select {
		case waiting <- struct{}{}:
			<-release
		case <-release:
		}
	}
	s := newFakeSink(applied.Streams)
	if err := d.Start(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	<-waiting
	if err := d.Start(t.Context(), newFakeSink(applied.Streams)); !errors.Is(err, bug) {
		t.Errorf("start while it runs: %v", err)
	}
	if _, err := d.Configure(t.Context(), cfg); !errors.Is(err, bug) {
		t.Errorf("configure while it runs: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Wait(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("wait with an ended context: %v", err)
	}
	if err := d.Stop(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("stop with an ended context: %v", err)
	}
	close(release)
	if err := d.Close(t.Context()); err != nil {
		t.Errorf("close while it runs: %v", err)
	}
	if s.finished != 1 {
		t.Errorf("the sink was finished %d times", s.finished)
	}
}

func TestDraining(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	once := false
	_, _, info, err := b.acquire(d, stream(units.Seconds(1, 1e5), 0, "A"), func(s *fakeSink) {
		s.onCommit = func() {
			if s.batches > 10 && !once {
				once = true
				close(s.drain)
			}
		}
	})
	if err != nil || info.Reason != driver.StopRequested || info.Delivered == 0 {
		t.Errorf("%+v, %v", info, err)
	}
	// A sink that the host has closed ends the acquisition too.
	_, _, info, err = b.acquire(d, stream(units.Seconds(1, 1e5), 0, "A"), func(s *fakeSink) { s.refuse = errors.New("closed") })
	if err != nil || info.Reason != driver.StopRequested {
		t.Errorf("%+v, %v", info, err)
	}
	// What the sink calls a misuse is a failure.
	misuse := driver.Errorf(driver.KindBug, "commit", "misuse")
	_, _, info, err = b.acquire(d, stream(units.Seconds(1, 1e5), 0, "A"), func(s *fakeSink) { s.refuse = misuse })
	if driver.KindOf(err) != driver.KindBug || info.Reason != driver.StopFailed {
		t.Errorf("%+v, %v", info, err)
	}
}

// TestNoRoom checks that nothing but whole batches is lost when the sink has no room.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	cfg := stream(units.Seconds(1, 1e6), 1_000_000, "A", "B")
	cfg.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 1000, KeepRaw: true}
	s, applied, info, err := b.acquire(d, cfg, func(s *fakeSink) {
		s.room = func() int {
			if s.batches%7 == 3 {
				return 1000
			}
			return 1 << 20
		}
	})
	if err != nil || info.Delivered != 1_000_000 {
		t.Fatalf("%+v, %v", info, err)
	}
	for i, st := range applied.Streams {
		got := int64(len(s.data[i]) / st.Type.Bytes())
		if s.dropped[i] == 0 || got+s.dropped[i] != 1_000_000/st.Ratio {
			t.Errorf("stream %d: %d samples and %d dropped", i, got, s.dropped[i])
		}
	}
}

func TestUnthrottled(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"pace", "request", "reduced only"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.open(driver.OpenRequest{Serial: "S"})
			cfg := stream(units.Seconds(1, 1e3), 1_000_000, "A", "B")
			cfg.Stream.Unthrottled = how != "pace"
			if how == "pace" {
				cfg.Options = opts("pace", "fast")
			}
			if how == "reduced only" {
				cfg.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 30_000}
			}
			begin := b.clock.t
			s, applied, info, err := b.acquire(d, cfg, nil)
			if err != nil || info.Reason != driver.StopCompleted || info.Delivered != 1_000_000 {
				t.Fatalf("%+v, %v", info, err)
			}
			if b.clock.t != begin || s.waits != s.batches || s.batches == 0 {
				t.Errorf("%v passed, %d batches, %d waits for room", time.Duration(b.clock.t-begin), s.batches, s.waits)
			}
			if len(applied.Notes) == 0 || applied.DeliveryPeriod != 0 {
				t.Error("the applied settings do not tell")
			}
			if how != "reduced only" {
				checkRun(t, s.samples(1), "S", "B", 0, 0, 1_000_000)
			} else if got := s.samples(1); len(got) != 33 || got[32] != proof(t, "S", "B", 960_000, 1)[0] {
				t.Errorf("%d decimated samples", len(got))
			}
		})
	}
}

// TestNothingIsAllocated checks the steady state, real time and fast, reduced and not.
func TestNothingIsAllocated(t *testing.T) {
	for name, d := range map[string]driver.Downsample{
		"raw": {}, "aggregate": {Mode: driver.DownsampleAggregate, Ratio: 100, KeepRaw: true}, "average": {Mode: driver.DownsampleAverage, Ratio: 77},
	} {
		b := newBench(t)
		unit := b.open(driver.OpenRequest{})
		cfg := stream(units.Seconds(1, 3e5), 0, "A", "B")
		cfg.Channels[1].Options = opts("signal", "sine", "frequency", units.Hertz(12345, 7), "noise", 5*units.Millivolt)
		cfg.Stream.Downsample = d
		cfg.Options = opts("truth", path(t.TempDir()+"/truth.jsonl"))
		applied, err := unit.Configure(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		s := &nullSink{fakeSink: newFakeSink(applied.Streams)}
		a, err := newAcquisition(unit, unit.set, s, unit.state)
		if err != nil {
			t.Fatal(err)
		}
		elapsed := int64(0)
		poll := func() {
			elapsed += 20e6
			a.truth.tick(a.start+elapsed, &a.counts)
			if end, failure := a.poll(elapsed); end || failure != nil {
				t.Fatal("it ended")
			}
		}
		for range 10 {
			poll()
		}
		if n := testing.AllocsPerRun(60, poll); n != 0 {
			t.Errorf("%s: %g allocations per delivery", name, n)
		}
		if err := a.truth.close(0, &a.counts); err != nil {
			t.Error(err)
		}
		a.halt()
	}
}

// nullSink keeps nothing.
type nullSink struct{ *fakeSink }

func (s *nullSink) Commit() error {
	for i := range s.staged {
		s.staged[i], s.masks[i] = nil, 0
	}
	s.open = false
	return nil
}
