package c

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// buildDir holds everything that the tests compile; it goes with the test process.
var buildDir string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "shmring-c-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	buildDir = dir
	code := m.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// Strict is what the header has to bear, as C and as C++.
var strict = []string{"-Wall", "-Wextra", "-Werror", "-pedantic"}

// compiler finds one of the names, or skips the test. The skip is a claim, so it looks in the usual places besides PATH.
func compiler(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	for _, name := range names {
		for _, dir := range []string{"/bin", "/usr/bin", "/usr/local/bin"} {
			if found, _ := filepath.Glob(filepath.Join(dir, name)); len(found) > 0 {
				t.Fatalf("%s exists but is not in PATH", found)
			}
		}
	}
	t.Skipf("no compiler on this system: none of %s is in PATH, /bin, /usr/bin or /usr/local/bin", strings.Join(names, ", "))
	return ""
}

func cc(t *testing.T) string  { return compiler(t, "cc", "gcc", "clang") }
func cxx(t *testing.T) string { return compiler(t, "c++", "g++", "clang++") }

// compile runs the compiler in testdata and fails the test with what it says.
func compile(t *testing.T, path string, args ...string) {
	t.Helper()
	cmd := exec.Command(path, args...)
	cmd.Dir = "testdata"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}

var builds struct {
	sync.Mutex
	once map[string]*sync.Once
}

// program compiles sources into one executable, once per name, and returns its path.
func program(t *testing.T, name string, args ...string) string {
	t.Helper()
	path := cc(t)
	out := filepath.Join(buildDir, name)
	builds.Lock()
	if builds.once == nil {
		builds.once = map[string]*sync.Once{}
	}
	once := builds.once[name]
	if once == nil {
		once = &sync.Once{}
		builds.once[name] = once
	}
	builds.Unlock()
	once.Do(func() {
		compile(t, path, append(append([]string{"-std=c11", "-g", "-o", out}, strict...), args...)...)
	})
	if _, err := os.Stat(out); err != nil {
		t.Fatalf("%s was not built", name)
	}
	return out
}

// needsFlags skips the test if the compiler cannot make a program with these flags that runs, which it tries.
func needsFlags(t *testing.T, flags ...string) {
	t.Helper()
	dir := t.TempDir()
	source, out := filepath.Join(dir, "empty.c"), filepath.Join(dir, "empty")
	if err := os.WriteFile(source, []byte("int main(void) { return 0; }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(cc(t), append(flags, "-o", out, source)...).CombinedOutput(); err != nil {
		t.Skipf("the compiler has no %s: %v: %s", flags, err, said)
	}
	if said, err := exec.Command(out).CombinedOutput(); err != nil {
		t.Skipf("programs with %s do not run here: %v: %s", flags, err, said)
	}
}
