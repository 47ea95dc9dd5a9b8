package session

import (
	"fmt"
	"testing"
	"time"
)

// TestTimeIsUpWhileAway: a run ends at its time also while a device that was lost waits for the next attempt to start it again.
func TestTimeIsUpWhileAway(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(fmt.Sprintf(`
variable "out" {}
run "test" {
  output   = var.out
  duration = "5s"
  disk { keep_free = "1MiB" }
}
device "cell" {
  driver = "sim"
  serial = "AWAY%d"
  channel "A" { range = "5V" }
  %s
  sim {
    fault "unplug" {
      at       = "500ms"
      duration = "1h"
    }
  }
}
`, serials.Add(1), rapidBlock(10, `repeat = "forever"`)))
	sum := l.waitOnly(s) // attempts lie 100 ms, 200 ms, ... apart: the next one would be at 6.8 s
	if sum.Elapsed < 4.9 || sum.Elapsed > 6.6 || !sum.Lost {
		t.Errorf("it ended after %v s: %+v", sum.Elapsed, sum)
	}
}

// TestAwayCountsFromTheLastSign: a device that hung was away since it stood still, not since that was noticed.
func TestAwayCountsFromTheLastSign(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(fmt.Sprintf(`
variable "out" {}
run "test" {
  output = var.out
  disk { keep_free = "1MiB" }
}
device "cell" {
  driver     = "sim"
  serial     = "AWAY%d"
  hang_after = "1s"
  channel "A" { range = "5V" }
  %s
  sim {
    fault "hang" { at = "300ms" }
  }
}
`, serials.Add(1), rapidBlock(10, `repeat = "forever"`)))
	l.until(s, func(st Status) bool { return st.Devices[0].Restarts > 0 })
	s.Stop("stop")
	sum := l.waitOnly(s)
	if away := time.Duration(sum.Devices[0].Block.Away * 1e9); away < time.Second {
		t.Errorf("it was away for %v, and is taken for hung after a second", away)
	}
}
