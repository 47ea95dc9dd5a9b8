package configs

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
)

// buildPlugin builds a driver's plugin into a folder.
func buildPlugin(t *testing.T, dir, name string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-o", filepath.Join(dir, name), "../plugins/"+name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the plugin %s: %v\n%s", name, err, out)
	}
}

// pluginsFolder returns the folder of the plugins that are built, if the environment names it.
func pluginsFolder() (string, bool) {
	bin := os.Getenv("SCOPELOG_BIN")
	return filepath.Join(bin, "plugins"), bin != ""
}

// TestPlans checks every plan against the descriptions that its drivers' plugins send.
func TestPlans(t *testing.T) {
	dir, ready := pluginsFolder()
	if !ready {
		dir = t.TempDir()
	}
	built := map[string]bool{}
	h := host.New(host.Options{Dirs: []string{dir}, Runtime: t.TempDir(), Timeout: time.Minute})
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close the host: %v", err)
		}
	})
	describe := func(name string) (driver.Description, error) {
		if !ready && !built[name] {
			buildPlugin(t, dir, name)
			built[name] = true
		}
		return h.Describe(context.Background(), name)
	}
	plans, err := filepath.Glob("*.hcl")
	if err != nil || len(plans) < 6 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	for _, path := range plans {
		t.Run(path, func(t *testing.T) {
			p, diags := plan.Load(path, plan.Options{Describe: describe, Ready: []plan.Feature{plan.FeatureSchedule, plan.FeatureEvents}})
			if len(diags) > 0 {
				var text bytes.Buffer
				if err := plan.WriteDiagnostics(&text, diags, p.Files(), false, 120); err != nil {
					t.Fatal(err)
				}
				t.Fatal(text.String())
			}
			for _, d := range p.Devices {
				if d.Checked == plan.CheckedLanguage {
					t.Errorf("the device %s was not checked against its driver", d.Name)
				}
			}
			if !strings.HasPrefix(string(p.Source()), "# ") {
				t.Error("it does not begin with a comment that says what it shows")
			}
			if formatted := plan.Format(p.Source()); !bytes.Equal(formatted, p.Source()) {
				t.Errorf("it is not laid out as fmt does; want:\n%s", formatted)
			}
			for _, d := range p.Devices {
				for _, c := range d.Channels {
					checkFiles(t, c.Options)
				}
				checkFiles(t, d.Options)
			}
		})
	}
}

// checkFiles checks that the files which a plan's options name are there.
func checkFiles(t *testing.T, o driver.Options) {
	t.Helper()
	for _, v := range o.Values {
		if v.Kind != driver.OptionPath || v.Name == "truth" {
			continue
		}
		if _, err := os.Stat(v.Text); err != nil {
			t.Errorf("the option %s: %v", v.Name, err)
		}
	}
	for _, b := range o.Blocks {
		checkFiles(t, b.Options)
	}
}
