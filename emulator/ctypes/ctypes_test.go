package ctypes

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/emulator"
)

// scripts are the Python files, the families each of them is for, and its programs.
var scripts = []struct {
	name     string
	families []string
	programs []string
	only     map[string]string // program -> the only family that has it
}{
	{
		name: "overview_block.py", families: []string{"ps2000a", "ps5000a"},
		programs: []string{"plain", "callback", "downsampled", "rapid", "window", "pulse_width", "ports", "asynchronous", "stopped", "ets", "small_array"},
	},
	{
		name: "overview_stream.py", families: []string{"ps2000a", "ps5000a"},
		programs: []string{"plain", "proof", "downsampled", "trigger", "mixed", "refusals"},
	},
	{
		name: "overview_setup.py", families: []string{"ps2000a", "ps5000a"},
		programs: []string{"units", "in_background", "power", "settings", "resolutions", "unscaled", "generator", "refusals"},
		only:     map[string]string{"power": "ps5000a", "resolutions": "ps5000a"},
	},
	{
		name: "queued_block.py", families: []string{"ps6000a"},
		programs: []string{"units", "plain", "callback", "downsampled", "rapid", "window", "ports", "generator", "refusals"},
	},
	{
		name: "queued_stream.py", families: []string{"ps6000a"},
		programs: []string{"plain", "proof", "waiting", "downsampled"},
	},
	{
		name: "edges.py", families: []string{"ps2000a", "ps5000a", "ps6000a"},
		programs: []string{"edges"},
	},
	{
		name: "every_function.py", families: []string{"ps2000a", "ps5000a", "ps6000a"},
		programs: []string{"handles", "callbacks", "nothings"},
	},
}

// numpy returns a Python that has NumPy. Without one the test is skipped, but only where looking for it really fails everywhere.
func numpy(t *testing.T) string {
	t.Helper()
	var tried []string
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err != nil {
			tried = append(tried, err.Error())
			continue
		}
		out, err := exec.Command(path, "-c", "import numpy").CombinedOutput()
		if err == nil {
			return path
		}
		if !bytes.Contains(out, []byte("No module named 'numpy'")) {
			t.Fatalf("%s does not work: %v\n%s", path, err, out)
		}
		tried = append(tried, path+" has no NumPy")
	}
	t.Skipf("the programs in Python are not run: %s", strings.Join(tried, "; "))
	return ""
}

func abiTable(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../abi.json")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrograms(t *testing.T) {
	python := numpy(t)
	libraries, err := emulator.Libraries(t.Context())
	if errors.Is(err, emulator.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	abi := abiTable(t)
	for _, s := range scripts {
		for _, family := range s.families {
			for _, program := range s.programs {
				if only := s.only[program]; only != "" && only != family {
					continue
				}
				t.Run(family+"/"+strings.TrimSuffix(s.name, ".py")+"/"+program, func(t *testing.T) {
					t.Parallel()
					run(t, python, libraries, abi, s.name, family, program)
				})
			}
		}
	}
}

// wrong is what programs do wrong on purpose, some in one family only, and the emulation has to catch; anything else that
// it catches is a fault of the program.
var wrong = map[string][]emulator.Misuse{
	"overview_block.py callback":         {emulator.FromCallback},
	"overview_block.py small_array":      {emulator.SmallBuffer},
	"overview_setup.py units":            {emulator.BadHandle},
	"overview_setup.py refusals":         {emulator.BadHandle},
	"every_function.py handles":          {emulator.BadHandle},
	"every_function.py callbacks":        {emulator.FromCallback},
	"ps2000a every_function.py nothings": {emulator.Order},
	"ps5000a every_function.py nothings": {emulator.Order},
	"queued_block.py units":              {emulator.BadHandle},
	"queued_block.py callback":           {emulator.FromCallback},
	"queued_block.py refusals":           {emulator.BadHandle},
}

func run(t *testing.T, python, libraries, abi, script, family, program string) {
	t.Helper()
	conf, err := os.ReadFile("rig.conf")
	if err != nil {
		t.Fatal(err)
	}
	rig, err := emulator.NewRig(t.TempDir(), string(conf))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-B", "-X", "faulthandler", script, family, program)
	cmd.Env = append(os.Environ(), rig.Env(), "EMULATOR_LIBRARIES="+libraries, "EMULATOR_ABI="+abi)
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != "ok\n" {
		t.Errorf("%s %s %s: %v\n%s", script, family, program, err, out)
	}
	checkMisuse(t, rig, string(conf), slices.Concat(wrong[script+" "+program], wrong[family+" "+script+" "+program]))
}

func checkMisuse(t *testing.T, rig *emulator.Rig, conf string, want []emulator.Misuse) {
	t.Helper()
	var serials []string
	for _, m := range regexp.MustCompile(`(?m)^\[unit (.+)\]$`).FindAllStringSubmatch(conf, -1) {
		if _, err := rig.Counters(m[1]); err == nil {
			serials = append(serials, m[1])
		}
	}
	if len(serials) == 0 {
		t.Error("no unit was opened")
	}
	caught, err := rig.Misuses(serials...)
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(caught)); !slices.Equal(got, want) {
		t.Errorf("caught misuse %v, want %v", caught, want)
	}
}

// TestAllListed: a program that no test runs is none.
func TestAllListed(t *testing.T) {
	table := regexp.MustCompile(`for f in \(([\w, \n]+)\)\}`)
	for _, s := range scripts {
		text, err := os.ReadFile(s.name)
		if err != nil {
			t.Fatal(err)
		}
		m := table.FindSubmatch(text)
		if m == nil {
			t.Errorf("%s has no table of programs", s.name)
			continue
		}
		if has := strings.FieldsFunc(string(m[1]), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }); !slices.Equal(has, s.programs) {
			t.Errorf("%s has the programs %q, the test knows %q", s.name, has, s.programs)
		}
	}
}
