package pythontest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scopelog/scopelog/internal/agree"
)

const (
	module = "github.com/scopelog/scopelog"
	root   = "../.."
	// patience is for a machine that has much else to do.
	patience = 3 * time.Minute
)

// The programs, and a folder that the test's recordings lie in.
var (
	logger  string
	scratch string
)

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		// Most of the time recordings wait for samples, not for a processor.
		if err := flag.Set("test.parallel", "16"); err != nil {
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

func withPrograms(m *testing.M) (code int, err error) {
	if scratch, err = os.MkdirTemp("", "pythontest"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(scratch)
	if bin := os.Getenv("SCOPELOG_BIN"); bin != "" {
		if bin, err = filepath.Abs(bin); err != nil {
			return 0, err
		}
		logger = filepath.Join(bin, "logger")
		return m.Run(), nil
	}
	logger = filepath.Join(scratch, "bin", "logger")
	for out, pkg := range map[string]string{logger: "cmd/logger", filepath.Join(scratch, "bin", "plugins", "sim"): "plugins/sim"} {
		if text, err := exec.Command("go", "build", "-o", out, module+"/"+pkg).CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
		}
	}
	return m.Run(), nil
}

// command is a program in a folder, with the programs of the tree in its path and nothing of the user's settings.
func command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	python, err := filepath.Abs(filepath.Join(root, "python"))
	if err != nil {
		panic(err)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"PATH="+filepath.Dir(logger)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"PYTHONPATH="+python, "PYTHONDONTWRITEBYTECODE=1", "PYTHONWARNINGS=error",
		"SCOPELOG_RIG="+filepath.Join(dir, "rig"), "SCOPELOG_CONFIG=", "SCOPELOG_OUTPUT=", "NO_COLOR=1",
		"XDG_CONFIG_HOME="+scratch, "TZ=Pacific/Auckland") // nothing may depend on the zone
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// python runs a script and returns its output.
func python(t *testing.T, dir, script string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := command(ctx, dir, agree.Python, append([]string{"-"}, args...)...)
	cmd.Stdin = strings.NewReader(script)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python: %v\n%s\n%s\n%s", err, &stderr, out, script)
	}
	return string(out)
}

// hasSciPy tells whether SciPy can be imported; any other trouble than that it is not installed is an error.
var hasSciPy = sync.OnceValues(func() (bool, error) {
	out, err := exec.Command(agree.Python, "-c", "import scipy.signal").CombinedOutput()
	if err != nil && !bytes.Contains(out, []byte("No module named 'scipy'")) {
		return false, errors.New(string(out))
	}
	return err == nil, nil
})

// record carries out a plan and returns the folder of its run. Exit codes other than want are an error.
func record(name, plan string, want int) (string, error) {
	dir, err := newFolder(name, plan)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := command(ctx, dir, logger, "run", "plan.hcl").CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", err
	}
	if code := exitCode(exit); code != want {
		return "", fmt.Errorf("run %s ended with %d, want %d\n%s", name, code, want, out)
	}
	return runFolder(dir)
}

func exitCode(e *exec.ExitError) int {
	if e == nil {
		return 0
	}
	return e.ExitCode()
}

// newFolder makes a folder with a plan in it.
func newFolder(name, plan string) (string, error) {
	dir, err := os.MkdirTemp(scratch, name+"-")
	if err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, "plan.hcl"), []byte(plan), 0o600)
}

// runFolder returns the only run in the output folder of a plan; the error is fs.ErrNotExist before it is there.
func runFolder(dir string) (string, error) {
	runs, err := filepath.Glob(filepath.Join(dir, "runs", "*", "run.json"))
	if err != nil {
		return "", err
	}
	if len(runs) != 1 {
		return "", fmt.Errorf("%d runs: %w", len(runs), os.ErrNotExist)
	}
	return filepath.Dir(runs[0]), nil
}

// await polls until done says so.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not come", what)
		}
	}
}
