package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// bin is the folder with the program that the tests measure.
var bin string

// TestMain builds the program, and lets the test program stand in for this one, which runs itself for volts in memory and envelopes.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && (os.Args[1] == "-volts" || os.Args[1] == "-envelope") {
		main()
		return
	}
	var err error
	if bin, err = os.MkdirTemp("", "analysis-test-"); err != nil {
		panic(err)
	}
	code := 1
	cmd := exec.Command("go", "build", "-o", filepath.Join(bin, "logger"), "github.com/scopelog/scopelog/cmd/logger")
	if text, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s\n", err, text)
	} else {
		code = m.Run()
	}
	if err := os.RemoveAll(bin); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// TestAll does every task on little recordings, but for a correlation that takes a gigabyte.
func TestAll(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	if err := run(t.Context(), []string{"-bin", bin, "-out", out, "-samples", "100000", "-longer", "200000", "-rounds", "1", "-only", "^[^x]|50 ms"}); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestCompared has a task done beside a script that stands in for scipy_baseline.py and finds the samples where it is told.
func TestCompared(t *testing.T) {
	t.Parallel()
	script := `import json, os, sys
a = sys.argv
name, n = a[a.index("--file") + 1], int(a[a.index("--samples") + 1])
assert os.path.getsize(name) == 4 * n
print(json.dumps({"op": a[a.index("--only") + 1].strip("^$"), "wall_s": 0.5, "cpu_s": 0.25, "peak_rss_MB": 100}))
`
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3: ", err)
	}
	baseline := t.TempDir()
	if err := os.WriteFile(filepath.Join(baseline, "scipy_baseline.py"), []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-bin", bin, "-out", t.TempDir(), "-samples", "100000", "-longer", "0", "-rounds", "1", "-only", "^resample", "-baseline", baseline, "-python", python}
	if err := run(t.Context(), args); err != nil {
		t.Fatal(err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no samples", []string{"-samples", "0"}, "0 samples"},
		{"no rounds", []string{"-rounds", "0"}, "0 rounds"},
		{"expression", []string{"-only", "("}, "missing closing"},
		{"no program", []string{"-samples", "1000", "-bin", "nowhere"}, "nowhere"},
		{"recording that is not there", []string{"-volts", "nowhere"}, "nowhere"},
		{"envelope of one that is not there", []string{"-envelope", "nowhere"}, "nowhere"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := run(t.Context(), append([]string{"-out", t.TempDir()}, c.args...))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// TestReport makes sure that what is missed is said.
func TestReport(t *testing.T) {
	t.Parallel()
	rows := []*row{
		{task: analysis("slow", "psd", "welch", 0.6), wall: measure.Series{2}, cpu: measure.Series{1}, otherWall: measure.Series{1}, otherCPU: measure.Series{1}, short: measure.Series{10}, longer: measure.Series{100}},
		{task: analysis("quick", "psd", "welch", 0.6), wall: measure.Series{1}, cpu: measure.Series{1}, otherWall: measure.Series{2}, otherCPU: measure.Series{1}, short: measure.Series{10}, longer: measure.Series{11}},
	}
	var b strings.Builder
	if err := printTimes(&b, rows, 1_000_000, true); err != nil {
		t.Fatal(err)
	}
	if err := printMemory(&b, rows, 1_000_000, 10_000_000); err != nil {
		t.Fatal(err)
	}
	rows[0].within, rows[0].longWall, rows[0].longOpen, rows[0].open = true, 2, 0.25, measure.Series{0.125}
	if err := printWithin(&b, rows, 1_000_000, 10_000_000); err != nil {
		t.Fatal(err)
	}
	if want := "slow: 2.0000 s on 10 M samples, 2.0000 of what the other takes on 1 M: <= 0.6 MISSED\nbeside it, opening the recording: 0.1250 s, and 0.2500 s"; !strings.Contains(b.String(), want) {
		t.Errorf("no %q in\n%s", want, b.String())
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if strings.HasPrefix(line, "slow") && !strings.Contains(line, "MISSED") || strings.HasPrefix(line, "quick") && !strings.Contains(line, "met") {
			t.Errorf("judged wrongly: %s", line)
		}
	}
}
