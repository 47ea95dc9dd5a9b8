package scope

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRigAdvice: who finds no emulated unit is told which file was looked at, and how to name another one.
func TestRigAdvice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	conf := filepath.Join(dir, "rig.conf")
	env := func(name, value string) func(string) string {
		return func(n string) string { return map[string]string{name: value}[n] }
	}
	named := env("SCOPELOG_RIG", dir)
	if got := rigAdvice(named); !strings.Contains(got, "There is no "+conf) || !strings.Contains(got, "default rig; SCOPELOG_RIG names the folder") {
		t.Errorf("without a file: %s", got)
	}
	if err := os.WriteFile(conf, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := rigAdvice(named); got != "Emulated units are those of "+conf+"; SCOPELOG_RIG names the folder of rig.conf." {
		t.Errorf("with a file: %s", got)
	}
	if got := rigProblems(named); !strings.Contains(got, filepath.Join(dir, "problems.log")) {
		t.Errorf("problems: %s", got)
	}
	if got, want := rigFolder(env("XDG_RUNTIME_DIR", dir)), filepath.Join(dir, "scopelog-emulator"); got != want {
		t.Errorf("folder %s, want %s", got, want)
	}
	if got := rigFolder(env("XDG_RUNTIME_DIR", "relative")); !strings.HasPrefix(got, "/tmp/scopelog-emulator-") {
		t.Errorf("folder %s", got)
	}
}
