package formula

import (
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// MaxText is the length of the longest formula, in bytes. It bounds the parser's stack, whoever wrote the text.
const MaxText = 4096

// maxDigits bounds the length of a number.
const maxDigits = 400

// Formula is a compiled expression. It does not change and may be used from any goroutine.
type Formula struct {
	text     string
	root     node
	variable bool
	machines sync.Pool // of *machine
}

// Variable describes the number that a formula is computed for.
type Variable struct {
	Name    string // "v"
	Meaning string // "the volts at the tip"
}

// Error says why a text is no formula.
type Error struct {
	Text   string
	Reason string // without a point at its end
}

func (e *Error) Error() string { return fmt.Sprintf("formula %q: %s", e.Text, e.Reason) }

// Compile reads a formula over one variable. The error is an [*Error]: text that cannot be read, names and functions that are not
// known, a result that is not a number.
func Compile(text string, v Variable) (*Formula, error) {
	c := &compiler{v: v}
	root, err := c.compile(text)
	if err != nil {
		return nil, &Error{text, err.Error()}
	}
	f := &Formula{text: text, root: root, variable: c.used}
	f.machines.New = func() any { return &machine{} }
	return f, nil
}

// Text returns the formula as it was written.
func (f *Formula) Text() string { return f.text }

// Constant tells that the result does not depend on the variable.
func (f *Formula) Constant() bool { return !f.variable }

// Value computes the formula for one number. For many, [Formula.Apply] is faster.
func (f *Formula) Value(x float64) float64 {
	one := []float64{x}
	f.Apply(one, one)
	return one[0]
}

// Apply computes the formula for every element of x into dst, which must be as long and may be x itself; a different length panics.
// Results that are not finite are NaN. In steady state nothing is allocated.
func (f *Formula) Apply(dst, x []float64) {
	if len(dst) != len(x) {
		panic(fmt.Sprintf("formula: dst has %d elements and x has %d", len(dst), len(x)))
	}
	m := f.machines.Get().(*machine)
	defer f.machines.Put(m)
	for len(x) > 0 {
		n := min(len(x), chunk)
		m.x = x[:n]
		out := m.slot(0)
		f.root.eval(m, 1, out)
		for i, y := range out {
			if math.IsInf(y, 0) {
				out[i] = math.NaN()
			}
		}
		copy(dst, out)
		dst, x = dst[n:], x[n:]
	}
	m.x = nil
}

// compile parses the text and turns it into nodes.
func (c *compiler) compile(text string) (node, error) {
	if len(text) > MaxText {
		return nil, fmt.Errorf("it is longer than %d characters", MaxText)
	}
	if err := checkNumbers(text); err != nil {
		return nil, err
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), "formula", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("it cannot be read: %s", lowerFirst(strings.TrimSuffix(diags[0].Detail, ".")))
	}
	n, k, err := c.node(expr)
	if err != nil {
		return nil, err
	}
	if k != number {
		return nil, fmt.Errorf("its result is not a number but true or false; write a choice, such as %s > 0 ? 1 : 0", c.v.Name)
	}
	return n, nil
}

// checkNumbers refuses numbers that take the parser long.
func checkNumbers(text string) error {
	tokens, _ := hclsyntax.LexExpression([]byte(text), "formula", hcl.InitialPos)
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenNumberLit {
			continue
		}
		digits := string(t.Bytes)
		_, exponent, _ := strings.Cut(strings.ToLower(digits), "e")
		if len(digits) > maxDigits || len(strings.TrimLeft(exponent, "+-")) > 3 {
			return fmt.Errorf("the number %.20s... is too long", digits)
		}
	}
	return nil
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
