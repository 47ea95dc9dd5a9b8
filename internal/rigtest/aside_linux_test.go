package rigtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// TestNothingAsideSlowsCapture records a mixed rig while all that looks on is as bad as can be: a terminal that takes
// nothing, a service manager that does not listen, programs that connect to the control socket and say nothing, ask and do
// not read, or ask without end, readers that map the files and hold them, and a check of the recording that is killed
// again and again. Not one sample is lost.
func TestNothingAsideSlowsCapture(t *testing.T) {
	t.Parallel()
	length := 6 * time.Second
	if long {
		length = 5 * time.Minute
	}
	dir, err := os.MkdirTemp("", "rn-") // short: a socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	deaf := filepath.Join(dir, "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: deaf, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { manager.Close() })
	fill(t, deaf)
	terminal, stuck := stuckPipe(t)
	d := newDesk(t, mixed(), strings.Replace(onDesk(mixedPlan(fmt.Sprintf("duration = %q", length))), `hang_after = "1s"`, "", 1),
		"NOTIFY_SOCKET="+deaf, "WATCHDOG_USEC=90000")
	p := d.start(stuck, exec.Command(logger, "run", "--log-level", "trace", "plan.hcl"))
	run := d.dir()

	var looking sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, look := range []func(context.Context, *testing.T, string){silentClients, stormOfQuestions, holdingReader, killedChecks(d)} {
		looking.Go(func() { look(ctx, t, run) })
	}
	// The run is sealed although nobody takes what it says.
	for end := time.Now().Add(length + 2*patience); ; time.Sleep(50 * time.Millisecond) {
		if f, err := runFileOf(run); err == nil && f.State == recording.StateSealed {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the run is not sealed")
		}
	}
	cancel()
	looking.Wait()
	drained := make(chan struct{})
	go func() { // somebody presses Ctrl-Q
		defer close(drained)
		_, _ = terminal.WriteTo(&discarded{})
	}()
	if code := p.code(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	stuck.Close()
	<-drained
	d.verified(run)
	rec, err := recording.Open(run)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(rec.Streams()); n != 10 {
		t.Errorf("%d streams", n)
	}
	for _, st := range rec.Streams() {
		if len(st.Gaps()) != 0 {
			t.Errorf("%s: %+v", st.Name(), st.Gaps())
		}
	}
}

// discarded takes what is written to it, and forgets it.
type discarded struct{}

func (*discarded) Write(p []byte) (int, error) { return len(p), nil }

func runFileOf(dir string) (*recording.RunFile, error) {
	b, err := os.ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		return nil, err
	}
	return recording.ParseRun(b)
}

// stuckPipe is a pipe that is full.
func stuckPipe(t *testing.T) (read, write *os.File) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		read.Close()
		write.Close()
	})
	if err := write.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	line := []byte(strings.Repeat("x", 79) + "\n")
	for err = nil; err == nil; {
		_, err = write.Write(line)
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	return read, write
}

// fill sends to a socket that nobody reads until it takes no more.
func fill(t *testing.T, path string) {
	t.Helper()
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for err = nil; err == nil; {
		if err = conn.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err == nil {
			_, err = conn.Write([]byte("STATUS=x"))
		}
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
}

// controlOf is the path of a run's control socket, which lies elsewhere where the run's own is too long.
func controlOf(dir string) string {
	if f, err := runFileOf(dir); err == nil && filepath.IsAbs(f.Control) {
		return f.Control
	}
	return filepath.Join(dir, "control.sock")
}

// silentClients connect to the control socket; half of them ask, and none reads the answer. They stay until they are thrown
// out.
func silentClients(ctx context.Context, t *testing.T, dir string) {
	var held []net.Conn
	defer func() {
		for _, c := range held {
			c.Close()
		}
		if len(held) == 0 {
			t.Error("nobody could connect")
		}
	}()
	for ctx.Err() == nil {
		if c, err := net.Dial("unix", controlOf(dir)); err == nil {
			if held = append(held, c); len(held)%2 == 0 {
				_, _ = c.Write([]byte(`{"op":"status"}` + "\n"))
			}
			if len(held) > 100 {
				held[0].Close()
				held = held[1:]
			}
		}
		pause(ctx, 50*time.Millisecond)
	}
}

// stormOfQuestions asks for the status again and again.
func stormOfQuestions(ctx context.Context, _ *testing.T, dir string) {
	for ctx.Err() == nil {
		_, _ = session.Control(ctx, dir, session.Request{Op: session.OpStatus}) // it may be turned away
		pause(ctx, 5*time.Millisecond)
	}
}

// holdingReader maps every file that comes, looks at all of it slowly, and holds it.
func holdingReader(ctx context.Context, t *testing.T, dir string) {
	maps := map[string][]byte{}
	defer func() {
		for _, m := range maps {
			_ = unix.Munmap(m)
		}
		if len(maps) == 0 {
			t.Error("nothing could be mapped")
		}
	}()
	sum := byte(0)
	for ctx.Err() == nil {
		files, _ := filepath.Glob(filepath.Join(dir, "*.sigmf-data"))
		for _, path := range files {
			f, err := os.Open(path)
			if err != nil {
				continue
			}
			if info, err := f.Stat(); err == nil && info.Size() > int64(len(maps[path])) {
				if m, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED); err == nil {
					if old := maps[path]; old != nil {
						_ = unix.Munmap(old)
					}
					maps[path] = m
				}
			}
			f.Close()
		}
		for _, m := range maps {
			for i := 0; i < len(m) && ctx.Err() == nil; i += 4096 {
				sum += m[i]
			}
		}
		pause(ctx, 20*time.Millisecond)
	}
	_ = sum
}

// killedChecks verifies the recording with all its might, and is killed in the middle.
func killedChecks(d *desk) func(context.Context, *testing.T, string) {
	return func(ctx context.Context, _ *testing.T, dir string) {
		for ctx.Err() == nil {
			short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
			cmd := exec.CommandContext(short, logger, "verify", "--proof", dir)
			cmd.Env = d.env
			_ = cmd.Run()
			cancel()
			pause(ctx, 500*time.Millisecond)
		}
	}
}

// pause waits for a time, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
