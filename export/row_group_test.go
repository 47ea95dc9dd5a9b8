package export

import (
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

// TestRowGroups: a file of any length that is not cut has no more row groups than the format can tell, and what is held in memory of a group and of
// the end of the file has a limit.
func TestRowGroups(t *testing.T) {
	t.Parallel()
	hours := func(n int64) int64 { return n * 3600 * 1_000_000 } // at 1 MS/s
	for _, c := range []struct {
		name          string
		streams, rows int64
		files         int
		group         int64 // 0: any
	}{
		{"short", 1, 1000, 1, 1 << 20},
		{"a minute of 8 streams", 8, 60_000_000, 1, 419_430},
		{"8 hours of 8 streams", 8, hours(8), 1, 0},
		{"a day of 8 streams", 8, hours(24), 2, 0},
		{"two days of 8 streams", 8, hours(48), 4, 0},
		{"four days of one stream", 1, hours(96), 1, 0},
		{"a month of one stream", 1, hours(720), 8, 0},
		{"an hour of 64 streams", 64, hours(1), 4, 0},
		{"a thousand streams", 1000, hours(1), 423, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := &table{columns: make([]*column, c.streams)}
			parts := piece{table: table, to: c.rows}.parts(parquetMost(nil, table))
			if len(parts) != c.files {
				t.Errorf("%d files, want %d", len(parts), c.files)
			}
			rows, columns := parts[0].to-parts[0].from, c.streams+2
			group, page := rowGroup(rows, columns)
			groups := (rows + group - 1) / group
			if groups > pq.MaxRowGroups || c.group > 0 && group != c.group {
				t.Errorf("%d groups of %d rows", groups, group)
			}
			// With a thousand streams a group has more values, since fewer rows would make more groups than memory has room for.
			if held, kept := group*columns, groups*columns; held > max(groupMostValues, groupLeastRows*columns)+columns || kept > max(groupMostChunks, columns) || page > 32<<20 {
				t.Errorf("a group has %d values, the end tells of %d columns of groups, a page has %d bytes", held, kept, page)
			}
		})
	}
}

// TestRowGroupsOfWaveforms: only whole waveforms are in a file.
func TestRowGroupsOfWaveforms(t *testing.T) {
	t.Parallel()
	table := &table{columns: make([]*column, 6), waveform: 1_000_000}
	if most := parquetMost(nil, table); most != 13_107*3_355_443/1_000_000 {
		t.Errorf("%d waveforms", most)
	}
	table.waveform = 1 << 50
	if most := parquetMost(nil, table); most != 1 {
		t.Errorf("%d waveforms of 2^50 samples", most)
	}
}
