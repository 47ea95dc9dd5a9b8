package rigtest

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// backSoon is how soon a device records again after its failure was noticed, five times over: the machine may be busy.
const backSoon = 5 * 2 * time.Second

// backInTime checks how long it took from each failure's notice to the first sample behind it.
func (l *lab) backInTime(dir, name string, gaps int) {
	l.t.Helper()
	rec := l.open(dir)
	events, err := rec.Events()
	if err != nil {
		l.t.Fatal(err)
	}
	var noticed []int64
	for _, e := range events {
		if e.Kind == recording.EventRestart && e.Device == name {
			noticed = append(noticed, e.MonoNS)
		}
	}
	epochs := rec.Run().Device(name).Epochs
	if len(noticed) != gaps || len(epochs) != gaps+1 {
		l.t.Errorf("%s: %d restarts are told, %d epochs, want %d of the former", name, len(noticed), len(epochs), gaps)
		return
	}
	for i, at := range noticed {
		took := time.Duration(epochs[i+1].First.MonoNS - at)
		if took > backSoon {
			l.t.Errorf("%s: %v from notice to first sample", name, took)
		}
		l.t.Logf("%s: %v from notice to first sample", name, took.Round(time.Millisecond))
	}
}

// TestBackInTime kills the plugin of a device, then stops another one, for each family and the simulated driver: it records again soon after
// that was noticed, in the same run.
func TestBackInTime(t *testing.T) {
	t.Parallel()
	for _, f := range append([]family{{"sim", ""}}, families...) {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, proofUnit("2406B", "OTHER"))
			if f.model != "" {
				l = newLab(t, proofUnit(f.model, "SOON"))
			}
			s := l.start(planOf("", impatient("d", f.driver, "SOON", "AB")))
			for i, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSTOP, syscall.SIGSEGV} {
				l.come(s, "d", 10_000)
				if err := syscall.Kill(deviceOf(s.Status(), "d").PluginPID, signal); err != nil {
					t.Fatal(err)
				}
				l.records(s, "d", i+1)
			}
			s.Stop("stop")
			sum := l.wait(s)
			l.proven(sum.Dir)
			l.backInTime(sum.Dir, "d", 3)
			l.cause(sum, "d", "restart")
			if f.model != "" {
				l.inBounds(sum, "d", "SOON", 3)
				l.goodUse("SOON")
			}
		})
	}
}

// impatient is a device that is taken for hung after half a second.
func impatient(name, driverName, serial, channels string) string {
	text := scope(name, driverName, serial, channels, "100kS/s")
	if driverName == "sim" {
		text = device(name, "sim", serial, "  channel \"A\" {\n    range = \"5V\"\n    sim { signal = \"proof\" }\n  }\n  stream { sample_rate = \"100kS/s\" }")
	}
	return strings.Replace(text, "channel", "hang_after = \"500ms\"\n  restart { backoff_max = \"300ms\" }\n  channel", 1)
}

// TestAnotherPort takes a unit off its port and plugs it into another one, an older one in front of that of a second unit of the same model: it is
// found again by its serial, although the plan names none and the other unit is the first of the list now.
func TestAnotherPort(t *testing.T) {
	t.Parallel()
	for _, f := range families {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			mine := func(port string) string { return proofUnit(f.model, "PORT/1", "usb = "+port) }
			l := newLab(t, mine("3.0")+proofUnit(f.model, "PORT/2"))
			s := l.start(planOf("", strings.Replace(impatient("d", f.driver, "PORT/1", "AB"), `serial = "PORT/1"`, "", 1)))
			l.come(s, "d", 10_000)
			if err := l.rig.Unplug("PORT/1"); err != nil {
				t.Fatal(err)
			}
			l.until(s, "the device is away", func(st session.Status) bool { return deviceOf(st, "d").State == "restarting" })
			if err := l.rig.Configure(proofUnit(f.model, "PORT/2") + mine("2.0")); err != nil {
				t.Fatal(err)
			}
			l.until(s, "it was looked for", func(st session.Status) bool { return strings.Contains(deviceOf(st, "d").Error, "PORT/1") })
			if err := l.rig.Plug("PORT/1"); err != nil {
				t.Fatal(err)
			}
			l.records(s, "d", 1)
			s.Stop("stop")
			sum := l.wait(s)
			l.proven(sum.Dir) // the proof signal holds the serial
			l.inBounds(sum, "d", "PORT/1", 1)
			l.cause(sum, "d", "usb")
			if events, err := l.rig.Truth("PORT/2"); err != nil || len(events) > 0 && events[0].Name == "open" {
				t.Errorf("the other unit was opened: %v, %v", events[:min(len(events), 1)], err)
			}
			l.goodUse("PORT/1")
		})
	}
}

// cause wants all gaps of a device to have a cause.
func (l *lab) cause(sum *session.Summary, name, cause string) {
	l.t.Helper()
	for _, g := range ended(sum, name).Gaps {
		if g.Cause != cause {
			l.t.Errorf("%s: cause %s, want %s: %+v", name, g.Cause, cause, g)
		}
	}
}

// TestTakenMeanwhile: another program takes the unit while its plugin is started again. It is tried until the unit is free, and the status says why.
func TestTakenMeanwhile(t *testing.T) {
	t.Parallel()
	for _, f := range families {
		t.Run(f.driver, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, proofUnit(f.model, "TAKEN"))
			s := l.start(planOf("", impatient("d", f.driver, "TAKEN", "AB"), impatient("good", "sim", "TAKEN/G", "")))
			l.come(s, "d", 10_000)
			lock, err := os.Open(l.rig.Path("TAKEN", "lock")) // a unit is held by a lock of its file
			if err != nil {
				t.Fatal(err)
			}
			defer lock.Close()
			held := make(chan error, 1)
			go func() { held <- unix.Flock(int(lock.Fd()), unix.LOCK_EX) }() // it is had when the plugin dies
			time.Sleep(50 * time.Millisecond)                                // until it waits; too short a time only makes the test fail
			l.kill(s, "d")
			select {
			case err := <-held:
				if err != nil {
					t.Fatal(err)
				}
			case <-time.After(patience):
				t.Fatal("the unit is not free when its plugin is dead")
			}
			l.until(s, "it is told that the unit is not to be had", func(st session.Status) bool {
				d := deviceOf(st, "d")
				return d.State == "restarting" && strings.Contains(d.Error, "TAKEN")
			})
			t.Log(deviceOf(s.Status(), "d").Error)
			if err := unix.Flock(int(lock.Fd()), unix.LOCK_UN); err != nil {
				t.Fatal(err)
			}
			l.records(s, "d", 1)
			s.Stop("stop")
			sum := l.wait(s)
			l.proven(sum.Dir)
			l.inBounds(sum, "d", "TAKEN", 1)
			l.unharmed(sum, "good")
			l.goodUse("TAKEN")
		})
	}
}

// TestGiveUpAfter: a device that stays away for as long as the plan's patience has failed; the loss up to the end of the run is told, and the
// others go on.
func TestGiveUpAfter(t *testing.T) {
	t.Parallel()
	l := newLab(t, proofUnit("5444D", "GONE"))
	s := l.start(planOf("", strings.Replace(impatient("d", "ps5000a", "GONE", "AB"), `backoff_max = "300ms" }`, "\n    backoff_max = \"100ms\"\n    give_up_after = \"3s\"\n  }", 1), impatient("good", "sim", "GONE/G", "")))
	l.come(s, "d", 10_000)
	if err := l.rig.Unplug("GONE"); err != nil {
		t.Fatal(err)
	}
	l.until(s, "it is given up", func(st session.Status) bool { return deviceOf(st, "d").State == "failed" })
	tries := 0
	events, err := l.rig.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Name == "open" {
			tries++
		}
	}
	if tries < 2 {
		t.Errorf("it was tried %d times", tries)
	}
	if err := l.rig.Plug("GONE"); err != nil {
		t.Fatal(err)
	}
	l.come(s, "good", 50_000)
	s.Stop("stop")
	sum := l.wait(s)
	if d := ended(sum, "d"); d.Error == "" || sum.ExitCode(false) != session.ExitDevice || d.Streams[0].Lost == 0 || len(d.Gaps) == 0 {
		t.Errorf("exit code %d, %+v", sum.ExitCode(false), d)
	}
	l.cause(sum, "d", "usb")
	l.proven(sum.Dir)
	l.unharmed(sum, "good")
}

// TestSlowButHealthy: a unit whose calls take long, though less than the driver's budgets grant them, is not taken for hung, however soon the plan
// takes one for hung that records.
func TestSlowButHealthy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ call, time string }{{"OpenUnit*", "10s"}, {"RunStreaming", "4s"}, {"SetSimpleTrigger", "5s"}} {
		for i, f := range families {
			if i > 0 && !long {
				break
			}
			t.Run(f.driver+" "+strings.Trim(c.call, "*"), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, proofUnit(f.model, "SLOW", fmt.Sprintf("fault = delay function=%s%s for=%s open=2 again=open", f.driver, c.call, c.time)))
				s := l.start(planOf("", impatient("d", f.driver, "SLOW", "AB")))
				l.come(s, "d", 10_000)
				l.kill(s, "d")
				l.records(s, "d", 1)
				s.Stop("stop")
				sum := l.wait(s)
				opens := 0
				events, err := l.rig.Truth("SLOW")
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range events {
					if e.Name == "open" {
						opens++
					}
				}
				slow, err := time.ParseDuration(c.time)
				if err != nil {
					t.Fatal(err)
				}
				if away := ended(sum, "d").Gaps[0].Seconds; opens != 2 || away < slow.Seconds() {
					t.Errorf("it was opened %d times, and away for %.1f s", opens, away)
				}
				l.proven(sum.Dir)
				l.inBounds(sum, "d", "SLOW", 1)
			})
		}
	}
}
