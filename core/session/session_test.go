package session

import (
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

func proof(name, serial string) string {
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
