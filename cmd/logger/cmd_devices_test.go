package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
)

func TestWithUsed(t *testing.T) {
	users := map[[2]string]unitUser{
		{"scope", "B/1"}: {dir: "recordings/x", pid: 7, model: "S-4", emulated: true},
		{"scope", "A/1"}: {dir: "recordings/x", pid: 7, model: "S-2"},
		{"scope", ""}:    {dir: "recordings/x", pid: 7},
		{"other", "C/1"}: {dir: "recordings/x", pid: 7},
	}
	usedA := driver.UnitInfo{Model: "S-2", Serial: "A/1", InUse: true}
	usedB := driver.UnitInfo{Model: "S-4", Serial: "B/1", Emulated: true, InUse: true}
	free := driver.UnitInfo{Model: "S-4", Serial: "Z/1"}
	listed := driver.UnitInfo{Model: "S-4", Serial: "B/1", USB: "3.0"}
	for _, tc := range []struct {
		name  string
		found []driver.UnitInfo
		want  []driver.UnitInfo
	}{
		{"open units are not listed", []driver.UnitInfo{free}, []driver.UnitInfo{free, usedA, usedB}},
		{"one is listed although it is open", []driver.UnitInfo{listed, free}, []driver.UnitInfo{listed, free, usedA}},
		{"nothing is found", nil, []driver.UnitInfo{usedA, usedB}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, withUsed("scope", tc.found, users)); diff != "" {
				t.Errorf("units (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNamedLibraryThatIsMissing: of a library that somebody named, the plugin's advice is told; that none is installed is usual.
func TestNamedLibraryThatIsMissing(t *testing.T) {
	missing := driver.Errorf(driver.KindNoLibrary, "discover", "no usable vendor library")
	missing.Advice = `Did you mean "emulated"?`
	for _, tc := range []struct {
		env  map[string]string
		want string
	}{
		{nil, "ps2000a: its vendor library is not installed or not usable; logger doctor says more\n"},
		{map[string]string{envLibrary: "emulatd"}, "warning: ps2000a: the library emulatd, which SCOPELOG_LIBRARY names, is not usable; logger doctor says more\n  Did you mean \"emulated\"?\n"},
		{map[string]string{envLibrary + "_PS2000A": "/x.so"}, "warning: ps2000a: the library /x.so, which SCOPELOG_LIBRARY_PS2000A names, is not usable; logger doctor says more\n  Did you mean \"emulated\"?\n"},
	} {
		a, out := newTestApp(t, tc.env)
		a.warnPlugin("ps2000a", missing)
		if got := out.stderr.String(); got != tc.want {
			t.Errorf("%v: %s", tc.env, got)
		}
	}
}
