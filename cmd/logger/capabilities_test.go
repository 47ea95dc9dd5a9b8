package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestDescribeCapabilities(t *testing.T) {
	got := describeCapabilities(scopeDescription().Models[0])
	want := []rateLines{
		{When: "1 channel, 8 bit", Fastest: "1GS/s", Slowest: "1S/s", Limit: "USB 3"},
		{Fastest: "3us", Slowest: "9us", Limit: "USB 2"},
	}
	if diff := cmp.Diff(want, got.Modes[0].Rates, cmpopts.IgnoreUnexported(rateLines{})); diff != "" {
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
		"channel A B C D 50mV 1V 2V 20V; dc ac\n", "stream       8 bit: 1 GS/s with 1 channel\n", "slowest: 1 S/s\n",
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

// TestRateTexts: rates are rates, in one line for each resolution, and ports are spoken of where they change something.
func TestRateTexts(t *testing.T) {
	limit := func(channels, bits, digital int, first, last units.Interval) driver.RateLimit {
		return driver.RateLimit{MaxChannels: channels, Bits: bits, Digital: digital, Spans: []driver.IntervalSpan{{First: first, Last: last}}}
	}
	ns, s := func(n int64) units.Interval { return units.Seconds(n, 1e9) }, units.Seconds(4295, 1)
	got := rateTexts(describeMode(driver.ModeCapabilities{Rates: []driver.RateLimit{
		limit(1, 8, 1, ns(8), s), limit(1, 8, 2, ns(16), s), limit(2, 8, 1, ns(16), s), limit(2, 8, 2, ns(24), s),
		limit(2, 12, 1, ns(3), units.Seconds(3, 1)), limit(2, 12, 2, ns(3), s),
	}}).Rates)
	want := []string{
		"8 bit: 125 MS/s with 1 channel, 62.5 MS/s with 2", "8 bit with digital ports: 62.5 MS/s with 1 channel, 41.667 MS/s with 2",
		"12 bit: 333.333 MS/s with 2 channels", "slowest: one in 1h11m35s or one in 3 s",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = rateTexts(describeMode(driver.ModeCapabilities{Rates: []driver.RateLimit{limit(0, 0, 0, ns(1), units.Seconds(1, 1000))}}).Rates)
	if diff := cmp.Diff([]string{"1 GS/s with any channels", "slowest: 1 kS/s"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGeneratorTexts(t *testing.T) {
	caps := driver.GeneratorCapabilities{
		Waves: []string{"sine"}, Operations: []string{"noise"}, MaxFrequency: units.Hertz(20_000_000, 1), MaxAmplitude: 4 * units.Volt,
		MaxOffset: 2 * units.Volt, MaxOutput: 2 * units.Volt, Arbitrary: true, MinArbitrary: 1, MaxArbitrary: 32768, MaxArbitraryRate: units.PerSecond(200_000_000, 1),
		TriggerSources: []string{"none", "scope"},
	}
	got := generatorTexts(describeCapabilities(driver.Capabilities{Generator: &caps}).Limits)
	want := []string{
		"up to 20MHz, up to 4V peak to peak, offset -2V to 2V, together within 2V", "waves of one's own: 1 to 32,768 samples at up to 200MS/s",
		"operations: noise", "started by: none scope",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := generatorTexts(describeCapabilities(driver.Capabilities{}).Limits); got != nil {
		t.Errorf("without a generator: %q", got)
	}
}
