package rigtest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
)

const libraryFile = "libps5000a.so.2"

// notEmulated makes the emulated library one that does not tell that it is: it then stands for the vendor's.
var notEmulated = [2]string{"scopelog_emulator", "scopelog_emulatoX"}

// tooOld makes the library tell a version that is older than what is known to work.
var tooOld = [2]string{"Driver, 2.1.139.6294", "Driver, 1.1.139.6294"}

// copyLibrary copies the emulated library into a folder with texts in it exchanged for others as long.
func copyLibrary(t *testing.T, dir, name string, changes ...[2]string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(emulatorDir, libraryFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if len(c[0]) != len(c[1]) || !bytes.Contains(b, []byte(c[0])) {
			t.Fatalf("%q is not in the library", c[0])
		}
		b = bytes.ReplaceAll(b, []byte(c[0]), []byte(c[1]))
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// bareDevice is a device of ps5000a with a line about its library, or none.
func bareDevice(name, serial, line string) string {
	return fmt.Sprintf("device %q {\n  driver = \"ps5000a\"\n  serial = %q\n  %s\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"100kS/s\" }\n}\n", name, serial, line)
}

const libraryRig = "[unit LIB]\nmodel = 5444D\nchannel A = proof\n"

// TestLibrary: which library is loaded, and that an emulated one never is unless a plan or a setting asks for it.
func TestLibrary(t *testing.T) {
	t.Parallel()
	vendor, other := t.TempDir(), t.TempDir()
	copyLibrary(t, vendor, libraryFile, notEmulated)
	own := copyLibrary(t, other, "mine.so", notEmulated)
	emulated := copyLibrary(t, other, "emulated.so")
	search := "LD_LIBRARY_PATH=" + vendor
	for _, c := range []struct {
		name, line string
		env        []string
		path       string // of what is loaded
		emulated   bool
		refused    string
	}{
		{name: "searched", env: []string{search}, path: filepath.Join(vendor, libraryFile)},
		{name: "a file name is searched", line: `library = "` + libraryFile + `"`, env: []string{search}, path: filepath.Join(vendor, libraryFile)},
		{name: "a path is exactly that", line: `library = "` + own + `"`, env: []string{search}, path: own},
		{name: "a path that is not there", line: `library = "` + own + `.no"`, env: []string{search}, refused: own + ".no"},
		{name: "a path to an emulated one", line: `library = "` + emulated + `"`, env: []string{search}, path: emulated, emulated: true},
		{name: "asked for by the plan", line: `library = "emulated"`, env: []string{search}, path: filepath.Join(emulatorDir, libraryFile), emulated: true},
		{name: "asked for by the environment", env: []string{search, "SCOPELOG_LIBRARY=emulated"}, path: filepath.Join(emulatorDir, libraryFile), emulated: true},
		{
			name: "the driver's variable wins", env: []string{search, "SCOPELOG_LIBRARY=emulated", "SCOPELOG_LIBRARY_PS5000A=" + own},
			path: own,
		},
		{name: "the plan wins", line: `library = "` + own + `"`, env: []string{"SCOPELOG_LIBRARY=emulated"}, path: own},
		{name: "an emulated one is found, and nobody asked", env: []string{"LD_LIBRARY_PATH=" + emulatorDir}, refused: "it is an emulated library"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, libraryRig, c.env...)
			text := planOf("samples = 1000", bareDevice("d", "LIB", c.line))
			if c.refused != "" {
				e := l.refused(text)
				if e.Class != session.ClassDevice || driver.KindOf(e) != driver.KindNoLibrary || !strings.Contains(e.Error(), c.refused) {
					t.Errorf("class %d, kind %v: %s", e.Class, driver.KindOf(e), told(e))
				}
				return
			}
			sum := l.record(text)
			l.proven(sum.Dir)
			rec := l.open(sum.Dir)
			if g := rec.Streams()[0].Global(); g.Emulated != c.emulated || strings.Contains(g.HW, "emulated") != c.emulated || rec.Run().Devices[0].Emulated != c.emulated {
				t.Errorf("the recording tells: emulated %v, hardware %q", g.Emulated, g.HW)
			}
			if lines := l.lines.text(); !strings.Contains(lines, "vendor library loaded") || !strings.Contains(lines, "path="+c.path+"\n") && !strings.Contains(lines, "path="+c.path+" ") {
				t.Errorf("not loaded: %s", c.path)
			}
		})
	}
}
