package plan

import (
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// secretMark marks values that must not reach the disk.
type secretMark struct{}

func (d *decoder) secret(v cty.Value) cty.Value {
	d.plan.secrets.note(v)
	return v.Mark(secretMark{})
}

// reveal takes the marks off a value, at all levels.
func reveal(v cty.Value) (cty.Value, bool) {
	v, marks := v.UnmarkDeep()
	_, secret := marks[secretMark{}]
	return v, secret
}

// hidden stands for a secret value in messages.
const hidden = "(hidden)"

// whySecret explains where secrets come from.
const whySecret = "it comes from env(), file() or a sensitive variable"

// secretTexts are the texts of secret values, so that they can be taken out of messages.
type secretTexts struct {
	texts    map[string]bool
	replacer *strings.Replacer // made by seal
}

// note remembers the texts inside v, and their lines. Short ones would make messages unreadable and tell little.
func (s *secretTexts) note(v cty.Value) {
	if s.texts == nil {
		s.texts = map[string]bool{}
	}
	v, _ = v.UnmarkDeep()
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			text := strings.TrimSpace(v.AsString())
			if len(text) >= 4 {
				s.texts[text] = true
			}
			for _, line := range strings.Split(text, "\n") {
				if line = strings.TrimSpace(line); len(line) >= 8 {
					s.texts[line] = true
				}
			}
		}
		return true, nil
	})
}

// seal makes the texts ready for use.
func (s *secretTexts) seal() {
	texts := make([]string, 0, len(s.texts))
	for t := range s.texts {
		texts = append(texts, t)
	}
	// The longest first: a replacer takes the first that fits.
	sort.Slice(texts, func(i, j int) bool {
		return len(texts[i]) > len(texts[j]) || len(texts[i]) == len(texts[j]) && texts[i] < texts[j]
	})
	pairs := make([]string, 0, 2*len(texts))
	for _, t := range texts {
		pairs = append(pairs, t, hidden)
	}
	s.replacer = strings.NewReplacer(pairs...)
}

// Redact takes the values of env(), file() and sensitive variables out of a text that is going to be logged or
// stored, such as an error of a driver.
func (p *Plan) Redact(text string) string {
	if p.secrets.replacer == nil {
		return text
	}
	return p.secrets.replacer.Replace(text)
}
