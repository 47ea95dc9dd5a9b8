package formula

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// kind is the type of a node's results.
type kind bool

const (
	number kind = false
	truth  kind = true // 1 for true, 0 for false
)

func (k kind) String() string {
	if k == truth {
		return "true or false"
	}
	return "a number"
}

// compiler turns HCL's syntax tree into nodes.
type compiler struct {
	v    Variable
	used bool // the variable occurs
}

// node compiles one expression. What does not depend on the variable is computed at once.
func (c *compiler) node(e hclsyntax.Expression) (node, kind, error) {
	before := c.used
	c.used = false
	n, k, err := c.fresh(e)
	if err == nil && !c.used {
		if _, done := n.(constant); !done {
			m := &machine{x: []float64{0}}
			out := m.slot(0)
			n.eval(m, 1, out)
			n = constant(out[0])
		}
	}
	c.used = c.used || before
	return n, k, err
}

func (c *compiler) fresh(e hclsyntax.Expression) (node, kind, error) {
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return c.node(e.Expression)
	case *hclsyntax.LiteralValueExpr:
		return literal(e.Val)
	case *hclsyntax.ScopeTraversalExpr:
		return c.name(e.Traversal)
	case *hclsyntax.UnaryOpExpr:
		return c.unary(e)
	case *hclsyntax.BinaryOpExpr:
		return c.binary(e)
	case *hclsyntax.ConditionalExpr:
		return c.choice(e)
	case *hclsyntax.FunctionCallExpr:
		return c.call(e)
	case *hclsyntax.TemplateExpr, *hclsyntax.TemplateWrapExpr:
		return nil, number, errors.New("texts cannot be used in it; names stand without quotes")
	case *hclsyntax.ForExpr:
		return nil, number, errors.New("for cannot be used in it")
	}
	return nil, number, errors.New("lists and objects cannot be used in it")
}

func literal(v cty.Value) (node, kind, error) {
	switch {
	case v.IsNull():
		return nil, number, errors.New("null is not a number")
	case v.Type() == cty.Number:
		x, _ := v.AsBigFloat().Float64()
		if math.IsInf(x, 0) {
			return nil, number, errors.New("it holds a number beyond 1e308")
		}
		return constant(x), number, nil
	case v.Type() == cty.Bool && v.True():
		return constant(1), truth, nil
	case v.Type() == cty.Bool:
		return constant(0), truth, nil
	}
	return nil, number, errors.New("texts cannot be used in it")
}

func (c *compiler) name(t hcl.Traversal) (node, kind, error) {
	switch root := t.RootName(); {
	case root == c.v.Name && len(t) == 1:
		c.used = true
		return variable{}, number, nil
	case root == "pi" && len(t) == 1:
		return constant(math.Pi), number, nil
	case root == "e" && len(t) == 1:
		return nil, number, fmt.Errorf("there is nothing called e; write exp(1)")
	default:
		return nil, number, fmt.Errorf("there is nothing called %s; it knows %s, %s, and pi", root, c.v.Name, c.v.Meaning)
	}
}

func (c *compiler) unary(e *hclsyntax.UnaryOpExpr) (node, kind, error) {
	n, k, err := c.node(e.Val)
	if err != nil {
		return nil, number, err
	}
	if e.Op == hclsyntax.OpLogicalNot {
		if k != truth {
			return nil, number, errors.New("! needs true or false, and stands before a number")
		}
		return apply1{n, func(a float64) float64 { return 1 - a }}, truth, nil
	}
	if k != number {
		return nil, number, errors.New("- stands before true or false")
	}
	return apply1{n, func(a float64) float64 { return -a }}, number, nil
}

// operator is one of HCL's with two operands.
type operator struct {
	text     string
	operands kind
	result   kind
	node     func(a, b node) node
}

func compare(f func(a, b float64) bool) func(a, b node) node {
	return func(a, b node) node {
		return apply2{a, b, func(x, y float64) float64 {
			if f(x, y) {
				return 1
			}
			return 0
		}}
	}
}

var operators = map[*hclsyntax.Operation]operator{
	hclsyntax.OpAdd:                {"+", number, number, func(a, b node) node { return sum{a, b} }},
	hclsyntax.OpSubtract:           {"-", number, number, func(a, b node) node { return difference{a, b} }},
	hclsyntax.OpMultiply:           {"*", number, number, func(a, b node) node { return product{a, b} }},
	hclsyntax.OpDivide:             {"/", number, number, func(a, b node) node { return quotient{a, b} }},
	hclsyntax.OpModulo:             {"%", number, number, func(a, b node) node { return apply2{a, b, math.Mod} }},
	hclsyntax.OpGreaterThan:        {">", number, truth, compare(func(a, b float64) bool { return a > b })},
	hclsyntax.OpGreaterThanOrEqual: {">=", number, truth, compare(func(a, b float64) bool { return a >= b })},
	hclsyntax.OpLessThan:           {"<", number, truth, compare(func(a, b float64) bool { return a < b })},
	hclsyntax.OpLessThanOrEqual:    {"<=", number, truth, compare(func(a, b float64) bool { return a <= b })},
	hclsyntax.OpEqual:              {"==", number, truth, compare(func(a, b float64) bool { return a == b })},
	hclsyntax.OpNotEqual:           {"!=", number, truth, compare(func(a, b float64) bool { return a != b })},
	hclsyntax.OpLogicalAnd:         {"&&", truth, truth, compare(func(a, b float64) bool { return a != 0 && b != 0 })},
	hclsyntax.OpLogicalOr:          {"||", truth, truth, compare(func(a, b float64) bool { return a != 0 || b != 0 })},
}

func (c *compiler) binary(e *hclsyntax.BinaryOpExpr) (node, kind, error) {
	a, ka, err := c.node(e.LHS)
	if err != nil {
		return nil, number, err
	}
	b, kb, err := c.node(e.RHS)
	if err != nil {
		return nil, number, err
	}
	op, ok := operators[e.Op]
	switch {
	case !ok:
		return nil, number, errors.New("it has an operator that is not known")
	case ka != op.operands || kb != op.operands:
		return nil, number, fmt.Errorf("each side of %s must be %s", op.text, op.operands)
	}
	return op.node(a, b), op.result, nil
}

func (c *compiler) choice(e *hclsyntax.ConditionalExpr) (node, kind, error) {
	var n [3]node
	var k [3]kind
	for i, part := range []hclsyntax.Expression{e.Condition, e.TrueResult, e.FalseResult} {
		var err error
		if n[i], k[i], err = c.node(part); err != nil {
			return nil, number, err
		}
	}
	switch {
	case k[0] != truth:
		return nil, number, errors.New("what stands before ? must be true or false, such as v > 0")
	case k[1] != k[2]:
		return nil, number, errors.New("both sides of : must be numbers, or both true or false")
	}
	return choice{n[0], n[1], n[2]}, k[1], nil
}

func (c *compiler) call(e *hclsyntax.FunctionCallExpr) (node, kind, error) {
	f, ok := functions[e.Name]
	if !ok {
		why := fmt.Sprintf("there is no function %s", e.Name)
		if other := meant(e.Name); other != "" {
			return nil, number, fmt.Errorf("%s; write %s", why, other)
		}
		return nil, number, fmt.Errorf("%s; the functions are %s", why, strings.Join(Functions(), " "))
	}
	if e.ExpandFinal {
		return nil, number, errors.New("... cannot be used in it")
	}
	args := make([]node, len(e.Args))
	for i, a := range e.Args {
		n, k, err := c.node(a)
		if err != nil {
			return nil, number, err
		}
		if k != number {
			return nil, number, fmt.Errorf("the function %s takes numbers, not true or false", e.Name)
		}
		args[i] = n
	}
	switch {
	case f.one != nil && len(args) == 1:
		return apply1{args[0], f.one}, number, nil
	case f.two != nil && len(args) == 2:
		return apply2{args[0], args[1], f.two}, number, nil
	case f.many != nil && len(args) >= 1:
		n := args[0]
		for _, a := range args[1:] {
			n = apply2{n, a, f.many}
		}
		return n, number, nil
	}
	wants := "one number"
	switch {
	case f.two != nil:
		wants = "two numbers"
	case f.many != nil:
		wants = "one number or more"
	}
	return nil, number, fmt.Errorf("the function %s takes %s and has %d", e.Name, wants, len(args))
}
