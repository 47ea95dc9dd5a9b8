package export

import (
	"fmt"
	"path/filepath"
	"slices"
)

// nameFiles names the files: as asked for when there is one, else with the stream or device, and the number of the piece, before the ending.
func nameFiles(list []*table, pieces []piece, base, ending string) []string {
	count := map[string]int{}
	for _, p := range pieces {
		count[p.table.name(list)]++
	}
	done := map[string]int{}
	names := make([]string, len(pieces))
	for i, p := range pieces {
		name, table := base, p.table.name(list)
		if len(count) > 1 {
			name += "." + table
		}
		if done[table]++; count[table] > 1 {
			name += fmt.Sprintf("-%04d", done[table])
		}
		names[i] = filepath.Clean(name + ending)
	}
	return names
}

// name tells a table from the others: its stream, or its device, with the ratio where the device has several.
func (t *table) name(list []*table) string {
	if len(t.columns) == 1 {
		return t.columns[0].Stream.Name()
	}
	others := slices.ContainsFunc(list, func(o *table) bool { return o.device == t.device && o.interval != t.interval && o.era == t.era })
	if others {
		return fmt.Sprintf("%s.x%d", t.device, t.columns[0].Global.Ratio)
	}
	return t.device
}
