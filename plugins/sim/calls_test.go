package main

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
)

func TestFaultsInCalls(t *testing.T) {
	t.Parallel()
	for _, call := range callNames {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := withFault(driver.Options{}, "refuse", "call", call, "kind", "busy", "times", 2)
			o = withFault(o, "crash", "call", call)
			o = withFault(o, "hang", "call", call, "duration", ms(30_000))
			o = withFault(o, "print", "call", call, "text", "hello", "output", "stdout", "count", samples(2))
			var err error
			refusals := 0
			for range 4 {
				if err = callAll(t, b, call, o); err != nil {
					refusals++
					if driver.KindOf(err) != driver.KindBusy {
						t.Errorf("refused with %v", err)
					}
				}
			}
			// Each refusal hides what stands behind it; then the others happen once each.
			if refusals != 2 || !slices.Equal(b.crashes, []string{"segv"}) || !slices.Equal(b.pauses, []time.Duration{30 * time.Second}) ||
				!slices.Equal(b.printed, []string{"stdout: hello", "stdout: hello"}) {
				t.Errorf("%d refusals, crashes %v, pauses %v, lines %v", refusals, b.crashes, b.pauses, b.printed)
			}
		})
	}
}

// callAll takes a unit through its life and returns the error of the call.
func callAll(t *testing.T, b *bench, call string, o driver.Options) (found error) {
	t.Helper()
	note := func(name string, err error) {
		switch {
		case err == nil:
		case name == call:
			found = err
		default:
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := b.driver.Discover(t.Context(), driver.DiscoverRequest{Options: o})
	note(callDiscover, err)
	dev, err := b.driver.Open(t.Context(), driver.OpenRequest{Serial: "S", Options: o})
	note(callOpen, err)
	if err != nil {
		return found
	}
	_, err = dev.Capabilities(t.Context())
	note(callCapabilities, err)
	applied, err := dev.Configure(t.Context(), hundredK(1000, o))
	note(callConfigure, err)
	if err == nil {
		err = dev.Start(t.Context(), newFakeSink(applied.Streams))
		note(callStart, err)
	}
	if err == nil {
		if _, err := dev.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
	note(callStop, dev.Stop(t.Context()))
	err = dev.Close(t.Context())
	note(callClose, err)
	if err != nil { // as if the process ended now
		if err := dev.(*Device).lock.Close(); err != nil {
			t.Error(err)
		}
	}
	return found
}

func TestFaultRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind string
		pairs      []any
		field      string
		nearest    string
	}{
		{"unknown kind", "crush", nil, "sim.fault.crush", `"crash"`},
		{"crash without a time", "crash", nil, "sim.fault.crash", ""},
		{"two times", "lose", []any{"at", ms(1), "sample", samples(1)}, "sim.fault.lose", ""},
		{"loss in a call", "lose", []any{"call", "open"}, "sim.fault.lose.call", ""},
		{"refusal at a time", "refuse", []any{"at", ms(1)}, "sim.fault.refuse", ""},
		{"unknown call", "refuse", []any{"call", "opne"}, "sim.fault.refuse.call", `"open"`},
		{"hang by a signal", "hang", []any{"at", ms(1), "how", "segv"}, "sim.fault.hang.how", `"block"`},
		{"crash by spinning", "crash", []any{"at", ms(1), "how", "spin"}, "sim.fault.crash.how", `"segv"`},
		{"negative time", "crash", []any{"at", ms(-1)}, "sim.fault.crash.at", `"0s"`},
		{"every nothing", "lose", []any{"at", ms(1), "every", ms(0)}, "sim.fault.lose.every", ""},
		{"nothing lost", "lose", []any{"at", ms(1), "count", samples(0)}, "sim.fault.lose.count", "1"},
		{"option of another fault", "crash", []any{"at", ms(1), "count", samples(3)}, "sim.fault.crash.count", ""},
		{"unknown option", "lose", []any{"cuont", samples(0)}, "sim.fault.lose.cuont", ""},
		{"wrong type", "lose", []any{"count", "many"}, "sim.fault.lose.count", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := withFault(driver.Options{}, c.kind, c.pairs...)
			b := newBench(t)
			_, openErr := b.driver.Open(t.Context(), driver.OpenRequest{Options: o})
			_, confErr := b.open(driver.OpenRequest{}).Configure(t.Context(), hundredK(1, o))
			for op, err := range map[string]error{"open": openErr, "configure": confErr} {
				var e *driver.Error
				if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != c.field || e.Nearest != c.nearest || e.Op != op {
					t.Errorf("%s: %v (%s)", op, err, fieldOf(err))
				}
			}
		})
	}
}

func fieldOf(err error) string {
	var e *driver.Error
	if !errors.As(err, &e) {
		return "not a driver error"
	}
	return fmt.Sprintf("%v at %s, nearest %s", e.Kind, e.Field, e.Nearest)
}
