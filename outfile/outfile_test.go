package outfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "x.bin")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := f.Write([]byte(strings.Repeat("a", bufferSize/2))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.WriteAt([]byte("bc"), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("bc"), f.Bytes()); err == nil {
		t.Error("wrote behind the end")
	}
	if _, err := f.Write([]byte("z")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there before it is complete: %v", err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	b, err := os.ReadFile(name)
	if want := "abc" + strings.Repeat("a", 3*bufferSize/2-3) + "z"; err != nil || string(b) != want {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if _, err := Create(name); !errors.As(err, new(*ExistsError)) {
		t.Errorf("a file that is there: %v", err)
	}
	if _, err := Create(filepath.Join(dir, "no", "x")); !errors.As(err, new(*FolderError)) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestDiscard: nothing is left, and a name that was taken meanwhile is not replaced.
func TestDiscard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "x.bin")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	f.Discard()
	g, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.Commit(); !errors.As(err, new(*ExistsError)) {
		t.Errorf("replaced: %v", err)
	}
	list, err := os.ReadDir(dir)
	if b, _ := os.ReadFile(name); err != nil || len(list) != 1 || string(b) != "theirs" {
		t.Errorf("left %v, %q, %v", list, b, err)
	}
}
