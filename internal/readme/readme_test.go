package readme

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const root = "../.."

// blocks returns the fenced code blocks of a document in a language.
func blocks(t *testing.T, document, language string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, document))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```").FindAllStringSubmatch(string(b), -1) {
		if m[1] == language {
			out = append(out, m[2])
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no %q block", document, language)
	}
	return out
}

// checkout makes a folder in which the README's relative paths mean something, with freshly built programs.
func checkout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"configs", "scripts"} {
		there, err := filepath.Abs(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(there, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if bin := os.Getenv("SCOPELOG_BIN"); bin != "" { // make test has just built it
		if err := os.Symlink(bin, filepath.Join(dir, "bin")); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	commands := [][]string{{"make", "-s", "-C", filepath.Join(root, "emulator"), "OUT=" + filepath.Join(dir, "bin", "emulator"), "OBJ=" + t.TempDir()}}
	for _, pkg := range []string{"cmd/logger", "plugins/sim", "plugins/ps2000a", "plugins/ps5000a", "plugins/ps6000a"} {
		out := filepath.Join(dir, "bin", strings.TrimPrefix(pkg, "cmd/"))
		commands = append(commands, []string{"go", "build", "-o", out, "github.com/scopelog/scopelog/" + pkg})
	}
	for _, c := range commands {
		if text, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", c, err, text)
		}
	}
	return dir
}

func run(t *testing.T, dir, line string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-ec", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SCOPELOG_RIG="+filepath.Join(dir, "rig"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", line, err, out)
	}
	return string(out)
}

// TestCommands runs each command of the README's blocks, in order.
func TestCommands(t *testing.T) {
	if n := commands(t, "README.md"); n < 5 {
		t.Errorf("only %d commands were run", n)
	}
}

// TestAnalysis runs each command of the page on computing, in order.
func TestAnalysis(t *testing.T) {
	if n := commands(t, filepath.Join("docs", "analysis.md")); n < 20 {
		t.Errorf("only %d commands were run", n)
	}
}

// commands runs the commands of a document's blocks, in order, and counts them.
func commands(t *testing.T, document string) int {
	t.Helper()
	dir := checkout(t)
	n := 0
	for _, block := range blocks(t, document, "") {
		for s := bufio.NewScanner(strings.NewReader(block)); s.Scan(); {
			line, _, _ := strings.Cut(s.Text(), "#")
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			if target, ok := strings.CutPrefix(line, "make "); ok {
				makefileHas(t, target)
				continue
			}
			run(t, dir, line)
			n++
		}
	}
	return n
}

// makefileHas checks that a target is there; running make inside its own test would not end.
func makefileHas(t *testing.T, target string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `:`).Match(b) {
		t.Errorf("make %s: there is no such target", target)
	}
}

// TestPlanAndPython records the README's plan and reads it with the README's Python.
func TestPlanAndPython(t *testing.T) {
	dir := checkout(t)
	plan := filepath.Join(dir, "first.hcl")
	if err := os.WriteFile(plan, []byte(blocks(t, "README.md", "hcl")[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "bin/logger run first.hcl")
	script := blocks(t, "README.md", "python")[0] + "assert len(values) == 2_000_000, len(values)\nassert 0.9 < values.max() < 1.1, values.max()\nprint('read')\n"
	if err := os.WriteFile(filepath.Join(dir, "read.py"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := run(t, dir, "cd recordings/first-* && /usr/bin/python3 ../../read.py"); !strings.Contains(out, "read") {
		t.Errorf("python: %s", out)
	}
}
