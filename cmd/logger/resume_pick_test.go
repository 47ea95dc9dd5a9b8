package main

import (
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/recording"
)

// TestCutRun: run --resume goes on with the newest run when that was cut off or ended by its disk, and with no other.
func TestCutRun(t *testing.T) {
	for _, c := range []struct {
		reason string // empty: it was cut off
		want   bool
	}{{"", true}, {"disk", true}, {"stop", false}, {"duration", false}, {"device", false}} {
		t.Run(c.reason, func(t *testing.T) {
			out := t.TempDir()
			text := "run \"soak\" {\n  output = \"" + filepath.ToSlash(out) + "\"\n}\n"
			p, _ := plan.Parse([]byte(text), "soak.hcl", plan.Options{}) // that it has no device matters to nobody here
			p.Run.Output, p.Run.Name = out, "soak"
			r, err := recording.Create(out, "soak", recording.Options{Plan: p.Source(), Resolved: []byte("{}")})
			if err != nil {
				t.Fatal(err)
			}
			if c.reason == "" {
				err = r.Abandon()
			} else {
				err = r.Close(recording.End{Reason: c.reason})
			}
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			if c.want {
				want = r.Dir()
			}
			if dir, why := cutRun(&loadedPlan{Plan: p}); dir != want || why != "" {
				t.Errorf("%q, %q; want %q", dir, why, want)
			}
		})
	}
}
