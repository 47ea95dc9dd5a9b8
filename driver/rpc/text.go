package rpc

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds a text of a plugin in a message, in bytes.
const maxText = 2000

// cutMark ends a text that was cut.
const cutMark = "..."

// printable makes a foreign text fit for a terminal and a log: control characters and bytes that are no text are
// escaped, and what is then longer than limit bytes is cut. What it returns stays as it is when it comes here again.
func printable(s string, limit int) string {
	if len(s) <= limit && !strings.ContainsFunc(s, needsEscape) {
		return s
	}
	var b strings.Builder
	kept := 0 // bytes that may stay before a mark
	for i, r := range s {
		piece := string(r)
		switch {
		case r == utf8.RuneError && s[i] != "\uFFFD"[0]:
			piece = `\x` + strconv.FormatUint(uint64(s[i])|0x100, 16)[1:]
		case r != utf8.RuneError && needsEscape(r):
			q := strconv.QuoteRune(r)
			piece = q[1 : len(q)-1]
		}
		if b.Len()+len(piece) > limit {
			return b.String()[:kept] + cutMark
		}
		b.WriteString(piece)
		if b.Len()+len(cutMark) <= limit {
			kept = b.Len()
		}
	}
	return b.String()
}

// printableLines is printable for a text of several lines, such as commands to type. The limit holds for all of them.
func printableLines(s string, limit int) string {
	var lines []string
	for l := range strings.SplitSeq(s, "\n") {
		if limit < len(cutMark) {
			lines = append(lines, cutMark)
			break
		}
		l = printable(l, limit)
		lines = append(lines, l)
		limit -= min(limit, len(l)+1)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func needsEscape(r rune) bool { return r == utf8.RuneError || r != '\t' && !unicode.IsPrint(r) }
