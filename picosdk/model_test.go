package picosdk

import (
	"errors"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// flexible is a made-up model: four channels, two ports, three resolutions, channels that share converters.
func flexible() Model {
	ab, cd := Channels("A", "B"), Channels("C", "D")
	return Model{
		Name: "9444DMSO", Channels: 4, Ports: 2, USB: USB3,
		Resolutions: []Resolution{
			{
				Bits: 8, MaxCode: 32512, MaxChannels: 4, PortsCount: true, PortsAlone: true, Memory: 1000,
				Fastest: []FastRate{
					{UpTo: 2, Rate: 1_000_000_000, OnePer: []ChannelSet{ab, cd}}, {UpTo: 4, Rate: 250_000_000}, {UpTo: 5, Rate: 125_000_000},
				},
				Timebase:  Timebase{Listed: []int64{1000, 2000, 4000}, Minus: 2, Clock: 125_000_000, Last: 1<<32 - 1},
				Streaming: []StreamLimit{{USB3, 125_000_000}, {USB2, 31_250_000}},
			},
			{
				Bits: 12, MaxCode: 32736, MaxChannels: 2, OnePer: []ChannelSet{ab, cd}, Memory: 500,
				Fastest:   []FastRate{{UpTo: 2, Rate: 500_000_000}},
				Timebase:  Timebase{First: 1, Listed: []int64{2000, 4000, 8000}, Minus: 3, Clock: 62_500_000, Last: 1<<32 - 2},
				Streaming: []StreamLimit{{USB3, 62_500_000}, {USB2, 15_625_000}},
			},
			{
				Bits: 16, MaxCode: 32767, MaxChannels: 1, Memory: 500,
				Fastest:   []FastRate{{UpTo: 1, Rate: 25_000_000}},
				Timebase:  Timebase{First: 4, Listed: []int64{40_000}, Minus: 3, Clock: 25_000_000, Last: 1<<32 - 2},
				Streaming: []StreamLimit{{USB3, 62_500_000}, {USB2, 15_625_000}},
			},
		},
		Ranges: []Range{Range10mV, Range1V}, Couplings: []Coupling{CouplingDC, CouplingAC}, Limiters: []units.Frequency{units.Hertz(20_000_000, 1)},
		Offsets:   []driver.OffsetLimit{{Range: units.Volt, Min: -units.Volt, Max: units.Volt}},
		Threshold: 5 * units.Volt, Trigger: Trigger{External: true, Aux: true},
		Generator: &Generator{MaxFrequency: units.Hertz(1_000_000, 1), MaxAmplitude: 4 * units.Volt, Arbitrary: true, Buffer: 8192, Clock: 20_000_000},
		Power:     Power{Sources: []driver.PowerSource{driver.PowerAuto, driver.PowerUSB, driver.PowerSupply}, USBChannels: 2, PortNotice: true},
	}
}

func TestTimebase(t *testing.T) {
	m := flexible()
	for _, c := range []struct {
		name     string
		n        uint32
		bits     int
		channels ChannelSet
		ports    int
		want     units.Interval
		near     units.Interval // with an error
		err      string
	}{
		{name: "fastest", n: 0, channels: Channels("A"), want: units.Seconds(1, 1e9)},
		{name: "default resolution is 8 bit", n: 0, bits: 8, channels: Channels("A", "C"), want: units.Seconds(1, 1e9)},
		{name: "first of the equal steps", n: 3, channels: Channels("A"), want: units.Seconds(8, 1e9)},
		{name: "second of the equal steps", n: 4, channels: Channels("A"), want: units.Seconds(16, 1e9)},
		{name: "last", n: 1<<32 - 1, channels: Channels("A"), want: units.Seconds(1<<32-3, 125_000_000)},
		{
			name: "two of one converter", n: 1, channels: Channels("A", "B"), near: units.Seconds(4, 1e9),
			err: "the 9444DMSO: timebase 1 (2 ns) is too fast: 250 MS/s at most with 2 channels on at 8 bit",
		},
		{
			name: "a port takes a place", n: 1, channels: Channels("A", "C"), ports: 1, near: units.Seconds(4, 1e9),
			err: "250 MS/s at most with 2 channels and 1 digital port on at 8 bit",
		},
		{name: "five on", n: 3, channels: FirstChannels(4), ports: 1, want: units.Seconds(8, 1e9)},
		{name: "too many on", n: 9, channels: FirstChannels(4), ports: 2, err: "4 channels and 2 digital ports cannot be on together at 8 bit"},
		{name: "a port is free", n: 1, bits: 12, channels: Channels("B", "C"), ports: 2, want: units.Seconds(2, 1e9)},
		{name: "below the first", n: 0, bits: 12, channels: Channels("B"), near: units.Seconds(2, 1e9), err: "timebases at 12 bit go from 1 to 4294967294"},
		{name: "above the last", n: 1<<32 - 1, bits: 12, channels: Channels("B"), near: units.Seconds(1<<32-5, 62_500_000), err: "go from 1 to"},
		{name: "one per converter at 12 bit", n: 9, bits: 12, channels: Channels("A", "B"), err: "at 12 bit only one of the channels A, B can be on"},
		{name: "too many for the resolution", n: 9, bits: 16, channels: Channels("A", "C"), err: "at 16 bit at most 1 channel can be on"},
		{name: "no such resolution", bits: 10, channels: Channels("A"), err: "no resolution of 10 bit"},
		{name: "no such channel", n: 9, channels: Channels("A", "E"), err: "there is no channel E"},
		{name: "too many channels", n: 9, channels: FirstChannels(5), err: "it has 4 channels"},
		{name: "too many ports", n: 9, channels: Channels("A"), ports: 3, err: "it has 2 digital ports"},
		{name: "ports alone", n: 1, ports: 2, want: units.Seconds(2, 1e9)},
		{name: "ports alone need 8 bit", n: 9, bits: 12, ports: 1, err: "at 12 bit digital ports need an analog channel"},
		{name: "nothing on", n: 9, err: "nothing is switched on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := m.Timebase(c.n, c.bits, c.channels, c.ports)
			if c.err == "" {
				if err != nil || got.Cmp(c.want.Rational) != 0 {
					t.Fatalf("%v, %v, want %v", got, err, c.want)
				}
				return
			}
			var limit *LimitError
			if !errors.As(err, &limit) || !strings.Contains(err.Error(), c.err) || limit.Near.Cmp(c.near.Rational) != 0 {
				t.Fatalf("%v near %v, want %q near %v", err, limit, c.err, c.near)
			}
		})
	}
}

// TestNearestTimebase compares with a search through all small numbers.
func TestNearestTimebase(t *testing.T) {
	m := flexible()
	for _, use := range []struct {
		bits     int
		channels ChannelSet
		ports    int
	}{{8, Channels("A"), 0}, {8, Channels("A", "B"), 0}, {8, FirstChannels(4), 1}, {12, Channels("A", "C"), 2}, {16, Channels("D"), 0}} {
		for ps := int64(250); ps < 450_000; ps += ps/10 + 250 {
			want := units.Seconds(ps, 1e12)
			var best uint32
			var bestOff float64
			found := false
			for n := uint32(0); n < 100; n++ {
				i, err := m.Timebase(n, use.bits, use.channels, use.ports)
				if err != nil {
					continue
				}
				if off := max(i.Float64()-want.Float64(), want.Float64()-i.Float64()); !found || off < bestOff*(1-1e-9) {
					best, bestOff, found = n, off, true
				}
			}
			n, got, err := m.NearestTimebase(want, use.bits, use.channels, use.ports)
			if err != nil || n != best {
				t.Fatalf("%+v, %v: timebase %d (%v), %v, want %d", use, want, n, got, err, best)
			}
			if again, err := m.Timebase(n, use.bits, use.channels, use.ports); err != nil || again.Cmp(got.Rational) != 0 {
				t.Fatalf("timebase %d is %v, %v, and was %v", n, again, err, got)
			}
		}
	}
	n, got, err := m.NearestTimebase(units.Seconds(1e9, 1), 8, Channels("A"), 0)
	if err != nil || n != 1<<32-1 || got.Cmp(units.Seconds(1<<32-3, 125_000_000).Rational) != 0 {
		t.Errorf("longest: %d, %v, %v", n, got, err)
	}
	if _, _, err := m.NearestTimebase(units.Seconds(1, 1), 16, FirstChannels(2), 0); err == nil {
		t.Error("two channels at 16 bit")
	}
	if got, err := m.FastestInterval(8, FirstChannels(3), 0); err != nil || got.Cmp(units.Seconds(4, 1e9).Rational) != 0 {
		t.Errorf("fastest %v, %v", got, err)
	}
	if _, err := m.FastestInterval(9, FirstChannels(3), 0); err == nil {
		t.Error("9 bit")
	}
}

func TestFindModel(t *testing.T) {
	models := []Model{flexible(), {Name: "6428E-D"}}
	for _, c := range []struct {
		variant string
		ok      bool
	}{
		{"9444DMSO", true},
		{"9444D MSO", true},
		{"PicoScope 9444D MSO", true},
		{"9444dmso\x00\x00", true},
		{"6428E-D", true},
		{"6428ED", true},
		{"9444D", false},
		{"", false},
		{"9444DMSOX", false},
	} {
		if m, ok := FindModel(models, c.variant); ok != c.ok {
			t.Errorf("%q: %v %v, want %v", c.variant, m.Name, ok, c.ok)
		}
	}
	for _, c := range []struct {
		variant  string
		channels int
		ports    bool
		ok       bool
	}{
		{"5444DMSO", 4, true, true},
		{"6824E", 8, false, true},
		{"2206B", 2, false, true},
		{"5944D", 0, false, false},
		{"5044D", 0, false, false},
		{"54", 0, false, false},
		{"TC-08", 0, false, false},
		{"", 0, false, false},
	} {
		channels, ports, ok := VariantShape(c.variant)
		if channels != c.channels || ports != c.ports || ok != c.ok {
			t.Errorf("%q: %d channels, ports %v, %v", c.variant, channels, ports, ok)
		}
	}
}

func TestStateOf(t *testing.T) {
	m := flexible()
	for _, c := range []struct {
		name  string
		power Status
		usb   USB
		want  State
		names int
	}{
		{"supply", StatusPowerSupplyConnected, USB3, State{USB: USB3}, 4},
		{"no supply", StatusPowerSupplyNotConnected, USB3, State{USB: USB3, Reduced: true}, 2},
		{"enough power from a strong port", StatusOK, USB3, State{USB: USB3}, 4},
		{"slow port", StatusUSB3DeviceNonUSB3Port, USBUnknown, State{USB: USB2}, 4},
		{"slow port that says so", StatusUSB3DeviceNonUSB3Port, USB2, State{USB: USB2}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := m.StateOf(c.power, c.usb)
			if got != c.want || len(m.Capabilities(got).Channels) != c.names {
				t.Errorf("%+v with %d channels, want %+v with %d", got, len(m.Capabilities(got).Channels), c.want, c.names)
			}
		})
	}
	for text, want := range map[string]USB{"1.1": USB1, "2.0": USB2, "3.0\x00": USB3, "3.1": USB3, " 2 ": USB2, "": USBUnknown, "x": USBUnknown} {
		if got := ParseUSB(text); got != want {
			t.Errorf("%q is %v", text, got)
		}
	}
	if USBUnknown.String() != "USB" || USB3.String() != "USB 3" {
		t.Error("names of connections")
	}
}
