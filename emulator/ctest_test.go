package emulator_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/emulator"
)

// TestC builds every test/test_*.c with a sanitizer and runs it; with AddressSanitizer, undefined behaviour ends it as well.
func TestC(t *testing.T) {
	for _, sanitizer := range []string{"address", "thread"} {
		t.Run(sanitizer, func(t *testing.T) {
			if sanitizer == "thread" && testing.Short() {
				t.Skip("-short: one sanitizer is enough")
			}
			runC(t, sanitizer)
		})
	}
}

func runC(t *testing.T, sanitizer string) {
	source, err := emulator.Source()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(source, "test", "test_*.c"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no C tests in %s: %v", source, err)
	}
	objects := filepath.Join(filepath.Dir(source), "build", "emulator-"+sanitizer)
	programs := filepath.Join(objects, "programs")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if err := emulator.Build(ctx, programs, emulator.Options{Sanitizer: sanitizer, Objects: objects, Targets: []string{"tests"}}); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".c")
		t.Run(strings.TrimPrefix(name, "test_"), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, filepath.Join(programs, name))
			cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir(), "EMULATOR_DOC="+filepath.Join(filepath.Dir(source), "docs", "emulator.md"), "ASAN_OPTIONS=detect_leaks=1:abort_on_error=0", "TSAN_OPTIONS=halt_on_error=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, out[max(0, len(out)-4000):])
			}
		})
	}
}
