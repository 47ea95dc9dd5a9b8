package plan

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Limits that no sensible plan meets. They keep a hostile or broken one from costing time, memory or the
// parser's stack.
const (
	maxNesting   = 100   // brackets, braces and templates inside each other
	maxOperators = 1000  // operators, indexes and interpolations in one expression
	maxFor       = 2     // for expressions inside each other
	maxDigits    = 400   // characters of a number
	maxElements  = 4096  // elements of a value, counted through all levels
	maxText      = 65536 // bytes of text in a value
	maxDynamic   = 10000 // blocks made by dynamic blocks
	maxDevices   = 1000
	maxLocals    = 1000
)

// level is one open bracket of checkLimits.
type level struct {
	operators int
	loops     int  // for expressions and directives that are open in it
	lines     bool // a newline ends an expression here
}

// checkLimits looks at the tokens of a text, so that the recursive parser sees only what it can take. It returns
// nil when all is well.
func checkLimits(src []byte, filename string) *hcl.Diagnostic {
	start := hcl.Range{Filename: filename, Start: hcl.InitialPos, End: hcl.InitialPos}
	if len(src) > MaxSize {
		return errorAt(start, "The plan is too large", fmt.Sprintf("It is larger than %d MiB. Put long tables into files that the "+
			"driver reads.", MaxSize>>20))
	}
	tokens, _ := hclsyntax.LexConfig(src, filename, hcl.InitialPos)
	stack := []level{{lines: true}}
	loops := 0
	for i, t := range tokens {
		top := &stack[len(stack)-1]
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl,
			hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			top.operators++
			l := level{lines: t.Type == hclsyntax.TokenOBrace}
			word := ""
			if i+1 < len(tokens) {
				word = string(tokens[i+1].Bytes)
			}
			switch {
			case word == "for" && (t.Type == hclsyntax.TokenOBrace || t.Type == hclsyntax.TokenOBrack):
				l.loops++
				loops++
			case word == "for" && t.Type == hclsyntax.TokenTemplateControl: // up to its endfor
				top.loops++
				loops++
			case word == "endfor" && t.Type == hclsyntax.TokenTemplateControl && top.loops > 0:
				top.loops--
				loops--
			}
			stack = append(stack, l)
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote,
			hclsyntax.TokenCHeredoc:
			if len(stack) > 1 {
				loops -= top.loops
				stack = stack[:len(stack)-1]
			}
		case hclsyntax.TokenComma:
			top.operators = 0
		case hclsyntax.TokenNewline, hclsyntax.TokenComment: // a comment to the end of the line swallows the newline
			if top.lines {
				top.operators = 0
			}
		case hclsyntax.TokenNumberLit:
			if len(t.Bytes) > maxDigits || tooLargeExponent(t.Bytes) {
				return errorAt(t.Range, "This number is too long", fmt.Sprintf("Write numbers with at most %d digits and exponents below 1000.", maxDigits))
			}
		case hclsyntax.TokenIdent, hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenEOF:
		default:
			top.operators++
		}
		switch {
		case len(stack) > maxNesting:
			return errorAt(t.Range, "The plan is nested too deeply", fmt.Sprintf("At most %d brackets may stand inside each other. Use locals.", maxNesting))
		case stack[len(stack)-1].operators > maxOperators:
			return errorAt(t.Range, "This expression is too long", fmt.Sprintf("At most %d operators may stand in one expression. Use locals.", maxOperators))
		case loops > maxFor:
			return errorAt(t.Range, "Too many for expressions inside each other", fmt.Sprintf("At most %d may. Use locals.", maxFor))
		}
	}
	return nil
}

// tooLargeExponent tells whether a number's exponent has more than three digits.
func tooLargeExponent(number []byte) bool {
	for i, c := range number {
		if c == 'e' || c == 'E' {
			digits := number[i+1:]
			if len(digits) > 0 && (digits[0] == '+' || digits[0] == '-') {
				digits = digits[1:]
			}
			return len(digits) > 3
		}
	}
	return false
}

// checkValue says why a value is too large to go on with; empty when it is not.
func checkValue(v cty.Value) string {
	elements, text := 0, 0
	tooLarge := ""
	v, _ = v.UnmarkDeep()
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		elements++
		if v.IsKnown() && !v.IsNull() {
			switch v.Type() {
			case cty.String:
				text += len(v.AsString())
			case cty.Number:
				if f := v.AsBigFloat(); f.IsInf() || f.MantExp(nil) > 1024 || f.MantExp(nil) < -1100 {
					tooLarge = "it is a number beyond 1e308"
				}
			}
		}
		if elements > maxElements {
			tooLarge = fmt.Sprintf("it has more than %d elements", maxElements)
		} else if text > maxText {
			tooLarge = fmt.Sprintf("it has more than %d KiB of text", maxText>>10)
		}
		return tooLarge == "", nil
	})
	return tooLarge
}
