package recorder

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestFinishTellsOfFileTakenAway: a data file that is missed only when the recorder finishes is told of as any other.
func TestFinishTellsOfFileTakenAway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nobody can take away a file that is open")
	}
	var told []string
	r := newRig(t, Options{Sync: time.Hour, Warned: func(text string) { told = append(told, text) }}, nil, 1)
	r.start(1<<16, recording.CauseNone)
	r.push(1000, 0)
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	if out := r.end(); out.End != EndFinished {
		t.Fatalf("outcome %+v", out)
	}
	r.dev.sync.wait()
	if err := os.Remove(filepath.Join(r.run.Dir(), "dev.A"+recording.ExtData)); err != nil {
		t.Fatal(err)
	}
	r.finish(recording.CauseNone)
	if len(told) != 1 || len(r.samples("A")) != 1000 {
		t.Errorf("%q, %d samples", told, len(r.samples("A")))
	}
}
