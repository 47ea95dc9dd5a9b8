package analyze

import "github.com/scopelog/scopelog/outfile"

// CheckRows returns an [*outfile.RowsError] where a file of that name would have more rows of text than most; 0: no limit.
func CheckRows(name string, rows, most int64) error {
	if most > 0 && rows > most && IsText(name) {
		return &outfile.RowsError{Rows: rows, Most: most}
	}
	return nil
}

// IsText tells that a file of that name has lines of text.
func IsText(name string) bool {
	_, _, err := outfile.Split(name, []string{".csv"})
	return err == nil
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
