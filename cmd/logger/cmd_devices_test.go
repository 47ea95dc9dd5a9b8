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
