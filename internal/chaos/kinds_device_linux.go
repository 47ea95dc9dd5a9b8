package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// unplugged is a kind in which an emulated unit is taken off its port for a while.
func unplugged(name, fault, manner string, causes ...string) kind {
	return kind{
		name: name, fault: fault, expect: goesOn,
		act: restarting(1, emulated, causes, func(_ *trial, d *stage.Device) {
			d.Plan = append(d.Plan, hangAfter)
			d.Rig = append(d.Rig, "unplug = "+manner)
		}, func(t *trial, _ int) error {
			serial := t.device(victim).Serial
			t.quick = false // it is away as long as it is away
			t.tell("%s is unplugged", serial)
			if err := t.place.Rig.Unplug(serial); err != nil {
				return err
			}
			if err := t.until("the device is missed", func(s stage.Status) bool { return s.Device(victim).State != "recording" }); err != nil {
				return err
			}
			if err := t.pause(10*time.Millisecond, 800*time.Millisecond); err != nil {
				return err
			}
			return t.place.Rig.Plug(serial)
		}),
	}
}

func deviceKinds() []kind {
	return []kind{
		unplugged("unplug", "a unit is unplugged and plugged in again; the library says that it is gone", "gone", "usb"),
		unplugged("unplug-busy", "a unit is unplugged and plugged in again; the library says BUSY meanwhile", "busy", "usb", "restart"),
		unplugged("unplug-hang", "a unit is unplugged and plugged in again; the library hangs meanwhile", "hang", "usb", "restart"),
		{
			name: "unplug-port", fault: "a unit is plugged into another port: it is listed behind others of its kind", expect: goesOn,
			act: otherPort,
		},
		{
			name: "unplug-for-good", fault: "a unit is unplugged for good, and the plan gives up after 1 s", expect: "a gap to the end of the run whose bounds hold the truth; the others lose nothing; exit 4",
			act: unplugForGood,
		},
		{
			name: "power", fault: "a unit's supply fails, and comes back", expect: "gaps of cause power whose bounds hold the truth, no restart of the plugin; the others lose nothing; exit 3",
			act: powerFails,
		},
		{
			name: "not-responding", fault: "a library answers PICO_NOT_RESPONDING to a poll", expect: goesOn,
			act: restarting(1, emulated, []string{"usb", "restart"}, nil, func(t *trial, _ int) error {
				return t.fault(victim, fmt.Sprintf("status function=POLL value=PICO_NOT_RESPONDING call=%d", 1+t.r.IntN(30)))
			}),
		},
		{
			name: "busy-for-ever", fault: "a library answers PICO_BUSY to every poll from now on", expect: survives,
			act: restarting(1, emulated, []string{"restart"}, func(_ *trial, d *stage.Device) { d.Plan = append(d.Plan, hangAfter) }, func(t *trial, _ int) error {
				if err := t.fault(victim, fmt.Sprintf("busy function=POLL call=%d", 1+t.r.IntN(30))); err != nil {
					return err
				}
				if err := t.until("the device is missed", func(s stage.Status) bool { return s.Device(victim).State != "recording" }); err != nil {
					return err
				}
				return t.place.Rig.SetFaults(t.device(victim).Serial) // else the next process finds it busy, too
			}),
		},
		{
			name: "busy-a-while", fault: "a library answers PICO_BUSY to some polls", expect: noLoss,
			act: harmless(emulated, func(_ *trial, d *stage.Device) { d.Plan = append(d.Plan, `hang_after = "20s"`) }, func(t *trial) error {
				return t.fault(victim, fmt.Sprintf("status function=POLL value=PICO_BUSY call=%d times=%d", 1+t.r.IntN(10), 1+t.r.IntN(20)))
			}),
		},
		{
			name: "open-refused", fault: "a plugin is killed, and opening the unit again is refused some times", expect: "tried again with growing pauses; bounds hold the truth; the others lose nothing; exit 3",
			act: restarting(1, emulated, []string{"restart"}, nil, func(t *trial, _ int) error {
				if err := t.fault(victim, fmt.Sprintf("status function=FAMILYOpenUnit* value=%s times=%d", choose(t, "PICO_NOT_FOUND", "PICO_BUSY", "PICO_OPEN_OPERATION_IN_PROGRESS"), 1+t.r.IntN(4))); err != nil {
					return err
				}
				t.quick = false
				return t.signal(victim, 9)
			}),
		},
		{
			name: "slow-open", long: true, fault: "opening a healthy unit takes 12 s, setting a channel up 2 s", expect: "it is waited for: " + noLoss,
			act: func(t *trial) error {
				d := t.harmed(emulated...)
				d.Rig = append(d.Rig, "open_time = 12s", ofFamily("fault = delay function=FAMILYSetChannel* for=2s", d))
				if err := t.start(); err != nil {
					return err
				}
				if err := t.pause(500*time.Millisecond, time.Second); err != nil {
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
			},
		},
		{
			name: "slow-fetch", fault: "fetching a waveform takes a second each time", expect: "whole waveforms only, " + noLoss,
			act: func(t *trial) error {
				d := t.harmed(emulated...)
				d.Mode, d.Ratio, d.Trigger = choose(t, stage.Block, stage.RapidBlock), 0, false
				d.Rig = append(d.Rig, "fault = delay function=*GetValues* for=300ms times=0")
				if err := t.start(); err != nil {
					return err
				}
				if err := t.pause(time.Second, 3*time.Second); err != nil {
					return err
				}
				return t.stop()
			},
		},
		{
			name: "quiet-trigger", fault: "a trigger never comes", expect: "a quiet unit is not a hung one: no restart, nothing lost, exit 0",
			act: func(t *trial) error {
				d := t.harmed(anyUnit()...)
				d.Channels, d.Trigger, d.Never = "AB", true, true
				d.Mode, d.Ratio = choose(t, stage.Stream, stage.Block, stage.RapidBlock), 0
				d.Plan = append(d.Plan, hangAfter)
				t.unsure = d.Mode != stage.Stream
				if err := t.start(); err != nil {
					return err
				}
				if err := t.pause(2500*time.Millisecond, 4*time.Second); err != nil {
					return err
				}
				s, err := t.status()
				if err != nil {
					return err
				}
				if f := s.Device(victim); f.Restarts != 0 || f.Error != "" {
					t.fail("the device was started again %d times: %s", f.Restarts, f.Error)
				}
				return t.stop()
			},
		},
		{
			name: "over-range", fault: "an input goes far beyond its range", expect: "annotated as over range, never a gap; " + noLoss,
			act: overRange,
		},
		{
			name: "sim-unplug", fault: "a simulated unit is gone for a while", expect: goesOn,
			act: restarting(1, []family{simulated}, []string{"usb"}, func(t *trial, d *stage.Device) {
				d.Sim = append(d.Sim, simFault(t, "unplug", fmt.Sprintf("duration = \"%dms\"", 50+t.r.IntN(700))))
			}, func(t *trial, _ int) error { t.quick = false; return nil }),
		},
	}
}

// otherPort takes a unit off, and puts it back where it is listed in another place.
func otherPort(t *trial) error {
	d := t.harmed(emulated...)
	twin := &stage.Device{Name: "twin", Driver: d.Driver, Model: d.Model, Serial: fmt.Sprintf("TW%d/1", t.r.IntN(90)+10), Mode: stage.Stream, Channels: "A", Rate: 100_000}
	t.plan.Devices = append(t.plan.Devices, twin)
	t.may(victim, "usb", "restart")
	d.Plan = append(d.Plan, hangAfter)
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(100*time.Millisecond, 800*time.Millisecond); err != nil {
		return err
	}
	if err := t.place.Rig.Unplug(d.Serial); err != nil {
		return err
	}
	if err := t.until("the device is missed", func(s stage.Status) bool { return s.Device(victim).State != "recording" }); err != nil {
		return err
	}
	turned := t.plan
	turned.Devices = slices.Clone(t.plan.Devices)
	slices.Reverse(turned.Devices)
	if err := t.place.Rig.Configure(turned.Rig()); err != nil {
		return err
	}
	if err := t.place.Rig.Plug(d.Serial); err != nil {
		return err
	}
	if err := t.again(victim, 1); err != nil {
		return err
	}
	return t.stop()
}

func unplugForGood(t *trial) error {
	d := t.harmed(emulated...)
	d.Plan = append(d.Plan, "restart {\n    give_up_after = \"1s\"\n  }")
	t.may(victim, "usb")
	t.exit = []int{4}
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(100*time.Millisecond, 800*time.Millisecond); err != nil {
		return err
	}
	if err := t.place.Rig.Unplug(d.Serial); err != nil {
		return err
	}
	if err := t.until("the device is given up", func(s stage.Status) bool { return s.Device(victim).State == "failed" }); err != nil {
		return err
	}
	if err := t.pause(100*time.Millisecond, 800*time.Millisecond); err != nil {
		return err
	}
	return t.stop()
}

// powerFails takes a 5444D its supply away and gives it back.
func powerFails(t *trial) error {
	d := t.harmed(family{"ps5000a", "5444D"})
	t.may(victim, "power")
	if err := t.start(); err != nil {
		return err
	}
	for i, p := range []emulator.Power{emulator.USB, emulator.Supply} {
		if err := t.pause(100*time.Millisecond, 600*time.Millisecond); err != nil {
			return err
		}
		t.tell("%s: power %s", d.Serial, p)
		if err := t.place.Rig.SetPower(d.Serial, p); err != nil {
			return err
		}
		if err := t.until("the change is a gap", func(s stage.Status) bool { return s.Device(victim).Gaps() > i }); err != nil {
			return err
		}
		if err := t.more(victim, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return t.stop()
}

// overRange lets one channel see more than its range.
func overRange(t *trial) error {
	d := t.harmed(emulated...)
	d.Channels, d.Trigger, d.Ratio = "AB", false, 0
	d.Foreign = "A"
	d.Rig = append(d.Rig, "channel A = sine frequency=50Hz amplitude=10V")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(500*time.Millisecond, 2*time.Second); err != nil {
		return err
	}
	if err := t.stop(); err != nil {
		return err
	}
	metas, err := filepath.Glob(filepath.Join(t.dir(), victim+".A*.sigmf-meta"))
	if err != nil || len(metas) == 0 {
		return errors.Join(errors.New("there is no metadata of the channel"), err)
	}
	for _, path := range metas {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(string(text), `"over_range"`) {
			return nil
		}
	}
	t.fail("no annotation says that the channel was over range")
	return nil
}
