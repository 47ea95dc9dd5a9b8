//go:build cgo

package dynlib

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// library compiles a shared library from C text into a folder and returns its path.
func library(t *testing.T, dir, name, source string, flags ...string) string {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("there is no C compiler")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	c := filepath.Join(t.TempDir(), "source.c")
	if err := os.WriteFile(c, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-shared", "-fPIC", "-Wl,-soname," + name, "-o", path, c}, flags...)
	if out, err := exec.Command(gcc, args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc %v: %v\n%s", args, err, out)
	}
	return path
}

// unique is a file name that no other test uses: the loader knows a library by it for the life of the process.
func unique(t *testing.T, stem string) string {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "n*")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return "libdyn" + stem + filepath.Base(f.Name()) + ".so.2"
}
