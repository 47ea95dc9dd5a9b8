package pythontest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// The plans of the recordings. All are simulated, so it is known what must be in them.
const (
	gapsPlan = `
run "bench" {
  output   = "runs"
  duration = "4s"
  rotate   = "1s"
}
device "bench" {
  driver = "sim"
  serial = "GAPS"
  channel "A" {
    range        = "5V"
    unit         = "A"
    scale        = "10A/V"
    scale_offset = "-0.2A"
    sim {
      signal    = "sine"
      frequency = "100Hz"
      amplitude = "12V"
    }
  }
  digital "D8-15" {}
  sim {
    digital "D8-15" { pattern = "random" }
    fault "lose" {
      sample = 50000
      count  = 5000
    }
    fault "lose" {
      sample   = 150000
      count    = 4000
      announce = "unknown"
    }
    fault "crash" {
      sample = 170000
      how    = "kill"
    }
  }
  restart { backoff_max = "100ms" }
  stream {
    sample_rate = "100kS/s"
    downsample {
      mode     = "aggregate"
      ratio    = 10
      keep_raw = true
    }
  }
}
`
	twoPlan = `
run "two" {
  output   = "runs"
  duration = "3500ms"
}
device "left" {
  driver = "sim"
  serial = "LEFT"
  channel "A" { range = "5V" }
  stream { sample_rate = "100kS/s" }
}
device "right" {
  driver = "sim"
  serial = "RIGHT"
  channel "A" { range = "5V" }
  stream { sample_rate = "50kS/s" }
}
`
	rapidPlan = `
run "gate" { output = "runs" }
device "gate" {
  driver = "sim"
  serial = "GATE"
  channel "A" {
    range = "2V"
    sim {
      signal    = "sine"
      frequency = "13.7kHz"
      amplitude = "3V"
    }
  }
  digital "D0-7" {}
  trigger {
    level "A" {
      direction = "falling"
      threshold = "0V"
    }
  }
  rapid_block {
    sample_rate = "25MS/s"
    pre         = 100
    post        = 400
    captures    = 100
    repeat      = 3
    downsample {
      mode     = "aggregate"
      ratio    = 10
      keep_raw = true
    }
  }
  sim { rearm = "1us" }
}
`
	// livePlan is for what is read while it is recorded, marked, and killed. The signal clips at times.
	livePlan = `
run "live" {
  output   = "runs"
  duration = "5m"
  rotate   = "1s"
  sync     = "200ms"
  adopt    = "0s"
}
device "bench" {
  driver = "sim"
  serial = "LIVE"
  channel "A" {
    range = "1V"
    sim {
      signal    = "sine"
      frequency = "2Hz"
      amplitude = "2.1V"
    }
  }
  sim {
    fault "lose" {
      sample = 80000
      count  = 2000
      every  = "700ms"
      times  = 0
    }
  }
  stream { sample_rate = "100kS/s" }
}
device "blocks" {
  driver = "sim"
  serial = "BLOCKS"
  channel "A" { range = "1V" }
  rapid_block {
    sample_rate = "1MS/s"
    post        = 1000
    captures    = 20
    repeat      = "forever"
    every       = "50ms"
  }
}
`
)

// The recordings that several tests read; each is made once.
var (
	plainRun = sync.OnceValues(func() (string, error) {
		plan, err := plainPlan()
		if err != nil {
			return "", err
		}
		return record("plain", plan, 0)
	})
	gapsRun  = sync.OnceValues(func() (string, error) { return record("gaps", gapsPlan, 3) })
	twoRun   = sync.OnceValues(func() (string, error) { return record("two", twoPlan, 0) })
	rapidRun = sync.OnceValues(func() (string, error) { return record("rapid", rapidPlan, 0) })
)

// plainPlan is the plan that docs/python.md tells to record.
func plainPlan() (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "python.md"))
	if err != nil {
		return "", err
	}
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == "hcl" {
			return strings.Replace(m[2], `"recordings"`, `"runs"`, 1), nil
		}
	}
	return "", errors.New("docs/python.md has no plan")
}

func made(t *testing.T, run func() (string, error)) string {
	t.Helper()
	dir, err := run()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, dir string) *recording.Recording {
	t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if p := rec.Problems(); len(p) > 0 {
		t.Fatal(p)
	}
	return rec
}

// live is a run that is being recorded.
type live struct {
	t    *testing.T
	cmd  *exec.Cmd
	dir  string // of the run
	out  bytes.Buffer
	done chan error
}

// startLive begins a recording that goes on until it is stopped or killed, and waits for its first synced samples.
func startLive(t *testing.T, name, plan string) *live {
	t.Helper()
	dir, err := newFolder(name, plan)
	if err != nil {
		t.Fatal(err)
	}
	l := &live{t: t, cmd: command(t.Context(), dir, logger, "run", "plan.hcl"), done: make(chan error, 1)}
	l.cmd.Stdout, l.cmd.Stderr = &l.out, &l.out
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { l.done <- l.cmd.Wait() }()
	t.Cleanup(func() { _ = l.cmd.Process.Kill() })
	await(t, "the first sync", func() bool {
		select {
		case err := <-l.done:
			t.Fatalf("the run has ended: %v\n%s", err, &l.out)
		default:
		}
		if l.dir, err = runFolder(dir); err != nil {
			return false
		}
		parts, err := filepath.Glob(filepath.Join(l.dir, "*.journal-*.jsonl"))
		for _, p := range parts {
			b, readErr := os.ReadFile(p)
			if readErr == nil && bytes.Contains(b, []byte(`"k":"sync"`)) {
				return true
			}
		}
		return err != nil
	})
	return l
}

// end sends a signal and waits until the program is gone.
func (l *live) end(s syscall.Signal) {
	l.t.Helper()
	if err := l.cmd.Process.Signal(s); err != nil {
		l.t.Fatal(err)
	}
	<-l.done
}

// logger runs a command on the run.
func (l *live) logger(args ...string) {
	l.t.Helper()
	if out, err := command(l.t.Context(), filepath.Dir(l.dir), logger, args...).CombinedOutput(); err != nil {
		l.t.Fatalf("logger %v: %v\n%s", args, err, out)
	}
}
