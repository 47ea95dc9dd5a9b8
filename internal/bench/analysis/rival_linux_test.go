package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestExportNpy: what NumPy exports is what the program exports, to the last byte.
func TestExportNpy(t *testing.T) {
	t.Parallel()
	const python = "/usr/bin/python3"
	if out, err := exec.Command(python, "-c", "import numpy").CombinedOutput(); err != nil {
		t.Skipf("no NumPy: %s -c 'import numpy': %v\n%s", python, err, out)
	}
	dir := t.TempDir()
	const samples = chunk + 777
	planar := filepath.Join(dir, "planar.bin")
	run, err := record(t.Context(), dir, samples, planar)
	if err != nil {
		t.Fatal(err)
	}
	numpy, ours := filepath.Join(dir, "numpy"), filepath.Join(dir, "ours")
	for _, d := range []string{numpy, ours} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r := &rival{python, "", planar, dir, samples}
	got, err := r.run(t.Context(), exportNpy, r.exportArgs(numpy)...)
	if err != nil {
		t.Fatal(err)
	}
	if got.Result != streams*samples || !(got.Wall > 0) || !(got.Peak > 0) {
		t.Errorf("it printed %+v", got)
	}
	if out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "logger"), "export", run, "--to", filepath.Join(ours, "out.npy"), "--volts").CombinedOutput(); err != nil {
		t.Fatalf("export: %v\n%s", err, out)
	}
	for c, name := range []string{first, second} {
		a, err := os.ReadFile(filepath.Join(numpy, string(rune('0'+c))+".npy"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(ours, "out."+name+".npy"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s: files of %d and %d bytes differ", name, len(a), len(b))
		}
	}
}
