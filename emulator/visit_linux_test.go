package emulator_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/emulator"
)

// visitor is a process that uses a unit.
type visitor struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
	cmd *exec.Cmd
}

func visit(t *testing.T, r *emulator.Rig) *visitor {
	t.Helper()
	libraries, err := emulator.Libraries(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "visitor")
	if out, err := exec.Command("gcc", "-Wall", "-Werror", "-o", program, filepath.Join("testdata", "visitor.c"), "-ldl").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	v := &visitor{t: t, cmd: exec.CommandContext(ctx, program, filepath.Join(libraries, "libps2000a.so.2"))}
	v.cmd.Env = append(os.Environ(), r.Env())
	v.cmd.Stderr = os.Stderr
	v.in, _ = v.cmd.StdinPipe()
	out, _ := v.cmd.StdoutPipe()
	v.out = bufio.NewReader(out)
	if err := v.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = v.in.Close()
		_ = v.cmd.Wait()
		cancel()
	})
	return v
}

// ask sends a line and wants an answer.
func (v *visitor) ask(line, want string) {
	v.t.Helper()
	if _, err := io.WriteString(v.in, line+"\n"); err != nil {
		v.t.Fatal(err)
	}
	got, err := v.out.ReadString('\n')
	if err != nil {
		v.t.Fatalf("%s: %v", line, err)
	}
	if got = strings.TrimSpace(got); got != want && (!strings.HasSuffix(want, "...") || !strings.HasPrefix(got, strings.TrimSuffix(want, "..."))) {
		v.t.Errorf("%s answers %q, want %q", line, got, want)
	}
}

// TestVisit: what the helper writes acts on a unit in another process, and what that one did can be read.
func TestVisit(t *testing.T) {
	r := newRig(t, "[unit A/1]\nmodel = 2406B\nfault = status function=ps2000aPingUnit call=2 value=PICO_TIMEOUT\n")
	v := visit(t, r)
	v.ask("who", "scopelog emulator...")
	v.ask("NOBODY", "3")
	v.ask("A/1", "0")
	v.ask("ping", "0")
	v.ask("ping", "323")
	v.ask("wrong", "12")
	if err := r.SetFaults("A/1", "status function=*PingUnit value=0x27"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Millisecond) // state files are looked at every millisecond
	v.ask("ping", "39")
	v.ask("ping", "0")
	if err := r.Unplug("A/1"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Millisecond)
	v.ask("ping", "7")
	v.ask("close", "0")
	v.ask("A/1", "3")
	if err := r.Plug("A/1"); err != nil {
		t.Fatal(err)
	}
	v.ask("A/1", "0")
	if err := v.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = v.cmd.Wait()
	checkVisit(t, r, v.cmd.Process.Pid)
}

func checkVisit(t *testing.T, r *emulator.Rig, pid int) {
	t.Helper()
	events, err := r.Truth("A/1")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range events {
		name := e.Name
		if e.Name == "call" {
			name += " " + e.Fields["function"] + " " + e.Fields["status"]
		}
		names = append(names, name)
		if e.PID != pid || e.Time <= 0 {
			t.Errorf("%v: want process %d and a time", e, pid)
		}
	}
	want := []string{
		"open", "call ps2000aPingUnit 0x0", "fault", "call ps2000aPingUnit 0x143", "faults", "fault", "call ps2000aPingUnit 0x27",
		"call ps2000aPingUnit 0x0", "unplugged", "call ps2000aPingUnit 0x7", "close", "open",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("truth (-want +got):\n%s", diff)
	}
	c, err := r.Counters("A/1")
	if err != nil {
		t.Fatal(err)
	}
	if c.Opens != 2 || c.Calls != 6 || c.Running {
		t.Errorf("counters: %+v, want 2 opens, 6 calls, not running", c)
	}
	found, err := r.Misuses("A/1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[emulator.Misuse]uint64{emulator.BadHandle: 1}, found); diff != "" {
		t.Errorf("misuses (-want +got):\n%s", diff)
	}
}
