package imports

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/scopelog/scopelog"

// rule says what the packages under a path may import of this module, and which foreign modules beside the
// standard library. A trailing /... matches the path and all below it.
type rule struct {
	pkg     string
	ours    []string
	foreign []string
}

var rules = []rule{
	{"units", nil, nil},
	{"driver", []string{"units"}, nil},
	{"driver/driverpb", nil, []string{"google.golang.org/"}},
	{"driver/rpc/...", []string{"units", "driver", "driver/driverpb", "shmring", "driver/rpc/internal/..."}, []string{"github.com/hashicorp/go-plugin", "github.com/hashicorp/go-hclog", "google.golang.org/", "golang.org/x/sys"}},
	{"driver/drivertest/...", []string{"units", "driver", "driver/rpc", "shmring"}, []string{"golang.org/x/sys", "github.com/hashicorp/go-hclog"}},
	{"shmring/...", []string{"shmring/..."}, []string{"golang.org/x/sys"}},
	{"recording/...", []string{"recording/...", "units"}, []string{"golang.org/x/sys", "github.com/gofrs/flock"}},
	{"formula", nil, []string{"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty"}},
	{"convert", []string{"formula", "recording"}, nil},
	{"series", []string{"convert", "recording", "units"}, nil},
	{"outfile", []string{"units"}, nil},
	{"export", []string{"convert", "outfile", "recording", "series", "units"}, []string{"github.com/parquet-go/parquet-go"}},
	{"analysis/...", []string{"analysis/...", "units"}, []string{"gonum.org/"}},
	{"analyze", []string{"analysis/...", "convert", "outfile", "recording", "series", "units"}, []string{"gonum.org/"}},
	{"plot", []string{"analysis/...", "convert", "outfile", "recording", "series", "units"}, []string{"codeberg.org/go-fonts/liberation", "golang.org/x/image"}},
	{"core/plan/...", []string{"core/plan/...", "formula", "driver", "units"}, []string{"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "github.com/agext/levenshtein"}},
	{"core/host", []string{"driver", "driver/rpc", "shmring", "units"}, []string{"github.com/hashicorp/go-hclog", "golang.org/x/sys", "golang.org/x/sync", "github.com/adrg/xdg"}},
	{"core/events", []string{"driver", "recording"}, nil},
	{"core/keep", []string{"core/clock", "recording"}, nil},
	{"core/clock", []string{"recording", "units"}, []string{"golang.org/x/sys"}},
	{"core/recorder", []string{"shmring", "recording", "core/clock", "units", "driver"}, []string{"github.com/hashicorp/go-hclog", "golang.org/x/sys"}},
	{
		"core/session",
		[]string{"core/plan", "core/host", "core/recorder", "core/events", "core/keep", "core/clock", "driver", "driver/rpc", "shmring", "recording", "units"},
		[]string{"github.com/hashicorp/go-hclog", "github.com/hashicorp/hcl/v2", "golang.org/x/sys", "golang.org/x/sync", "github.com/google/uuid"},
	},
	{
		"cmd/logger",
		[]string{"core/plan", "core/host", "core/session", "core/recorder", "core/clock", "analysis/...", "analyze", "convert", "export", "outfile", "plot", "series", "driver", "driver/drivertest", "recording", "units"},
		[]string{"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/hashicorp/", "github.com/schollz/progressbar", "golang.org/x/term", "golang.org/x/sys", "github.com/adrg/xdg", "github.com/rogpeppe/go-internal/diff"},
	},
	{"cmd/drivercheck", []string{"driver", "driver/drivertest", "driver/rpc", "units"}, []string{"github.com/hashicorp/go-hclog"}},
	{"plugins/sim/...", []string{"driver", "driver/rpc", "units", "plugins/sim/..."}, []string{"github.com/gofrs/flock", "github.com/hashicorp/go-hclog", "golang.org/x/sys"}},
	{"picosdk", []string{"driver", "units"}, []string{"golang.org/x/sys"}},
	{"picosdk/dynlib", []string{"picosdk", "driver", "units"}, []string{"golang.org/x/sys"}},
	{"picosdk/modeltest", []string{"picosdk", "driver", "units"}, nil},
	{"picosdk/internal/loop", []string{"driver"}, []string{"golang.org/x/sys"}},
	{"picosdk/internal/looptest", []string{"shmring"}, nil}, // for tests: a library that plays a script, and the other end of the ring
	{"picosdk/overview", []string{"picosdk", "driver", "units", "picosdk/internal/..."}, []string{"golang.org/x/sys"}},
	{"picosdk/lent", []string{"picosdk", "driver", "units", "picosdk/internal/..."}, []string{"golang.org/x/sys"}},
	{"picosdk/scope/trigger", []string{"picosdk", "driver", "units"}, nil},
	{"picosdk/scope", []string{"picosdk", "picosdk/scope/trigger", "driver", "units"}, []string{"github.com/hashicorp/go-hclog", "golang.org/x/sys"}},
	{"picosdk/scope/native", []string{"driver", "units", "picosdk", "picosdk/dynlib", "picosdk/internal/loop", "picosdk/scope"}, nil},
	{
		"picosdk/scope/scopetest",
		[]string{"driver", "driver/rpc", "shmring", "units", "picosdk", "picosdk/dynlib", "picosdk/scope", "picosdk/scope/trigger", "emulator"},
		[]string{"github.com/hashicorp/go-hclog"},
	},
	family("ps2000a"), family("ps5000a"), family("ps6000a"),
	{"emulator/...", nil, []string{"golang.org/x/sys"}},
	{
		"internal/bench/...",
		[]string{"internal/bench/...", "core/session", "core/plan", "core/host", "core/recorder", "recording", "series", "convert", "plot", "shmring", "driver", "driver/rpc", "units", "emulator"},
		[]string{"github.com/hashicorp/", "google.golang.org/", "golang.org/x/sys"},
	},
	{"internal/chaos/...", []string{"internal/chaos/...", "internal/leftover", "internal/bench/longrun", "internal/bench/measure", "emulator"}, []string{"golang.org/x/sys"}},
	{"internal/agree", []string{"recording"}, nil},
	{"internal/...", []string{"internal/..."}, []string{"golang.org/x/sys"}},
	{"configs", nil, nil},
}

// family is the rule of a family of the vendor: it shares code with the others through picosdk only.
func family(name string) rule {
	return rule{
		"plugins/" + name + "/...",
		[]string{"driver", "driver/rpc", "units", "picosdk", "picosdk/dynlib", "picosdk/scope", "picosdk/scope/trigger", "picosdk/scope/native", "picosdk/overview", "picosdk/lent", "plugins/" + name + "/..."},
		[]string{"github.com/hashicorp/go-hclog", "golang.org/x/sys"},
	}
}

// cgo and unsafe may stand in these packages only.
var (
	cgoIn    = []string{"plugins/*/internal/capi", "picosdk/dynlib", "picosdk/overview", "picosdk/lent", "picosdk/internal/*"}
	unsafeIn = append([]string{"shmring", "driver/driverpb", "driver/rpc/internal/confine"}, cgoIn...) // driverpb is generated
)

type listed struct {
	ImportPath, Dir string
	Imports         []string
	CgoFiles        []string
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,CgoFiles", module+"/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func matches(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	return pattern == pkg
}

func TestArrows(t *testing.T) {
	pkgs := list(t)
	if len(pkgs) < 5 {
		t.Fatalf("go list found only %d packages", len(pkgs))
	}
	for _, p := range pkgs {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		i := slices.IndexFunc(rules, func(r rule) bool { return matches(r.pkg, name) })
		if i < 0 {
			t.Errorf("%s: no rule says what it may import; add one", name)
			continue
		}
		for _, imp := range p.Imports {
			if why := refused(rules[i], name, imp); why != "" {
				t.Errorf("%s imports %s: %s", name, imp, why)
			}
		}
		if len(p.CgoFiles) > 0 && !allowed(cgoIn, name) {
			t.Errorf("%s uses cgo", name)
		}
	}
}

func allowed(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, name); return ok })
}

// refused says why an import breaks the rule; empty: it does not.
func refused(r rule, name, imp string) string {
	ours, isOurs := strings.CutPrefix(imp, module+"/")
	switch {
	case isOurs:
		if !slices.ContainsFunc(r.ours, func(p string) bool { return matches(p, ours) }) {
			return "the arrow is not in the table"
		}
	case imp == "unsafe":
		if !allowed(unsafeIn, name) {
			return "unsafe may not be used here"
		}
	case strings.Contains(strings.Split(imp, "/")[0], "."):
		if !slices.ContainsFunc(r.foreign, func(p string) bool { return imp == p || strings.HasPrefix(imp, strings.TrimSuffix(p, "/")+"/") }) {
			return "the module is not in the table"
		}
	}
	return ""
}

// TestRefused makes sure that the check can fail.
func TestRefused(t *testing.T) {
	r := rule{pkg: "core/plan", ours: []string{"driver"}, foreign: []string{"github.com/hashicorp/hcl/v2", "google.golang.org/"}}
	for _, c := range []struct {
		name, imp string
		ok        bool
	}{
		{"allowed arrow", module + "/driver", true},
		{"arrow not in the table", module + "/recording", false},
		{"below an allowed package", module + "/driver/rpc", false},
		{"standard library", "os", true},
		{"allowed module", "github.com/hashicorp/hcl/v2/gohcl", true},
		{"whole host", "google.golang.org/grpc", true},
		{"other module", "github.com/hashicorp/go-plugin", false},
		{"unsafe", "unsafe", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refused(r, "core/plan", c.imp) == ""; got != c.ok {
				t.Errorf("allowed is %v, want %v", got, c.ok)
			}
		})
	}
}
