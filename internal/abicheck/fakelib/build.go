package fakelib

import (
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck"
)

//go:embed c/runtime.c
var runtimeC string

// Fake is a built library. It is used from one goroutine.
type Fake struct {
	// Path is the shared library.
	Path string
	// Family is the table it was built from.
	Family *abicheck.Family

	prefix string
	dir    string
	calls  int
}

// T is what the package needs of a *testing.T.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Call is the script of one call.
type Call struct {
	Status uint32
	Args   map[int]Arg // by the number of the argument in C
}

// Arg is what happens behind a pointer. Nothing happens behind NULL.
type Arg struct {
	Record int    // bytes to record before
	Write  []byte // bytes to write
}

// Record is what a call got.
type Record struct {
	Function string   // full name
	Values   [][]byte // each argument in the machine's order of bytes
	Behind   [][]byte // what the argument pointed at
}

// Build compiles a library that has every function of the family but those that skip says. The test is skipped only
// where there is no C compiler.
func Build(t testing.TB, family string, skip func(function string) bool) *Fake {
	t.Helper()
	table, err := abicheck.Table(family)
	if err != nil {
		t.Fatal(err)
	}
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skipf("no C compiler: %v", err)
	}
	dir := t.TempDir()
	f := &Fake{Path: filepath.Join(dir, table.Soname), Family: table, prefix: family, dir: dir}
	library, err := compile(gcc, dir, table.Soname, runtimeC+functions(table, skip))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Path, library, 0o700); err != nil {
		t.Fatal(err)
	}
	return f
}

// compiled keeps what was compiled, by source: tests build the same library again and again.
var compiled struct {
	sync.Mutex
	libraries map[string][]byte
}

func compile(gcc, dir, soname, source string) ([]byte, error) {
	compiled.Lock()
	defer compiled.Unlock()
	if b := compiled.libraries[source]; b != nil {
		return b, nil
	}
	text, object := filepath.Join(dir, "fake.c"), filepath.Join(dir, "fake.so")
	if err := os.WriteFile(text, []byte(source), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command(gcc, "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-Wl,-soname,"+soname, "-o", object, text, "-ldl")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile the fake library: %w\n%s", err, out)
	}
	b, err := os.ReadFile(object)
	if err != nil {
		return nil, err
	}
	if compiled.libraries == nil {
		compiled.libraries = map[string][]byte{}
	}
	compiled.libraries[source] = b
	return b, nil
}

func functions(table *abicheck.Family, skip func(string) bool) string {
	var b strings.Builder
	for _, fn := range table.Functions {
		if skip != nil && skip(fn.Name) {
			continue
		}
		var params, body []string
		for i, a := range fn.Args {
			if strings.HasSuffix(a.CType, "*") {
				params = append(params, fmt.Sprintf("void *a%d", i))
				body = append(body, fmt.Sprintf("\tpointer(%d, a%d);\n", i, i))
			} else {
				params = append(params, fmt.Sprintf("%s a%d", a.CType, i))
				body = append(body, fmt.Sprintf("\tvalue(%d, &a%d, sizeof a%d);\n", i, i, i))
			}
		}
		list := strings.Join(params, ", ")
		fmt.Fprintf(&b, "\n%s %s(%s);\n%s %s(%s)\n{\n\tbegin(\"%s\");\n%s\treturn end();\n}\n", fn.Returns, fn.Name, list, fn.Returns, fn.Name, list, fn.Name, strings.Join(body, ""))
	}
	return b.String()
}

// Script prepares the next calls, in their order. It forgets those prepared before that did not happen.
func (f *Fake) Script(t T, calls ...Call) {
	t.Helper()
	for i, c := range calls {
		var b strings.Builder
		fmt.Fprintf(&b, "%08x\n", c.Status)
		for n, a := range c.Args {
			text := "-"
			if len(a.Write) > 0 {
				text = hex.EncodeToString(a.Write)
			}
			fmt.Fprintf(&b, "%d %d %s\n", n, a.Record, text)
		}
		if err := os.WriteFile(f.file(f.calls+i, "in"), []byte(b.String()), 0o600); err != nil {
			t.Fatalf("%v", err)
		}
	}
	if err := os.Remove(f.file(f.calls+len(calls), "in")); err != nil && !os.IsNotExist(err) {
		t.Fatalf("%v", err)
	}
}

func (f *Fake) file(call int, suffix string) string {
	return filepath.Join(f.dir, fmt.Sprintf("%d.%s", call, suffix))
}

// Calls returns what has been called since it was asked last.
func (f *Fake) Calls(t T) []Record {
	t.Helper()
	var out []Record
	for {
		text, err := os.ReadFile(f.file(f.calls, "out"))
		if os.IsNotExist(err) {
			return out
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		r := Record{Function: lines[0]}
		for _, line := range lines[1:] {
			words := strings.Fields(line)
			if len(words) != 3 {
				t.Fatalf("%s: %q", r.Function, line)
			}
			r.Values = append(r.Values, unhex(t, words[1]))
			r.Behind = append(r.Behind, unhex(t, words[2]))
		}
		out = append(out, r)
		f.calls++
	}
}

func unhex(t T, s string) []byte {
	t.Helper()
	if s == "-" {
		return nil
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}
