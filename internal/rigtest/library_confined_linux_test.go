package rigtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/host"
)

// TestVendorLibraryConfined loads a library that does not tell to be emulated, from a folder such as the vendor's packages
// use, under each word of the sandbox: with "on" the plugin is confined, and its unit opens, records and closes as without.
func TestVendorLibraryConfined(t *testing.T) {
	t.Parallel()
	vendor := filepath.Join(t.TempDir(), "opt", "picoscope", "lib")
	if err := os.MkdirAll(vendor, 0o755); err != nil {
		t.Fatal(err)
	}
	library := copyLibrary(t, vendor, libraryFile, notEmulated)
	own := read(t, "/proc/self/status") // tests may be confined themselves
	for _, c := range []struct {
		word     host.Sandbox
		line     string // of the device
		confined bool
	}{
		{host.SandboxOn, "library = \"" + library + "\"", true},
		{host.SandboxOn, "", true}, // it is searched for
		{host.SandboxAuto, "library = \"" + library + "\"", false},
		{host.SandboxAuto, `library = "emulated"`, true},
		{host.SandboxOff, `library = "emulated"`, false},
	} {
		t.Run(fmt.Sprintf("%s, %s", c.word, c.line), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, proofUnit("5444D", "LIB"))
			l.host = host.New(host.Options{
				Logger: l.log, Dirs: []string{pluginDir}, RunID: l.id, Sandbox: c.word, Environ: append(environ(l.rig), "LD_LIBRARY_PATH="+vendor),
			})
			t.Cleanup(func() {
				if err := l.host.Close(); err != nil {
					t.Error(err)
				}
			})
			s := l.start(planOf("", bareDevice("d", "LIB", c.line)))
			l.come(s, "d", 20_000)
			status := read(t, fmt.Sprintf("/proc/%d/status", deviceOf(s.Status(), "d").PluginPID))
			for _, line := range []string{"NoNewPrivs:\t1", "Seccomp:\t2"} {
				if want := c.confined || strings.Contains(own, line); strings.Contains(status, line) != want {
					t.Errorf("%q in the plugin's status: %v, want %v", line, !want, want)
				}
			}
			s.Stop("stop")
			sum := l.wait(s)
			if sum.ExitCode(false) != 0 {
				t.Errorf("%+v", sum)
			}
			l.proven(sum.Dir)
			l.goodUse("LIB")
		})
	}
}
