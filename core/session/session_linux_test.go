package session

import (
	"fmt"
	"sync/atomic"
	"testing"
)

const header = `
variable "out" {}

run "test" {
  output   = var.out
  duration = "1s"
  disk { keep_free = "1MiB" }
}
`

// serials makes every unit of a test another one: tests run beside each other, and units remember their faults.
var serials atomic.Int64

// proof is a device with two channels of the proof signal; without a serial it takes the first free unit.
func proof(name, serial string) string {
	if serial != "" {
		serial = fmt.Sprintf("%s%d", serial, serials.Add(1))
	}
	return `
device "` + name + `" {
  driver = "sim"
  serial = "` + serial + `"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  channel "B" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "100kS/s" }
}
`
}

func TestOneDevice(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(header + proof("cell", "ONE"))
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitDone || sum.EndReason != "duration" {
		t.Errorf("summary %+v", sum)
	}
	for _, st := range sum.Devices[0].Streams {
		if st.Recorded != 100_000 || st.Lost != 0 {
			t.Errorf("%+v", st)
		}
	}
}
