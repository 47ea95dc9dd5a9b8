package analyze

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// TestVanished: a stream of which no sample is left is refused, and where damage is allowed it is told.
func TestVanished(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{"its samples are gone": "cell.B.sigmf-data", "nothing is left but run.json": "cell.[Bj]*"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B")))
			l.Add(1000)
			l.Seal()
			lost, err := filepath.Glob(filepath.Join(l.Dir(), pattern))
			if err != nil || len(lost) == 0 {
				t.Fatal(lost, err)
			}
			for _, name := range lost {
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
			}
			r, err := recording.OpenWith(l.Dir(), recording.OpenOptions{Damaged: true})
			if err != nil {
				t.Fatal(err)
			}
			var missing *series.MissingError
			if _, err := Run(t.Context(), r, Selection{}, &Stats{}); !errors.As(err, &missing) || missing.Stream != "cell.B" || missing.Samples != 1000 {
				t.Errorf("refused with %v", err)
			}
			table := run(t, r, Selection{Damaged: true}, &Stats{})
			if notes := strings.Join(table.Notes, "\n"); table.Rows != 1 || strings.Count(notes, "stream cell.B: its files do not hold 1,000 samples any more") != 1 {
				t.Errorf("%d rows, notes %q", table.Rows, notes)
			}
			run(t, r, Selection{Streams: []string{"cell.A"}}, &Stats{})
		})
	}
}

// TestEndings: the format of a file is found whatever the case of its ending, which the file keeps.
func TestEndings(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	dir, r := t.TempDir(), l.Open()
	table := run(t, r, Selection{}, &ERes{To: filepath.Join(dir, "signal.CSV"), Bits: 1})
	if err := table.Write(t.Context(), filepath.Join(dir, "table.Csv")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"signal.CSV", "table.Csv"} {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(strings.SplitN(string(b), "\n", 2)[0], ",") {
			t.Errorf("%s: %.80q, %v", name, b, err)
		}
	}
	if err := CheckRows("x.CSV", 2, 1); !isA[*outfile.RowsError](err) {
		t.Errorf("rows: %v", err)
	}
}
