package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/internal/leftover"
	"github.com/scopelog/scopelog/recording"
)

// pluginDir holds the simulated driver's plugin, built once for all tests.
var pluginDir string

func TestMain(m *testing.M) {
	servePlugin()
	if plugins := os.Getenv(envCore); plugins != "" {
		if err := coreProcess(plugins); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code, err := withPlugins(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withPlugins(m *testing.M) (int, error) {
	if dir := os.Getenv(envPlugins); dir != "" { // a test runs another one in a process of its own
		pluginDir = dir
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "plugins")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	pluginDir = dir
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "sim"), "github.com/scopelog/scopelog/plugins/sim")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return 0, fmt.Errorf("build the simulated driver: %w", err)
	}
	// Tests of other packages use simulated units at the same time: theirs are not ours.
	if err := os.Setenv("SCOPELOG_RIG", filepath.Join(dir, "rig")); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// lab is what one test records with.
type lab struct {
	t    *testing.T
	host *host.Host
	id   [16]byte
	out  string
	// plugins is the folder with the plugins: a copy, that a test may spoil.
	plugins string
	log     hclog.Logger
}

func newLab(t *testing.T) *lab {
	t.Helper()
	id, err := NewRunID()
	if err != nil {
		t.Fatal(err)
	}
	log := hclog.NewInterceptLogger(&hclog.LoggerOptions{Output: testWriter{t}, Level: hclog.Debug})
	dir := t.TempDir()
	if err := os.Link(filepath.Join(pluginDir, "sim"), filepath.Join(dir, "sim")); err != nil {
		t.Fatal(err)
	}
	if err := linkPlugin(dir); err != nil {
		t.Fatal(err)
	}
	mark := fmt.Sprintf("SCOPELOG_LAB=%x", id)
	h := host.New(host.Options{Logger: log, Dirs: []string{dir}, RunID: id, Environ: append(os.Environ(), mark)})
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if left := leftover.Processes(mark, 10*time.Second); len(left) != 0 {
			t.Errorf("processes are left: %v", left)
		}
		if _, err := os.Lstat(h.StateDir()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the host's folder is left: %v", err)
		}
	})
	return &lab{t: t, host: h, id: id, out: t.TempDir(), plugins: dir, log: log}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

func (l *lab) parse(text string) *plan.Plan {
	l.t.Helper()
	p, diags := plan.Parse([]byte(text), "test.hcl", plan.Options{
		Vars: map[string]string{"out": l.out}, Ready: []plan.Feature{plan.FeatureEvents},
		Describe: func(name string) (driver.Description, error) { return l.host.Describe(context.Background(), name) },
	})
	if diags.HasErrors() {
		l.t.Fatal(diags)
	}
	return p
}

func (l *lab) options(text string) Options {
	return Options{Plan: l.parse(text), Host: l.host, Logger: l.log, Program: "scopelog test", RunID: l.id}
}

func (l *lab) start(text string) *Session {
	l.t.Helper()
	s, err := Start(context.Background(), l.options(text))
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

// wait waits for the end of the run, and checks the recording.
func (l *lab) wait(s *Session) *Summary {
	l.t.Helper()
	select {
	case <-s.finished:
	case <-time.After(2 * time.Minute):
		l.t.Fatal("the run does not end")
	}
	sum, err := s.Wait()
	if err != nil {
		l.t.Fatal(err)
	}
	l.verify(s.Dir())
	return sum
}

func (l *lab) verify(dir string) {
	l.t.Helper()
	rep, err := recording.Verify(context.Background(), dir, recording.VerifyOptions{Proof: true})
	if err != nil {
		l.t.Fatal(err)
	}
	if !rep.OK() {
		damage := rep.Damage()
		l.t.Errorf("verify: %+v, %d damaged ranges, the first %+v", rep.Problems, len(damage), damage[:min(3, len(damage))])
	}
	l.agree(dir)
}
