package outfile

import (
	"fmt"

	"github.com/scopelog/scopelog/units"
)

// RowsError is returned for more rows of text than are wanted.
type RowsError struct{ Rows, Most int64 }

func (e *RowsError) Error() string {
	return fmt.Sprintf("that is %s rows of text, more than %s", units.FormatCount(e.Rows), units.FormatCount(e.Most))
}
