package plan

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
)

var update = flag.Bool("update", false, "rewrite the expected results in testdata")

// testNow is the present of all test plans.
var testNow = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

// testEnv and testFiles are the world outside of the test plans.
var (
	testEnv   = map[string]string{"SERIAL": "SECRET-1234", "RANGE": "5V", "BAD": "SECRET-VOLTS", "EMPTY": ""}
	testFiles = map[string]string{
		"token.txt": "SECRET-TOKEN\n", "wave.csv": "0, 0.5, 1 # up\n0.5\n-1\n", "high.csv": "0\n2\n", "words.csv": "0\none\n",
		"binary": "\xff\xfe\x00", "rig.vars": "cell_range = \"10V\"\n", "bad.vars": "cell_rang = \"10V\"\nblock {}\n", "broken.vars": "x = \n",
	}
)

func readTest(path string) ([]byte, error) {
	text, ok := testFiles[filepath.Base(path)]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("no such file or directory")}
	}
	return []byte(text), nil
}

// testOptions reads the options of a test plan out of its lines "#! KEY VALUE".
func testOptions(src string) Options {
	o := Options{
		Env: func(n string) (string, bool) { v, ok := testEnv[n]; return v, ok }, ReadFile: readTest, Describe: describeTest,
		Drivers: []string{"ps5000a", "ps6000a", "sim"}, Now: testNow, Vars: map[string]string{},
	}
	for _, line := range strings.Split(src, "\n") {
		words := append(strings.SplitN(line, " ", 3), "", "")
		if words[0] != "#!" {
			continue
		}
		switch words[1] {
		case "var":
			name, value, _ := strings.Cut(words[2], "=")
			o.Vars[name] = value
		case "var-file":
			o.VarFiles = append(o.VarFiles, words[2])
		case "no-drivers":
			o.Describe, o.Drivers = nil, nil
		case "ready":
			o.Ready = append(o.Ready, Feature(words[2]))
		}
	}
	return o
}

func testPlans(t *testing.T, pattern string, atLeast int) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) < atLeast {
		t.Fatalf("%s: %d plans, want %d or more (%v)", pattern, len(paths), atLeast, err)
	}
	return paths
}

// golden compares with a file of testdata.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func parseFile(t *testing.T, path string) (*Plan, hcl.Diagnostics, string) {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(path)
	p, diags := Parse(src, name, testOptions(string(src)))
	var text bytes.Buffer
	if err := WriteDiagnostics(&text, diags, p.Files(), false, 100); err != nil {
		t.Fatal(err)
	}
	return p, diags, text.String()
}

func TestBadPlans(t *testing.T) {
	t.Parallel()
	for _, path := range testPlans(t, "testdata/bad/*.hcl", 45) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			_, diags, text := parseFile(t, path)
			if !diags.HasErrors() {
				t.Errorf("the plan is accepted")
			}
			for _, d := range diags {
				if d.Subject == nil || d.Subject.Filename == "" || d.Detail == "" {
					t.Errorf("%s: no place or no advice", d.Summary)
				}
			}
			if strings.Contains(text, "SECRET") {
				t.Errorf("a secret is shown:\n%s", text)
			}
			golden(t, strings.TrimSuffix(path, ".hcl")+".txt", []byte(text))
		})
	}
}

func TestGoodPlans(t *testing.T) {
	t.Parallel()
	for _, path := range testPlans(t, "testdata/good/*.hcl", 10) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			p, diags, text := parseFile(t, path)
			if diags.HasErrors() {
				t.Fatalf("the plan is refused:\n%s", text)
			}
			resolved, err := p.Resolved(nil)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(resolved, []byte("SECRET")) {
				t.Errorf("a secret is resolved:\n%s", resolved)
			}
			base := strings.TrimSuffix(path, ".hcl")
			golden(t, base+".json", resolved)
			var what strings.Builder
			what.WriteString(text)
			told := fmt.Sprint(p.Run.Notes, p.Run.Tags)
			for _, dev := range p.Devices {
				for _, c := range dev.Channels {
					told += c.Label
				}
				for _, port := range dev.Digital {
					told += fmt.Sprint(port.Labels)
				}
			}
			if strings.Contains(text+told, "SECRET") {
				t.Errorf("a secret is stored:\n%s%s", text, told)
			}
			for _, dev := range p.Devices {
				fmt.Fprintf(&what, "device %s: checked %d, fits %q\n", dev.Name, dev.Checked, dev.Fits)
				dump(&what, "  ", "open", dev.OpenRequest())
				dump(&what, "  ", "config", dev.Config())
			}
			golden(t, base+".config", []byte(what.String()))
			again, diags := Parse(Format(p.Source()), p.Filename(), testOptions(string(p.Source())))
			if diags.HasErrors() {
				t.Fatalf("the formatted plan is refused: %v", diags)
			}
			if formatted, _ := again.Resolved(nil); !bytes.Equal(formatted, resolved) {
				t.Errorf("formatting changes the meaning: %s", cmp.Diff(string(resolved), string(formatted)))
			}
		})
	}
}
