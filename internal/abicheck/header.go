package abicheck

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Options says what kind of header is checked.
type Options struct {
	// Pointers: the header declares struct <family>_api, whose members are function pointers named like the functions
	// without the family's prefix. Otherwise it declares plain prototypes.
	Pointers bool

	// Left lists what the header does not declare, each with the reason. A key is the name of a function, callback,
	// enum, struct or constant, or a pattern of [path.Match]; "function:", "callback:", "enum:", "struct:" or
	// "constant:" in front limits it to one kind. A key that matches nothing is an error, and so is a function that is
	// left out and declared all the same.
	Left map[string]string
}

// Header compares a header with the table of a family and reports every difference as an error of the test. The test
// is skipped only where there is no gcc.
func Header(t testing.TB, family, headerPath string, includeDirs []string, o Options) {
	t.Helper()
	gcc := compiler(t)
	f, err := Table(family)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := checkHeader(gcc, t.TempDir(), family, f, headerPath, includeDirs, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", filepath.Base(headerPath), p)
	}
}

func compiler(t testing.TB) string {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skipf("no C compiler: %v", err)
	}
	return gcc
}

// checkHeader returns the differences in words. The error is about the check itself.
func checkHeader(gcc, dir, family string, f *Family, header string, includeDirs []string, o Options) ([]string, error) {
	header, err := filepath.Abs(header)
	if err != nil {
		return nil, err
	}
	left := newLeftOut(o.Left)
	all := facts(family, f, o, left)
	if len(all) == 0 {
		return nil, errors.New("the table has no facts")
	}
	args := []string{"-std=c11", "-w", "-fmax-errors=0", "-fdiagnostics-color=never", "-fno-diagnostics-show-caret"}
	for _, d := range includeDirs {
		args = append(args, "-I", d)
	}
	prologue := fmt.Sprintf("#include <stdint.h>\n#include %s\nextern int abi_end;\n", strconv.Quote(header))
	first := 1 + strings.Count(prologue, "\n")

	// The header alone: what is wrong in it must not look like a failed fact.
	alone := filepath.Join(dir, family+"_alone.c")
	if err := os.WriteFile(alone, []byte(prologue), 0o600); err != nil {
		return nil, err
	}
	if out, err := run(gcc, slices.Concat(args, []string{"-fsyntax-only", alone})...); err != nil {
		return []string{strings.TrimSpace(out)}, nil
	}
	text, err := run(gcc, slices.Concat(args, []string{"-E", "-P", alone})...)
	if err != nil {
		return nil, fmt.Errorf("%w:\n%s", err, text)
	}

	var src strings.Builder
	src.WriteString(prologue)
	for _, a := range all {
		fmt.Fprintf(&src, "_Static_assert(%s, \"abi\");\n", a.cond)
	}
	file := filepath.Join(dir, family+"_abi.c")
	if err := os.WriteFile(file, []byte(src.String()), 0o600); err != nil {
		return nil, err
	}
	out, err := run(gcc, slices.Concat(args, []string{"-fsyntax-only", file})...)
	problems := judge(out, file, first, all)
	if err != nil && len(problems) == 0 {
		return nil, fmt.Errorf("%w:\n%s", err, out)
	}
	problems = append(problems, strays(text, family, f, o, left)...)
	return append(problems, left.idle()...), nil
}

func run(gcc string, args ...string) (string, error) {
	cmd := exec.Command(gcc, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s %s: %w", gcc, strings.Join(args, " "), err)
	}
	return out.String(), nil
}

var diagnostic = regexp.MustCompile(`^(.+?):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$`)

// judge turns gcc's messages into problems, one per failed fact.
func judge(out, file string, first int, all []fact) []string {
	var problems []string
	seen := map[int]bool{}
	for line := range strings.Lines(out) {
		m := diagnostic.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		if m[1] != file || n < first || n-first >= len(all) || seen[n] {
			continue
		}
		seen[n] = true
		a := all[n-first]
		text := fmt.Sprintf("%s %s: %s", a.kind, a.name, a.what)
		if !strings.HasPrefix(m[3], "static assertion failed") {
			text += " (" + m[3] + ")"
		}
		problems = append(problems, text)
	}
	return problems
}

// strays finds what the header declares but should not: functions that the table does not have, and functions that
// are said to be left out.
func strays(preprocessed, family string, f *Family, o Options, left *leftOut) []string {
	known := map[string]bool{}
	for _, fn := range slices.Concat(f.Functions, f.Undocumented) {
		known[fn.Name] = true
	}
	var out []string
	declared := map[string]bool{}
	pattern := `\b(` + family + `[A-Z]\w*)\s*\(`
	if o.Pointers {
		pattern = `\(\s*\*\s*(\w+)\s*\)\s*\(`
	}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(preprocessed, -1) {
		name := m[1]
		if o.Pointers {
			name = family + name
		}
		if declared[name] {
			continue
		}
		declared[name] = true
		if !known[name] && !o.Pointers {
			out = append(out, fmt.Sprintf("function %s: the table does not have it", name))
		}
	}
	for _, name := range left.names {
		if declared[name] {
			out = append(out, fmt.Sprintf("function %s: said to be left out, but declared", name))
		}
	}
	return out
}
