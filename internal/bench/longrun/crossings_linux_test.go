package longrun

import (
	"testing"

	"github.com/scopelog/scopelog/internal/agree"
)

// theirs compares a recording with what a reader in Python finds that was written from the format's document.
func theirs(dir string) error { return agree.Compare("../../../recording/npreader/reader.py", dir) }

// TestCrossings lets all counters pass powers of two, from the unit's own to those in the files.
func TestCrossings(t *testing.T) {
	for _, c := range crossings {
		for _, at := range c.at {
			t.Run(c.name+"/"+spellPower(at), func(t *testing.T) {
				t.Parallel()
				rep, err := c.run(t.Context(), CrossOptions{Options: Options{Bin: bin, Out: t.TempDir()}, At: at, Check: theirs})
				if err != nil {
					t.Fatal(err)
				}
				if err := rep.Print(testLog{t}); err != nil {
					t.Fatal(err)
				}
				for _, p := range rep.Problems() {
					t.Error(p)
				}
			})
		}
	}
}
