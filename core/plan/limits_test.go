package plan

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHostileText checks that texts which would exhaust a recursive parser or the memory are refused, with a place.
func TestHostileText(t *testing.T) {
	t.Parallel()
	const n = 5_000
	many := strings.Repeat
	for _, c := range []struct{ name, text, want string }{
		{"brackets", "locals {\n x = " + many("[", n), "nested too deeply"},
		{"parentheses", "locals {\n x = " + many("(", n), "nested too deeply"},
		{"objects", "locals {\n x = " + many("{a=", n), "nested too deeply"},
		{"blocks", many("a {\n", n), "nested too deeply"},
		{"templates", "locals {\n x = " + many(`"${`, n), "nested too deeply"},
		{"heredocs", "locals {\n x = <<A\n" + many("${<<A\n", n), "nested too deeply"},
		{"calls", "locals {\n x = " + many("f(", n), "nested too deeply"},
		{"minus", "locals {\n x = " + many("-", n) + "1\n}", "too long"},
		{"not", "locals {\n x = " + many("!", n) + "true\n}", "too long"},
		{"sum", "locals {\n x = 1" + many("+1", n) + "\n}", "too long"},
		{"conditions", "locals {\n x = " + many("a ? b : ", n) + "1\n}", "too long"},
		{"indexes", "locals {\n x = a" + many("[0]", n) + "\n}", "too long"},
		{"attributes", "locals {\n x = a" + many(".b", n) + "\n}", "too long"},
		{"splats", "locals {\n x = a" + many("[*]", n) + "\n}", "too long"},
		{"directives", "locals {\n x = \"" + many("%{if true}", n) + "\"\n}", "too long"},
		{"interpolations", "locals {\n x = \"" + many("${a}", n) + "\"\n}", "too long"},
		{"sum over lines", "locals {\n x = (1" + many("\n+1", n) + ")\n}", "too long"},
		{"loops", "locals {\n x = [for a in b : [for c in d : [for e in f : g]]]\n}", "Too many for"},
		{"loops in a template", "locals {\n x = \"%{for a in b}%{for c in d}%{for e in f}x%{endfor}%{endfor}%{endfor}\"\n}", "Too many for"},
		{"loops in both", "locals {\n x = [for a in b : \"%{for c in d}${[for e in f : g][0]}%{endfor}\"]\n}", "Too many for"},
		{"digits", "locals {\n x = " + many("9", 500) + "\n}", "number is too long"},
		{"exponent", "locals {\n x = 1e10000\n}", "number is too long"},
		{"negative exponent", "locals {\n x = 1e-10000\n}", "number is too long"},
		{"size", many("#", MaxSize+1), "too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, diags := Parse([]byte(c.text), "x.hcl", Options{})
			if !diags.HasErrors() || diags[0].Subject == nil || diags[0].Subject.Filename != "x.hcl" {
				t.Fatalf("diagnostics: %v", diags)
			}
			if strings.Contains(diags[0].Detail, fmt.Sprint(len(c.text))) {
				t.Errorf("detail %q tells a size that may be that of what was read", diags[0].Detail)
			}
			if !strings.Contains(diags[0].Summary, c.want) {
				t.Errorf("summary %q, want %q", diags[0].Summary, c.want)
			}
			if got := Format([]byte(c.text)); len(got) == 0 {
				t.Error("formatting loses the text")
			}
		})
	}
}

// TestLoopsBesideEachOther checks that only loops inside each other are counted.
func TestLoopsBesideEachOther(t *testing.T) {
	t.Parallel()
	src := "locals {\n  a = [for x in [1] : [for y in [2] : x]]\n  b = \"%{for x in [1]}%{for y in [2]}z%{endfor}%{endfor}%{for x in [1]}${x}%{endfor}\"\n" +
		"  c = concat([for x in [1] : x], [for x in [1] : x], [for x in [1] : x], [for x in [1] : x])\n}\n"
	if diag := checkLimits([]byte(src), "x"); diag != nil {
		t.Error(diag)
	}
}

// TestLargePlan checks that a plan of a megabyte is taken, and that its problems are bounded.
func TestLargePlan(t *testing.T) {
	t.Parallel()
	good := "run \"r\" {\n  output = \"x\"\n}\ndevice \"a\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"1S/s\" }\n}\n"
	if _, diags := Parse([]byte(good+strings.Repeat("# nothing\n", 100_000)), "x.hcl", testOptions("")); diags.HasErrors() {
		t.Errorf("refused: %v", diags)
	}
	var b strings.Builder
	b.WriteString(good)
	for i := range 1500 {
		fmt.Fprintf(&b, "device \"b%d\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"1\" }\n}\n", i)
	}
	_, diags := Parse([]byte(b.String()), "x.hcl", testOptions(""))
	if n := len(diags); n != maxProblems+1 || !strings.Contains(diags[n-1].Summary, "more problems") {
		t.Errorf("%d diagnostics, the last %q", n, diags[n-1].Summary)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	src := "variable \"v\" {\n  default = \"1V\"\n}\nrun \"r\" {\n  output = \"x\"\n}\ndevice \"a\" {\n  driver  = \"sim\"\n  model   = trimspace(file(\"secret.txt\"))\n  library = \"lib/x.so\"\n  channel \"A\" { range = var.v }\n  stream { sample_rate = \"1S/s\" }\n}\n"
	path := write("plan.hcl", src)
	write("secret.txt", " from beside the plan\n")
	p, diags := Load(path, Options{VarFiles: []string{write("v.vars", `v = "2V"`)}})
	if diags.HasErrors() || p.Devices[0].Model != "from beside the plan" || p.Devices[0].Library != filepath.Join(dir, "lib", "x.so") || p.Devices[0].Channels[0].Range.Volts() != 2 {
		t.Errorf("%v, %+v", diags, p.Devices)
	}
	if string(p.Source()) != src || p.Filename() != path {
		t.Error("source or name is lost")
	}
	for _, c := range []struct{ name, path, want string }{
		{"missing", filepath.Join(dir, "none.hcl"), "no such file"},
		{"a folder", dir, "is a directory"},
		{"ten megabytes", write("large.hcl", strings.Repeat("x", 10<<20)), "larger than 4 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, diags := Load(c.path, Options{})
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, c.want) || diags[0].Subject.Filename != c.path {
				t.Errorf("%v, want %q", diags, c.want)
			}
			var b bytes.Buffer
			if err := WriteDiagnostics(&b, diags, p.Files(), false, 80); err != nil || b.Len() == 0 {
				t.Errorf("%v, %q", err, b.String())
			}
		})
	}
}

// TestReadLimited checks that an endless file is not read to its end.
func TestReadLimited(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skipf("there is no endless file here: %v", err)
	}
	if _, err := readLimited("/dev/zero"); !errors.Is(err, errTooLarge) {
		t.Errorf("error %v, want %v", err, errTooLarge)
	}
}
