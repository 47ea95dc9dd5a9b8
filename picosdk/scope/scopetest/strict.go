package scopetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Strict is a test that takes no excuse: what would be skipped fails, since on emulated units every rule can be checked.
type Strict struct {
	*testing.T
	runs func(chapter string) bool // which subtests of it; nil: all
	open bool                      // it belongs to what the engine cannot do yet
}

// notYet are the chapters of rules for what the engine refuses so far, and says so.
var notYet = map[string]bool{"block": true, "trigger": true}

// Run runs a subtest that is strict, too.
func (s Strict) Run(name string, f func(Strict)) bool {
	s.Helper()
	if s.runs != nil && !s.runs(name) {
		return true
	}
	return s.T.Run(name, func(t *testing.T) { f(Strict{T: t, open: s.open || notYet[name]}) })
}

// Skipf fails the test, but for what the engine cannot do yet.
func (s Strict) Skipf(format string, args ...any) {
	s.Helper()
	if s.open {
		s.T.Skipf(format, args...)
	}
	s.Fatalf("would be skipped: "+format, args...)
}

// Conform lets a kit of rules for all drivers check this test binary as a plugin, a process of its proper name on the units of
// a rig, none of whose rules may be skipped. kit runs the rules of a plugin, which is started with the variables.
func Conform(t *testing.T, libraries string, kit func(t Strict, plugin string, env []string)) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Getwd() // which is called like the driver has to be
	if err != nil {
		t.Fatal(err)
	}
	plugin := filepath.Join(t.TempDir(), filepath.Base(folder))
	if err := os.Symlink(self, plugin); err != nil {
		t.Fatal(err)
	}
	// In two halves beside each other, each in a rig of its own: most of the time of either is waiting.
	streaming := func(chapter string) bool { return chapter == "stream" || chapter == "downsample" }
	for name, runs := range map[string]func(string) bool{
		"conformance": func(c string) bool { return !streaming(c) }, "conformance in streaming": streaming,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rig := t.TempDir()
			kit(Strict{T: t, runs: runs}, plugin, Environ(libraries, rig))
			GoodUse(t, rig)
		})
	}
}
