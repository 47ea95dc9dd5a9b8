package outfile

import (
	"errors"
	"path/filepath"
	"testing"
)

// TestSplit: the ending of a name chooses the format, whatever the case of its letters.
func TestSplit(t *testing.T) {
	t.Parallel()
	endings := []string{".npy", ".csv", ".h5"}
	for _, c := range []struct{ name, base, ending string }{
		{"x.npy", "x", ".npy"},
		{"x.CSV", "x", ".csv"},
		{"x.csv.h5", "x.csv", ".h5"},
		{filepath.Join("a.csv", "b.Npy"), filepath.Join("a.csv", "b"), ".npy"},
		{"", "", ""},
		{".csv", "", ""},
		{filepath.Join("a", ".csv"), "", ""},
		{"csv", "", ""},
		{"x.csv2", "", ""},
	} {
		base, ending, err := Split(c.name, endings)
		if base != c.base || ending != c.ending || (err == nil) != (c.ending != "") {
			t.Errorf("%q: %q, %q, %v", c.name, base, ending, err)
		}
		var format *FormatError
		if err != nil && (!errors.As(err, &format) || err.Error() != "the format of "+c.name+" is not known; the name must end in .npy, .csv or .h5") {
			t.Errorf("%q: %v", c.name, err)
		}
	}
	if said := (&FormatError{"x", []string{".png"}}).Error(); said != "the format of x is not known; the name must end in .png" {
		t.Error(said)
	}
}
