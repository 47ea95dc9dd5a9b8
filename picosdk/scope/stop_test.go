package scope

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// TestSamplesInside: what the library counted and did not deliver is a loss only when it cannot be inside the library any
// more, which depends on how the loop ended. Runs before a change of power do not count.
func TestSamplesInside(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		total   uint64 // samples at 1 MS/s
		drained bool
		before  int64         // delivered before a change of power
		lost    int64         // -1: none
		noticed time.Duration // from the last poll until the loop's end was noticed; 0: that is not known
	}{
		{"some on the way", 1_100_000, true, 0, -1, 0},
		{"a second in a drained library", 2_000_000, true, 0, 1_000_000, 0},
		{"a second in a library that was not drained", 2_000_000, false, 0, -1, 0},
		{"four seconds", 5_000_000, false, 0, 4_000_000, 0},
		{"all after a change of power", 1_000_000, true, 7_000_000, -1, 0},
		{"some lost after a change of power", 3_000_000, true, 7_000_000, 2_000_000, 0},
		{"older count", 100, true, 0, -1, 0},
		{"noticed late, on a busy machine", 2_000_000, true, 0, -1, 3 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.unit.total = c.total
			l := r.start(t)
			if c.before > 0 {
				l.ended <- Result{End: EndPower, Status: picosdk.StatusPowerSupplyNotConnected, Samples: c.before}
				r.event(t, driver.EventPower, "running again")
			}
			end := Result{End: EndStopped, Samples: c.before + 1_000_000, Drained: c.drained}
			if c.noticed > 0 {
				end.LastPollNS = monotonic() - int64(c.noticed)
			}
			l.ended <- end
			info, err := r.wait(t)
			if err != nil {
				t.Fatal(err)
			}
			if info.DriverLost != c.lost {
				t.Errorf("%d samples lost, want %d", info.DriverLost, c.lost)
			}
		})
	}
}

// TestBusyUnit: a unit that answers "busy" is stopped and closed a little later.
func TestBusyUnit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start(t)
	r.b.taken()
	r.b.answer("Stop", picosdk.StatusBusy, picosdk.StatusBusy)
	if err := r.dev.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, r.b.taken(), "Stop", "Stop", "Stop", "NoOfStreamingValues", "Disarm")
	r.b.answer("Close", picosdk.StatusBusy)
	if err := r.dev.Close(t.Context()); err != nil {
		t.Errorf("close: %v", err)
	}
	wantCalls(t, r.b.taken(), "Stop", "Disarm", "Close AB1/1", "Close AB1/1")
}

// TestBusyForEver: the patience with a unit that answers nothing else has an end.
func TestBusyForEver(t *testing.T) {
	t.Parallel()
	calls := 0
	began := time.Now()
	err := patiently(func() error {
		calls++
		return picosdk.Err("fakeStop", picosdk.StatusBusy)
	})
	if !picosdk.IsStatus(err, picosdk.StatusBusy) || calls < 2 || time.Since(began) < busyLimit {
		t.Errorf("%v after %d calls and %s", err, calls, time.Since(began))
	}
	calls = 0
	if err := patiently(func() error { calls++; return picosdk.Err("fakeStop", picosdk.StatusNotResponding) }); err == nil || calls != 1 {
		t.Errorf("another status: %v after %d calls", err, calls)
	}
}

// TestSupplyPulled: a plan that asks for the supply is not carried on from USB. The unit is stopped in order all the same.
func TestSupplyPulled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want driver.PowerSource
		ends bool
	}{{driver.PowerSupply, true}, {driver.PowerAuto, false}, {"", false}} {
		t.Run("power "+string(c.want), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(cfg *driver.Config) { cfg.Power = c.want })
			l := r.start(t)
			r.b.taken()
			l.ended <- Result{End: EndPower, Status: picosdk.StatusPowerSupplyNotConnected, Samples: 100}
			if !c.ends {
				r.event(t, driver.EventPower, "running again from usb power")
				return
			}
			info, err := r.wait(t)
			e := wantError(t, err, driver.KindTransient, "power", "")
			if !strings.Contains(e.Message, "lost its power supply") || !strings.Contains(e.Advice, `power = "auto"`) || info.Reason != driver.StopFailed {
				t.Errorf("got %+v, %+v", e, info)
			}
			if len(l.resumed) != 0 || len(l.finished) != 1 || l.finished[0] == nil {
				t.Errorf("resumed %v, finished %v", l.resumed, l.finished)
			}
			if calls := r.b.taken(); slices.ContainsFunc(calls, func(s string) bool { return strings.HasPrefix(s, "Arm") }) || !slices.Contains(calls, "Disarm") {
				t.Errorf("calls %q", calls)
			}
			wantError(t, r.dev.Start(t.Context(), r.sink), driver.KindTransient, "power", "")
			r.b.mu.Lock()
			r.unit.power = picosdk.StatusPowerSupplyConnected
			r.b.mu.Unlock()
			if err := r.dev.Start(t.Context(), r.sink); err != nil {
				t.Errorf("with the supply again: %v", err)
			}
		})
	}
}
