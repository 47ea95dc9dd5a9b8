package plan

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// pure are the functions that depend on nothing but their arguments.
var pure = map[string]function.Function{
	// text
	"chomp": stdlib.ChompFunc, "format": bounded(stdlib.FormatFunc, formatCost), "join": bounded(stdlib.JoinFunc, joinCost),
	"lower": stdlib.LowerFunc, "regex": stdlib.RegexFunc, "replace": bounded(stdlib.ReplaceFunc, replaceCost), "split": stdlib.SplitFunc,
	"strlen": stdlib.StrlenFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc,
	"trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,
	// numbers
	"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "int": stdlib.IntFunc, "max": stdlib.MaxFunc,
	"min": stdlib.MinFunc, "signum": stdlib.SignumFunc,
	// collections
	"coalesce": stdlib.CoalesceFunc, "compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc,
	"distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc, "keys": stdlib.KeysFunc,
	"length": stdlib.LengthFunc, "lookup": stdlib.LookupFunc, "merge": stdlib.MergeFunc, "range": stdlib.RangeFunc,
	"reverse": stdlib.ReverseListFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
	// conversion
	"jsondecode": stdlib.JSONDecodeFunc, "tobool": stdlib.MakeToFunc(cty.Bool), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
	"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "tonumber": stdlib.MakeToFunc(cty.Number),
	"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "tostring": stdlib.MakeToFunc(cty.String),
}

// functions returns everything that can be called in a plan.
func (d *decoder) functions() map[string]function.Function {
	all := map[string]function.Function{"env": d.envFunc(), "file": d.fileFunc()}
	for name, f := range pure {
		all[name] = f
	}
	return all
}

// bounded wraps a function whose result can be much longer than its arguments.
func bounded(f function.Function, cost func(args []cty.Value) int) function.Function {
	return function.New(&function.Spec{
		Description: f.Description(), Params: f.Params(), VarParam: f.VarParam(),
		Type: f.ReturnTypeForValues,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if n := cost(args); n > maxText {
				return cty.NilVal, fmt.Errorf("the result would be longer than %d KiB", maxText>>10)
			}
			return f.Call(args)
		},
	})
}

// longWidth is a width or precision in a format that makes a long text out of nothing.
var longWidth = regexp.MustCompile(`%[^a-zA-Z%]*\d{4}`)

func formatCost(args []cty.Value) int {
	if !args[0].IsKnown() {
		return 0
	}
	format := args[0].AsString()
	if longWidth.MatchString(format) {
		return maxText + 1
	}
	longest := 0
	for _, a := range args[1:] {
		longest = max(longest, textLength(a))
	}
	return len(format) + strings.Count(format, "%")*longest
}

func joinCost(args []cty.Value) int {
	n := 0
	for _, list := range args[1:] {
		if list.IsWhollyKnown() && !list.IsNull() {
			n += textLength(list) + textLength(args[0])*list.LengthInt()
		}
	}
	return n
}

func replaceCost(args []cty.Value) int {
	if !args[0].IsKnown() || !args[1].IsKnown() || !args[2].IsKnown() {
		return 0
	}
	s := args[0].AsString()
	return len(s) + strings.Count(s, args[1].AsString())*len(args[2].AsString())
}

// textLength is the number of bytes of text inside v.
func textLength(v cty.Value) int {
	n := 0
	v, _ = v.UnmarkDeep()
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			n += len(v.AsString())
		}
		return true, nil
	})
	return n
}

// envFunc is env(name[, default]).
func (d *decoder) envFunc() function.Function {
	return function.New(&function.Spec{
		Params:   []function.Parameter{{Name: "name", Type: cty.String, AllowMarked: true}},
		VarParam: &function.Parameter{Name: "default", Type: cty.String},
		Type:     function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if len(args) > 2 {
				return cty.NilVal, function.NewArgErrorf(2, "env takes a name and, if wanted, one default")
			}
			nameVal, secret := reveal(args[0])
			name := nameVal.AsString()
			value, ok := d.o.Env(name)
			if secret {
				name = hidden
			}
			switch {
			case !ok && len(args) == 2:
				return args[1], nil
			case !ok:
				return cty.NilVal, function.NewArgErrorf(0, "the environment variable %q is not set; set it, or give a default: env(%q, \"...\")", name, name)
			case len(value) > maxText || !utf8.ValidString(value):
				return cty.NilVal, function.NewArgErrorf(0, "the environment variable %q is not UTF-8 text of at most %d KiB", name, maxText>>10)
			}
			return d.secret(cty.StringVal(value)), nil
		},
	})
}

// fileFunc is file(path), relative to the plan.
func (d *decoder) fileFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String, AllowMarked: true}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			path, secret := reveal(args[0])
			shown := fmt.Sprintf("%q", path.AsString())
			if secret {
				shown = "the file " + hidden
			}
			b, err := d.read(d.beside(path.AsString()))
			switch {
			case err != nil:
				return cty.NilVal, function.NewArgErrorf(0, "%s cannot be read: %s", shown, reasonOf(err))
			case len(b) > maxText || !utf8.Valid(b):
				return cty.NilVal, function.NewArgErrorf(0, "%s is not UTF-8 text of at most %d KiB", shown, maxText>>10)
			}
			return d.secret(cty.StringVal(string(b))), nil
		},
	})
}
