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
)

// rig is a configured unit that can be started.
type rig struct {
	b    *bench
	unit *fakeUnit
	dev  driver.Device
	sink *fakeSink
}

func newRig(t *testing.T, change ...func(*driver.Config)) *rig {
	t.Helper()
	b := newBench(t, "5444DMSO")
	r := &rig{b: b, unit: b.units[0], dev: b.open(b.driver(), driver.OpenRequest{}), sink: &fakeSink{drain: make(chan struct{})}}
	cfg := easyConfig()
	for _, c := range change {
		c(&cfg)
	}
	a, err := r.dev.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.sink.streams = len(a.Streams)
	b.taken()
	return r
}

func (r *rig) start(t *testing.T) *fakeLoop {
	t.Helper()
	if err := r.dev.Start(t.Context(), r.sink); err != nil {
		t.Fatal(err)
	}
	return <-r.unit.loops
}

func (r *rig) wait(t *testing.T) (driver.StopInfo, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return r.dev.Wait(ctx)
}

// event waits for an event of a kind whose text holds some words.
func (r *rig) event(t *testing.T, kind driver.EventKind, text string) {
	t.Helper()
	for limit := time.After(10 * time.Second); ; {
		select {
		case e := <-r.dev.Events():
			if e.Kind == kind && strings.Contains(e.Text, text) {
				return
			}
		case <-limit:
			t.Fatalf("no event %s %q", kind, text)
		}
	}
}

func TestRunAndStop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 2 {
		l := r.start(t)
		if p := r.unit.last; p.FD != 9 || len(p.Streams) != 2 || p.Streams[1].Lane != 11 || p.Streams[1].Source != 1 || p.CodeMax != 32512 ||
			!slices.Contains(p.Power, picosdk.StatusPowerSupplyNotConnected) {
			t.Errorf("plan %+v", p)
		}
		if err := r.dev.Start(t.Context(), r.sink); driver.KindOf(err) != driver.KindBug {
			t.Errorf("started twice: %v", err)
		}
		if _, err := r.dev.Configure(t.Context(), easyConfig()); driver.KindOf(err) != driver.KindBug {
			t.Errorf("configured while it runs: %v", err)
		}
		l.set(func(c *Counters) { c.Samples = 1234 })
		if err := r.dev.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := r.wait(t)
		if err != nil || info.Reason != driver.StopRequested || info.Delivered != 1234 || info.DriverLost != -1 {
			t.Errorf("got %+v, %v", info, err)
		}
		wantCalls(t, r.b.taken(), "Arm 1e+09fs none/1 ", "Loop", "Stop", "NoOfStreamingValues", "Disarm")
		if len(l.finished) != 1 || l.finished[0] != nil {
			t.Errorf("finished %v", l.finished)
		}
	}
	if err := r.dev.Stop(t.Context()); err != nil {
		t.Errorf("stop of a stopped unit: %v", err)
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, call string
		status     picosdk.Status
		kind       driver.Kind
		calls      []string
	}{
		{"arm", "Arm", picosdk.StatusNotResponding, driver.KindDeviceGone, []string{"Arm 1e+09fs none/1 "}},
		{"loop", "Loop", picosdk.StatusStreamingFailed, driver.KindTransient, []string{"Arm 1e+09fs none/1 ", "Loop", "Stop", "Disarm"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.b.answer(c.call, c.status)
			err := r.dev.Start(t.Context(), r.sink)
			if driver.KindOf(err) != c.kind || err == nil {
				t.Errorf("got %v", err)
			}
			wantCalls(t, r.b.taken(), c.calls...)
		})
	}
	t.Run("another interval", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.unit.applied = func(c Count) Count { return Count{c.Value + 1000, c.Unit} }
		if err := r.dev.Start(t.Context(), r.sink); driver.KindOf(err) != driver.KindTransient || err == nil {
			t.Errorf("got %v", err)
		}
		wantCalls(t, r.b.taken(), "Arm 1e+09fs none/1 ", "Stop", "Disarm")
	})
}

func TestMaxSamples(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *driver.Config) { c.MaxSamples = 5000 })
	r.start(t).set(func(c *Counters) { c.Samples, c.Deliveries = 5001, 1 })
	if info, err := r.wait(t); err != nil || info.Reason != driver.StopCompleted || info.Delivered != 5001 {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestHostDrains(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start(t)
	close(r.sink.drain)
	if info, err := r.wait(t); err != nil || info.Reason != driver.StopRequested {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		res   Result
		kind  driver.Kind
		event driver.EventKind
		calls []string // after the loop
	}{
		{"unplugged", Result{End: EndFailed, Status: picosdk.StatusNotResponding, Call: "fakeGet"}, driver.KindDeviceGone, driver.EventDeviceGone, []string{"Close AB1/1"}},
		{"stalled", Result{End: EndFailed, Status: picosdk.StatusBufferStall}, driver.KindTransient, driver.EventError, []string{"Stop", "NoOfStreamingValues", "Disarm"}},
		{"hostile", Result{End: EndProtocol, Text: "startIndex beyond"}, driver.KindTransient, driver.EventError, []string{"Stop", "NoOfStreamingValues", "Disarm"}},
		{"ended by itself", Result{End: EndAuto}, driver.KindTransient, driver.EventError, []string{"Stop", "NoOfStreamingValues", "Disarm"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			l := r.start(t)
			r.b.taken()
			l.ended <- c.res
			info, err := r.wait(t)
			if driver.KindOf(err) != c.kind || err == nil || info.Reason != driver.StopFailed {
				t.Errorf("got %+v, %v", info, err)
			}
			if len(l.finished) != 1 || l.finished[0] == nil || l.finished[0].Kind != c.kind {
				t.Errorf("finished %v", l.finished)
			}
			r.event(t, c.event, "")
			if c.kind == driver.KindDeviceGone {
				if err := r.dev.Close(t.Context()); err != nil {
					t.Error(err)
				}
			}
			wantCalls(t, r.b.taken(), c.calls...)
		})
	}
}

func TestPowerInRun(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := r.start(t)
	r.b.taken()
	l.ended <- Result{End: EndPower, Status: picosdk.StatusPowerSupplyNotConnected, Samples: 100}
	r.event(t, driver.EventPower, "running again from usb power")
	if len(l.resumed) != 1 || l.resumed[0] != driver.CausePower {
		t.Errorf("resumed %v", l.resumed)
	}
	want := []string{
		"Stop", "ChangePowerSource 0x0000011A", "Disarm", "SetChannel C off", "SetChannel D off", "SetPort 0 false [] 0", "SetPort 1 false [] 0",
		"SetResolution 8", "Prepare", "SetChannel A 1 8 0 V 1", "SetChannel B 0 6 -1 V 0", "Arm 1e+09fs none/1 ",
	}
	wantCalls(t, r.b.taken(), want...)
	if caps, _ := r.dev.Capabilities(t.Context()); len(caps.Channels) != 2 {
		t.Errorf("%d channels on USB power", len(caps.Channels))
	}
	if err := r.dev.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := r.wait(t); err != nil || info.Reason != driver.StopRequested {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestPowerTakesChannels(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *driver.Config) { c.Channels[1].Channel = "D" })
	l := r.start(t)
	l.ended <- Result{End: EndPower, Status: picosdk.StatusPowerSupplyNotConnected}
	_, err := r.wait(t)
	e := wantError(t, err, driver.KindTransient, "power", "")
	if !strings.Contains(e.Message, "no channel D") || len(l.resumed) != 0 || len(l.finished) != 1 {
		t.Errorf("got %v, resumed %v", err, l.resumed)
	}
}

// TestStopWhilePowerChanges: a stop that comes between two loops must not be lost.
func TestStopWhilePowerChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := r.start(t)
	l.mu.Lock()
	l.ended <- Result{End: EndPower, Status: picosdk.StatusPowerSupplyNotConnected}
	inner(r.dev).running.(*acquisition).stopping.Store(true) // as halt does, its Stop of the loop having come too early
	l.mu.Unlock()
	if info, err := r.wait(t); err != nil || info.Reason != driver.StopRequested {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := r.start(t)
	a := inner(r.dev).running.(*acquisition)
	w := watcher{a: a, since: time.Now()}
	at := func(c Counters, after time.Duration) { w.look(c, w.since.Add(after)) }
	at(Counters{Starved: 1}, time.Second)
	at(Counters{Starved: 2}, 3*time.Second)
	r.event(t, driver.EventWarning, "no samples for 3s: the library waits for buffers")
	at(Counters{Deliveries: 1, Suspicious: 1}, 4*time.Second)
	r.event(t, driver.EventWarning, "samples come again after 4s")
	r.event(t, driver.EventWarning, "-32768")
	at(Counters{Deliveries: 1}, 3*time.Second)
	at(Counters{Deliveries: 1}, 11*time.Second)
	_, err := r.wait(t)
	if driver.KindOf(err) != driver.KindTransient || err == nil || !strings.Contains(err.Error(), "nothing for 11s") {
		t.Errorf("got %v", err)
	}
	if len(l.finished) != 1 {
		t.Errorf("finished %v", l.finished)
	}
}

// TestNotices: what may have cost data is told at once, then seldom, and in full at the end.
func TestNotices(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start(t)
	a := inner(r.dev).running.(*acquisition)
	hold := a.set.buffered()
	begin := time.Now()
	var n notices
	texts := func() []string {
		var list []string
		for {
			select {
			case e := <-r.dev.Events():
				if e.Kind != driver.EventWarning || e.Index != 70 {
					t.Errorf("got %+v", e)
				}
				list = append(list, e.Text)
			default:
				return list
			}
		}
	}
	for _, c := range []struct {
		name  string
		after time.Duration
		last  bool
		c     Counters
		want  []string // beginnings
	}{
		{"all is well", 0, false, Counters{Uneven: 5, LargestPollGap: hold}, nil},
		{"first", time.Second, false, Counters{Suspicious: 1}, []string{"1 sample so far"}},
		{"too soon", 2 * time.Second, false, Counters{Suspicious: 7, Jumps: 2}, []string{"2 deliveries so far"}},
		{"later", time.Second + noticeEvery, false, Counters{Suspicious: 9, Jumps: 3}, []string{"9 samples so far"}},
		{"not polled for less than a second", 3 * noticeEvery, false, Counters{Suspicious: 9, Jumps: 2, LargestPollGap: leastGap}, nil},
		{"nothing new", 3 * noticeEvery, false, Counters{Suspicious: 9, Jumps: 2, LargestPollGap: hold + time.Second}, []string{"the library was not polled for "}},
		{"at the end", 3*noticeEvery + 1, true, Counters{Suspicious: 10, Jumps: 3, Stalls: 1, LargestPollGap: hold + time.Second}, []string{"10 samples", "3 deliveries", "the library has waited for buffers for more than 2s, 1 time so far"}},
	} {
		c.c.Samples = 70
		n.look(a, c.c, begin.Add(c.after), c.last)
		got := texts()
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ping := r.dev.(driver.Pinger)
	r.b.answer("Ping", picosdk.StatusBusy)
	if err := ping.Ping(t.Context()); err != nil {
		t.Errorf("busy is alive: %v", err)
	}
	l := r.start(t)
	r.b.taken()
	if err := ping.Ping(t.Context()); err != nil {
		t.Errorf("while it streams: %v", err)
	}
	if calls := r.b.taken(); len(calls) > 0 {
		t.Errorf("the library was called beside the loop: %q", calls)
	}
	if err := r.dev.(driver.Identifier).Identify(t.Context()); driver.KindOf(err) != driver.KindTransient || err == nil {
		t.Errorf("identify while it streams: %v", err)
	}
	l.mu.Lock()
	l.frozen = true
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if err := ping.Ping(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a loop that hangs: %v", err)
	}
}

func TestMissingTail(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.unit.total = 1<<32 + 3_000_000
	l := r.start(t)
	l.set(func(c *Counters) { c.Samples = 1 << 32 })
	if err := r.dev.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.event(t, driver.EventWarning, "3000000 samples more")
	if info, err := r.wait(t); err != nil || info.DriverLost != 3_000_000 {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestAfterClose(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start(t)
	for range 2 {
		if err := r.dev.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"Arm 1e+09fs none/1 ", "Loop", "Stop", "NoOfStreamingValues", "Disarm", "Stop", "Disarm", "Close AB1/1"}
	wantCalls(t, r.b.taken(), want...)
	for name, err := range map[string]error{
		"start": r.dev.Start(t.Context(), r.sink), "stop": r.dev.Stop(t.Context()), "ping": r.dev.(driver.Pinger).Ping(t.Context()),
	} {
		if err == nil {
			t.Errorf("%s works after close", name)
		}
	}
	if _, ok := <-r.dev.Events(); ok {
		t.Error("events go on after close")
	}
}
