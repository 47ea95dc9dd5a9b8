package plan

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// WriteDiagnostics writes diagnostics for people: file:line:column, what is wrong, the lines of the text with a mark
// under the place, and what to write instead. The files are those of [Plan.Files]. A width of 0 does not wrap.
func WriteDiagnostics(w io.Writer, diags hcl.Diagnostics, files map[string]*hcl.File, color bool, width int) error {
	var b bytes.Buffer
	for i, diag := range diags {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeDiagnostic(&b, diag, files, color, width)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func writeDiagnostic(b *bytes.Buffer, diag *hcl.Diagnostic, files map[string]*hcl.File, color bool, width int) {
	word, paint, plain := "error", "", ""
	if diag.Severity == hcl.DiagWarning {
		word = "warning"
	}
	if color {
		paint, plain = map[string]string{"error": "\x1b[1;31m", "warning": "\x1b[1;33m"}[word], "\x1b[0m"
	}
	if r := diag.Subject; r != nil {
		fmt.Fprintf(b, "%s:%d:%d: ", printable(r.Filename), r.Start.Line, r.Start.Column)
	}
	fmt.Fprintf(b, "%s%s%s: %s", paint, word, plain, printable(diag.Summary))
	if diag.Subject != nil {
		if where := context(diag.Subject, files); where != "" {
			fmt.Fprintf(b, " (in %s)", printable(where))
		}
	}
	b.WriteByte('\n')
	if diag.Subject != nil {
		writeSnippet(b, diag.Subject, files, paint, plain)
	}
	for _, line := range wrap(printable(diag.Detail), width-2) {
		fmt.Fprintf(b, "  %s\n", line)
	}
}

// context names the block around a place.
func context(r *hcl.Range, files map[string]*hcl.File) string {
	f := files[r.Filename]
	if f == nil || f.Nav == nil {
		return ""
	}
	nav, ok := f.Nav.(interface{ ContextString(offset int) string })
	if !ok {
		return ""
	}
	return nav.ContextString(r.Start.Byte)
}

// maxSnippet bounds the length of a line that is shown.
const maxSnippet = 160

// writeSnippet shows the first line of a range with marks under it.
func writeSnippet(b *bytes.Buffer, r *hcl.Range, files map[string]*hcl.File, paint, plain string) {
	f := files[r.Filename]
	if f == nil || r.Start.Byte > len(f.Bytes) || r.Start.Byte < 0 {
		return
	}
	start := bytes.LastIndexByte(f.Bytes[:r.Start.Byte], '\n') + 1
	end := len(f.Bytes)
	if i := bytes.IndexByte(f.Bytes[r.Start.Byte:], '\n'); i >= 0 {
		end = r.Start.Byte + i
	}
	line := f.Bytes[start:end]
	if len(bytes.TrimSpace(line)) == 0 {
		return
	}
	from, to := r.Start.Byte-start, min(r.End.Byte, end)-start
	lead := ""
	if len(line) > maxSnippet { // a window around the place
		cut := max(0, min(from-40, len(line)-maxSnippet))
		line = line[cut:min(cut+maxSnippet, len(line))]
		from, to = from-cut, min(to-cut, len(line))
		if cut > 0 {
			lead = "..."
		}
	}
	shown := func(s []byte) string {
		return printable(strings.ReplaceAll(strings.TrimRight(string(s), "\r"), "\t", " "))
	}
	from = min(from, len(line))
	before, marked := shown(line[:from]), shown(line[from:max(from, to)])
	fmt.Fprintf(b, "%5d | %s%s\n", r.Start.Line, lead, before+marked+shown(line[max(from, to):]))
	fmt.Fprintf(b, "      | %s%s%s%s\n", strings.Repeat(" ", len(lead)+utf8.RuneCountInString(before)), paint, strings.Repeat("^", max(1, utf8.RuneCountInString(marked))), plain)
}

// printable replaces control characters, so that a plan cannot command a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// wrap breaks text into lines of at most width characters where it has blanks; 0 or less: only at newlines.
func wrap(text string, width int) []string {
	var lines []string
	for _, paragraph := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && width > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Problem is one diagnostic for programs.
type Problem struct {
	Severity string    `json:"severity"` // "error" or "warning"
	Summary  string    `json:"summary"`
	Detail   string    `json:"detail,omitempty"`
	File     string    `json:"file,omitempty"`
	Start    *Position `json:"start,omitempty"`
	End      *Position `json:"end,omitempty"`
}

// Position is a place in a file. Lines and columns count from 1, columns in characters; bytes from 0.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// DiagnosticsJSON returns diagnostics in a form that encoding/json writes; never nil.
func DiagnosticsJSON(diags hcl.Diagnostics) []Problem {
	out := make([]Problem, 0, len(diags))
	for _, diag := range diags {
		p := Problem{Severity: "error", Summary: diag.Summary, Detail: diag.Detail}
		if diag.Severity == hcl.DiagWarning {
			p.Severity = "warning"
		}
		if r := diag.Subject; r != nil {
			p.File = r.Filename
			p.Start = &Position{r.Start.Line, r.Start.Column, r.Start.Byte}
			p.End = &Position{r.End.Line, r.End.Column, r.End.Byte}
		}
		out = append(out, p)
	}
	return out
}
