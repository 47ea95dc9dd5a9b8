package picosdk

import (
	"math"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TestBlockLimits looks limits of block modes up as the check of a plan does.
func TestBlockLimits(t *testing.T) {
	t.Parallel()
	banks := flexible()
	banks.Ports = 0
	for i := range banks.Resolutions {
		banks.Resolutions[i].Fastest = []FastRate{{UpTo: 2, Rate: 1e9, OnePer: []ChannelSet{Channels("A", "B"), Channels("C", "D")}}, {UpTo: 4, Rate: 250e6}}
	}
	for _, c := range []struct {
		name           string
		model          Model
		state          State
		channels, bits int
		digital        bool
		fastest        units.Interval // 0: no limit holds
		limit          string
	}{
		{name: "two channels", model: flexible(), channels: 2, bits: 8, fastest: units.Seconds(1, 1e9), limit: "1 GS/s at most with 2 channels on at 8 bit"},
		{name: "one channel, which is no better", model: flexible(), channels: 1, bits: 8, fastest: units.Seconds(1, 1e9)},
		{name: "four channels", model: flexible(), channels: 4, bits: 8, fastest: units.Seconds(4, 1e9)},
		{name: "ports take part", model: flexible(), channels: 4, bits: 8, digital: true, fastest: units.Seconds(8, 1e9), limit: "4 channels and 1 digital port"},
		{name: "ports alone", model: flexible(), bits: 8, digital: true, fastest: units.Seconds(1, 1e9), limit: "1 digital port"},
		{name: "too many for the resolution", model: flexible(), channels: 3, bits: 12},
		{name: "on USB power", model: flexible(), state: State{Reduced: true}, channels: 3, bits: 8},
		{name: "channels of different converters", model: banks, channels: 2, bits: 8, fastest: units.Seconds(1, 1e9)},
		{name: "more than there are converters", model: banks, channels: 3, bits: 8, fastest: units.Seconds(4, 1e9)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, mode := range []driver.Mode{driver.ModeBlock, driver.ModeRapidBlock} {
				m, _ := c.model.Capabilities(c.state).Mode(mode)
				l, ok := m.Limit(c.channels, c.bits, c.digital)
				if c.fastest.IsZero() {
					if ok {
						t.Fatalf("%+v", l)
					}
					continue
				}
				if !ok || l.Spans[0].First.Cmp(c.fastest.Rational) != 0 || !strings.Contains(l.Limit, c.limit) {
					t.Fatalf("%+v, %v, want %v, %q", l, ok, c.fastest, c.limit)
				}
			}
		})
	}
}

// TestBlockSpansArePossible: of every interval that the limits allow, a timebase is less than a hundredth away, and of one that
// stands alone it is that one.
func TestBlockSpansArePossible(t *testing.T) {
	t.Parallel()
	m := flexible()
	near := func(i units.Interval) float64 {
		_, got, err := m.NearestTimebase(i, 8, Channels("A", "C"), 0)
		if err != nil {
			t.Fatal(err)
		}
		return math.Abs(got.Float64()/i.Float64() - 1)
	}
	mode, _ := m.Capabilities(State{}).Mode(driver.ModeBlock)
	limit, _ := mode.Limit(2, 8, false)
	if len(limit.Spans) < 3 {
		t.Fatalf("%+v", limit.Spans)
	}
	for k, s := range limit.Spans {
		for _, at := range []units.Interval{s.First, s.Last} {
			if off := near(at); off != 0 {
				t.Errorf("span %d: %s is off by %g", k, at, off)
			}
		}
		if k > 0 && s.First.Cmp(limit.Spans[k-1].Last.Rational) <= 0 {
			t.Errorf("span %d begins at %s, before the end of the one before", k, s.First)
		}
		if !s.Step.IsZero() || s.First.Cmp(s.Last.Rational) == 0 {
			continue
		}
		for x := s.First.Float64(); x < s.Last.Float64(); x *= 1.0037 {
			at := units.Seconds(int64(x*1e15), 1e15)
			if got, exact, _ := limit.Nearest(at); exact && near(at) > 0.01 {
				t.Errorf("%s is possible, but the nearest timebase is %g off", got, near(at))
			}
		}
	}
	for _, text := range []string{"1ns", "4ns", "16ns", "1us", "100us", "3.3us", "1ms", "1s"} {
		i, err := units.ParseInterval(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, exact, _ := limit.Nearest(i); !exact {
			t.Errorf("%s is not possible, the nearest is %v", text, got)
		}
	}
	for text, want := range map[string]string{"0.1ns": "1ns", "3.3ns": "4ns", "13ns": "16ns", "1h": "34.359738344s"} {
		i, err1 := units.ParseInterval(text)
		wanted, err2 := units.ParseInterval(want)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if got, exact, _ := limit.Nearest(i); exact || got.Cmp(wanted.Rational) != 0 {
			t.Errorf("nearest to %s is %v, %v, want %s", text, got, exact, want)
		}
	}
	if spans := (Timebase{}).spans(units.Seconds(1, 1)); spans != nil {
		t.Errorf("a table without a clock: %v", spans)
	}
}
