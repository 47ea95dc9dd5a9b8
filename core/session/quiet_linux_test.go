package session

import (
	"fmt"
	"math"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestHowLongADeviceMayBeSilent(t *testing.T) {
	t.Parallel()
	applied := driver.Applied{Mode: driver.ModeBlock, Interval: units.Seconds(1, 1000), PreSamples: 500, PostSamples: 500}
	block := func(r driver.Repeat, captures int64, trigger *driver.TriggerConfig) driver.Config {
		b := driver.BlockConfig{Repeat: r}
		if captures > 1 {
			return driver.Config{RapidBlock: &driver.RapidBlockConfig{BlockConfig: b, Captures: captures}, Trigger: trigger}
		}
		return driver.Config{Block: &b, Trigger: trigger}
	}
	forever := driver.Repeat{Forever: true}
	for _, c := range []struct {
		name   string
		config driver.Config
		m      moments
		least  time.Duration // 0: as long as it likes
		since  int64
	}{
		{"a block without a trigger", block(forever, 1, nil), moments{came: 7, armed: 9}, 3 * time.Second, 7},
		{"every minute", block(driver.Repeat{Every: time.Minute}, 1, nil), moments{came: 7}, 63 * time.Second, 7},
		{"a hundred at once", block(forever, 100, nil), moments{came: 7}, 201 * time.Second, 7},
		{"it waits for its trigger", block(forever, 1, &driver.TriggerConfig{}), moments{came: 7, armed: 9}, 0, 0},
		{"it was triggered", block(forever, 1, &driver.TriggerConfig{}), moments{came: 7, armed: 9, fired: 12}, 3 * time.Second, 12},
		{"what it was triggered for has come", block(forever, 1, &driver.TriggerConfig{}), moments{came: 15, armed: 9, fired: 12}, 0, 0},
		{"each of many waits for its trigger", block(forever, 100, &driver.TriggerConfig{}), moments{came: 7, armed: 9, fired: 12}, 0, 0},
		{"a trigger with a delay", block(forever, 1, &driver.TriggerConfig{Delay: driver.Span{Samples: 10_000}}), moments{armed: 9, fired: 12}, 23 * time.Second, 12},
		{"it triggers by itself", block(forever, 1, &driver.TriggerConfig{Auto: 20 * time.Second}), moments{came: 7, armed: 9}, 43 * time.Second, 7},
		{"not ordered yet", block(driver.Repeat{Ordered: true}, 1, nil), moments{came: 7}, 0, 0},
		{"ordered", block(driver.Repeat{Ordered: true}, 1, nil), moments{came: 7, order: 9}, 3 * time.Second, 9},
		{"ordered, in the middle", block(driver.Repeat{Ordered: true}, 100, nil), moments{came: 17, order: 9}, 201 * time.Second, 17},
		{"ordered, it waits for its trigger", block(driver.Repeat{Ordered: true}, 1, &driver.TriggerConfig{}), moments{came: 7, order: 9, armed: 10}, 0, 0},
		{"ordered and triggered", block(driver.Repeat{Ordered: true}, 1, &driver.TriggerConfig{}), moments{came: 7, order: 9, armed: 10, fired: 12}, 3 * time.Second, 12},
		{"ordered and done", block(driver.Repeat{Ordered: true}, 1, nil), moments{came: 17}, 0, 0},
		{"very many", block(forever, 1<<62, nil), moments{came: 7}, longest, 7},
	} {
		quiet, since, ok := silence{c.config, applied}.allowed(c.m)
		if ok != (c.least > 0) || ok && (quiet < c.least || quiet > c.least+c.least/10 || since != c.since) {
			t.Errorf("%s: %v since %d, %v; want %v since %d", c.name, quiet, since, ok, c.least, c.since)
		}
	}
}

// TestSilentBlocks: a unit that says nothing more in its ring is noticed in block modes too, where no trigger is what it may wait for.
func TestSilentBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, block, trigger, fault string }{
		{"rapid blocks, the ring is dead", rapidBlock(10, `repeat = "forever"`), "", "lie"},
		{"a block, the ring is dead", `block {
    post        = 500
    sample_rate = "1MS/s"
    repeat      = "forever"
  }`, "", "lie"},
		{"the unit delivers nothing any more", rapidBlock(10, `repeat = "forever"`), "", "stall"},
		{"its trigger comes by itself", rapidBlock(10, `repeat = "forever"`), `trigger {
    auto = "1ms"
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }`, "lie"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			what := `what = "geometry"`
			if c.fault != "lie" {
				what = ""
			}
			s := l.start(fmt.Sprintf(`
variable "out" {}
run "test" {
  output = var.out
  sync   = "100ms"
  disk { keep_free = "1MiB" }
}
device "cell" {
  driver     = "sim"
  serial     = "QUIET%d"
  hang_after = "1s"
  channel "A" { range = "5V" }
  %s
  %s
  sim {
    fault %q {
      at = "300ms"
      %s
    }
  }
}
`, serials.Add(1), c.block, c.trigger, c.fault, what))
			l.until(s, func(st Status) bool { return st.Devices[0].Restarts > 0 })
			before := s.Status().Devices[0].Block.Waveforms
			l.until(s, func(st Status) bool { return st.Devices[0].Block.Waveforms > before })
			s.Stop("stop")
			if sum := l.waitOnly(s); !sum.Lost {
				t.Errorf("summary %+v", sum)
			}
		})
	}
}

// TestWordsOfADriver: a driver's stamps are not believed beyond the present, so that it cannot seem to wait for ever.
func TestWordsOfADriver(t *testing.T) {
	t.Parallel()
	w := &watch{d: &device{}, u: &unit{plan: &plan.Device{Name: "cell"}, applied: driver.Applied{Mode: driver.ModeBlock}}}
	for _, at := range []int64{math.MaxInt64, clock.Mono() + int64(time.Hour), 0} {
		w.event(driver.Event{Kind: driver.EventTriggerWait, MonoNS: at})
		w.event(driver.Event{Kind: driver.EventTriggered, MonoNS: at})
		if now := clock.Mono(); w.d.armedNS.Load() > now || w.d.firedNS.Load() > now || w.d.armedNS.Load() == 0 {
			t.Errorf("told %d: armed at %d and triggered at %d, it is %d", at, w.d.armedNS.Load(), w.d.firedNS.Load(), now)
		}
	}
}

// TestWordsOfADeadPlugin: that the plugin before had been triggered says nothing of the one that was started behind it.
func TestWordsOfADeadPlugin(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(triggeredStream("500mV"), "post               = 2000", "post               = 500000", 1)
	s := l.start(strings.Replace(text, `duration = "1500ms"`, "", 1))
	d := s.devices[0]
	l.until(s, func(Status) bool { return d.firedNS.Load() != 0 })
	killed := clock.Mono()
	if err := syscall.Kill(s.Status().Devices[0].PluginPID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool { return st.Devices[0].Restarts == 1 })
	if fired := d.firedNS.Load(); fired != 0 && fired < killed {
		t.Errorf("it counts as triggered %v before it was started", time.Duration(d.readyNS.Load()-fired))
	}
	s.Stop("stop")
	l.waitOnly(s)
}
