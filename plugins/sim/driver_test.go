package main

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first, err := b.driver.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, _ := b.driver.Describe(t.Context())
	if !reflect.DeepEqual(first, second) {
		t.Error("two descriptions differ")
	}
	if first.Name != "sim" || first.NeedsLibrary || !first.OptionalSerials || !slices.Contains(first.Abilities, driver.AbilityGenerator) || !slices.Contains(first.Abilities, driver.AbilitySoftwareTrigger) {
		t.Errorf("%+v", first)
	}
	for _, m := range first.Models {
		sm, ok := m.Mode(driver.ModeStream)
		if !ok || !sm.Ready || len(m.Resolutions) != len(m.MaxCodes) {
			t.Errorf("model %s: %+v", m.Model, sm)
		}
		for _, mode := range []driver.Mode{driver.ModeBlock, driver.ModeRapidBlock} {
			if bm, ok := m.Mode(mode); !ok || !bm.Ready || !bm.Triggered {
				t.Errorf("model %s, mode %s: %+v", m.Model, mode, bm)
			}
		}
		for _, c := range m.Channels {
			if !slices.IsSorted(c.Ranges) || !slices.IsSortedFunc(c.Offsets, func(a, b driver.OffsetLimit) int { return int(a.Range - b.Range) }) {
				t.Errorf("model %s, channel %s is not in order", m.Model, c.Name)
			}
		}
	}
}

// TestSchema checks that every option is documented and can be used with its own schema.
func TestSchema(t *testing.T) {
	t.Parallel()
	var walk func(where string, s driver.OptionSchema)
	walk = func(where string, s driver.OptionSchema) {
		seen := map[string]bool{}
		for _, a := range s.Attributes {
			if a.Name == "" || a.Doc == "" || a.Kind == 0 || seen[a.Name] {
				t.Errorf("%s: attribute %+v", where, a)
			}
			seen[a.Name] = true
			if a.Min != nil && a.Max != nil && a.Min.Cmp(*a.Max) >= 0 {
				t.Errorf("%s.%s: bounds %v, %v", where, a.Name, a.Min, a.Max)
			}
		}
		for _, b := range s.Blocks {
			if b.Doc == "" || seen[b.Name] {
				t.Errorf("%s: block %s", where, b.Name)
			}
			seen[b.Name] = true
			walk(where+"."+b.Name, b.Body)
		}
	}
	walk("device", deviceSchema())
	walk("channel", channelSchema())
}

func TestOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first, second := b.open(driver.OpenRequest{}), b.open(driver.OpenRequest{})
	if a, b := first.Info().Serial, second.Info().Serial; a != "SIM0001" || b != "SIM0002" {
		t.Errorf("serials %s and %s", a, b)
	}
	named := b.open(driver.OpenRequest{Serial: "IW123/0456", Model: "SIM-8", Power: driver.PowerSupply})
	info := named.Info()
	if info.Serial != "IW123/0456" || info.Model != "SIM-8" || !info.Emulated || info.Power != driver.PowerStateSupply ||
		!slices.Equal(info.Abilities, driver.Abilities(named)) {
		t.Errorf("%+v", info)
	}
	caps, err := named.Capabilities(t.Context())
	if err != nil || caps.Model != "SIM-8" || len(caps.Channels) != 2 {
		t.Errorf("%+v, %v", caps, err)
	}
	for _, serial := range []string{"SIM0001", "IW123/0456"} {
		if _, err := b.driver.Open(t.Context(), driver.OpenRequest{Serial: serial}); driver.KindOf(err) != driver.KindBusy {
			t.Errorf("opening %s twice: %v", serial, err)
		}
	}
	units, err := b.driver.Discover(t.Context(), driver.DiscoverRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, u := range units {
		got[u.Serial] = u.InUse
	}
	if want := map[string]bool{"SIM0001": true, "SIM0002": true, "IW123/0456": true, "SIM0003": false}; !reflect.DeepEqual(got, want) {
		t.Errorf("discovered %v, want %v", got, want)
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := b.open(driver.OpenRequest{}).Info().Serial; s != "SIM0001" {
		t.Errorf("the first free unit is %s", s)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		req     driver.OpenRequest
		field   string
		nearest string
	}{
		{"model", driver.OpenRequest{Model: "SIM-14"}, "model", `"SIM-14-MSO"`},
		{"serial", driver.OpenRequest{Serial: "../x"}, "serial", `"SIM0001"`},
		{"option", driver.OpenRequest{Options: opts("pase", "fast")}, "sim.pase", ""},
	} {
		_, err := newBench(t).driver.Open(t.Context(), c.req)
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != c.field || e.Nearest != c.nearest {
			t.Errorf("%s: %v (%s)", c.name, err, fieldOf(err))
		}
	}
}

func TestRigMustBePrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("folders have no mode there")
	}
	b := newBench(t)
	if err := os.Mkdir(b.world.rig.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(b.world.rig.dir, 0o777); err != nil { //nolint:gosec // it is the point
		t.Fatal(err)
	}
	if _, err := b.driver.Open(t.Context(), driver.OpenRequest{}); err == nil {
		t.Error("a folder that is open to all is taken")
	}
	b.world.rig.dir = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(b.world.rig.dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.driver.Discover(t.Context(), driver.DiscoverRequest{}); err == nil {
		t.Error("a file is taken for a folder")
	}
}

func TestSpoiledState(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "{", `{"owner":"test","fired":null}`, `{"owner":"test","fired":{"0":-5}}`} {
		if err := os.WriteFile(b.world.rig.file("S", stateEnding), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		again := b.open(driver.OpenRequest{Serial: "S", Options: withFault(driver.Options{}, "print", "call", "open")})
		if err := again.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestEventsAreCountedWhenNobodyTakesThem(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	for range eventRoom + 10 {
		if err := d.Identify(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for range eventRoom {
		<-d.Events()
	}
	if err := d.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e := <-d.Events(); e.Dropped != 10 || e.Kind != driver.EventSettings {
		t.Errorf("%+v", e)
	}
}

func TestSampleClock(t *testing.T) {
	t.Parallel()
	for _, interval := range []units.Interval{units.Seconds(1, 1e9), units.Seconds(1000, 1), units.Seconds(1, 44100), units.Seconds(1, 3e9), units.Seconds(999_999_937, 1e9)} {
		c, err := newSampleClock(interval, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, ns := range []int64{-5, 0, 1, 999_999_999, 86_400e9, 1 << 60} {
			want := int64(0)
			if r, err := units.Rat(max(ns, 0), 1e9).Div(interval.Rational); err == nil {
				want = r.Floor()
			} else {
				continue
			}
			if got := c.count(ns); got != want {
				t.Errorf("%v: %d samples after %d ns, want %d", interval, got, ns, want)
			}
		}
	}
	c, err := newSampleClock(units.Seconds(1, 1e9), -10000, -1000)
	if err != nil {
		t.Fatal(err)
	}
	last := int64(0)
	for ns := int64(0); ns < 3600e9; ns += 7_777_777_777 {
		if n := c.count(ns); n < last {
			t.Fatalf("the count falls at %d ns", ns)
		} else {
			last = n
		}
	}
	if got := c.index(units.Seconds(5, 2)); got != 2_500_000_000 {
		t.Errorf("sample at 2.5 s: %d", got)
	}
	for _, bad := range []units.Interval{units.Seconds(0, 1), units.Seconds(-1, 1), units.Seconds(1_000_000_007, 9_999_999_999_999_937)} {
		if _, err := newSampleClock(bad, 0, 0); err == nil {
			t.Errorf("an interval of %v is taken", bad)
		}
	}
}
