package export

import (
	"math"

	pq "github.com/parquet-go/parquet-go"
)

// A row group is held in memory, and what the end of the file tells of its columns, about two kilobytes each
// with its pages, stays there until then.
const (
	groupValues     = 4 << 20 // values of a group, within these numbers of rows
	groupLeastRows  = 1 << 16
	groupMostRows   = 1 << 20
	groupMostValues = 32 << 20  // of long files: a quarter of a gigabyte
	groupMostChunks = 128 << 10 // columns of all groups: the same
	groupPage       = 1 << 20   // bytes of a page
)

// rowGroup returns the rows of a group, and the bytes of a page of a column, for a file of so many rows and columns. In long files groups grow with
// the root of the length, so that what is held of one group is as much as what is kept of all.
func rowGroup(rows, columns int64) (group, page int64) {
	const told, value = 2000, 8 // bytes of a column of a group, of a value
	group = min(groupMostRows, max(groupLeastRows, groupValues/columns))
	group = max(group, min(int64(math.Sqrt(told/value*float64(rows))), groupMostValues/columns))
	group = max(group, (rows+mostGroups(columns)-1)/mostGroups(columns))
	return group, max(groupPage, group) // at most eight pages of a column
}

// mostGroups returns how many row groups a file of so many columns can have.
func mostGroups(columns int64) int64 {
	return max(1, min(pq.MaxRowGroups, groupMostChunks/columns))
}

// parquetMost returns how many samples, or waveforms, a file can have whose groups fit into memory.
func parquetMost(_ *Options, t *table) int64 {
	columns := int64(len(t.columns)) + parquetPlaces(t.waveform)
	rows := mostGroups(columns) * max(groupLeastRows, groupMostValues/columns)
	return max(1, rows/max(1, t.waveform))
}

// parquetPlaces returns how many columns tell where samples stand.
func parquetPlaces(waveform int64) int64 {
	if waveform > 0 {
		return 4
	}
	return 2
}
