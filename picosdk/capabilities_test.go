package picosdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestStreamingSpans(t *testing.T) {
	m := flexible()
	for _, c := range []struct {
		name                  string
		bits, channels, ports int
		state                 State
		fastest               units.Interval
		fact, err             string
	}{
		{name: "best case", channels: 1, fastest: units.Seconds(8, 1e9), fact: "USB 3: 125 MS/s in total at 8 bit, 1 channel on"},
		{name: "shared", channels: 3, fastest: units.Seconds(24, 1e9), fact: "USB 3: 125 MS/s in total at 8 bit, 3 channels on"},
		{name: "a port takes part", channels: 2, ports: 1, fastest: units.Seconds(24, 1e9), fact: "2 channels and 1 digital port on"},
		{name: "USB 2", channels: 2, state: State{USB: USB2}, fastest: units.Seconds(64, 1e9), fact: "USB 2: 31.25 MS/s in total at 8 bit, 2 channels on"},
		{name: "12 bit, ports are free", bits: 12, channels: 2, ports: 2, state: State{USB: USB2}, fastest: units.Seconds(128, 1e9), fact: "USB 2: 15.625 MS/s in total at 12 bit"},
		{name: "the converter is slower", bits: 16, channels: 1, fastest: units.Seconds(40, 1e9), fact: "25 MS/s at most with 1 channel on at 16 bit"},
		{name: "ports alone", ports: 2, fastest: units.Seconds(16, 1e9), fact: "USB 3: 125 MS/s in total at 8 bit, 2 digital ports on"},
		{name: "USB power", channels: 3, state: State{Reduced: true}, err: "on USB power it has 2 channels; plug in the power supply"},
		{name: "too slow a port", channels: 1, state: State{USB: USB1}, err: "it cannot stream 1 channel at 8 bit over USB 1"},
		{name: "too many for the resolution", bits: 16, channels: 2, err: "at 16 bit at most 1 channel can be on"},
		{name: "too many in all", channels: 4, ports: 2, err: "cannot stream 4 channels and 2 digital ports"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spans, fact, err := m.StreamingSpans(c.bits, c.channels, c.ports, c.state)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("%v, want %q", err, c.err)
				}
				return
			}
			if err != nil || len(spans) == 0 || !strings.Contains(fact, c.fact) {
				t.Fatalf("%v, %q, %v, want %q", spans, fact, err, c.fact)
			}
			if spans[0].First.Cmp(c.fastest.Rational) != 0 {
				t.Errorf("fastest %v, want %v", spans[0].First, c.fastest)
			}
		})
	}
}

// TestSpansAreWritable holds the spans against what the library's form can hold: both ends of each, and what lies
// between the spans.
func TestSpansAreWritable(t *testing.T) {
	m := flexible()
	spans, _, err := m.StreamingSpans(8, 3, 0, State{})
	if err != nil || len(spans) != 4 {
		t.Fatalf("%v, %v", spans, err)
	}
	limit := driver.RateLimit{Spans: spans}
	for i, s := range spans {
		for _, at := range []units.Interval{s.First, s.Last} {
			if _, _, exact, err := WholeInterval(at); err != nil || !exact {
				t.Errorf("span %d: %v cannot be written: %v", i, at, err)
			}
			if got, exact, ok := limit.Nearest(at); !exact || !ok || got.Cmp(at.Rational) != 0 {
				t.Errorf("span %d: nearest to %v is %v", i, at, got)
			}
		}
		if i > 0 && s.First.Cmp(spans[i-1].Last.Rational) <= 0 {
			t.Errorf("span %d begins at %v, before %v", i, s.First, spans[i-1].Last)
		}
	}
	for _, text := range []string{"24ns", "1us", "10us", "1ms", "100ms", "1s", "1h"} {
		i, err := units.ParseInterval(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, exact, _ := limit.Nearest(i); !exact {
			t.Errorf("%s is not possible, the nearest is %v", text, got)
		}
	}
	for text, want := range map[string]string{"23ns": "24ns", "1/3ms": "333333333ps", "100d": "4294967295us"} {
		i, err1 := units.ParseInterval(text)
		near, err2 := units.ParseInterval(want)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if got, exact, _ := limit.Nearest(i); exact || got.Cmp(near.Rational) != 0 {
			t.Errorf("nearest to %s is %v, %v, want %s", text, got, exact, want)
		}
	}
	m.Intervals = IntervalsDouble
	spans, _, err = m.StreamingSpans(8, 3, 0, State{})
	if err != nil || len(spans) != 1 || !spans[0].Step.IsZero() {
		t.Errorf("doubles: %v, %v", spans, err)
	}
}

func TestCapabilities(t *testing.T) {
	m := flexible()
	c := m.Capabilities(State{})
	if c.Model != "9444DMSO" || len(c.Channels) != 4 || len(c.Digital) != 2 || c.Digital[1].Name != "D8-15" || c.Digital[1].Pins[7] != "D15" {
		t.Errorf("%+v", c)
	}
	wantChannel := driver.ChannelCapabilities{
		Name: "D", Ranges: []units.Voltage{10 * units.Millivolt, units.Volt}, Couplings: []driver.Coupling{driver.CouplingDC, driver.CouplingAC},
		Bandwidths: []units.Frequency{units.Hertz(20_000_000, 1)}, Offsets: m.Offsets,
	}
	equal := cmp.Comparer(func(a, b units.Rational) bool { return a.Cmp(b) == 0 })
	if d := cmp.Diff(wantChannel, c.Channels[3], equal); d != "" {
		t.Errorf("channel D (-want +got)\n%s", d)
	}
	wantCodes := []driver.CodeRange{{Bits: 8, Min: -32512, Max: 32512}, {Bits: 12, Min: -32736, Max: 32736}, {Bits: 16, Min: -32767, Max: 32767}}
	if d := cmp.Diff(wantCodes, c.MaxCodes); d != "" || !slices.Equal(c.Resolutions, []int{8, 12, 16}) {
		t.Errorf("codes of %v (-want +got)\n%s", c.Resolutions, d)
	}
	if !slices.Equal(c.Trigger.Sources, []string{"A", "B", "C", "D", "EXT", "AUX"}) || !c.Trigger.Digital || len(c.Trigger.Directions) != 16 {
		t.Errorf("trigger %+v", c.Trigger)
	}
	if g := c.Generator; g == nil || !g.Arbitrary || g.MaxArbitrary != 8192 || g.MaxArbitraryRate.Cmp(units.Rat(20_000_000, 1)) != 0 {
		t.Errorf("generator %+v", c.Generator)
	}
	stream, _ := c.Mode(driver.ModeStream)
	if !stream.Ready || !stream.Triggered || !stream.StopAfter || !stream.RawBeside || len(stream.Downsample) != 4 || stream.MaxRatio < 1e9 {
		t.Errorf("stream %+v", stream)
	}
	for _, mode := range []driver.Mode{driver.ModeBlock, driver.ModeRapidBlock} {
		b, ok := c.Mode(mode)
		if !ok || !b.Ready || !b.Triggered || b.StopAfter || !b.RawBeside || !b.TimebaseNumbers || b.MaxSamples != 1000 || len(b.Downsample) != 4 {
			t.Errorf("%s: %+v", mode, b)
		}
	}
	m.Generator, m.Ports, m.Trigger = nil, 0, Trigger{}
	if c := m.Capabilities(State{Reduced: true}); c.Generator != nil || c.Digital != nil || c.Trigger.Digital || !slices.Equal(c.Trigger.Sources, []string{"A", "B"}) {
		t.Errorf("%+v", c)
	}
	m.Generator = &Generator{}
	if g := m.Capabilities(State{}).Generator; g == nil || g.Arbitrary || g.MaxArbitrary != 0 {
		t.Errorf("generator without arbitrary waves: %+v", g)
	}
}

// TestRateLimits looks the limits up as the check of a plan does.
func TestRateLimits(t *testing.T) {
	m := flexible()
	for _, c := range []struct {
		name           string
		state          State
		channels, bits int
		digital        bool
		fastest        units.Interval // 0: no limit holds
		limit          string
	}{
		{"one channel", State{}, 1, 8, false, units.Seconds(8, 1e9), "USB 3: 125 MS/s in total at 8 bit, 1 channel on; less over USB 2"},
		{"four channels", State{}, 4, 8, false, units.Seconds(32, 1e9), "4 channels on"},
		{"four channels and ports, told of one", State{}, 4, 8, true, units.Seconds(40, 1e9), "4 channels and 1 digital port on"},
		{"ports alone", State{}, 0, 8, true, units.Seconds(8, 1e9), "1 digital port on"},
		{"one channel and ports, the better case", State{}, 1, 8, true, units.Seconds(8, 1e9), ""},
		{"two channels and ports", State{}, 2, 8, true, units.Seconds(24, 1e9), ""},
		{"free ports", State{}, 2, 12, true, units.Seconds(32, 1e9), ""},
		{"opened on USB 2", State{USB: USB2}, 2, 8, false, units.Seconds(64, 1e9), "USB 2: 31.25 MS/s in total at 8 bit, 2 channels on"},
		{"three channels on USB power", State{Reduced: true}, 3, 8, false, units.Interval{}, ""},
		{"three channels at 12 bit", State{}, 3, 12, false, units.Interval{}, ""},
		{"two channels at 16 bit", State{}, 2, 16, false, units.Interval{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			stream, _ := m.Capabilities(c.state).Mode(driver.ModeStream)
			l, ok := stream.Limit(c.channels, c.bits, c.digital)
			if c.fastest.IsZero() {
				if ok {
					t.Fatalf("%+v", l)
				}
				return
			}
			if !ok || l.Spans[0].First.Cmp(c.fastest.Rational) != 0 || !strings.Contains(l.Limit, c.limit) {
				t.Fatalf("%+v, %v, want %v, %q", l, ok, c.fastest, c.limit)
			}
			if known := c.state.USB != USBUnknown; known && strings.Contains(l.Limit, "less over") {
				t.Errorf("the connection is known: %q", l.Limit)
			}
		})
	}
}
