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
	none bool                      // there is nothing for it to check
}

// nothing are the rules that have nothing to check: the families know every mode.
var nothing = map[string]bool{"refuses a mode that is not ready": true}

// Run runs a subtest that is strict, too.
func (s Strict) Run(name string, f func(Strict)) bool {
	s.Helper()
	if s.runs != nil && !s.runs(name) {
		return true
	}
	return s.T.Run(name, func(t *testing.T) { f(Strict{T: t, none: nothing[name]}) })
}

// Skipf fails the test, unless there is nothing for it to check.
func (s Strict) Skipf(format string, args ...any) {
	s.Helper()
	if s.none {
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
