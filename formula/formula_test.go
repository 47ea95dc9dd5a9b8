package formula

import (
	"errors"
	"math"
	"strings"
	"testing"
)

var volts = Variable{Name: "v", Meaning: "the volts at the tip"}

func compileTest(t testing.TB, text string) *Formula {
	t.Helper()
	f, err := Compile(text, volts)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestValue(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name, text string
		x, want    float64
	}{
		{"variable", "v", 1.25, 1.25},
		{"constant", "3", 1, 3},
		{"pi", "2 * pi", 1, 2 * math.Pi},
		{"exponent of a number", "1e-3 * v", 2, 0.002},
		{"order of operators", "1 + 2 * v - 4 / 2", 3, 5},
		{"from left to right", "10 - v - 2", 3, 5},
		{"division from left to right", "64 / v / 2", 4, 8},
		{"brackets", "(1 + 2) * v", 3, 9},
		{"minus", "-v + 1", 3, -2},
		{"remainder has the sign of the first", "v % 3", -7, -1},
		{"square", "pow(v, 2) / 50", 10, 2},
		{"other power", "pow(v, 0.5)", 9, 3},
		{"negative base and broken power", "pow(v, 0.5)", -9, nan},
		{"smallest", "min(v, 2, 7)", 3, 2},
		{"largest of one", "max(v)", 3, 3},
		{"angle", "atan2(v, 1)", 1, math.Pi / 4},
		{"signum of zero", "signum(v)", 0, 0},
		{"signum below", "signum(v)", -0.1, -1},
		{"logarithms", "ln(exp(v)) + log10(1000)", 2, 5},
		{"rounding", "floor(v) + ceil(v)", 1.5, 3},
		{"choice, true", "v > 1 && v < 3 ? 10 : 20", 2, 10},
		{"choice, false", "v > 1 && v < 3 ? 10 : 20", 3, 20},
		{"choice inside a choice", "v < 0 ? -1 : v == 0 ? 0 : 1", 0, 0},
		{"the branch that is not taken may fail", "v > 0 ? sqrt(v) : 0", -4, 0},
		{"not", "!(v >= 1) || false ? 1 : 2", 0, 1},
		{"unequal", "v != 1 ? 1 : 2", 1, 2},
		{"division by zero", "1 / v", 0, nan},
		{"what is infinite in between may end well", "atan(1 / v)", 0, math.Pi / 2},
		{"overflow", "exp(v)", 1000, nan},
		{"nothing finite comes of NaN", "v * 0", nan, nan},
		{"NaN is not below", "v < 1 ? 1 : 2", nan, 2},
		{"NaN is not the smallest", "min(v, 1)", nan, nan},
		{"Steinhart and Hart", "1 / (0.001129 + 0.000234 * ln(10000 * v / (5 - v)) + 8.76e-8 * pow(ln(10000 * v / (5 - v)), 3)) - 273.15", 2.5, 25.06},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := compileTest(t, c.text).Value(c.x)
			tolerance := 1e-15 * math.Max(1, math.Abs(c.want))
			if c.want == 25.06 {
				tolerance = 0.1 // of the textbook's thermistor
			}
			if math.IsNaN(c.want) != math.IsNaN(got) || math.Abs(got-c.want) > tolerance {
				t.Errorf("%s at %g is %v, want %v", c.text, c.x, got, c.want)
			}
		})
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "cannot be read"},
		{"unfinished", "2 *", "cannot be read"},
		{"two of them", "v v", "cannot be read"},
		{"unknown name", "2 * u", "nothing called u; it knows v, the volts at the tip, and pi"},
		{"attribute", "v.x", "nothing called v"},
		{"Euler's number", "e * v", "exp(1)"},
		{"unknown function", "file(v)", "there is no function file; the functions are abs acos"},
		{"other name", "log(v)", "there is no function log; write ln or log10"},
		{"upper case", "Sin(v)", "write sin"},
		{"too many arguments", "sin(v, 2)", "sin takes one number and has 2"},
		{"too few arguments", "pow(v)", "pow takes two numbers and has 1"},
		{"no arguments", "max()", "max takes one number or more and has 0"},
		{"truth", "v == 1", "not a number but true or false"},
		{"sum of truths", "(v > 1) + 1", "each side of + must be a number"},
		{"and of numbers", "v && 1 ? 1 : 2", "each side of && must be true or false"},
		{"not a number", "!v ? 1 : 2", "! needs true or false"},
		{"minus a truth", "-(v > 1)", "- stands before"},
		{"condition", "v ? 1 : 2", "what stands before ?"},
		{"unlike branches", "v > 0 ? 1 : true", "both sides of :"},
		{"truth as argument", "sin(v > 1)", "sin takes numbers"},
		{"text", `"2" * v`, "texts cannot be used"},
		{"null", "null", "null is not a number"},
		{"list", "[v][0]", "lists and objects"},
		{"for", "[for x in [v] : x][0]", "cannot be used in it"},
		{"spread", "max([v]...)", "... cannot be used"},
		{"too large", "1e400 * v", "beyond 1e308"},
		{"huge exponent", "v * 1e999999999", "is too long"},
		{"too long", strings.Repeat("v+", MaxText/2) + "v", "longer than 4096"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Compile(c.text, volts)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Reason, c.want) || e.Text != c.text {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestDeepNesting(t *testing.T) {
	deep := strings.Repeat("(", 2000) + "v" + strings.Repeat(")", 2000)
	if got := compileTest(t, deep).Value(7); got != 7 {
		t.Errorf("got %v", got)
	}
	right := strings.Repeat("v+(", 900) + "v" + strings.Repeat(")", 900)
	if got := compileTest(t, right).Value(1); got != 901 {
		t.Errorf("got %v, want 901", got)
	}
}

func TestConstant(t *testing.T) {
	for text, want := range map[string]bool{"5": true, "sin(pi)": true, "v": false, "0 * v": false, "1 + (2 > 1 ? v : 3)": false} {
		if got := compileTest(t, text).Constant(); got != want {
			t.Errorf("%s: constant is %v, want %v", text, got, want)
		}
	}
}

func TestApply(t *testing.T) {
	f := compileTest(t, "v > 0.5 ? sqrt(v) - min(v, 0.7) : pow(v, 3) / (1 + v)")
	for _, n := range []int{0, 1, chunk - 1, chunk, chunk + 1, 3*chunk + 7} {
		x, dst := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = float64(i) / float64(n)
		}
		f.Apply(dst, x)
		for i := range x {
			if want := f.Value(x[i]); dst[i] != want {
				t.Fatalf("%d elements: element %d is %v, want %v", n, i, dst[i], want)
			}
		}
		f.Apply(x, x)
		for i := range x {
			if x[i] != dst[i] {
				t.Fatalf("%d elements: in place element %d is %v, want %v", n, i, x[i], dst[i])
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("slices of unlike lengths are accepted")
		}
	}()
	f.Apply(make([]float64, 1), make([]float64, 2))
}

func TestApplyFromManyGoroutines(t *testing.T) {
	f := compileTest(t, "2 * v + sin(0)")
	done := make(chan float64)
	for g := range 8 {
		go func() {
			x := make([]float64, 3*chunk)
			for i := range x {
				x[i] = float64(g)
			}
			f.Apply(x, x)
			wrong := 0.0
			for _, y := range x {
				wrong += math.Abs(y - 2*float64(g))
			}
			done <- wrong
		}()
	}
	for range 8 {
		if wrong := <-done; wrong != 0 {
			t.Errorf("off by %v in all", wrong)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, text := range []string{"v", "pow(v, 2) / 50", "v > 0 ? sqrt(v) : -1", "max(v, 1, pi) % 3", "!(v==1)||v<2?1:2", "1e400", `"${v}"`, "[v]", "v.x", "max(v...)"} {
		f.Add(text, 0.5)
	}
	f.Fuzz(func(t *testing.T, text string, x float64) {
		g, err := Compile(text, volts)
		if err != nil {
			if !errors.As(err, new(*Error)) {
				t.Errorf("untyped error %v", err)
			}
			return
		}
		y := g.Value(x)
		if math.IsInf(y, 0) {
			t.Errorf("%s at %g is infinite", text, x)
		}
		if again := g.Value(x); again != y && !(math.IsNaN(y) && math.IsNaN(again)) {
			t.Errorf("%s at %g is %v and then %v", text, x, y, again)
		}
	})
}

func BenchmarkApply(b *testing.B) {
	for _, text := range []string{"v", "20 * v + 0.5", "pow(v, 2) / 50", "v > 0 ? sqrt(v) : 0", "sin(v)"} {
		b.Run(text, func(b *testing.B) {
			f := compileTest(b, text)
			x, dst := make([]float64, 1<<16), make([]float64, 1<<16)
			for i := range x {
				x[i] = float64(i) / 65536
			}
			b.SetBytes(int64(8 * len(x)))
			b.ReportAllocs()
			for b.Loop() {
				f.Apply(dst, x)
			}
		})
	}
}
