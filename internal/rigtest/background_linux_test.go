package rigtest

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
	"time"

	"github.com/scopelog/scopelog/core/session"
)

// process is the command at work beside a test.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	mu   sync.Mutex
	said bytes.Buffer // what it wrote, unless it writes elsewhere
}

// begin starts the command as a user does who goes on with something else. What it writes is kept.
func (d *desk) begin(args ...string) *process {
	d.t.Helper()
	return d.start(nil, exec.Command(logger, args...))
}

// start starts the command by a command line that ends in it. What it writes goes to out; nil: it is kept.
func (d *desk) start(out *os.File, cmd *exec.Cmd) *process {
	d.t.Helper()
	p := &process{t: d.t, cmd: cmd, done: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = d.work, d.env
	if out != nil {
		p.cmd.Stdout, p.cmd.Stderr = out, out
	} else {
		p.cmd.Stdout, p.cmd.Stderr = p, p
	}
	if err := p.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // its state tells
		close(p.done)
	}()
	d.t.Cleanup(func() {
		p.kill()
		if d.t.Failed() {
			d.t.Logf("%v said:\n%s", cmd.Args, p.text())
		}
	})
	return p
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// kill ends it as the kernel does when memory is short.
func (p *process) kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Error(err)
	}
	<-p.done
}

// code waits for its end and returns the exit code.
func (p *process) code() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(2 * patience):
		p.t.Fatalf("logger does not end: %s", p.text())
	}
	return p.cmd.ProcessState.ExitCode()
}

// dir waits for the folder of the desk's only run.
func (d *desk) dir() string {
	d.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		found, err := filepath.Glob(filepath.Join(d.work, "recordings", "*", "run.json"))
		if err != nil || len(found) > 1 {
			d.t.Fatalf("runs %v, %v", found, err)
		}
		if len(found) == 1 {
			return filepath.Dir(found[0])
		}
		if time.Now().After(end) {
			d.t.Fatal("no run begins")
		}
	}
}

// recording waits until every device of the desk's run has so many samples, and returns where the run stands.
func (d *desk) recording(samples int64) session.Status {
	d.t.Helper()
	dir := d.dir()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		reply, err := session.Control(d.t.Context(), dir, session.Request{Op: session.OpStatus})
		if err == nil {
			least := samples
			for _, dev := range reply.Status.Devices {
				for _, st := range dev.Streams {
					least = min(least, st.Recorded)
				}
			}
			if least >= samples {
				return *reply.Status
			}
		}
		if time.Now().After(end) {
			d.t.Fatalf("it does not record %d samples: %+v, %v", samples, reply, err)
		}
	}
}

// gone waits for the end of a process that is not our child, for at most a time, and tells how long it took.
func gone(t *testing.T, pid int, limit time.Duration) (after time.Duration, ok bool) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		b, err := os.ReadFile(filepath.Join("/proc", itoa(pid), "stat"))
		if err != nil || strings.Contains(string(b), ") Z ") { // nobody may be there to reap it
			return time.Since(began), true
		}
		if time.Since(began) > limit {
			_ = syscall.Kill(-pid, syscall.SIGKILL)
			return limit, false
		}
	}
}

// verified is what verify --proof says of a run.
func (d *desk) verified(dir string) string {
	d.t.Helper()
	return d.run(0, "verify", "--proof", dir)
}
