package analyze

import "strings"

// CheckRows returns a [*RowsError] where a file of that name would have more rows of text than most; 0: no limit.
func CheckRows(name string, rows, most int64) error {
	if most > 0 && rows > most && strings.HasSuffix(name, ".csv") {
		return &RowsError{rows, most}
	}
	return nil
}

// MostRows is how many rows of peaks, of events and of a histogram's bins are kept at most: they take up to a gigabyte of memory.
const MostRows = 6_000_000

// checkMaxRows refuses a number of rows that memory is not set aside for; 0 is all that there may be.
func checkMaxRows(n int) error {
	if n < 0 || n > MostRows {
		return optionError("%d rows cannot be kept, but up to %d, which take a gigabyte of memory: choose a shorter stretch, or sharper conditions", n, MostRows)
	}
	return nil
}

// mostOf is how many rows are kept where so many are to be.
func mostOf(n int) int {
	if n <= 0 {
		return MostRows
	}
	return n
}
