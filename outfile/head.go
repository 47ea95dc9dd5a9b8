package outfile

import (
	"encoding/csv"
	"io"
	"strings"
)

// oneLine keeps a text in its line: who reads a table skips three of them.
var oneLine = strings.NewReplacer("\n", " ", "\r", " ")

// WriteHead writes the head of a table of text: a line of names, one of units, and an empty one. Texts are quoted as encoding/csv does where they need it.
func WriteHead(w io.Writer, names, units []string) error {
	lines := csv.NewWriter(w)
	for _, line := range [][]string{names, units} {
		cells := make([]string, len(line))
		for i, text := range line {
			cells[i] = oneLine.Replace(text)
		}
		if err := lines.Write(cells); err != nil {
			return err
		}
	}
	lines.Flush()
	if err := lines.Error(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
