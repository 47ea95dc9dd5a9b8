package picosdk

import (
	"slices"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestRanges(t *testing.T) {
	for i, mv := range []int64{10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000} {
		full := units.Voltage(mv) * units.Millivolt
		if got := Range(i).Voltage(); got != full {
			t.Errorf("range %d is %v, want %v", i, got, full)
		}
		if r, ok := RangeOf(full); r != Range(i) || !ok {
			t.Errorf("%v is range %d, %v", full, r, ok)
		}
	}
	if Range50V != 11 || Range(12).Voltage() != 0 || Range(12).String() != "range 12" || Range2V.String() != "2 V" {
		t.Error("the ends of the table")
	}
	if _, ok := RangeOf(3 * units.Volt); ok {
		t.Error("a range of 3 V")
	}
	list := []Range{Range20mV, Range50mV, Range1V, Range2V}
	for _, c := range []struct {
		want  units.Voltage
		near  Range
		exact bool
	}{
		{units.Millivolt, Range20mV, false},
		{35 * units.Millivolt, Range50mV, false}, // half-way: the larger
		{50 * units.Millivolt, Range50mV, true},
		{1499 * units.Millivolt, Range1V, false},
		{100 * units.Volt, Range2V, false},
	} {
		if near, exact := NearestRange(list, c.want); near != c.near || exact != c.exact {
			t.Errorf("nearest to %v is %v, %v, want %v, %v", c.want, near, exact, c.near, c.exact)
		}
	}
}

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		word driver.Coupling
		code Coupling
	}{{driver.CouplingAC, 0}, {driver.CouplingDC, 1}, {driver.CouplingDC50, 50}} {
		if code, ok := CouplingOf(c.word); code != c.code || !ok || c.code.Driver() != c.word {
			t.Errorf("%s is %d, %v, and back %q", c.word, code, ok, c.code.Driver())
		}
	}
	if _, ok := CouplingOf("gnd"); ok || Coupling(7).Driver() != "" {
		t.Error("a coupling that does not exist")
	}
	for bits, code := range map[int]uint32{8: 0, 12: 1, 14: 2, 15: 3, 16: 4, 10: 10} {
		if got, ok := ResolutionCode(bits); got != code || !ok || ResolutionBits(code) != bits {
			t.Errorf("%d bit is %d, %v, and back %d", bits, got, ok, ResolutionBits(code))
		}
	}
	if _, ok := ResolutionCode(11); ok || ResolutionBits(5) != 0 {
		t.Error("a resolution that does not exist")
	}
	for mode, want := range map[driver.DownsampleMode][2]uint32{
		"": {0, 0x80000000}, driver.DownsampleNone: {0, 0x80000000}, driver.DownsampleAggregate: {1, 1}, driver.DownsampleDecimate: {2, 2}, driver.DownsampleAverage: {4, 4},
	} {
		zero, ok := RatioModesRawZero.Of(mode)
		bit, ok2 := RatioModesRawBit.Of(mode)
		if !ok || !ok2 || zero != want[0] || bit != want[1] {
			t.Errorf("mode %q is %#x and %#x", mode, zero, bit)
		}
	}
	if _, ok := RatioModesRawZero.Of("sum"); ok {
		t.Error("a mode that does not exist")
	}
	keys := InfoKeys()
	if len(keys) != 18 || len(infoNames) != 18 || !slices.IsSorted(keys) {
		t.Errorf("%d keys", len(keys))
	}
	for _, k := range keys {
		if k.String() == "" {
			t.Errorf("key %#x has no name", uint32(k))
		}
	}
}

func TestChannelNames(t *testing.T) {
	for i := range 8 {
		if got, ok := ChannelIndex(ChannelName(i)); got != i || !ok {
			t.Errorf("channel %d is %q, which is %d, %v", i, ChannelName(i), got, ok)
		}
	}
	for _, bad := range []string{"", "I", "a", "AB", "EXT"} {
		if i, ok := ChannelIndex(bad); ok || i != 0 {
			t.Errorf("channel %q is %d, %v", bad, i, ok)
		}
	}
	if i, ok := PortIndex("D8-15"); i != 1 || !ok || PortName(0) != "D0-7" {
		t.Errorf("port D8-15 is %d, %v", i, ok)
	}
	if _, ok := PortIndex("D0-15"); ok {
		t.Error("port D0-15")
	}
	if got := PortPins(1); len(got) != 8 || got[0] != "D8" || got[7] != "D15" {
		t.Errorf("pins %v", got)
	}
	s := Channels("A", "C", "H", "EXT")
	if s != 0x85 || s.Len() != 3 || !s.Has(2) || s.Has(1) || s.Has(8) || s.Has(-1) || s.String() != "A, C, H" {
		t.Errorf("set %#x %v", uint8(s), s)
	}
	if FirstChannels(0) != 0 || FirstChannels(4) != 0x0f || FirstChannels(8) != 0xff || FirstChannels(99) != 0xff || FirstChannels(-1) != 0 {
		t.Error("first channels")
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		name   string
		scale  Scale
		volts  units.Voltage
		code   int32
		inside bool
	}{
		{"full scale at 8 bit", Scale{Range: 5 * units.Volt, MaxCode: 32512}, 5 * units.Volt, 32512, true},
		{"negative full scale", Scale{Range: 5 * units.Volt, MaxCode: 32512}, -5 * units.Volt, -32512, true},
		{"beyond", Scale{Range: 5 * units.Volt, MaxCode: 32512}, 6 * units.Volt, 32512, false},
		{"beyond below", Scale{Range: 5 * units.Volt, MaxCode: 32512}, -6 * units.Volt, -32512, false},
		{"far beyond", Scale{Range: 10 * units.Millivolt, MaxCode: 32767}, 9e18, 32767, false},
		{"half", Scale{Range: 2 * units.Volt, MaxCode: 32767}, units.Volt, 16384, true},
		{"half below", Scale{Range: 2 * units.Volt, MaxCode: 32767}, -units.Volt, -16384, true},
		{"the offset is added", Scale{Range: 2 * units.Volt, Offset: units.Volt, MaxCode: 32767}, units.Volt, 32767, true},
		{"the offset moves out", Scale{Range: 2 * units.Volt, Offset: units.Volt, MaxCode: 32767}, 1001 * units.Millivolt, 32767, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if code, inside := c.scale.Code(c.volts); code != c.code || inside != c.inside {
				t.Errorf("code %d, %v, want %d, %v", code, inside, c.code, c.inside)
			}
		})
	}
	s := Scale{Range: 20 * units.Volt, Offset: 500 * units.Millivolt, MaxCode: 32736}
	for code := int32(-32736); code <= 32736; code += 31 {
		exact := s.Exact(code)
		perCount, err := s.VoltsPerCount().Mul(units.Rat(int64(code), 1))
		if err != nil {
			t.Fatal(err)
		}
		want, err := perCount.Add(units.Rat(-1, 2))
		if err != nil || want != exact {
			t.Fatalf("code %d is %v, want %v (%v)", code, exact, want, err)
		}
		if got := s.Volts(code); got-exact.Float64() > 1e-14 || got-exact.Float64() < -1e-14 {
			t.Fatalf("code %d is %v, want %v", code, got, exact.Float64())
		}
		if back, inside := s.Code(units.Voltage(exact.Float64() * 1e9)); back != code || !inside {
			t.Fatalf("code %d comes back as %d, %v", code, back, inside)
		}
	}
	if got := s.Width(50 * units.Millivolt); got != 82 {
		t.Errorf("width %d", got)
	}
	if s.Width(-units.Volt) != 0 || s.Width(1000*units.Volt) != 2*32736 {
		t.Error("the ends of a width")
	}
	for _, c := range []struct {
		v, full units.Voltage
		code    int16
		inside  bool
	}{
		{5 * units.Volt, 5 * units.Volt, 32767, true},
		{0, 5 * units.Volt, 0, true},
		{1500 * units.Millivolt, 5 * units.Volt, 9830, true},
		{-8 * units.Volt, 8 * units.Volt, -32767, true},
		{9 * units.Volt, 8 * units.Volt, 32767, false},
	} {
		if code, inside := LogicCode(c.v, c.full); code != c.code || inside != c.inside {
			t.Errorf("threshold %v of %v is %d, %v, want %d, %v", c.v, c.full, code, inside, c.code, c.inside)
		}
	}
}

func TestParseVersion(t *testing.T) {
	for _, c := range []struct {
		text, want string
	}{
		{"PSX Linux Driver, 2.1.91.3194", "2.1.91.3194"},
		{"2.1.91.3194", "2.1.91.3194"},
		{"2.1.91.3194\x00\x00", "2.1.91.3194"},
		{"driver 1.2.3 of 4.5.6.7 and 8.9.10.11", "4.5.6.7"},
		{"1.2.3", ""},
		{"1.2.3.4.5", ""},
		{"", ""},
		{"99999999999.1.1.1", ""},
	} {
		v, ok := ParseVersion(c.text)
		if ok != (c.want != "") || ok && v.String() != c.want {
			t.Errorf("%q is %v, %v, want %q", c.text, v, ok, c.want)
		}
	}
	a, b := Version{2, 1, 30, 1878}, Version{2, 1, 100, 0}
	if a.Compare(b) != -1 || b.Compare(a) != 1 || a.Compare(a) != 0 || a.AtLeast(b) || !b.AtLeast(a) || !a.AtLeast(a) {
		t.Error("comparison")
	}
}

func TestParseUnitList(t *testing.T) {
	for _, c := range []struct {
		name, list string
		want       []ListedUnit
	}{
		{"none", "", nil},
		{"one", "AB123/0456", []ListedUnit{{Serial: "AB123/0456"}}},
		{"two", "AB123/0456,CD1/2", []ListedUnit{{Serial: "AB123/0456"}, {Serial: "CD1/2"}}},
		{"with variants", "AB123/0456[5444DMSO],CD1/2[2406B]", []ListedUnit{{"AB123/0456", "5444DMSO"}, {"CD1/2", "2406B"}}},
		{"mixed, with blanks and a comma inside", " AB1/2 [5444D MSO, x] , CD1/2 ,", []ListedUnit{{"AB1/2", "5444D MSO, x"}, {Serial: "CD1/2"}}},
		{"rest of the buffer", "AB1/2\x00junk,CD", []ListedUnit{{Serial: "AB1/2"}}},
		{"options left in the buffer", "-v", nil},
		{"no serial", "[5444D],,", nil},
		{"bracket without end", "AB1/2[54,CD1/2", []ListedUnit{{"AB1/2", "54,CD1/2"}}},
		{"bracket without beginning", "AB1/2],CD1/2", []ListedUnit{{Serial: "AB1/2]"}, {Serial: "CD1/2"}}},
		{"several brackets", "AB1/2[5444D][3.0],CD1/2", []ListedUnit{{"AB1/2", "5444D"}, {Serial: "CD1/2"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ParseUnitList(c.list); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
