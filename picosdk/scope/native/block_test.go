package native

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

func TestTimebaseInterval(t *testing.T) {
	t.Parallel()
	steps := &picosdk.Timebase{Listed: []int64{200, 400, 800, 1600, 3200}, Minus: 4, Clock: 156_250_000, Last: math.MaxUint32}
	thirds := &picosdk.Timebase{Clock: 3_000_000, Last: math.MaxUint32}
	for _, c := range []struct {
		name   string
		table  *picosdk.Timebase
		number uint32
		ns     float64
		round  Rounding
		want   units.Interval
	}{
		{"listed, as a double", steps, 0, 0.2, RoundedDouble, units.Seconds(200, 1e12)},
		{"listed, as a float", steps, 2, float64(float32(0.8)), RoundedFloat, units.Seconds(800, 1e12)},
		{"by the formula, as a float", steps, 12_345_678, float64(float32(12_345_674 * 6.4)), RoundedFloat, units.Seconds(12_345_674, 156_250_000)},
		{"no decimal number", thirds, 1, 1e3 / 3.0, RoundedDouble, units.Seconds(1, 3_000_000)},
		{"no decimal number, as a float", thirds, 7, float64(float32(7e3 / 3.0)), RoundedFloat, units.Seconds(7, 3_000_000)},
		{"another than the table's", steps, 0, 0.1, RoundedDouble, units.Seconds(100, 1e12)},
		{"another, as a float", steps, 5, float64(float32(6.5)), RoundedFloat, units.Seconds(6500, 1e12)},
		{"close to the table's, but told apart", steps, 5, 6.400001, RoundedDouble, units.Seconds(6_400_001, 1e15)},
		{"a number that the table does not have", &picosdk.Timebase{First: 3, Listed: []int64{8000}, Minus: 2, Clock: 125_000_000, Last: 10}, 2, 4, RoundedFloat, units.Seconds(4, 1e9)},
		{"no table", nil, 3, float64(float32(1.6)), RoundedFloat, units.Seconds(1600, 1e12)},
	} {
		got, err := TimebaseInterval(c.table, c.number, c.ns, c.round)
		if err != nil || got.Cmp(c.want.Rational) != 0 {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	for _, ns := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if got, err := TimebaseInterval(steps, 0, ns, RoundedDouble); err == nil {
			t.Errorf("%v ns are %v", ns, got)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	models := []picosdk.Model{{Name: "6824E", Resolutions: []picosdk.Resolution{{Bits: 8, Timebase: picosdk.Timebase{Clock: 1}}, {Bits: 12, Timebase: picosdk.Timebase{Clock: 2}}}}}
	for _, c := range []struct {
		variant string
		bits    int
		want    int64 // 0: none
	}{{"6824E", 8, 1}, {"6824E", 12, 2}, {"6824e\x00", 0, 1}, {"6824E", 10, 0}, {"6999E", 8, 0}} {
		got := Table(models, c.variant, c.bits)
		if (got == nil) != (c.want == 0) || got != nil && got.Clock != c.want {
			t.Errorf("%q at %d bit: %+v", c.variant, c.bits, got)
		}
	}
}

func TestFemtoseconds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		time int64
		unit uint32
		want int64
		ok   bool
	}{
		{-123, 0, -123, true}, {5, 1, 5_000, true}, {-7, 2, -7_000_000, true}, {3, 3, 3e9, true}, {2, 4, 2e12, true}, {9223, 5, 9223e15, true},
		{math.MaxInt64, 0, math.MaxInt64, true}, {-math.MaxInt64, 0, -math.MaxInt64, true},
		{math.MinInt64, 0, 0, false}, {9224, 5, 0, false}, {-9224, 5, 0, false}, {math.MaxInt64, 1, 0, false}, {math.MinInt64, 5, 0, false},
		{1, 6, 0, false}, {0, math.MaxUint32, 0, false},
	} {
		got, err := Femtoseconds(c.time, c.unit)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%d of unit %d: %d, %v", c.time, c.unit, got, err)
		}
	}
	for _, c := range []struct {
		time float64
		unit uint32
		want int64
		ok   bool
	}{
		{-1234567, 0, -1234567, true}, {-0.25, 2, -250_000, true}, {1.5, 0, 2, true}, {9223, 5, 9223e15, true}, {0, 3, 0, true},
		{9224, 5, 0, false}, {math.NaN(), 0, 0, false}, {math.Inf(-1), 0, 0, false}, {1, 6, 0, false},
	} {
		got, err := FemtosecondsOf(c.time, c.unit)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%v of unit %d: %d, %v", c.time, c.unit, got, err)
		}
	}
}

func TestTriggerFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		flags          picosdk.Status
		first          bool
		timed, counted bool
	}{
		{"none", 0, false, true, true},
		{"the counter begins", 0x01000000, true, true, true},
		{"the counter begins again", 0x01000000, false, true, false},
		{"no time asked for", 0x02000001, false, false, true},
		{"no place for the time", 0x02000002, false, false, true},
		{"the time failed", 0x02000004, false, false, true},
		{"not found before the trigger", 0x02000008, false, false, true},
		{"no counter asked for", 0x02000100, true, true, false},
		{"several", 0x03000104, true, false, false},
		{"bits without their kind", 0x00000104, false, true, true},
	} {
		if TimeUnknown(c.flags) == c.timed || Counted(c.flags, c.first) != c.counted {
			t.Errorf("%s: time unknown %v, counted %v", c.name, TimeUnknown(c.flags), Counted(c.flags, c.first))
		}
	}
}

func TestOffsets(t *testing.T) {
	t.Parallel()
	got, err := Offsets([]int64{-5, 3, 0}, []uint32{0, 1, 5})
	if err != nil || len(got) != 3 || got[0].OffsetFS != -5 || got[1].OffsetFS != 3000 || got[2].OffsetFS != 0 || got[0].Counted {
		t.Errorf("%+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		times []int64
		units []uint32
	}{"too few units": {[]int64{1, 2}, []uint32{0}}, "a unit that there is not": {[]int64{1, 2}, []uint32{0, 17}}, "too long": {[]int64{math.MaxInt64}, []uint32{4}}} {
		if got, err := Offsets(c.times, c.units); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
