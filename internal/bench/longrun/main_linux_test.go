package longrun

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	"github.com/scopelog/scopelog/emulator"
)

// bin is the folder with the program and its plugins: that of SCOPELOG_BIN, or built once for all tests.
var bin string

// emulatedUnits tells that there are emulated libraries, which need a C compiler.
var emulatedUnits bool

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		// Most of the time runs wait for samples, not for a processor.
		if err := flag.Set("test.parallel", fmt.Sprint(3*runtime.GOMAXPROCS(0))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code, err := withPlugins(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withPlugins(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "longrun-test-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if bin = os.Getenv("SCOPELOG_BIN"); bin != "" {
		if bin, err = filepath.Abs(bin); err != nil {
			return 0, err
		}
		_, err := os.Stat(filepath.Join(bin, "emulator"))
		emulatedUnits = err == nil
	} else if err := build(dir); err != nil {
		return 0, err
	}
	code := m.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		return 1, err
	}
	return code, nil
}

// build builds program and plugins into dir, and with a C compiler those of emulated units too.
func build(dir string) error {
	bin = dir
	names := []string{"sim"}
	if libraries, err := emulator.Libraries(context.Background()); err == nil {
		if err := os.Symlink(libraries, filepath.Join(dir, "emulator")); err != nil {
			return err
		}
		names, emulatedUnits = append(names, "ps2000a", "ps5000a", "ps6000a"), true
	}
	programs := map[string]string{"logger": "cmd/logger"}
	for _, name := range names {
		programs[filepath.Join("plugins", name)] = "plugins/" + name
	}
	for file, source := range programs {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, file), "github.com/scopelog/scopelog/"+source)
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", source, err, text)
		}
	}
	return nil
}

// testLog writes lines into a test's log.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}
