package rigtest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/scopelog/scopelog/core/session"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

// TestRefused has plans for units that cannot do what they ask for. Each file of testdata/refused has the rig, a plan,
// and what is said: "offline" by the tables of the plugin, without any unit; "online" by the opened unit, where the
// tables alone cannot know.
func TestRefused(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/refused/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{}
			for _, f := range a.Files {
				part[f.Name] = string(f.Data)
			}
			l := newLab(t, part["rig.conf"])
			text, got := planOf(`duration = "1s"`)+part["plan.hcl"], map[string]string{}
			if _, diags := l.parse(text); diags.HasErrors() {
				got["offline"] = places(diags)
			} else {
				e := l.refused(text)
				got["online"] = told(e)
				if e.Class != session.ClassPlan {
					t.Errorf("class %d: %v", e.Class, e)
				}
				if left := l.host.Running(); len(left) != 0 {
					t.Errorf("%d plugins are left", len(left))
				}
			}
			if !*update {
				for _, where := range []string{"offline", "online"} {
					if got[where] != part[where] {
						t.Errorf("%s:\n%swant:\n%s", where, got[where], part[where])
					}
				}
				return
			}
			a.Files = a.Files[:2]
			for _, where := range []string{"offline", "online"} {
				if got[where] != "" {
					a.Files = append(a.Files, txtar.File{Name: where, Data: []byte(got[where])})
				}
			}
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
