package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

// built is the program that the tests record with.
var built program

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "record-test-")
	if err != nil {
		panic(err)
	}
	code := 1
	if err := build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		built = program{dir}
		code = m.Run()
	}
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func build(dir string) error {
	for out, pkg := range map[string]string{"logger": "cmd/logger", "plugins/sim": "plugins/sim", "plugins/ps5000a": "plugins/ps5000a"} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, out), "github.com/scopelog/scopelog/"+pkg)
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", pkg, err, text)
		}
	}
	return nil
}

// TestMeasured records a little of each kind, and finds that it is whole.
func TestMeasured(t *testing.T) {
	for _, c := range []capture{
		{channels: 2, rate: 1e6, seconds: 0.5, signal: "ramp"},
		{channels: 1, samples: 40_000_000, signal: "proof"}, // long enough to be under way when it is first looked at,
	} {
		t.Run(c.signal, func(t *testing.T) {
			t.Parallel()
			out := t.TempDir()
			r, err := built.measured(t.Context(), c, out, false)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Verified || r.Lost != 0 || r.Breaks != 0 || r.Samples != c.want() || r.Bytes != c.bytes() {
				t.Errorf("result %+v", r)
			}
			if !(r.Wall > 0) || !(r.CoreCPU > 0) || !(r.PluginCPU > 0) || !(r.SetupCPU > 0) || !(r.CoreMemory > 0) || !(r.PluginMemory > 0) {
				t.Errorf("figures are missing: %+v", r)
			}
			if left, err := os.ReadDir(out); err != nil || len(left) != 0 {
				t.Errorf("left on the disk: %v, %v", left, err)
			}
		})
	}
}

func TestSourceAlone(t *testing.T) {
	t.Parallel()
	perGB, err := built.source(t.Context(), capture{channels: 2, samples: 2_000_000, signal: "ramp"})
	if err != nil || !(perGB > 0) {
		t.Errorf("%v s/GB, %v", perGB, err)
	}
}

// TestFailures makes sure that a run that does not record is an error with the program's words.
func TestFailures(t *testing.T) {
	t.Parallel()
	if _, err := (program{t.TempDir()}).measured(t.Context(), capture{channels: 1, samples: 1000, signal: "ramp"}, t.TempDir(), false); err == nil {
		t.Error("a program that is not there records")
	}
	w, err := newWorkspace(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	rec, err := built.start(t.Context(), w, "run {")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := meter(rec); err == nil {
		t.Error("a plan with a mistake records")
	}
	if rec.wait() == nil {
		t.Error("a plan with a mistake ends well")
	}
}
