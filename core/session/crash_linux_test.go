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
	_, err = s.Wait()
	return err
}

// TestCoreKilled kills the core with SIGKILL while it records: all but the last sync interval is there and right, repair
// seals it, and the plugin ends by itself.
func TestCoreKilled(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.NewReplacer(`duration = "1s"`, `sync = "200ms"
  adopt = "500ms"`, "var.out", fmt.Sprintf("%q", l.out)).Replace(header) + proof("cell", "KILLED")
	text = strings.Replace(text, `variable "out" {}`, "", 1)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), envCore+"="+l.plugins)
	cmd.Stdin = strings.NewReader(text)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dir, id string
	var plugin int
	if _, err := fmt.Fscan(bufio.NewReader(out), &dir, &plugin, &id); err != nil {
		t.Fatal(errors.Join(err, cmd.Process.Kill(), cmd.Wait()))
	}
	t.Cleanup(func() {
		raw, _ := hex.DecodeString(id)
		_ = os.RemoveAll(host.New(host.Options{RunID: [16]byte(raw)}).StateDir()) // what a dead core leaves
	})
	l.waitSynced(dir, 150_000)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
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
