package export

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestReplace: a file that is there is replaced where that is wanted, when its successor is complete.
func TestReplace(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(200)
	r := l.Open()
	to := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(to, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name    string
		ctx     context.Context
		replace bool
		is      error
		old     bool
	}{
		{"not wanted", t.Context(), false, &outfile.ExistsError{Path: to}, true},
		{"broken off", stopped, true, context.Canceled, true},
		{"wanted", t.Context(), true, nil, false},
	} {
		_, err := Run(c.ctx, r, Options{To: to, Replace: c.replace})
		if exists := new(outfile.ExistsError); c.is == nil && err != nil || c.is != nil && !errors.Is(err, c.is) && !(errors.As(c.is, &exists) && errors.As(err, &exists)) {
			t.Errorf("%s: %v, want %v", c.name, err, c.is)
		}
		if b, err := os.ReadFile(to); err != nil || (string(b) == "old") != c.old {
			t.Errorf("%s: %q, %v", c.name, b, err)
		}
		if list, err := os.ReadDir(filepath.Dir(to)); err != nil || len(list) != 1 {
			t.Errorf("%s: left %v, %v", c.name, list, err)
		}
	}
}
