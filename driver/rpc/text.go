package rpc

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds a text of a plugin in a message, in bytes.
const maxText = 2000

// printable makes a foreign text fit for a terminal and a log: control characters and bytes that are no text are
// escaped, and what is longer than limit bytes is cut.
func printable(s string, limit int) string {
	cut := ""
	if len(s) > limit {
		s, cut = strings.ToValidUTF8(s[:limit], ""), "..."
	}
	if !strings.ContainsFunc(s, needsEscape) {
		return s + cut
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && s[i] != "\uFFFD"[0]:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[i])|0x100, 16)[1:])
		case r != utf8.RuneError && needsEscape(r):
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + cut
}

// printableLines is printable for a text of several lines, such as commands to type.
func printableLines(s string, limit int) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = printable(l, limit)
		limit -= min(limit, len(l)+1)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func needsEscape(r rune) bool { return r == utf8.RuneError || r != '\t' && !unicode.IsPrint(r) }
