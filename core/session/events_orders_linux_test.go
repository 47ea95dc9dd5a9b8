package session

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

const (
	// onceTriggered is a source of one event, which ends with it.
	onceTriggered = `block {
    sample_rate = "1MS/s"
    pre         = 100
    post        = 100
  }
  ` + levelTrigger
	seenEvent = `event "seen" {
  source = "slow"
  start  = ["fast"]
}`
	neverTriggered = `
  trigger {
    level "A" {
      direction = "rising"
      threshold = "4V"
    }
  }`
)

// slowRapid is a rapid block whose captures take 300 ms each.
func slowRapid(captures int, more string) string {
	return fmt.Sprintf(`rapid_block {
    sample_rate = "1kS/s"
    post        = 300
    captures    = %d
    %s
  }`, captures, more)
}

// TestOrdersAreCarriedOut: an order that was taken brings all its waveforms, whatever ends meanwhile.
func TestOrdersAreCarriedOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, run, slow, event string
		captures               int
		more                   string
	}{
		{"its source has ended", "", onceTriggered, seenEvent, 10, ""},
		{"the time for repeating is over", `duration = "5s"`, slowStream, upEvent, 12, `repeat_for = "1500ms"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			s := l.start(eventPlan(c.run, c.slow, slowRapid(c.captures, c.more), c.event))
			l.until(s, func(st Status) bool { return device0(st, "fast").Block.Waveforms >= 2 })
			if d := device0(s.Status(), "fast"); d.State != stateRecording || d.Block.ForEvent {
				t.Errorf("while it carries out an order: %s, %+v", d.State, d.Block)
			}
			sum := l.sealed(s)
			fast, started := sum.Devices[1], sum.EventBlocks[0].Starts[0].Started
			if fast.Block.Waveforms != started*int64(c.captures) || started != 1 || fast.Block.Lost != 0 || sum.ExitCode(false) != ExitDone {
				t.Errorf("%d orders brought %+v; %+v", started, fast.Block, sum)
			}
		})
	}
}

// TestSilentOrders: a unit that takes orders and brings nothing is noticed.
func TestSilentOrders(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := eventPlan("", slowStream, fastRapid+`
  sim {
    fault "stall" { at = "300ms" }
  }`, upEvent)
	s := l.start(strings.Replace(text, `driver = "sim"
  serial = "EVF`, `driver     = "sim"
  hang_after = "1s"
  serial     = "EVF`, 1))
	l.until(s, func(st Status) bool { return device0(st, "fast").Restarts > 0 })
	before := device0(s.Status(), "fast").Block.Waveforms
	l.until(s, func(st Status) bool { return device0(st, "fast").Block.Waveforms > before })
	s.Stop("stop")
	if sum := l.sealed(s); !sum.Lost || sum.Devices[1].Block.Lost < 1 {
		t.Errorf("summary %+v", sum)
	}
}

// TestLostOrder kills the plugin that has taken an order: what was ordered is lost, and told. The source has ended by then, so that the device that came
// back waits for nothing.
func TestLostOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, fast string
		came       int64 // waveforms, before it dies
		captures   int64
	}{
		{"before its trigger", fastRapid + neverTriggered, 0, 3},
		{"before its trigger, of so many", strings.Replace(fastRapid, "captures", "repeat = 3\n    captures", 1) + neverTriggered, 0, 3},
		{"in the middle", slowRapid(12, ""), 2, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			text := strings.Replace(eventPlan("", onceTriggered, c.fast, seenEvent), `signal = "proof"`, `signal = "dc"`, 1)
			s := l.start(text)
			l.until(s, func(st Status) bool { return st.EventBlocks[0].Starts[0].Started == 1 })
			l.until(s, func(st Status) bool {
				return device0(st, "slow").State == stateStopped && device0(st, "fast").Block.Waveforms >= c.came
			})
			d := device0(s.Status(), "fast")
			if d.State == stateStopped {
				t.Fatalf("it has ended although it carries out an order: %+v", d)
			}
			if err := syscall.Kill(d.PluginPID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			sum := l.sealed(s)
			b := sum.Devices[1].Block
			if sum.EndReason == "stop" || !sum.Lost || sum.ExitCode(false) != ExitLoss || b.Waveforms < c.came || b.Waveforms+b.Lost != c.captures {
				t.Errorf("%+v, %+v", b, sum)
			}
			if n := l.events(sum.Dir)[recording.EventWaveformLost]; n != b.Lost {
				t.Errorf("events tell of %d lost waveforms, %d are", n, b.Lost)
			}
		})
	}
}

// TestOrdersAreCounted: an order is outstanding until its waveforms have ended, whatever the drainer had still to take when it was given.
func TestOrdersAreCounted(t *testing.T) {
	t.Parallel()
	u := &unit{config: driver.Config{RapidBlock: &driver.RapidBlockConfig{BlockConfig: driver.BlockConfig{Repeat: driver.Repeat{Ordered: true}}, Captures: 3}}}
	type step struct {
		take  bool
		ended int64
		left  int64
	}
	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"one after the other", []step{{false, 7, 0}, {true, 7, 3}, {false, 9, 1}, {false, 10, 0}, {true, 10, 3}, {false, 13, 0}}},
		{"the next one before the drainer has come", []step{{true, 7, 3}, {true, 7, 6}, {false, 10, 3}, {false, 13, 0}}},
		{"its waveforms before its answer", []step{{false, 10, 0}, {true, 7, 0}}},
		{"one brings more", []step{{true, 7, 3}, {false, 12, 0}, {true, 12, 3}, {false, 14, 1}}},
	} {
		var o orders
		o.begin(u, 7)
		for i, s := range c.steps {
			ended := s.ended
			if s.take && !o.take(u, int64(i), ended) {
				t.Errorf("%s, step %d: not taken", c.name, i)
			}
			if s.take && i > 0 {
				ended = max(ended, c.steps[i-1].ended)
			}
			if left, _ := o.left(ended); left != s.left {
				t.Errorf("%s, step %d: %d waveforms are to come, want %d", c.name, i, left, s.left)
			}
		}
		left, _ := o.left(100)
		if got := o.end(100); got != left || o.take(u, 0, 100) {
			t.Errorf("%s: %d left at the end, or it takes orders behind it", c.name, got)
		}
		if o.begin(&unit{config: u.config}, 100); o.take(u, 0, 100) {
			t.Errorf("%s: the unit before takes orders", c.name)
		}
	}
}
