package rigtest

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
	"github.com/scopelog/scopelog/internal/leftover"
)

// What the tests run: of the folder that SCOPELOG_BIN names, or built once for all of them.
var (
	pluginDir   string // the plugins
	emulatorDir string // the emulated vendor libraries
	logger      string // the command
)

const module = "github.com/scopelog/scopelog"

// plugins are those that the tests use.
var plugins = []string{"ps2000a", "ps5000a", "ps6000a", "sim"}

// long tells that the longer forms of tests are wanted.
var long = os.Getenv("SCOPELOG_LONG") == "1"

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		// Most of the time runs wait for samples, not for a processor.
		if err := flag.Set("test.parallel", fmt.Sprint(3*runtime.GOMAXPROCS(0))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code, err := withPrograms(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withPrograms(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "rigtest")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if bin := os.Getenv("SCOPELOG_BIN"); bin != "" {
		if bin, err = filepath.Abs(bin); err != nil {
			return 0, err
		}
		pluginDir, emulatorDir, logger = filepath.Join(bin, "plugins"), filepath.Join(bin, "emulator"), filepath.Join(bin, "logger")
	} else if err := buildPrograms(dir); err != nil {
		return 0, err
	}
	code := m.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		return 1, err
	}
	if n := leftover.Rings(os.Getpid()); code == 0 && n != 0 {
		return 1, fmt.Errorf("%d rings are left open or mapped", n)
	}
	return code, nil
}

func buildPrograms(dir string) error {
	var err error
	if emulatorDir, err = emulator.Libraries(context.Background()); err != nil {
		return err
	}
	pluginDir, logger = filepath.Join(dir, "plugins"), filepath.Join(dir, "logger")
	if err := os.Mkdir(pluginDir, 0o755); err != nil {
		return err
	}
	args := []string{"build", "-o", pluginDir + "/"}
	for _, p := range plugins {
		args = append(args, module+"/plugins/"+p)
	}
	for _, args := range [][]string{args, {"build", "-o", logger, module + "/cmd/logger"}} {
		build := exec.Command("go", args...)
		build.Env = append(os.Environ(), "CGO_ENABLED=1")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go %v: %w\n%s", args, err, out)
		}
	}
	return nil
}
