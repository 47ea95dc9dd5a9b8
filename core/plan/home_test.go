package plan

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestOutputInTheHomeFolder(t *testing.T) {
	t.Parallel()
	home := filepath.Join("/home", "anna")
	for _, c := range []struct{ name, output, home, want string }{
		{"below it", "~/lab/runs", home, filepath.Join(home, "lab", "runs")},
		{"itself", "~", home, home},
		{"a folder of that name", "./~/x", home, "./~/x"},
		{"not at the front", "x/~/y", home, "x/~/y"},
		{"another user's", "~bob/x", home, ""},
		{"unknown", "~/x", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			src := fmt.Sprintf("run \"r\" {\n  output = %q\n}\ndevice \"a\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"5V\" }\n  stream { sample_rate = \"1S/s\" }\n}\n", c.output)
			p, diags := Parse([]byte(src), "x.hcl", Options{Home: c.home})
			if c.want == "" {
				if !diags.HasErrors() || diags[0].Subject.Start.Line != 2 || !strings.Contains(diags[0].Summary, "begins with ~") {
					t.Errorf("diagnostics: %v", diags)
				}
				return
			}
			if diags.HasErrors() || p.Run.Output != c.want {
				t.Errorf("output %q, want %q; %v", p.Run.Output, c.want, diags)
			}
		})
	}
}
