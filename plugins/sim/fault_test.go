package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/units"
)

// hundredK is a configuration of two proof channels at 100 kS/s with faults.
func hundredK(n int64, o driver.Options) driver.Config {
	cfg := stream(units.Seconds(1, 1e5), n, "A", "B")
	cfg.Options = o
	return cfg
}

func TestLose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		announce string
		told     int64 // as lost, per raw stream
		vague    int64
	}{{"openly", "exact", 777, 0}, {"without a number", "unknown", 0, 1}, {"silently", "none", 0, 0}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.open(driver.OpenRequest{Serial: "S"})
			cfg := hundredK(50_000, withFault(driver.Options{}, "lose", "sample", samples(12_345), "count", samples(777), "announce", c.announce, "cause", "power"))
			s, _, info, err := b.acquire(d, cfg, nil)
			if err != nil || info.Reason != driver.StopCompleted {
				t.Fatalf("%+v, %v", info, err)
			}
			want := driver.StopInfo{Reason: driver.StopCompleted, Delivered: 50_000 - c.told}
			if c.vague > 0 {
				want.DriverLost = -1
			}
			if info != want {
				t.Errorf("told %+v, want %+v", info, want)
			}
			for i, channel := range []string{"A", "B"} {
				got := s.samples(i)
				checkRun(t, got, "S", channel, 0, 0, 12_345)
				checkRun(t, got, "S", channel, 12_345, 12_345+777, 50_000-c.told-12_345)
				known, unknown := s.lost(i)
				if known != c.told || unknown != c.vague {
					t.Errorf("told as lost: %d and %d without a number", known, unknown)
				}
			}
			for i, e := range s.log {
				if e.lost != 0 && (e.cause != driver.CausePower || s.before(i, e.stream) != 12_345) {
					t.Errorf("loss of cause %d told behind %d samples", e.cause, s.before(i, e.stream))
				}
			}
		})
	}
}

// before counts the samples of a stream that were committed before entry n of the log.
func (s *fakeSink) before(n, stream int) (count int64) {
	for _, e := range s.log[:n] {
		if e.stream == stream {
			count += e.count
		}
	}
	return count
}

func TestLoseWhileReducing(t *testing.T) {
	t.Parallel()
	for _, announce := range []string{"exact", "unknown"} {
		b := newBench(t)
		d := b.open(driver.OpenRequest{Serial: "S"})
		cfg := hundredK(50_000, withFault(driver.Options{}, "lose", "sample", samples(12_345), "count", samples(777), "announce", announce))
		cfg.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 100, KeepRaw: true}
		s, applied, _, err := b.acquire(d, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, st := range applied.Streams {
			known, unknown := s.lost(i)
			got := int64(len(s.data[i]) / st.Type.Bytes())
			if got+known != 50_000/st.Ratio {
				t.Errorf("%s, stream %d: %d samples and %d lost", announce, i, got, known)
			}
			lost := int64(777)
			if st.Ratio > 1 {
				lost = 9 // groups 123 to 131
			}
			if announce == "unknown" {
				lost = st.Ratio / 100 // the group that is touched
			}
			if known != lost || announce == "unknown" && unknown != 1 {
				t.Errorf("%s, stream %d: %d told as lost, %d without a number", announce, i, known, unknown)
			}
		}
		// The groups are those of the raw samples.
		raw, low := s.samples(0), s.samples(1)
		if got, want := low[122], slices.Min(raw[12_200:12_300]); got != want {
			t.Errorf("group 122: %d, want %d", got, want)
		}
		behind, group := 12_345+13_200-13_122, 123 // raw sample 13200 is the first of the group after an exact loss
		if announce == "unknown" {
			behind, group = 12_400, 123
		}
		if got, want := low[group], slices.Min(raw[behind:behind+100]); got != want {
			t.Errorf("%s: first group behind the loss: %d, want %d", announce, got, want)
		}
	}
}

func TestRepeatedLoss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		pairs []any
		want  int64
	}{
		{"every, without end", []any{"at", ms(10), "every", ms(10)}, 49},
		{"every, three times", []any{"at", ms(10), "every", ms(10), "times", 3}, 3},
		{"by samples", []any{"sample", samples(1), "every", ms(100)}, 5},
		{"once", []any{"at", ms(10)}, 1},
	} {
		b := newBench(t)
		d := b.open(driver.OpenRequest{Serial: "S"})
		s, _, _, err := b.acquire(d, hundredK(50_000, withFault(driver.Options{}, "lose", append(c.pairs, "count", samples(2))...)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if known, _ := s.lost(1); known != 2*c.want {
			t.Errorf("%s: lost %d times, want %d", c.name, known/2, c.want)
		}
	}
}

func TestDisturbedDeliveries(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"late", "burst", "uneven", "stall"} {
		for _, pace := range []string{"real_time", "fast"} {
			t.Run(kind+", "+pace, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				d := b.open(driver.OpenRequest{Serial: "S"})
				pairs := []any{"at", ms(100)}
				if kind == "stall" {
					pairs = append(pairs, "duration", ms(300))
				}
				s, _, info, err := b.acquire(d, hundredK(200_000, withFault(opts("pace", pace), kind, pairs...)), nil)
				if err != nil || info.Delivered != 200_000 {
					t.Fatalf("%+v, %v", info, err)
				}
				uneven, last, longest := false, int64(1e9), int64(0)
				for i, channel := range []string{"A", "B"} {
					checkRun(t, s.samples(i), "S", channel, 0, 0, 200_000) // nothing is lost or out of order
				}
				for i, e := range s.log {
					if s.before(i+1, 0) != s.before(i+1, 1) && e.stream == 1 {
						uneven = true
					}
					longest = max(longest, e.mono-last)
					last = e.mono
				}
				if uneven != (kind == "uneven") {
					t.Errorf("uneven counts: %v", uneven)
				}
				if disturbed := longest > int64(25*time.Millisecond); disturbed != (kind != "uneven") && pace == "real_time" {
					t.Errorf("longest time between two deliveries: %v", time.Duration(longest))
				}
				if s.progress < int(200_000/1e5*10)*9/10 && pace == "real_time" {
					t.Errorf("progress only %d times", s.progress)
				}
			})
		}
	}
}

func TestStallForEver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	begin := b.clock.t
	b.clock.onWait = func(now int64) {
		if now > begin+10e9 {
			d.current().halt()
		}
	}
	s, _, _, err := b.acquire(d, hundredK(0, withFault(driver.Options{}, "stall", "sample", samples(5000))), nil)
	if got := len(s.samples(0)); err != nil || got != 5000 {
		t.Errorf("%d samples, %v", got, err)
	}
	if s.progress < 100 {
		t.Errorf("progress only %d times", s.progress)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		kind   string
		pairs  []any
		want   driver.Kind
		event  driver.EventKind
		before int64
	}{
		{"fail", "fail", []any{"sample", samples(3333), "kind", "no_library"}, driver.KindNoLibrary, driver.EventError, 3333},
		{"fail by time", "fail", []any{"at", ms(50)}, driver.KindTransient, driver.EventError, 5000},
		{"unplug", "unplug", []any{"at", ms(100), "duration", ms(2000)}, driver.KindDeviceGone, driver.EventDeviceGone, 10_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.clock.t = rpc.Monotonic()
			d := b.open(driver.OpenRequest{Serial: "S"})
			s, _, info, err := b.acquire(d, hundredK(0, withFault(driver.Options{}, c.kind, c.pairs...)), nil)
			if driver.KindOf(err) != c.want || info.Reason != driver.StopFailed || info.Delivered != c.before {
				t.Errorf("%+v, %v", info, err)
			}
			if s.failure == nil || s.failure.Kind != c.want {
				t.Errorf("the sink was finished with %v", s.failure)
			}
			checkRun(t, s.samples(1), "S", "B", 0, 0, c.before)
			if e := <-d.Events(); e.Kind != c.event || e.Error == nil || e.Index != c.before || e.MonoNS == 0 {
				t.Errorf("event %+v", e)
			}
			if err := d.Close(context.Background()); err != nil {
				t.Error(err)
			}
			again, err := b.driver.Open(t.Context(), driver.OpenRequest{Serial: "S"})
			if gone := errors.Is(err, &driver.Error{Kind: driver.KindNotFound}); gone != (c.kind == "unplug") {
				t.Errorf("opening it again: %v", err)
			}
			if err == nil {
				_ = again.Close(context.Background())
			}
		})
	}
}

func TestUnpluggedUnitComesBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.clock.t = rpc.Monotonic()
	d := b.open(driver.OpenRequest{})
	if _, _, _, err := b.acquire(d, hundredK(0, withFault(driver.Options{}, "unplug", "at", ms(0), "duration", ms(50))), nil); err == nil {
		t.Fatal("nothing failed")
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		again, err := b.driver.Open(t.Context(), driver.OpenRequest{Serial: d.Info().Serial})
		if err == nil {
			if err := again.Close(t.Context()); err != nil {
				t.Error(err)
			}
			return
		}
		if driver.KindOf(err) != driver.KindNotFound || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func TestCrashAndHangWhileStreaming(t *testing.T) {
	t.Parallel()
	for _, how := range crashHows {
		b := newBench(t)
		d := b.open(driver.OpenRequest{Serial: "S"})
		committed := int64(0)
		b.world.crash = func(how string) {
			b.crashes = append(b.crashes, how)
			committed = d.current().sink.(*fakeSink).before(len(d.current().sink.(*fakeSink).log), 0)
		}
		if _, _, _, err := b.acquire(d, hundredK(20_000, withFault(driver.Options{}, "crash", "sample", samples(7777), "how", how)), nil); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(b.crashes, []string{how}) || committed != 7777 {
			t.Errorf("crashes %v after %d samples", b.crashes, committed)
		}
	}
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	progress := 0
	b.world.pause = func(d time.Duration) {
		b.pauses = append(b.pauses, d)
		b.clock.t += int64(d)
	}
	s, _, _, err := b.acquire(d, hundredK(200_000, withFault(driver.Options{}, "hang", "at", ms(200), "duration", ms(700))), func(s *fakeSink) {
		b.clock.late = func(int64) int64 { progress = s.progress; return 0 }
	})
	if err != nil || !slices.Equal(b.pauses, []time.Duration{700 * time.Millisecond}) {
		t.Errorf("%v, pauses %v", err, b.pauses)
	}
	checkRun(t, s.samples(0), "S", "A", 0, 0, 200_000)
	if progress == 0 {
		t.Error("no progress at all")
	}
}

func TestPrintWhileStreaming(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	o := withFault(driver.Options{}, "print", "at", ms(100), "for", ms(100), "count", samples(3), "text", "x")
	if _, _, _, err := b.acquire(d, hundredK(50_000, o), nil); err != nil {
		t.Fatal(err)
	}
	if n := len(b.printed); n < 3*4 || n > 3*7 || b.printed[0] != "both: x" {
		t.Errorf("%d lines", n)
	}
}

func TestTimesCountOverRestarts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := withFault(driver.Options{}, "fail", "sample", samples(100), "times", 2)
	failures := 0
	run := func() {
		d := b.open(driver.OpenRequest{Serial: "S", Options: o})
		if _, _, _, err := b.acquire(d, hundredK(1000, o), nil); err != nil {
			failures++
		}
		if err := d.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	for range 5 {
		run()
	}
	if failures != 2 {
		t.Errorf("it failed %d times, want 2", failures)
	}
	b.world.rig.owner = "another core"
	for range 3 {
		run()
	}
	if failures != 4 {
		t.Errorf("it failed %d times, want 2 more for another core", failures-2)
	}
}

func TestHangForEver(t *testing.T) {
	t.Parallel()
	for _, how := range []string{howBlock, howSpin} {
		hung := false
		for range 50 { // a stop can come just before the hang: then it is asked again
			if hung = stopHangs(t, how); hung {
				break
			}
		}
		if !hung {
			t.Errorf("%s: a hanging unit can be stopped", how)
		}
	}
}

// stopHangs tells whether the stop of a unit that is about to hang does not come back in time.
func stopHangs(t *testing.T, how string) bool {
	t.Helper()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	hanging := make(chan struct{})
	b.world.print = func(string, string) { close(hanging) }
	o := withFault(driver.Options{}, "print", "sample", samples(0), "count", samples(1))
	applied, err := d.Configure(t.Context(), hundredK(0, withFault(o, "hang", "sample", samples(0), "how", how)))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context(), newFakeSink(applied.Streams)); err != nil {
		t.Fatal(err)
	}
	<-hanging
	soon, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	stopped := d.Stop(soon)
	close(b.never)
	if _, err := d.Wait(t.Context()); err != nil {
		t.Errorf("%s: %v", how, err)
	}
	return errors.Is(stopped, context.DeadlineExceeded)
}
