package session

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// envCore makes the test binary a core process that records the plan on its standard input.
const envCore = "SCOPELOG_TEST_CORE"

// coreProcess records a plan, prints the folder and the plugins' numbers, and waits to be killed.
func coreProcess(plugins string) error {
	if dir := os.Getenv(envResume); dir != "" {
		return resumeProcess(plugins, dir)
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	id, err := NewRunID()
	if err != nil {
		return err
	}
	h := host.New(host.Options{Dirs: []string{plugins}, RunID: id})
	p, diags := plan.Parse(text, "test.hcl", plan.Options{
		Ready:    []plan.Feature{plan.FeatureEvents},
		Describe: func(name string) (driver.Description, error) { return h.Describe(context.Background(), name) },
	})
	if diags.HasErrors() {
		return diags
	}
	s, err := Start(context.Background(), Options{Plan: p, Host: h, RunID: id})
	if err != nil {
		return err
	}
	fmt.Println(s.Dir(), s.Status().Devices[0].PluginPID, hex.EncodeToString(id[:]))
	if os.Getenv(envGreedy) != "" {
		go eatMemory()
	}
	_, err = s.Wait()
	return err
}

// killedCore is a run whose core was killed with SIGKILL.
type killedCore struct {
	dir    string
	plugin int // its number
}

// killCore records a plan in a process of its own until n samples are synced, and kills it.
func (l *lab) killCore(text string, n int64) killedCore {
	l.t.Helper()
	return l.killCoreBehind(text, func(dir string) { l.waitSynced(dir, n) })
}

// killCoreBehind is killCore that kills when wait returns.
func (l *lab) killCoreBehind(text string, wait func(dir string)) killedCore {
	l.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		l.t.Fatal(err)
	}
	text = strings.Replace(strings.ReplaceAll(text, "var.out", fmt.Sprintf("%q", l.out)), `variable "out" {}`, "", 1)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), envCore+"="+l.plugins)
	cmd.Stdin = strings.NewReader(text)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	var k killedCore
	var id string
	if _, err := fmt.Fscan(bufio.NewReader(out), &k.dir, &k.plugin, &id); err != nil {
		l.t.Fatal(errors.Join(err, cmd.Process.Kill(), cmd.Wait()))
	}
	l.t.Cleanup(func() {
		raw, _ := hex.DecodeString(id)
		_ = os.RemoveAll(host.New(host.Options{RunID: [16]byte(raw)}).StateDir()) // what a dead core leaves
	})
	wait(k.dir)
	if err := cmd.Process.Kill(); err != nil {
		l.t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	return k
}

// killAll is killCore that waits for the end of the plugins too: the first one's, and they have the same orphan time.
func (l *lab) killAll(text string, n int64) killedCore {
	l.t.Helper()
	k := l.killCore(text, n)
	for end := time.Now().Add(time.Minute); syscall.Kill(k.plugin, 0) == nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatal("the plugin lives on without its core")
		}
	}
	return k
}

// adopting is the header with an orphan time.
func adopting(d time.Duration) string {
	return strings.Replace(header, `duration = "1s"`, fmt.Sprintf("sync = \"200ms\"\n  adopt = %q", d), 1)
}

// TestCoreKilled kills the core with SIGKILL while it records: all but the last sync interval is there and right, repair
// seals it, and the plugin ends by itself.
func TestCoreKilled(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killCore(adopting(500*time.Millisecond)+proof("cell", "KILLED"), 150_000)
	dir, plugin := k.dir, k.plugin
	for end := time.Now().Add(25 * time.Second); syscall.Kill(plugin, 0) == nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the plugin lives on without its core")
		}
	}
	rep, err := recording.Repair(context.Background(), dir, recording.RepairOptions{})
	if err != nil {
		t.Fatalf("repair: %v %+v", err, rep)
	}
	l.verify(dir)
	if run := l.runFile(dir); run.State != recording.StateRecovered {
		t.Errorf("state %q", run.State)
	}
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		if st.Samples() < 150_000 || len(st.Gaps()) != 0 {
			t.Errorf("%s: %d samples, gaps %v", st.Name(), st.Samples(), st.Gaps())
		}
	}
}

// TestRunAfterKill starts a run right after the core of another one was killed: its plugin, which still holds the unit, is
// waited for, and the user is told.
func TestRunAfterKill(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	device := proof("cell", "AGAIN")
	k := l.killCore(adopting(2*time.Second)+device, 10_000)
	if err := syscall.Kill(k.plugin, 0); err != nil {
		t.Skipf("the plugin ended before anything could be tried: %v", err)
	}
	o := l.options(header + device)
	told := ""
	o.Early = func(n Notice) { told += n.Kind + " " + n.Text }
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	l.wait(s)
	want := "waiting for the plugin of a run that was cut off: "
	if !strings.HasPrefix(told, want) || !strings.Contains(told, fmt.Sprintf("sim (pid %d)", k.plugin)) {
		t.Errorf("told %q", told)
	}
}

// TestHolderNamed: a plugin that outlasts the wait is named in the error.
func TestHolderNamed(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	device := proof("cell", "HELD")
	k := l.killCore(adopting(30*time.Second)+device, 10_000)
	defer func() { _ = syscall.Kill(-k.plugin, syscall.SIGKILL) }() // it may have ended
	o := &opener{plan: l.parse(header + device), host: l.host, log: l.log}
	busy := driver.Errorf(driver.KindBusy, "open", "it is in use")
	var e *Error
	if err := o.deviceError(o.plan.Devices[0], busy); !errors.As(err, &e) || e.Advice == "" ||
		!strings.Contains(err.Error(), "a run that was cut off still runs and may hold it: sim (pid ") || !strings.Contains(err.Error(), fmt.Sprintf("(pid %d)", k.plugin)) {
		t.Errorf("error %v", err)
	}
	bug := driver.Errorf(driver.KindBug, "open", "it is broken")
	if err := o.deviceError(o.plan.Devices[0], bug); strings.Contains(err.Error(), "cut off") {
		t.Errorf("error %v", err)
	}
}

// waitSynced waits until the journal tells of n samples in every stream.
func (l *lab) waitSynced(dir string, n int64) {
	l.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		least := int64(0)
		if rec, err := recording.Open(dir); err == nil {
			for i, st := range rec.Streams() {
				if s := st.Samples(); i == 0 || s < least {
					least = s
				}
			}
		}
		if least >= n {
			return
		}
		if time.Now().After(end) {
			l.t.Fatalf("only %d samples are synced", least)
		}
	}
}
