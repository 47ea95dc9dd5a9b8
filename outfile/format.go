package outfile

import (
	"fmt"
	"os"
	"strings"
)

// FormatError is returned for a name whose ending is no known format.
type FormatError struct {
	Name    string
	Endings []string // that there are
}

func (e *FormatError) Error() string {
	last := len(e.Endings) - 1
	text := e.Endings[last]
	if last > 0 {
		text = strings.Join(e.Endings[:last], ", ") + " or " + text
	}
	return fmt.Sprintf("the format of %s is not known; the name must end in %s", e.Name, text)
}

// Split cuts a name in front of the ending that chooses its format, which it returns as endings has it, whatever the case of its letters. A name that ends in
// none of them, or that is nothing else, is a [*FormatError].
func Split(name string, endings []string) (base, ending string, err error) {
	for _, ending := range endings {
		at := len(name) - len(ending)
		if at > 0 && strings.EqualFold(name[at:], ending) && !os.IsPathSeparator(name[at-1]) {
			return name[:at], ending, nil
		}
	}
	return "", "", &FormatError{Name: name, Endings: endings}
}
