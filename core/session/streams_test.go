package session

import (
	"testing"

	"github.com/scopelog/scopelog/driver"
)

func TestHardware(t *testing.T) {
	for _, tc := range []struct {
		name string
		unit driver.UnitInfo
		want string
	}{
		{"nothing told", driver.UnitInfo{Model: "SIM-16"}, "SIM-16"},
		{"a serial", driver.UnitInfo{Model: "SIM-16", Serial: "SIM0001", Emulated: true}, "SIM-16 SIM0001 (emulated)"},
		{
			"all", driver.UnitInfo{Model: "5444DMSO", Serial: "IW123/0456", USB: "3.0", Hardware: "1", Firmware: "1.7.16.0", Calibrated: "01Jan26"},
			"5444DMSO IW123/0456, USB 3.0, hardware 1, firmware 1.7.16.0, calibrated 01Jan26",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := hardware(tc.unit); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}
