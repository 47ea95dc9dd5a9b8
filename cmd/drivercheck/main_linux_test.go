package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/drivertest"
	"github.com/scopelog/scopelog/units"
)

func TestMain(m *testing.M) {
	drivertest.Serve(emptyDriver{version: os.Getenv("CHECKED_VERSION")})
	os.Exit(m.Run())
}

// emptyDriver is a sound driver with no unit attached. Without a version it is not sound.
type emptyDriver struct{ version string }

func (d emptyDriver) Describe(context.Context) (driver.Description, error) {
	return driver.Description{
		Name: "empty", Version: d.version, Summary: "no units", ContractMin: 1, ContractMax: 1, MaxDevices: 1,
		Models: []driver.Capabilities{{
			Model:    "E1",
			Channels: []driver.ChannelCapabilities{{Name: "A", Ranges: []units.Voltage{units.Volt}, Couplings: []driver.Coupling{driver.CouplingDC}}},
			Modes:    []driver.ModeCapabilities{{Mode: driver.ModeStream, NotReady: "there is nothing to stream from"}},
		}},
	}, nil
}

func (emptyDriver) Discover(context.Context, driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	return nil, nil
}

func (emptyDriver) Open(_ context.Context, _ driver.OpenRequest) (driver.Device, error) {
	return nil, driver.Errorf(driver.KindNotFound, "open", "no unit is attached")
}

func TestRun(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	checked := []string{"-env", "SCOPELOG_DRIVERTEST=1", "-env", "GORACE=atexit_sleep_ms=0"}
	good := append(checked, "-env", "CHECKED_VERSION=1.0")
	for _, c := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr []string
	}{
		{"sound", append(good, self), exitPassed, []string{"checking empty 1.0 (" + self, "ok    identity/names itself", "skip  stream/keeps its rate", "no unit is attached", "0 are broken"}, nil},
		{"unsound", append(checked, "-run", "^identity/", self), exitFailed, []string{"FAIL  identity/names itself", "      the description has no version", "3 rules hold, 1 are broken, 0 were skipped"}, nil},
		{"only some", append(good, "-run", "describes itself", self), exitPassed, []string{"1 rules hold, 0 are broken, 0 were skipped"}, nil},
		{"with notes", append(good, "-v", "-run", "discovers", self), exitPassed, []string{"0 units"}, nil},
		{"with its log", append(good, "-log", "debug", "-run", "names", self), exitPassed, nil, []string{"plugin ends"}},
		{"no plugin", []string{"/bin/true"}, exitPlugin, nil, []string{"/bin/true is no driver plugin", "ended with status 0"}},
		{"no program", []string{"/nonexistent/plugin"}, exitPlugin, nil, []string{"no such file"}},
		{"no argument", nil, exitUsage, nil, []string{"Usage: drivercheck", "Exit codes:"}},
		{"two arguments", []string{"a", "b"}, exitUsage, nil, []string{"Usage:"}},
		{"unknown flag", []string{"-nope"}, exitUsage, nil, []string{"-nope"}},
		{"bad expression", []string{"-run", "(", "x"}, exitUsage, nil, []string{"run"}},
		{"bad variable", []string{"-env", "NAME", "x"}, exitUsage, nil, []string{"NAME=value"}},
		{"bad level", []string{"-log", "loud", "x"}, exitUsage, nil, []string{"loud"}},
		{"bad slack", []string{"-slack", "0", "x"}, exitUsage, nil, []string{"Usage:"}},
		{"help", []string{"-h"}, exitPassed, nil, []string{"Usage:", "-serial"}},
		{"version", []string{"-version"}, exitPassed, []string{"drivercheck " + version}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			if code := run(t.Context(), c.args, &stdout, &stderr); code != c.code {
				t.Errorf("exit code %d, want %d\n%s%s", code, c.code, stdout.String(), stderr.String())
			}
			for _, w := range c.stdout {
				if !strings.Contains(stdout.String(), w) {
					t.Errorf("output lacks %q:\n%s", w, stdout.String())
				}
			}
			for _, w := range c.stderr {
				if !strings.Contains(stderr.String(), w) {
					t.Errorf("messages lack %q:\n%s", w, stderr.String())
				}
			}
		})
	}
}
