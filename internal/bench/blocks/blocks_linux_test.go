package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/emulator"
)

// TestRound goes through both cases once, with little memory.
func TestRound(t *testing.T) {
	libraries, err := emulator.Libraries(t.Context())
	if err != nil {
		t.Skip("no emulated libraries: ", err)
	}
	bin := t.TempDir()
	for out, pkg := range map[string]string{"logger": "cmd/logger", "plugins/ps6000a": "plugins/ps6000a"} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(bin, out), "github.com/scopelog/scopelog/"+pkg)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("build %s: %v\n%s", pkg, err, text)
		}
	}
	if err := os.Symlink(libraries, filepath.Join(bin, "emulator")); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"-bin", bin, "-out", t.TempDir(), "-root", filepath.Join("..", "..", ".."), "-rounds", "1", "-deep", "1"}); err != nil {
		t.Fatal(err)
	}
}
