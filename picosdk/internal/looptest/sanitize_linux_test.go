//go:build linux && cgo

package looptest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/shmring"
)

var sources = []string{
	"testdata/standalone.c", "fake_overview.c", "fake_lent.c", "../loop/loop.c", "../loop/batch.c", "../loop/trigger.c", "../loop/hold.c",
	"../loop/reduce.c",
	"../../overview/overview.c", "../../lent/lent.c", "../../lent/buffers.c",
}

// build compiles the standalone acquisition. It skips the test where the compiler or the flags are not there.
func build(t *testing.T, flags ...string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler")
	}
	dir := t.TempDir()
	empty, out := filepath.Join(dir, "empty.c"), filepath.Join(dir, "standalone")
	if err := os.WriteFile(empty, []byte("int main(void) { return 0; }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(cc, append(flags, "-o", out, empty)...).CombinedOutput(); err != nil {
		t.Skipf("the compiler has no %s: %v: %s", flags, err, said)
	}
	if said, err := exec.Command(out).CombinedOutput(); err != nil {
		t.Skipf("programs with %s do not run here: %v: %s", flags, err, said)
	}
	args := []string{
		"-std=c11", "-g", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-I.", "-I../loop", "-I../../overview", "-I../../lent",
		"-I../../../shmring", "-pthread", "-o", out,
	}
	if said, err := exec.Command(cc, append(append(args, flags...), sources...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return out
}

// TestSanitizers: whole acquisitions, with truthful and with lying libraries, under the sanitizers; what arrives is right.
func TestSanitizers(t *testing.T) {
	t.Parallel()
	seeds := 3
	if os.Getenv("SCOPELOG_LONG") == "1" {
		seeds = 100
	}
	for name, flags := range map[string][]string{
		"address and undefined": {"-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"},
		"thread":                {"-O1", "-fsanitize=thread", "-DSHMRING_TSAN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program := build(t, flags...)
			for seed := range seeds {
				for _, source := range []string{"overview", "lent"} {
					for _, manner := range []string{"truthful", "hostile"} {
						t.Run(fmt.Sprint(source, " ", manner, " ", seed), func(t *testing.T) { standalone(t, program, source, manner, seed) })
					}
				}
			}
		})
	}
}

func standalone(t *testing.T, program, source, manner string, seed int) {
	ring := Ring(t,
		Lane{KiB: 256}, Lane{KiB: 256}, Lane{KiB: 128, Kind: shmring.Min, Ratio: 7}, Lane{KiB: 64, Kind: shmring.Average, Ratio: 7, Type: shmring.I8},
	)
	judge := NewJudge(ring)
	cmd := exec.Command(program, source, manner, fmt.Sprint(seed))
	var out, problem bytes.Buffer
	cmd.ExtraFiles, cmd.Stdout, cmd.Stderr = []*os.File{ring.File()}, &out, &problem
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for running := true; running; {
		select {
		case err := <-ended:
			if running = false; err != nil {
				t.Fatalf("%v: %s%s", err, &out, &problem)
			}
		default:
			if judge.Pass(t) == 0 {
				judge.c.Wait(0)
			}
		}
	}
	judge.Drain(t)
	var reason, delivered, misuse, triggered, first, last uint64
	if _, err := fmt.Sscan(out.String(), &reason, &delivered, &misuse, &triggered, &first, &last); err != nil || misuse > 0 {
		t.Fatalf("the program says %q: %v", strings.TrimSpace(out.String()), err)
	}
	if manner == "hostile" {
		return // what is read on the word of a lie that stays within the buffer is anything
	}
	if reason != 2 && (seed%2 == 0 || reason != 8) || delivered == 0 { // stopped by itself, or by the trigger
		t.Errorf("reason %d, %d samples delivered", reason, delivered)
	}
	judge.Compare(t, 0, Signals(0, delivered, 2))
	if triggered == 0 || len(judge.Marks) != 1 || last < first || last >= delivered {
		t.Fatalf("triggered %d between %d and %d of %d samples, marks %+v", triggered, first, last, delivered, judge.Marks)
	}
	within := last - first + 1
	if m := judge.Marks[0]; uint64(m.AtFS) != first*1e9 || uint64(m.Within) != within && (m.Within != 0 || within != 1) {
		t.Errorf("the trigger between %d and %d is marked as %+v", first, last, m)
	}
}
