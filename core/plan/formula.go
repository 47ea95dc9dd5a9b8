package plan

import (
	"fmt"
	"math"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var piVal = cty.NumberFloatVal(math.Pi)

// mathFunctions are what equations and wave expressions can call.
var mathFunctions = map[string]function.Function{
	"sin": real1(math.Sin), "cos": real1(math.Cos), "tan": real1(math.Tan), "asin": real1(math.Asin), "acos": real1(math.Acos),
	"atan": real1(math.Atan), "sinh": real1(math.Sinh), "cosh": real1(math.Cosh), "tanh": real1(math.Tanh), "exp": real1(math.Exp),
	"ln": real1(math.Log), "log10": real1(math.Log10), "sqrt": real1(math.Sqrt), "pow": real2(math.Pow), "atan2": real2(math.Atan2),
	"abs": pure["abs"], "ceil": pure["ceil"], "floor": pure["floor"], "max": pure["max"], "min": pure["min"], "signum": pure["signum"],
}

func real1(f func(float64) float64) function.Function {
	return realFunction(1, func(x []float64) float64 { return f(x[0]) })
}

func real2(f func(a, b float64) float64) function.Function {
	return realFunction(2, func(x []float64) float64 { return f(x[0], x[1]) })
}

func realFunction(n int, f func([]float64) float64) function.Function {
	params := make([]function.Parameter, n)
	for i := range params {
		params[i] = function.Parameter{Name: "x", Type: cty.Number}
	}
	return function.New(&function.Spec{
		Params: params,
		Type:   function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			x := make([]float64, n)
			for i, a := range args {
				x[i], _ = a.AsBigFloat().Float64()
			}
			y := f(x)
			if math.IsNaN(y) || math.IsInf(y, 0) {
				return cty.NilVal, fmt.Errorf("the result is not a finite number")
			}
			return cty.NumberFloatVal(y), nil
		},
	})
}

// parseFormula reads an expression over one variable. why says what is wrong with it, empty when nothing is.
func parseFormula(text, variable, meaning, example string) (expr hclsyntax.Expression, why string) {
	if diag := checkLimits([]byte(text), "formula"); diag != nil {
		return nil, diag.Detail
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), "formula", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Sprintf("It cannot be read: %s Write an expression over %s, %s, such as %s.", sentence(diags[0].Detail), variable, meaning, example)
	}
	for _, t := range expr.Variables() {
		if root := t.RootName(); root != variable && root != "pi" || len(t) > 1 {
			return nil, fmt.Sprintf("There is nothing called %s. It knows %s, %s, and pi.", root, variable, meaning)
		}
	}
	loops := false
	_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		if _, ok := n.(*hclsyntax.ForExpr); ok {
			loops = true
		}
		return nil
	})
	if loops {
		return nil, "for cannot be used in it."
	}
	// An unknown number finds wrong types and functions without computing anything.
	ctx := &hcl.EvalContext{Functions: mathFunctions, Variables: map[string]cty.Value{variable: cty.UnknownVal(cty.Number), "pi": piVal}}
	v, diags := expr.Value(ctx)
	switch {
	case diags.HasErrors():
		return nil, sentence(diags[0].Detail)
	case v.Type() != cty.Number:
		return nil, "Its result is not a number."
	}
	return expr, ""
}
