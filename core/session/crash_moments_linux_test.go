package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// envSeed replays the moments of a test that says its seed.
const envSeed = "SCOPELOG_SEED"

// seedOf is the seed of a test: a new one each time, unless it is given.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv(envSeed); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("%s: %v", envSeed, err)
		}
	}
	t.Logf("replay with %s=%d", envSeed, seed)
	return seed
}

// momentsPlan is a run with everything that takes several steps on disk: segments of a stream, waveforms of two armings
// each second, many syncs, an end.
const momentsPlan = `
run "test" {
  output   = var.out
  duration = "3s"
  rotate   = "1s"
  sync     = "100ms"
  adopt    = "0s"
  disk { keep_free = "1MiB" }
}
device "blocks" {
  driver = "sim"
  serial = "MOMENT"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  rapid_block {
    sample_rate = "1MS/s"
    post        = 1000
    captures    = 5
    repeat      = 6
    every       = "400ms"
  }
}
`

// TestCoreKilledAtAnyMoment kills the core with SIGKILL at random moments of a run, from its first instruction to behind its
// end. Whatever was synced by then is there and right; repair seals it or resume goes on to the end, with what is missing
// accounted for; the plugins end by themselves, and nothing of the dead core is left once another one has worked.
func TestCoreKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	seed, trials := seedOf(t), 6
	if os.Getenv("SCOPELOG_LONG") == "1" {
		trials = 100
	}
	var synced atomic.Int64
	t.Cleanup(func() {
		if synced.Load() == 0 {
			t.Error("no trial came so far that something was synced")
		}
	})
	for n := range trials {
		rnd := rand.New(rand.NewPCG(seed, uint64(n)))
		// The first trials are spread over all phases, so that each form of the test sees them.
		share := (float64(n%6) + rnd.Float64()) / 6
		moment, resume := time.Duration(share*4*float64(time.Second)), rnd.IntN(2) == 0
		t.Run(fmt.Sprintf("%d after %v", n, moment.Round(time.Millisecond)), func(t *testing.T) {
			t.Parallel()
			synced.Add(int64(killedAt(t, moment, resume)))
		})
	}
}

// dirOfRun is the only folder in an output folder; empty: none has been made.
func dirOfRun(t *testing.T, out string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(out, "test-*"))
	if err != nil || len(found) > 1 {
		t.Fatalf("runs %v, %v", found, err)
	}
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// killedAt is one trial. It tells of how many streams something was synced.
func killedAt(t *testing.T, moment time.Duration, resume bool) (synced int) {
	l := newLab(t)
	tmp, err := os.MkdirTemp("", "cm-") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	text := strings.NewReplacer("var.out", fmt.Sprintf("%q", l.out), "MOMENT", fmt.Sprintf("MOMENT%d", serials.Add(1))).Replace(momentsPlan) + proof("stream", "STREAM")
	core := l.coreIn(tmp)
	core.Stdin = strings.NewReader(text)
	if err := core.Start(); err != nil {
		t.Fatal(err)
	}
	<-time.After(moment) // which is what is tried
	var before map[string]int64
	if dir := dirOfRun(t, l.out); dir != "" {
		if rec, err := recording.Open(dir); err == nil {
			before = map[string]int64{}
			for _, st := range rec.Streams() {
				before[st.Name()] = st.Samples()
			}
		}
	}
	_ = core.Process.Kill() // it may have ended
	if err := core.Wait(); err != nil && core.ProcessState.Exited() {
		t.Fatalf("the core has ended by itself: %v", err)
	}
	awaitNone(t, tmp)
	dir := dirOfRun(t, l.out)
	t.Logf("killed after %v: folder %q, synced %v, resume %v", moment, dir, before, resume)
	if dir == "" {
		return 0 // it had not come to record anything
	}
	run, err := readState(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(before) == 0:
		return 0 // only the folder was there
	case err != nil:
		t.Fatal(err)
	case run.State == recording.StateSealed:
	case resume:
		again := l.coreIn(tmp, envResume+"="+dir)
		var said bytes.Buffer
		again.Stderr = &said
		if err := again.Run(); err != nil {
			t.Fatalf("resume: %v: %s", err, said.String())
		}
		awaitNone(t, tmp)
		l.accounted(dir)
		nothingLeft(t, tmp)
	default:
		if rep, err := recording.Repair(context.Background(), dir, recording.RepairOptions{}); err != nil || rep.Damage() {
			t.Fatalf("repair: %v %+v", err, rep)
		}
	}
	l.verify(dir)
	for name, have := range recorded(t, dir) {
		if have < before[name] {
			t.Errorf("%s has %d samples, and %d were synced", name, have, before[name])
		}
	}
	return len(before)
}

// readState reads what a run says of itself.
func readState(dir string) (*recording.RunFile, error) {
	b, err := os.ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		return nil, err
	}
	return recording.ParseRun(b)
}

// coreIn is a core process whose temporary files lie in a folder of its own, by which it and all that it starts is known.
func (l *lab) coreIn(tmp string, env ...string) *exec.Cmd {
	l.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		l.t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), envCore+"="+l.plugins, "TMPDIR="+tmp, "XDG_RUNTIME_DIR=")
	cmd.Env = append(cmd.Env, env...)
	cmd.Stderr = os.Stderr
	return cmd
}

// processesIn lists the processes whose temporary files lie in a folder.
func processesIn(t *testing.T, tmp string) (list []string) {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(append([]byte{0}, b...), []byte("\x00TMPDIR="+tmp+"\x00")) {
			line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
			list = append(list, filepath.Base(filepath.Dir(path))+" "+string(bytes.ReplaceAll(line, []byte{0}, []byte(" "))))
		}
	}
	return list
}

// awaitNone waits until every process of a folder has ended. Plugins have five seconds; the machine may be busy.
func awaitNone(t *testing.T, tmp string) {
	t.Helper()
	const limit = 3 * 5 * time.Second
	began := time.Now()
	for left := processesIn(t, tmp); len(left) > 0; left = processesIn(t, tmp) {
		if time.Since(began) > limit {
			t.Fatalf("%v after the core's death there are %q", limit, left)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// accounted checks that a run which was cut off and has come to its end has every sample recorded or lost.
func (l *lab) accounted(dir string) {
	l.t.Helper()
	run := l.runFile(dir)
	if run.State != recording.StateSealed {
		l.t.Errorf("state %q, %q", run.State, run.EndReason)
	}
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		if st.Global().Device != "stream" {
			continue
		}
		total := st.Samples()
		for _, g := range st.Gaps() {
			total += g.Lost
			if g.Cause != recording.CauseCore || g.Exact || g.LostMin > g.Lost || g.LostMax < g.Lost || g.From == 0 {
				l.t.Errorf("%s: gap %+v", st.Name(), g)
			}
		}
		if total != 300_000 {
			l.t.Errorf("%s: %d samples are recorded or lost", st.Name(), total)
		}
	}
}

// nothingLeft checks that no state folder of a dead core is left, but for one that was just being made.
func nothingLeft(t *testing.T, tmp string) {
	t.Helper()
	entries, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(tmp, e.Name(), "host.lock")); err == nil || !errors.Is(err, syscall.ENOENT) {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}
