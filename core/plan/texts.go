package plan

import (
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"github.com/scopelog/scopelog/units"
)

// printable refuses characters that would steer a terminal, or turn the order of what is shown: texts of a plan are printed with its recording.
func (b *block) printable(name, text string) {
	if b.isBad(name) || !strings.ContainsFunc(text, steers) {
		return
	}
	b.fail(name, fmt.Sprintf("%s has a character that cannot be printed", name), "Control characters and marks that change the direction of a text are not allowed. Write letters, digits and signs.")
}

// steers tells whether a character is a control character or changes the direction of a text.
func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar
}

// grouped prints a whole number with its thousands apart.
func grouped(n int64) string { return units.FormatCount(n) }

func groupedBig(n *big.Int) string {
	if n.IsInt64() {
		return grouped(n.Int64())
	}
	return n.String()
}

// samplesText counts samples in words.
func samplesText(n int64) string {
	if n == 1 {
		return "1 sample"
	}
	return grouped(n) + " samples"
}
