package c

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/shmring"
)

// TestHeaderCompiles without a warning, as C and as C++, in the forms that authors use.
func TestHeaderCompiles(t *testing.T) {
	tests := []struct {
		name string
		find func(*testing.T) string
		args []string
	}{
		{"C11", cc, []string{"-x", "c", "-std=c11", "-O2", "-Wconversion"}},
		{"C11 with GNU extensions", cc, []string{"-x", "c", "-std=gnu11", "-fsyntax-only"}},
		{"C11 without debug checks", cc, []string{"-x", "c", "-std=c11", "-O1", "-DNDEBUG"}},
		{"C11 for ThreadSanitizer", cc, []string{"-x", "c", "-std=c11", "-fsyntax-only", "-DSHMRING_TSAN"}},
		{"C11 on another system", cc, []string{"-x", "c", "-std=c11", "-fsyntax-only", "-U__linux__"}},
		{"C++17", cxx, []string{"-x", "c++", "-std=c++17", "-O2"}},
		{"C++17 without debug checks", cxx, []string{"-x", "c++", "-std=c++17", "-fsyntax-only", "-DNDEBUG"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			compile(t, tt.find(t), append(append(tt.args, strict...), "-c", "-o", filepath.Join(t.TempDir(), "include.o"), "include.c")...)
		})
	}
}

// TestHeaderNamesTheWrongOrder: strict C hides what the header needs once a system header came first, and it says so.
func TestHeaderNamesTheWrongOrder(t *testing.T) {
	cmd := exec.Command(cc(t), "-std=c11", "-fsyntax-only", "-x", "c", "-include", "stdio.h", "include.c")
	cmd.Dir = "testdata"
	out, err := cmd.CombinedOutput()
	if err == nil && !strings.Contains(string(out), "include shmring.h before") {
		t.Skip("this C library hides nothing: it compiled")
	}
	if !strings.Contains(string(out), "include shmring.h before") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestLayout compares where the C and the Go compiler put every field.
func TestLayout(t *testing.T) {
	out, err := exec.Command(program(t, "layout", "layout.c")).Output()
	if err != nil {
		t.Fatal(err)
	}
	want, got := byName(shmring.FieldTable()), byName(string(out))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("layout (-Go +C):\n%s", diff)
	}
	if len(got) < 80 {
		t.Errorf("only %d fields compared", len(got))
	}
}

// byName maps "header.magic" to "0 8".
func byName(table string) map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		name, where, _ := strings.Cut(line, " ")
		m[name] = where
	}
	return m
}

// TestSelfTest runs the C tests, most of them in one thread, the last with a reader in a second one.
func TestSelfTest(t *testing.T) {
	tests := []struct {
		name  string
		flags []string
	}{
		{"plain", []string{"-O1", "-DNDEBUG"}},
		{"address and undefined", []string{"-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"}},
		{"thread", []string{"-O1", "-fsanitize=thread", "-DSHMRING_TSAN"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			needsFlags(t, tt.flags...)
			path := program(t, "selftest-"+strings.ReplaceAll(tt.name, " ", "-"), append(tt.flags, "-pthread", "selftest.c")...)
			if out, err := exec.Command(path).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "ok" {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
