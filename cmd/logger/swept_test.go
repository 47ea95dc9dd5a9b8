package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestSwept: what a process that was killed has left beside a file is removed by whoever writes there next, and told.
func TestSwept(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nothing is removed there")
	}
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(2000)
	l.Seal()
	for _, c := range []struct{ name, args string }{
		{"export", "export RUN --to DIR/x.npy"},
		{"a table", "analyze RUN stats --to DIR/x.csv"},
		{"a signal", "analyze RUN filter --low 10Hz --to DIR/x.npy"},
		{"a picture of a result", "analyze RUN psd --plot DIR/x.svg"},
		{"a run that is followed", "analyze RUN stats --follow --to DIR/x.csv"},
		{"plot", "plot RUN --to DIR/x.png"},
		{"plot of a result", "plot RUN --kind psd --to DIR/x.png --json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			left := filepath.Join(dir, ".y.npy.1"+outfile.PartSuffix)
			if err := os.WriteFile(left, make([]byte, 1000), 0o600); err != nil {
				t.Fatal(err)
			}
			code, out := runLine(t, strings.Fields(strings.NewReplacer("RUN", l.Dir(), "DIR", dir).Replace(c.args))...)
			if code != 0 {
				t.Fatalf("exit code %d: %s", code, out.stderr.String())
			}
			if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
				t.Errorf("there are %v, %v", list, err)
			}
			if said := out.stdout.String(); strings.Count(said, "removed "+left) != 1 {
				t.Errorf("it is not told: %s", said)
			}
		})
	}
}
