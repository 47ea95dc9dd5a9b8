// Package scopetest is what the tests of the families' plugins share: the emulated vendor libraries, and the check that
// a family's tables fit each other. It is for tests only, and runs no plugin.
package scopetest

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// Main is the TestMain of a family's plugin. It makes the test binary the plugin when it was started as such by a test.
func Main(m *testing.M, plugin func()) {
	if os.Getenv(act) == "plugin" {
		plugin()
	}
	// Most of the time of these tests is waiting, not work for a processor. The command line, read later, wins.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	code := m.Run()
	removeRig()
	os.Exit(code)
}

// EmulatorDir is a folder with an emulated library of that file name: that of the built programs, which SCOPELOG_BIN
// names, or else that of the source tree, where the library is built unless it is there already. The test is skipped where
// that is not possible: on other systems than Linux, and without make and a C compiler.
func EmulatorDir(t testing.TB, file string) string {
	t.Helper()
	if bin := os.Getenv("SCOPELOG_BIN"); bin != "" {
		dir := filepath.Join(bin, "emulator")
		if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
			return dir
		}
	}
	if runtime.GOOS != "linux" {
		t.Skip("the emulated libraries are built on Linux only")
	}
	for _, tool := range []string{"make", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the emulated libraries cannot be built: %v", err)
		}
	}
	dir, err := emulator.Libraries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// Tables checks that whatever a model of the family can do by its table has a number, and that names are told once.
func Tables(t *testing.T, f scope.Family) {
	t.Helper()
	if f.Name == "" || f.Version == "" || f.Summary == "" || f.File != "lib"+f.Name+".so.2" || f.MinVersion == (picosdk.Version{}) {
		t.Errorf("the family does not say who it is: %q %q %q %q %v", f.Name, f.Version, f.Summary, f.File, f.MinVersion)
	}
	if len(f.Models) == 0 {
		t.Fatal("no models")
	}
	for _, m := range f.Models {
		c := m.Capabilities(picosdk.State{})
		for _, ch := range c.Channels {
			for _, want := range ch.Bandwidths {
				known := false
				for _, b := range f.Bandwidths {
					known = known || b.Frequency.Cmp(want.Rational) == 0
				}
				if !known {
					t.Errorf("%s: a bandwidth of %v has no number", m.Name, want)
				}
			}
		}
		for _, p := range c.Digital {
			words(t, m.Name+": hysteresis", p.Hysteresis, f.Hysteresis)
		}
		stream, _ := c.Mode(driver.ModeStream)
		for _, d := range stream.Downsample {
			if _, ok := f.Ratios.Of(d); !ok {
				t.Errorf("%s: downsampling %s has no number", m.Name, d)
			}
		}
		for _, mode := range []driver.Mode{driver.ModeBlock, driver.ModeRapidBlock} {
			if b, ok := c.Mode(mode); !ok || !b.Ready || b.MaxSamples <= 0 || len(b.Rates) == 0 {
				t.Errorf("%s: %s: %+v", m.Name, mode, b)
			}
		}
		if g := c.Generator; g != nil {
			words(t, m.Name+": wave", g.Waves, f.Generator.Waves)
			words(t, m.Name+": operation", g.Operations, f.Generator.Operations, f.Generator.OperationWaves)
			words(t, m.Name+": sweep", g.Sweeps, f.Generator.Sweeps)
			words(t, m.Name+": trigger type", g.TriggerTypes, f.Generator.TriggerTypes)
			words(t, m.Name+": trigger source", g.TriggerSources, f.Generator.TriggerSources)
		}
	}
}

// words wants a number for each word in one of the tables.
func words(t *testing.T, what string, list []string, tables ...map[string]uint32) {
	t.Helper()
	for _, w := range list {
		known := false
		for _, table := range tables {
			_, ok := table[w]
			known = known || ok
		}
		if !known {
			t.Errorf("%s: %q has no number", what, w)
		}
	}
}
