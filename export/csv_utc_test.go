package export

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// TestTableUTC: a table can have the moment of each sample, of a stream from the first sample in the file on.
func TestTableUTC(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(200)
	to := filepath.Join(t.TempDir(), "x.csv")
	export(t, l.Open(), Options{To: to, UTC: true, From: series.AtIndex(100)})
	want := []string{"UTC,Time,cell.A", ",(s),(V)", "", "2026-11-20T08:00:00.100000000Z,0.100,"}
	for i, line := range strings.Split(text(t, to), "\n")[:4] {
		if !strings.HasPrefix(line, want[i]) {
			t.Errorf("line %d is %q, want %q", i, line, want[i])
		}
	}
	waves := filepath.Join(t.TempDir(), "w.csv")
	export(t, blocks(t), Options{To: waves, UTC: true, Streams: []string{"cell.B"}})
	lines := strings.Split(text(t, waves), "\n")
	if lines[0] != "Waveform,UTC,Time,cell.B" || lines[1] != ",,(s),(V)" || !strings.Contains(lines[3], "Z,") || strings.Count(lines[3], ",") != 3 {
		t.Errorf("%q", lines[:5])
	}
}
