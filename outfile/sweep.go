package outfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// errSwept is returned for a file that a sweep took for abandoned, before its lock was taken.
var errSwept = errors.New("removed by a sweep")

// Sweep removes what processes that were killed have left in a folder: files that are not complete and that nobody writes. It returns their paths.
// Where the system has no locks that tell, nothing is removed; nor is what is another user's.
func Sweep(dir string) []string {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil // who wants to write there is told why not
	}
	var removed []string
	for _, e := range list {
		if !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), ".") || !strings.HasSuffix(e.Name(), PartSuffix) {
			continue
		}
		if path := filepath.Join(dir, e.Name()); removeAbandoned(path) {
			removed = append(removed, path)
		}
	}
	return removed
}
