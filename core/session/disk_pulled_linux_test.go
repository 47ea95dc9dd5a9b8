package session

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestDiskPulledOut pulls the disk out and plugs it in again: what was open is dead, and what was not synced is gone. The same run goes on in new
// files; what is missing is a gap of exact length whose cause is the disk, or a waveform that is told as lost.
func TestDiskPulledOut(t *testing.T) {
	t.Parallel()
	type row struct {
		name, run, device string
		waveforms         int64
		want              map[string]int64 // samples of a stream, recorded and lost
	}
	atOnce(t, []row{
		{"streams", "", `channel "B" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "100kS/s" }`, 0, map[string]int64{"cell.A": 400_000, "cell.B": 400_000}},
		{"streams in segments", `rotate = "1s"`, `stream { sample_rate = "100kS/s" }`, 0, map[string]int64{"cell.A": 400_000}},
		{"aggregate beside raw, with SHA-512", `sha512 = true`, `stream {
    sample_rate = "100kS/s"
    downsample {
      mode     = "aggregate"
      ratio    = 10
      keep_raw = true
    }
  }`, 0, map[string]int64{"cell.A": 400_000, "cell.A.min": 40_000, "cell.A.max": 40_000}},
		{"rapid blocks", "", `rapid_block {
    sample_rate = "1MS/s"
    post        = 5000
    captures    = 5
    repeat      = 40
    every       = "100ms"
  }`, 200, nil},
	}, func(c row) string { return c.name }, func(t *testing.T, c row) {
		l, disk := newLab(t), newSickDisk()
		length := "\n  duration = \"4s\""
		if c.waveforms > 0 {
			length = ""
		}
		s := l.startOn(strings.Replace(header, "\n  duration = \"1s\"", length+"\n  sync = \"200ms\"\n  hold = \"500ms\"\n  "+c.run, 1)+fmt.Sprintf(`
device "cell" {
  driver = "sim"
  serial = "PULL%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  %s
}
`, serials.Add(1), c.device), disk)
		l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 60_000 })
		fell := time.Now()
		disk.pull()
		l.until(s, func(st Status) bool { return st.Devices[0].State == stateNoDisk })
		time.Sleep(time.Second) // how long the disk is away is what is given
		if err := disk.plug(); err != nil {
			t.Fatal(err)
		}
		l.until(s, func(st Status) bool { return st.Devices[0].State != stateNoDisk })
		back := time.Now()
		sum := l.waitUnsynced(s)
		if code := sum.ExitCode(false); (code == ExitLoss) != sum.Lost || !sum.Lost && c.waveforms == 0 {
			t.Errorf("exit code %d", code)
		}
		l.ofDisk(sum.Devices[0].Gaps, fell, back)
		for _, st := range sum.Devices[0].Streams {
			if want, ok := c.want[st.Name]; ok && (st.Recorded+st.Lost != want || st.Lost == 0) {
				t.Errorf("%+v, want %d", st, want)
			}
		}
		if b := sum.Devices[0].Block; c.waveforms > 0 && b.Waveforms+b.Lost != c.waveforms {
			t.Errorf("%+v, want %d waveforms", b, c.waveforms)
		}
		if n := l.countEvents(s.Dir(), recording.EventDiskBack); n == 0 {
			t.Error("no event tells that the disk is back")
		}
		run := l.runFile(s.Dir())
		if run.State != recording.StateSealed || len(run.Device("cell").Segments) < 2 {
			t.Errorf("state %s, segments %+v", run.State, run.Device("cell").Segments)
		}
		if t.Failed() {
			t.Log(describe(sum))
		}
	})
}
