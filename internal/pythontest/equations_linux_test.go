package pythontest

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/formula"
)

const equationPlan = `
run "sensors" {
  output   = "runs"
  duration = "1500ms"
  rotate   = "1s"
}
device "bench" {
  driver = "sim"
  serial = "EQUATIONS"
  channel "A" {
    range    = "5V"
    unit     = "W"
    equation = "pow(v, 2) / 50"
    sim {
      signal    = "sine"
      frequency = "13Hz"
      amplitude = "4V"
    }
  }
  channel "B" {
    range    = "2V"
    probe    = 10
    unit     = "degC"
    equation = "v > 0 ? 1 / (0.001129 + 0.000234 * ln(1000 * v) + 8.76e-8 * pow(ln(1000 * v), 3)) - 273.15 : sqrt(v)"
    sim {
      signal    = "sine"
      frequency = "7Hz"
      amplitude = "15V"
    }
  }
  stream { sample_rate = "50kS/s" }
}
`

// TestEquationsSameAsGo compares the values of channels with an equation with those of exports, and the overview with its extremes.
func TestEquationsSameAsGo(t *testing.T) {
	t.Parallel()
	run, err := record("sensors", equationPlan, 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := `
import sys
import numpy as np
import scopelog
for name, a in scopelog.open(sys.argv[1]).items():
    a.values[:].tofile(name)
    o, x = a.overview(points=1), a.values[:]
    assert (np.nanmin(o.minimum), np.nanmax(o.maximum)) == (np.nanmin(x), np.nanmax(x)), (o, name)
`
	python(t, dir, script, run)
	for _, s := range open(t, run).Streams() {
		b, err := os.ReadFile(filepath.Join(dir, s.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float64, len(b)/8)
		if _, err := binary.Decode(b, binary.LittleEndian, got); err != nil {
			t.Fatal(err)
		}
		g := s.Global()
		c, err := convert.New(&g)
		if err != nil {
			t.Fatal(err)
		}
		stored, want := make([]byte, s.Samples()*int64(g.Datatype.Size())), make([]float64, s.Samples())
		if _, err := s.ReadAt(stored, 0); err != nil {
			t.Fatal(err)
		}
		c.Convert(want, stored, convert.Unit, nil)
		if len(got) < 70_000 {
			t.Errorf("%s has %d values only", s.Name(), len(got))
		}
		if diff := cmp.Diff(want, got, alike); diff != "" {
			t.Errorf("%s (-Go +Python)\n%.2000s", s.Name(), diff)
		}
	}
}

// alike compares results of functions that are rounded differently.
var alike = cmp.Comparer(func(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-10*max(math.Abs(a), math.Abs(b))+1e-10
})

// drawn makes formulas at random. What a condition, floor or % looks at is computed exactly in both languages: where it is not, a last digit
// may decide.
type drawn struct{ r *rand.Rand }

func (d drawn) one(of ...string) string { return of[d.r.IntN(len(of))] }

func (d drawn) blank() string {
	return d.one("", " ", " ", "  ", "\n", " /* a */ ", " # b\n")
}

func (d drawn) exact(depth int) string {
	if depth == 0 {
		return d.one("v", "v", "0", "1", "2.5", "1e1", "0.125")
	}
	e := func() string { return d.exact(depth - 1) }
	s := d.blank()
	switch d.r.IntN(9) {
	case 0:
		return "-" + e()
	case 1:
		return "(" + s + e() + s + ")"
	case 2:
		return d.one("abs", "floor", "ceil", "signum", "sqrt") + "(" + e() + ")"
	case 3:
		return d.one("min", "max") + "(" + e() + "," + s + e() + d.one("", ", "+e(), ",") + ")"
	case 4:
		return "pow(" + e() + ", 2)"
	case 5:
		return "(" + d.truth(depth-1) + " ? " + e() + " : " + e() + ")"
	default:
		return e() + " " + d.one("+", "-", "*", "/", "%") + s + e()
	}
}

func (d drawn) truth(depth int) string {
	switch {
	case depth == 0:
		return d.exact(0) + " " + d.one("<", "<=", ">", ">=", "==", "!=") + " " + d.exact(0)
	case d.r.IntN(3) == 0:
		return "!(" + d.truth(depth-1) + ")"
	case d.r.IntN(2) == 0:
		return "(" + d.truth(depth-1) + " " + d.one("&&", "||", "&&", "||", "==") + " " + d.truth(depth-1) + ")"
	default:
		return d.exact(depth-1) + " " + d.one("<", "<=", ">", ">=", "==", "!=") + " " + d.exact(depth-1)
	}
}

func (d drawn) text() string {
	e := "(" + d.exact(d.r.IntN(4)) + ")"
	switch d.r.IntN(4) {
	case 0:
		return e
	case 1:
		return d.truth(2) + " ? " + d.exact(2) + " : " + d.truth(1) + " ? " + e + " : " + d.exact(1)
	default:
		bounded := "min(max(" + e + ", -30), 30)"
		return d.one("acos", "asin", "atan", "cos", "cosh", "exp", "ln", "log10", "sin", "sinh", "tan", "tanh") + "(" + bounded + ") * (" + d.exact(1) + ")"
	}
}

// TestFormulasSameAsGo compares formulas with package formula: those that it takes, number by number, and that the others are refused.
func TestFormulasSameAsGo(t *testing.T) {
	t.Parallel()
	texts := []string{
		"v", "3", "v-1", "v -1", "2v", "- - v", "!!(v > 1) ? 1 : 2", "1.e3 * v", "1e", ".5", "5.", "1.2.3", "max(v,)", "max(,v)", "(v", "v)", "v.x", "v[0]", "v.0", "[v]", "{v}", `"v"`, "null", "true",
		"v ? 1 : 2", "v == 1", "v > 1 == true ? 1 : 2", "(v > 1) == (v > 2) ? 1 : 2", "e", "E", "pi", "a::sin(v)", "sin (v)", "v # c", "v // c", "v /* c", "/* c */ v", "v;", "v\r\n+ 1", "v = 1", "v => 1",
		"v ** 2", "v ^ 2", "v & 1", "v | 1", "~v", "pow(v, -0.5)", "pow(v, 3)", "pow(-1, v)", "pow(2, v)", "pow(v, v)", "atan2(v, -1)", "atan2(0, v)", "1 / min(0, -0)", "atan(1 / max(-0, 0))", "1e308 * 10",
		"1e400", "1e-400 + v", "1e9999", "0x10", "v > 1 ? 2", "1 : 2", "max(v...)", "-(v > 1)", "sin(v > 1)", "v\t+\t1", "v + 1", "ä", "<<E\nv\nE\n", "${v}", "v > 0 ? 1 : v > -1 ? 2 : 3", "v ? :", "()",
	}
	d := drawn{rand.New(rand.NewPCG(7, 7))}
	for range 1500 {
		texts = append(texts, d.text())
	}
	for range 500 { // what is no formula any more, mostly
		s := []byte(d.text())
		s[d.r.IntN(len(s))] = "v1.e+-*/%<>!=&|?:(),[ "[d.r.IntN(22)]
		texts = append(texts, string(s))
	}
	x := []float64{0, 1, -1, 0.5, -0.25, 2, 3, -7, 10, 29.75, 1e-3, 1e6, -1e9}
	dir := t.TempDir()
	asked, err := json.Marshal(map[string]any{"texts": texts, "x": x})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "asked.json"), asked, 0o600); err != nil {
		t.Fatal(err)
	}
	out := python(t, dir, `
import json
import numpy as np
from scopelog import EquationError
from scopelog._formula import Formula
asked = json.load(open("asked.json"))
for text in asked["texts"]:
    try:
        got = [None if np.isnan(y) else float(y) for y in Formula(text)(np.array(asked["x"]))]
    except EquationError:
        got = None
    print(json.dumps(got))
`)
	compareFormulas(t, texts, x, strings.Split(strings.TrimSpace(out), "\n"))
}

func compareFormulas(t *testing.T, texts []string, x []float64, lines []string) {
	t.Helper()
	if len(lines) != len(texts) {
		t.Fatalf("%d answers for %d formulas", len(lines), len(texts))
	}
	taken := 0
	for i, text := range texts {
		var said []*float64
		if err := json.Unmarshal([]byte(lines[i]), &said); err != nil {
			t.Fatal(err)
		}
		f, err := formula.Compile(text, formula.Variable{Name: "v", Meaning: "the volts at the tip"})
		if (err != nil) != (said == nil) {
			t.Errorf("%q: Go's error is %v, Python takes it: %t", text, err, said != nil)
		}
		if err != nil || said == nil {
			continue
		}
		taken++
		want, got := make([]float64, len(x)), make([]float64, len(x))
		f.Apply(want, x)
		for k, y := range said {
			if got[k] = math.NaN(); y != nil {
				got[k] = *y
			}
		}
		if diff := cmp.Diff(want, got, alike); diff != "" {
			t.Errorf("%q of %v (-Go +Python)\n%s", text, x, diff)
		}
	}
	if taken < 1200 {
		t.Errorf("only %d formulas are any", taken)
	}
}
