package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestDescribeCapabilities(t *testing.T) {
	got := describeCapabilities(scopeDescription().Models[0])
	want := []rateLines{
		{When: "1 channel, 8 bit", Fastest: "1GS/s", Slowest: "1S/s", Limit: "USB 3"},
		{Fastest: "3us", Slowest: "9us", Limit: "USB 2"},
	}
	if diff := cmp.Diff(want, got.Modes[0].Rates); diff != "" {
		t.Errorf("rates (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"50mV", "1V", "2V", "20V"}, got.Channels[0].Ranges); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
}

func TestPrintDevice(t *testing.T) {
	a, out := newTestApp(t, nil)
	doc := deviceDocument{
		Device:       deviceJSON{Driver: "scope", Model: "S-4", Serial: "AB123/1", InUse: true, Run: "recordings/x", PID: 7},
		Capabilities: describeCapabilities(scopeDescription().Models[0]),
	}
	if err := printDevice(a, doc); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"model        S-4\n", "state        in use by run recordings/x (pid 7)\n", "resolution   12bit\n",
		"channel A B C D 50mV 1V 2V 20V; dc ac\n", "stream       1GS/s down to 1S/s, 1 channel, 8 bit\n",
	} {
		if !strings.Contains(out.stdout.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.stdout.String())
		}
	}
}

func TestCondition(t *testing.T) {
	for _, tc := range []struct {
		limit driver.RateLimit
		want  string
	}{
		{driver.RateLimit{}, ""},
		{driver.RateLimit{MaxChannels: 1}, "1 channel"},
		{driver.RateLimit{MaxChannels: 2, Bits: 14, Digital: 1}, "up to 2 channels, 14 bit, digital ports off"},
		{driver.RateLimit{Digital: 2}, "digital ports on"},
	} {
		if got := condition(tc.limit); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.limit, got, tc.want)
		}
	}
}

func TestOptionText(t *testing.T) {
	low, high := units.Rat(0, 1), units.Rat(1, 1)
	for _, tc := range []struct {
		name   string
		option driver.OptionAttribute
		want   string
	}{
		{"plain", driver.OptionAttribute{Kind: driver.OptionVoltage, Doc: "height"}, "voltage: height"},
		{"choice", driver.OptionAttribute{Kind: driver.OptionString, Enum: []string{"a", "b"}, Default: `"a"`}, `a | b ("a")`},
		{"bounds", driver.OptionAttribute{Kind: driver.OptionNumber, Min: &low, Max: &high, Required: true}, "number, 0 to 1 (needed)"},
		{"lower bound", driver.OptionAttribute{Kind: driver.OptionNumber, Min: &low}, "number, at least 0"},
		{"upper bound", driver.OptionAttribute{Kind: driver.OptionNumber, Max: &high}, "number, at most 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := describeOptions(driver.OptionSchema{Attributes: []driver.OptionAttribute{tc.option}}).Attributes[0].text()
			if got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

// TestOptionKinds checks that every kind of the contract has a word.
func TestOptionKinds(t *testing.T) {
	for k := driver.OptionString; k <= driver.OptionStrings; k++ {
		if optionKinds[k] == "" {
			t.Errorf("kind %d has no word", k)
		}
	}
}
