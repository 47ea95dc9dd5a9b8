package main

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// controlKinds do no harm: the judge has to find nothing.
var controlKinds = []kind{{
	name: "no-harm", fault: "nothing: a mixed rig is recorded and stopped", expect: "nothing lost, exit 0",
	act: func(t *trial) error {
		t.harmed(append(emulated[:len(emulated):len(emulated)], simulated)...)
		if err := t.start(); err != nil {
			return err
		}
		if err := t.pause(500*time.Millisecond, 2500*time.Millisecond); err != nil {
			return err
		}
		return t.stop()
	},
}}

const (
	goesOn = "records again in the same run within seconds; a gap whose bounds hold the truth; the others lose nothing; exit 3"
	// hangAfter is short, so that trials are.
	hangAfter = `hang_after = "500ms"`
)

// anyUnit are all families.
func anyUnit() []family { return append(emulated[:len(emulated):len(emulated)], simulated) }

// restarting is the usual course: one device is harmed while all record, once or more; each time it records again.
func restarting(times int, families []family, causes []string, prepare func(*trial, *stage.Device), harm func(*trial, int) error) func(*trial) error {
	return func(t *trial) error {
		d := t.harmed(families...)
		if prepare != nil {
			prepare(t, d)
		}
		t.may(victim, causes...)
		t.quick = true
		if err := t.start(); err != nil {
			return err
		}
		for n := 1; n <= times; n++ {
			if err := t.pause(100*time.Millisecond, 1200*time.Millisecond); err != nil {
				return err
			}
			if harm != nil {
				if err := harm(t, n); err != nil {
					return err
				}
			}
			if err := t.again(victim, n); err != nil {
				return err
			}
		}
		return t.stop()
	}
}

// ofFamily puts the driver's name into a line about the vendor's functions. POLL is the function that streams are polled with.
func ofFamily(line string, d *stage.Device) string {
	line = strings.ReplaceAll(line, "POLL", "FAMILYGetStreamingLatestValues")
	return strings.ReplaceAll(line, "FAMILY", d.Driver)
}

// signalled is a kind in which a plugin gets a signal.
func signalled(name string, s syscall.Signal) kind {
	return kind{
		name: name, fault: fmt.Sprintf("a plugin gets %s at any moment", strings.TrimPrefix(name, "plugin-")), expect: goesOn,
		act: restarting(1, anyUnit(), []string{"restart"}, nil, func(t *trial, _ int) error { return t.signal(victim, s) }),
	}
}

// polled is a kind in which an emulated library fails while it streams.
func polled(name, fault, line string) kind {
	return kind{
		name: name, fault: fault, expect: goesOn,
		act: restarting(1, emulated, []string{"restart"},
			func(_ *trial, d *stage.Device) { d.Plan = append(d.Plan, hangAfter) },
			func(t *trial, _ int) error {
				return t.fault(victim, strings.ReplaceAll(line, "CALL", fmt.Sprint(1+t.r.IntN(40))))
			}),
	}
}

// simFault is a fault of the simulated driver, some time after the start.
func simFault(t *trial, kind string, lines ...string) string {
	return fmt.Sprintf("fault %q {\n      at = \"%dms\"\n      %s\n    }", kind, t.between(300*time.Millisecond, 1500*time.Millisecond).Milliseconds(), strings.Join(lines, "\n      "))
}

// simulatedDeath is a kind in which the simulated driver ends its own process.
func simulatedDeath(name, fault string, lines ...string) kind {
	return kind{
		name: name, fault: fault, expect: goesOn,
		act: restarting(1, []family{simulated}, []string{"restart"}, func(t *trial, d *stage.Device) {
			d.Plan = append(d.Plan, hangAfter)
			d.Sim = append(d.Sim, simFault(t, lines[0], lines[1:]...))
		}, nil),
	}
}

func deathKinds() []kind {
	return []kind{
		signalled("plugin-SIGKILL", syscall.SIGKILL),
		signalled("plugin-SIGABRT", syscall.SIGABRT),
		signalled("plugin-SIGTERM", syscall.SIGTERM),
		signalled("plugin-SIGSEGV", syscall.SIGSEGV),
		polled("library-segv", "the vendor library crashes in a poll", "crash function=POLL call=CALL"),
		polled("library-exit", "the vendor library ends the process in a poll", "exit function=POLL call=CALL code=0"),
		simulatedDeath("driver-panic", "the driver panics while it records", "crash", `how = "panic"`),
		simulatedDeath("driver-abort", "the driver aborts while it records", "crash", `how = "abort"`),
		simulatedDeath("driver-exit", "the driver ends its process while it records", "crash", `how = "exit"`),
		{
			name: "fetch-segv", fault: "the vendor library crashes while waveforms are fetched", expect: "whole waveforms only; captures again; the others lose nothing; exit 3",
			act: blockFailing("crash function=*GetValues* call=CALL"),
		},
		{
			name: "crash-loop", fault: "a driver crashes again and again, each time it records", expect: "as many restarts, ever later; bounds hold the truth; the others lose nothing; exit 3",
			act: crashLoop,
		},
		{
			name: "crash-restarting", fault: "a plugin is killed, and the library crashes while the unit is opened or set up again", expect: goesOn,
			act: restarting(1, emulated, []string{"restart"}, nil, func(t *trial, _ int) error {
				if err := t.fault(victim, choose(t, "crash function=FAMILYOpenUnit*", "crash function=FAMILYSetChannel*", "exit function=FAMILYRunStreaming")); err != nil {
					return err
				}
				return t.signal(victim, syscall.SIGKILL)
			}),
		},
		{
			name: "crash-stopping", fault: "a library crashes in the calls that stop it or close the unit", expect: "what was recorded before is whole; sealed; the others lose nothing; exit 0, or 3 where a delivery died with it",
			act: func(t *trial) error {
				t.harmed(emulated...)
				t.exit = []int{0, 3}
				t.causes[victim] = []string{"restart", "unknown"}
				t.dying()
				if err := t.start(); err != nil {
					return err
				}
				if err := t.fault(victim, choose(t, "crash function=FAMILYStop", "crash function=FAMILYCloseUnit", "exit function=FAMILYStop")); err != nil {
					return err
				}
				if err := t.pause(200*time.Millisecond, 1200*time.Millisecond); err != nil {
					return err
				}
				return t.stop()
			},
		},
		{
			name: "crash-opening", fault: "a library crashes when the run opens its unit for the first time", expect: "nothing begins: exit 4, no process left, no recording that pretends",
			act: func(t *trial) error {
				d := t.harmed(emulated...)
				d.Rig = append(d.Rig, ofFamily("fault = crash function=FAMILYOpenUnit*", d))
				return t.refused(4)
			},
		},
		{
			name: "give-up", fault: "a driver crashes at every start, and the plan gives up after 1 s", expect: "the device is given up and told; the others record to the end and lose nothing; exit 4",
			act: giveUp,
		},
	}
}

// blockFailing lets the library of a device in a block mode fail once.
func blockFailing(line string) func(*trial) error {
	return restarting(1, emulated, nil, func(t *trial, d *stage.Device) {
		d.Mode, d.Ratio, d.Trigger = choose(t, stage.Block, stage.RapidBlock), 0, false
		d.Plan = append(d.Plan, `hang_after = "1s"`)
		t.exit = []int{3}
	}, func(t *trial, _ int) error {
		return t.fault(victim, strings.ReplaceAll(line, "CALL", fmt.Sprint(1+t.r.IntN(30))))
	})
}

// crashLoop lets a simulated driver crash several times.
func crashLoop(t *trial) error {
	times := 3 + t.r.IntN(3)
	d := t.harmed(simulated)
	d.Sim = append(d.Sim, fmt.Sprintf("fault \"crash\" {\n      at = \"%dms\"\n      how = %q\n      every = \"1h\"\n      times = %d\n    }",
		t.between(100*time.Millisecond, 600*time.Millisecond).Milliseconds(), choose(t, "segv", "kill", "panic", "exit"), times))
	t.may(victim, "restart")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.again(victim, times); err != nil {
		return err
	}
	return t.stop()
}

// giveUp lets a driver crash for ever.
func giveUp(t *trial) error {
	d := t.harmed(simulated)
	d.Sim = append(d.Sim, fmt.Sprintf("fault \"crash\" {\n      at = \"%dms\"\n      every = \"1h\"\n      times = 0\n    }", t.between(200*time.Millisecond, 400*time.Millisecond).Milliseconds()))
	d.Plan = append(d.Plan, "restart {\n    give_up_after = \"1s\"\n    backoff_max = \"200ms\"\n  }")
	t.may(victim, "restart")
	t.exit = []int{4}
	if err := t.start(); err != nil {
		return err
	}
	err := t.until("the device is given up", func(s stage.Status) bool { return s.Device(victim).State == "failed" })
	if err != nil {
		return err
	}
	for _, d := range t.plan.Devices[1:] {
		if err := t.more(d.Name, 200*time.Millisecond); err != nil {
			return err
		}
	}
	return t.stop()
}

// dying lets the end of a run lack what a plugin had in its hands when it died there.
func (t *trial) dying() { t.atEnd = true }

// refused wants a run not to begin.
func (t *trial) refused(code int) error {
	t.exit = []int{code}
	if err := t.place.Write(t.plan); err != nil {
		return err
	}
	p, err := t.place.Start(t.ctx, stage.Options{}, "run", "--json", t.place.PlanPath())
	if err != nil {
		return err
	}
	t.p = p
	if err := t.ended(); err != nil {
		return err
	}
	if p.Dir() != "" {
		t.fail("it began to record into %s", p.Dir())
	}
	return nil
}
