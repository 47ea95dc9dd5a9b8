package main

import (
	"fmt"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

const (
	noLoss   = "nothing lost, no restart, exit 0"
	survives = "the device is ended and records again; a gap whose bounds hold the truth; the others lose nothing; exit 3"
)

// harmless is the usual course of a disturbance that must cost nothing: some time after it the run is stopped.
func harmless(families []family, prepare func(*trial, *stage.Device), harm func(*trial) error) func(*trial) error {
	return func(t *trial) error {
		d := t.harmed(families...)
		if prepare != nil {
			prepare(t, d)
		}
		if err := t.start(); err != nil {
			return err
		}
		if err := t.pause(200*time.Millisecond, 1000*time.Millisecond); err != nil {
			return err
		}
		if harm != nil {
			if err := harm(t); err != nil {
				return err
			}
		}
		if err := t.pause(500*time.Millisecond, 2000*time.Millisecond); err != nil {
			return err
		}
		if err := t.more(victim, 200*time.Millisecond); err != nil { // what disturbed it is over
			return err
		}
		s, err := t.status()
		if err != nil {
			return err
		}
		if n := s.Device(victim).Restarts; n != 0 {
			t.fail("the device was started again %d times", n)
		}
		return t.stop()
	}
}

// blockedAgain is a kind in which a plugin is killed and a call of the next one blocks for 30 s.
func blockedAgain(name, function, expect string) kind {
	return kind{
		name: name, long: true, expect: expect,
		fault: fmt.Sprintf("a plugin is killed, and %s blocks for 30 s when the unit is taken up again", function),
		act: restarting(1, emulated, []string{"restart"}, nil, func(t *trial, _ int) error {
			t.quick = false
			if err := t.fault(victim, "hang function=FAMILY"+function+" for=30s"); err != nil {
				return err
			}
			return t.signal(victim, syscall.SIGKILL)
		}),
	}
}

// blockedAtEnd is a kind in which a call that ends an acquisition blocks.
func blockedAtEnd(name, function string) kind {
	return kind{
		name: name, fault: function + " blocks for 30 s when the run is stopped", expect: "the plugin is ended; what it had handed over is recorded; the others lose nothing; exit 0, 3 or 4; no process left",
		act: func(t *trial) error {
			t.harmed(emulated...)
			t.exit, t.atEnd = []int{0, 3, 4}, true
			t.causes[victim] = []string{"unknown", "restart"}
			if err := t.start(); err != nil {
				return err
			}
			if err := t.fault(victim, "hang function=FAMILY"+function+" for=30s"); err != nil {
				return err
			}
			if err := t.pause(200*time.Millisecond, 1000*time.Millisecond); err != nil {
				return err
			}
			begin := time.Now()
			if err := t.stop(); err != nil {
				return err
			}
			if took := time.Since(begin); took > 28*time.Second {
				t.fail("the end of the run took %.1f s: it waited for the call", took.Seconds())
			}
			return nil
		},
	}
}

var lies = []string{"sequence", "checksum", "count", "position", "lane", "type", "cursor", "backward", "geometry", "random"}

func hangKinds() []kind {
	return []kind{
		polled("library-hang", "the acquisition's thread is stuck in the library for ever while the plugin answers", "hang function=POLL call=CALL"),
		polled("library-loop", "the library loops for ever in a poll", "spin function=POLL call=CALL"),
		polled("library-block", "a poll blocks for 30 s", "hang function=POLL call=CALL for=30s"),
		{
			name: "driver-hang", fault: "the driver's acquisition stands still, or loops, or stops its process", expect: survives,
			act: restarting(1, []family{simulated}, []string{"restart"}, func(t *trial, d *stage.Device) {
				d.Plan = append(d.Plan, hangAfter)
				d.Sim = append(d.Sim, simFault(t, "hang", fmt.Sprintf("how = %q", choose(t, "block", "spin", "stop"))))
			}, nil),
		},
		{
			name: "stopped-long", fault: "a plugin gets SIGSTOP and no SIGCONT", expect: survives,
			act: restarting(1, anyUnit(), []string{"restart"}, func(_ *trial, d *stage.Device) { d.Plan = append(d.Plan, hangAfter) },
				func(t *trial, _ int) error { return t.signal(victim, syscall.SIGSTOP) }),
		},
		{
			name: "stopped-short", fault: "a plugin gets SIGSTOP, and SIGCONT long before it counts as hung", expect: noLoss,
			act: harmless(anyUnit(), func(_ *trial, d *stage.Device) { d.Plan = append(d.Plan, `hang_after = "20s"`) }, func(t *trial) error {
				if err := t.signal(victim, syscall.SIGSTOP); err != nil {
					return err
				}
				if err := t.pause(100*time.Millisecond, 1500*time.Millisecond); err != nil {
					return err
				}
				return t.signal(victim, syscall.SIGCONT)
			}),
		},
		blockedAgain("blocked-open", "OpenUnit", "it is waited for, as long as opening may take (60 s): records again, bounds hold the truth, the others lose nothing; exit 3"),
		blockedAgain("blocked-configure", "SetChannel*", "the plugin is ended after the 10 s that a configuration may take; records again, bounds hold the truth, the others lose nothing; exit 3"),
		blockedAgain("blocked-start", "RunStreaming", "the plugin is ended when its time is over; records again, bounds hold the truth, the others lose nothing; exit 3"),
		blockedAtEnd("blocked-stop", "Stop"),
		blockedAtEnd("blocked-close", "CloseUnit"),
		{
			name: "fetch-hang", fault: "the vendor library hangs while waveforms are fetched", expect: "whole waveforms only; captures again; the others lose nothing; exit 3",
			act: blockFailing("hang function=*GetValues* call=CALL"),
		},
		{
			name: "lies", fault: "a plugin writes untruths into its ring: sequence, checksum, sizes, positions, lanes, cursors, geometry, noise", expect: survives,
			act: restarting(1, []family{simulated}, []string{"restart"}, func(t *trial, d *stage.Device) {
				what := choose(t, lies...)
				d.Plan = append(d.Plan, hangAfter)
				d.Sim = append(d.Sim, simFault(t, "lie", fmt.Sprintf("what = %q", what)))
			}, nil),
		},
		flooding("log-flood", "a library writes lines that look like log lines, thousands a second", "stdout"),
		flooding("stderr-flood", "a library floods standard error", "stderr"),
		{
			name: "log-poison", fault: "a library writes lines that are known to upset parsers of logs", expect: noLoss,
			act: harmless([]family{simulated}, func(t *trial, d *stage.Device) {
				text := choose(t, `panic: no panic at all`, `{\"@level\":\"info\",\"@message\":1}`, `[ERROR] %!s(MISSING) %n%n`, `{\"@timestamp\":\"yesterday\",\"@message\":null}`, `fatal error: all is well`, `{`)
				d.Sim = append(d.Sim, simFault(t, "print", "count = 50", fmt.Sprintf("text = \"%s\"", text), `output = "both"`, `for = "1s"`))
			}, nil),
		},
		{
			name: "event-flood", fault: "a driver tells of an exactly known loss every 5 ms", expect: "every loss is an exact gap; events are counted, not written one by one; the others lose nothing; exit 3",
			act: func(t *trial) error {
				d := t.harmed(simulated)
				d.Sim = append(d.Sim, fmt.Sprintf("fault \"lose\" {\n      at = \"200ms\"\n      every = \"5ms\"\n      times = %d\n      count = %d\n    }", 100+t.r.IntN(200), 1+t.r.IntN(200)))
				t.may(victim, "usb")
				if err := t.start(); err != nil {
					return err
				}
				if err := t.pause(1500*time.Millisecond, 3000*time.Millisecond); err != nil {
					return err
				}
				return t.stop()
			},
		},
	}
}

// flooding is a kind in which a driver writes far too much.
func flooding(name, fault, output string) kind {
	return kind{
		name: name, fault: fault, expect: noLoss,
		act: harmless([]family{simulated}, func(t *trial, d *stage.Device) {
			d.Sim = append(d.Sim, simFault(t, "print", fmt.Sprintf("count = %d", 100+t.r.IntN(400)), fmt.Sprintf("output = %q", output), `for = "1s"`))
		}, nil),
	}
}
