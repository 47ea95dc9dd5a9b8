package rigtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/recording"
)

// scope is a device with channels of the range 1 V.
func scope(name, driverName, serial, channels, rate string) string {
	body := ""
	for _, c := range channels {
		body += fmt.Sprintf("  channel \"%c\" { range = \"1V\" }\n", c)
	}
	return device(name, driverName, serial, body+fmt.Sprintf("  stream { sample_rate = %q }", rate))
}

// come waits until so many more samples of a device are recorded.
func (l *lab) come(s *session.Session, name string, more int64) {
	l.t.Helper()
	have := deviceOf(s.Status(), name).Streams[0].Recorded
	l.until(s, fmt.Sprintf("%s has %d samples more", name, more), func(st session.Status) bool {
		return deviceOf(st, name).Streams[0].Recorded >= have+more
	})
}

// TestPowerChanges takes a unit its supply away while it streams, and gives it back: each change is a gap with that
// cause, in the same run, and told as an event.
func TestPowerChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t, proofUnit("5444D", "POWER"))
	s := l.start(planOf("", scope("d", "ps5000a", "POWER", "AB", "100kS/s")))
	l.come(s, "d", 20_000)
	for i, p := range []emulator.Power{emulator.USB, emulator.Supply, emulator.USB} {
		if err := l.rig.SetPower("POWER", p); err != nil {
			t.Fatal(err)
		}
		l.until(s, fmt.Sprintf("the change to %s is told", p), func(st session.Status) bool { return deviceOf(st, "d").Streams[1].Gaps > i })
		l.come(s, "d", 20_000)
	}
	s.Stop("stop")
	sum := l.wait(s)
	if sum.ExitCode(false) != session.ExitLoss || sum.DeviceFailed {
		t.Errorf("%+v", sum)
	}
	l.proven(sum.Dir)
	rec := l.open(sum.Dir)
	for _, st := range rec.Streams() {
		gaps := st.Gaps()
		if len(gaps) != 3 {
			t.Errorf("%s: gaps %+v", st.Name(), gaps)
		}
		for _, g := range gaps {
			if g.Cause != recording.CausePower || g.Lost <= 0 || g.Exact {
				t.Errorf("%s: gap %+v", st.Name(), g)
			}
		}
	}
	l.inBounds(sum, "d", "POWER", 3)
	if run := rec.Run().Device("d"); run.Restarts != 0 {
		t.Errorf("%d restarts", run.Restarts)
	}
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	var power []string
	for _, e := range events {
		if e.Kind == recording.EventPower {
			power = append(power, e.Text)
		}
	}
	all := strings.Join(power, "\n")
	if strings.Count(all, "running again from usb power") != 2 || strings.Count(all, "running again from supply power") != 1 {
		t.Errorf("power events:\n%s", all)
	}
	l.goodUse("POWER")
}

// TestPowerTakesChannels: without its supply the unit has not all channels that are recorded. It is tried again until
// the supply is back; other devices lose nothing.
func TestPowerTakesChannels(t *testing.T) {
	t.Parallel()
	l := newLab(t, proofUnit("5444D", "POWER")+proofUnit("2406B", "OTHER"))
	s := l.start(planOf("", scope("d", "ps5000a", "POWER", "AD", "100kS/s"), scope("other", "ps2000a", "OTHER", "A", "100kS/s")))
	l.come(s, "d", 20_000)
	if err := l.rig.SetPower("POWER", emulator.USB); err != nil {
		t.Fatal(err)
	}
	l.until(s, "the device is lost", func(st session.Status) bool {
		d := deviceOf(st, "d")
		return d.State == "restarting" && strings.Contains(d.Error, "channel D") || strings.Contains(d.Error, `"D"`)
	})
	if err := l.rig.SetPower("POWER", emulator.Supply); err != nil {
		t.Fatal(err)
	}
	l.until(s, "it records again", func(st session.Status) bool {
		return deviceOf(st, "d").State == "recording" && deviceOf(st, "d").Restarts == 1
	})
	l.come(s, "d", 20_000)
	s.Stop("stop")
	sum := l.wait(s)
	l.proven(sum.Dir)
	for _, g := range ended(sum, "d").Gaps {
		if g.Cause != "power" {
			t.Errorf("gap %+v", g)
		}
	}
	l.inBounds(sum, "d", "POWER", 1)
	if n := len(ended(sum, "d").Gaps); n != 2 {
		t.Errorf("%d gaps in 2 streams", n)
	}
	if st := ended(sum, "other").Streams[0]; st.Lost != 0 || st.Gaps != 0 {
		t.Errorf("the other device: %+v", st)
	}
	l.goodUse("POWER", "OTHER")
}

// TestHandshakes opens units that ask for an acknowledgement of their power or connection, and compares what they can
// do then with what they can do at best.
func TestHandshakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, model, rig string
		power            string
		fastest          string // of two channels
		tooFast          string
	}{
		{"with supply on USB 3", "5444D", "", "supply", "62.5MS/s", "63MS/s"},
		{"with supply on USB 2", "5444D", "usb = 2.0\n", "supply", "15.625MS/s", "16MS/s"},
		{"without supply on USB 3", "5444D", "power = usb\n", "usb", "62.5MS/s", "63MS/s"},
		{"without supply on USB 2", "5444D", "power = usb\nusb = 2.0\n", "usb", "15.625MS/s", "16MS/s"},
		{"two acknowledgements", "5444D", "power = usb\nusb = 2.0\nhandshake = twice\n", "usb", "15.625MS/s", "16MS/s"},
		{"two channels on USB 2", "5244D", "usb = 2.0\n", "usb", "15.625MS/s", "16MS/s"},
		{"a USB 2 unit without supply", "5444B", "power = usb\nusb = 2.0\n", "usb", "15.625MS/s", "16MS/s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, "[unit HAND]\nmodel = "+c.model+"\n"+c.rig+"channel A = proof\nchannel B = proof\n")
			v, err := session.Check(t.Context(), l.options(planOf("samples = 100", scope("d", "ps5000a", "HAND", "AB", c.fastest))))
			if err != nil {
				t.Fatalf("%v\n%s", err, told(err))
			}
			if v.Devices[0].Power != c.power {
				t.Errorf("power %q", v.Devices[0].Power)
			}
			if p, diags := l.parse(planOf("samples = 100", scope("d", "ps5000a", "HAND", "AB", c.tooFast))); !diags.HasErrors() {
				_, err := session.Check(t.Context(), session.Options{Plan: p, Host: l.host, RunID: l.id})
				if !strings.Contains(told(err), fmt.Sprintf("The nearest is sample_rate = %q", c.fastest)) {
					t.Errorf("faster: %v\n%s", err, told(err))
				}
			} else if !strings.Contains(places(diags), fmt.Sprintf("The nearest is sample_rate = %q", c.fastest)) {
				t.Errorf("faster: %s", places(diags))
			}
			sum := l.record(planOf("samples = 50000", scope("d", "ps5000a", "HAND", "AB", "1MS/s")))
			l.proven(sum.Dir)
			l.goodUse("HAND")
		})
	}
	t.Run("not enough power", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, "[unit HAND]\nmodel = 5444D\npower = undervoltage\n")
		e := l.refused(planOf("samples = 100", scope("d", "ps5000a", "HAND", "A", "1MS/s")))
		if e.Class != session.ClassDevice || driver.KindOf(e) == driver.KindBug || !strings.Contains(told(e), "power") || e.Advice == "" {
			t.Errorf("class %d, kind %v: %s", e.Class, driver.KindOf(e), told(e))
		}
		t.Log(told(e))
	})
}
