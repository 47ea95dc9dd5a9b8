package analyze

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// none stands for a value that there is not.
var none = math.NaN()

// OptionError is returned for an option that cannot be meant.
type OptionError struct{ Text string }

func (e *OptionError) Error() string { return e.Text }

func optionError(format string, args ...any) error { return &OptionError{fmt.Sprintf(format, args...)} }

// listed joins alternatives.
func listed(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// trim prints a number as short as it can be.
func trim(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// trim6 prints a number with six digits.
func trim6(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// trim9 prints a number with nine digits.
func trim9(v float64) string { return strconv.FormatFloat(v, 'g', 9, 64) }
