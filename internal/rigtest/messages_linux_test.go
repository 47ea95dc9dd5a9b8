package rigtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
)

// says checks that an error is of a device, of a kind, and says all of the texts.
func says(t *testing.T, e *session.Error, kind driver.Kind, texts ...string) {
	t.Helper()
	all := told(e)
	if e.Class != session.ClassDevice || driver.KindOf(e) != kind {
		t.Errorf("class %d, kind %v, want %v: %s", e.Class, driver.KindOf(e), kind, all)
	}
	for _, text := range texts {
		if !strings.Contains(all, text) {
			t.Errorf("it does not say %q: %s", text, all)
		}
	}
}

// TestLibraryMessages: what is said when the vendor library is missing or of no use, and what to do.
func TestLibraryMessages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name, library string
		says          []string
	}{
		{"not installed", "libps5000a.so.77", []string{
			"libps5000a.so.77", "/opt/picoscope/lib/libps5000a.so.77", "install", "libps5000a\n", "SCOPELOG_LIBRARY=emulated",
		}},
		{"too old", copyLibrary(t, dir, "old.so", notEmulated, tooOld), []string{"old.so", "1.1.139.6294", "2.1.30.1878 or newer", "Update"}},
		{"functions are missing", copyLibrary(t, dir, "lacks.so", [2]string{"ps5000aRunStreaming", "ps5000aRunStreaminX"}), []string{
			"lacks.so", "ps5000aRunStreaming",
		}},
		{"of another family", filepath.Join(emulatorDir, "libps6000a.so.2"), []string{"libps6000a.so.2", "ps5000aOpenUnitAsync"}},
		{"not a library", write("text.so", "not a library at all, but long enough to be looked at as if it were one\n"), []string{"text.so", "not a library"}},
		{"empty", write("empty.so", ""), []string{"empty.so", "the file is empty"}},
		{"cut short", write("cut.so", cutLibrary(t)), []string{"cut.so", "cut short"}},
		{"a folder", dir, []string{dir, "folder"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, libraryRig)
			e := l.refused(planOf("samples = 1000", bareDevice("d", "LIB", `library = "`+c.library+`"`)))
			says(t, e, driver.KindNoLibrary, c.says...)
			if e.Advice == "" {
				t.Errorf("no advice: %v", e)
			}
		})
	}
}

// cutLibrary is the beginning of the emulated library.
func cutLibrary(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(emulatorDir, libraryFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:64<<10])
}

// TestUnitMessages: what is said when a unit cannot be opened.
func TestUnitMessages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, conf, device string
		kind               driver.Kind
		says               []string
	}{
		{"not attached", libraryRig, bareDevice("d", "NONE", `library = "emulated"`), driver.KindNotFound, []string{"NONE", "not attached"}},
		{"none at all", "[unit OTHER]\nmodel = 2406B\n", bareDevice("d", "", `library = "emulated"`), driver.KindNotFound, []string{"no free unit"}},
		{"another model", libraryRig, bareDevice("d", "LIB", "library = \"emulated\"\n  model = \"5442D\""), driver.KindNotFound, []string{"LIB", "5444D", "5442D"}},
		{"no unit of the model", libraryRig, bareDevice("d", "", "library = \"emulated\"\n  model = \"5442D\""), driver.KindNotFound, []string{"no free 5442D"}},
		{"does not answer", libraryRig + "fault = status function=ps5000aOpenUnitProgress value=PICO_NOT_RESPONDING times=0\n", bareDevice("d", "LIB", `library = "emulated"`), driver.KindDeviceGone, []string{"PICO_NOT_RESPONDING"}},
		{"firmware", libraryRig + "fault = status function=ps5000aOpenUnitProgress value=PICO_FW_FAIL times=0\n", bareDevice("d", "LIB", `library = "emulated"`), driver.KindPermanent, []string{"PICO_FW_FAIL"}},
		{"a wrong rig.conf", libraryRig + "chanel A = proof\n", bareDevice("d", "LIB", `library = "emulated"`), driver.KindPermanent, []string{"problems.log"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, c.conf)
			e := l.refused(planOf("samples = 1000", c.device))
			says(t, e, c.kind, c.says...)
			t.Log(told(e))
		})
	}
}

// TestInUse opens a unit that another process records from, of libraries that tell so and of such that do not.
func TestInUse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rig, serial string
		says              string
		kind              driver.Kind
	}{
		{"by serial, found in use", "[rig]\nin_use = PICO_NOT_FOUND\n", "LIB", "in use", driver.KindBusy},
		{"any", "", "", "no free unit", driver.KindNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rig, err := emulator.NewRig(t.TempDir(), c.rig+libraryRig)
			if err != nil {
				t.Fatal(err)
			}
			first, second := labWith(t, rig, pluginDir), labWith(t, rig, pluginDir)
			s := first.start(planOf("", bareDevice("d", "LIB", `library = "emulated"`)))
			first.come(s, "d", 1)
			e := second.refused(planOf("samples = 1000", bareDevice("d", c.serial, `library = "emulated"`)))
			says(t, e, c.kind, c.says)
			s.Stop("stop")
			first.proven(first.wait(s).Dir)
			second.proven(second.record(planOf("samples = 1000", bareDevice("d", c.serial, `library = "emulated"`))).Dir) // free again
		})
	}
}

// TestNoise: libraries that write to the process's output disturb nothing, neither the start of the plugin nor a run.
func TestNoise(t *testing.T) {
	t.Parallel()
	noise := ""
	for _, stream := range []string{"stdout", "stderr"} {
		noise += "fault = noise stream=" + stream + " function=ps5000aGetUnitInfo times=0 text=\"1|1|unix|/tmp/x|grpc\"\n"
		noise += "fault = noise stream=" + stream + " function=ps5000aGetStreamingLatestValues times=0 text=\"libusb: something\"\n"
		noise += "fault = noise stream=" + stream + " function=ps5000aOpenUnit* times=0 text=opening\n"
	}
	l := newLab(t, libraryRig+noise)
	sum := l.record(planOf("samples = 200000", bareDevice("d", "LIB", `library = "emulated"`)))
	if sum.ExitCode(false) != 0 {
		t.Errorf("%+v", sum)
	}
	l.proven(sum.Dir)
}

// TestWithoutBinding: a plugin that was built without cgo says what to do.
func TestWithoutBinding(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir+"/", module+"/plugins/ps5000a")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	rig, err := emulator.NewRig(t.TempDir(), libraryRig)
	if err != nil {
		t.Fatal(err)
	}
	l := labWith(t, rig, dir)
	e := l.refused(planOf("samples = 1000", bareDevice("d", "LIB", `library = "emulated"`)))
	says(t, e, driver.KindNoLibrary, "cgo", "CGO_ENABLED=1")
	t.Log(told(e))
}
