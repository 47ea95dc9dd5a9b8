package plot

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
)

// texts joins what ticks say, with the text that goes with all of them.
func texts(a axis, most int) string {
	list, extra := a.marks(most)
	var words []string
	for _, t := range list {
		word := t.text
		if t.second != "" {
			word += "/" + t.second
		}
		words = append(words, word)
	}
	if extra != "" {
		words = append(words, "("+extra+")")
	}
	return strings.Join(words, " ")
}

func TestValueTicks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, unit string
		values     []float64
		label      string
		want       string
	}{
		{"volts", "V", []float64{-2, 2}, "x (V)", "-2 -1 0 1 2"},
		{"millivolts", "V", []float64{0, 0.0123}, "x (mV)", "0 5 10"},
		{"picoamperes", "A", []float64{1e-12, 9e-12}, "x (pA)", "2 4 6 8"},
		{"megawatts", "W", []float64{-3e6, 5e6}, "x (MW)", "-2 0 2 4"},
		{"beyond the prefixes", "V", []float64{0, 1e20}, "x (PV)", "0 50000 100000"},
		{"no prefix for this unit", "°C", []float64{0, 0.5}, "x (°C)", "0.0 0.2 0.4"},
		{"power of ten instead", "°C", []float64{0, 2e-9}, "x (×1e-9 °C)", "0.0 0.5 1.0 1.5 2.0"},
		{"counts", "counts", []float64{-32768, 32767}, "x (counts)", "-20000 0 20000"},
		{"no unit", "", []float64{0, 4}, "x", "0 1 2 3 4"},
		{"constant", "V", []float64{5, 5}, "x (V)", "4.6 4.8 5.0 5.2 5.4"},
		{"constant zero", "V", []float64{0}, "x (V)", "-1.0 -0.5 0.0 0.5 1.0"},
		{"nothing", "V", nil, "x (V)", "-1.0 -0.5 0.0 0.5 1.0"},
		{"not finite", "V", []float64{math.NaN(), math.Inf(1)}, "x (V)", "-1.0 -0.5 0.0 0.5 1.0"},
		{"common digits", "V", []float64{5, 5.000004}, "x (V)", "0.000000 0.000001 0.000002 0.000003 0.000004 (+5.00000)"},
		{"full scale", "", []float64{-math.MaxFloat64, math.MaxFloat64}, "x (×1e15)", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e extent
			e.add(c.values...)
			a := valueAxis("x", c.unit, e)
			if a.label != c.label {
				t.Errorf("label %q, want %q", a.label, c.label)
			}
			if got := texts(a, 5); c.name != "full scale" && got != c.want {
				t.Errorf("ticks %q, want %q", got, c.want)
			}
		})
	}
}

func TestTimeTicks(t *testing.T) {
	t.Parallel()
	zero := recording.Timestamp(startUTC) + recording.Timestamp(123456789)
	for _, c := range []struct {
		name         string
		lo, hi       float64
		utc, elapsed string
	}{
		{"nanoseconds", 0, 100e-9, "100 120 140 160 180 (ns from 2026-11-20 08:00:00.1234567)", "0 20 40 60 80 100 (ns)"},
		{"microseconds", 2e-6, 12e-6, "10 12 14 16 18 (µs from 2026-11-20 08:00:00.12345)", "2 4 6 8 10 12 (µs)"},
		{"milliseconds", 0, 0.02, "08:00:00.125/2026-11-20 08:00:00.130 08:00:00.135 08:00:00.140", "0 5 10 15 20 (ms)"},
		{"seconds", 0, 5, "08:00:01/2026-11-20 08:00:02 08:00:03 08:00:04 08:00:05", "0 1 2 3 4 5 (s)"},
		{"a minute", 0, 60, "08:00:15/2026-11-20 08:00:30 08:00:45 08:01:00", "0 20 40 60 (s)"},
		{"minutes", 0, 600, "08:02/2026-11-20 08:04 08:06 08:08 08:10", "0:00:00 0:02:00 0:04:00 0:06:00 0:08:00 0:10:00 (h:mm:ss)"},
		{"over midnight", 36000, 72000, "20:00/2026-11-20 22:00 00:00/2026-11-21 02:00 04:00", "10:00:00 12:00:00 14:00:00 16:00:00 18:00:00 20:00:00 (h:mm:ss)"},
		{"days", 0, 4 * 86400, "2026-11-21 2026-11-22 2026-11-23 2026-11-24", "0:00:00 1d 0:00:00 2d 0:00:00 3d 0:00:00 4d 0:00:00 (h:mm:ss)"},
		{"weeks", 0, 30 * 86400, "2026-11-26 2026-12-03 2026-12-10 2026-12-17", "0:00:00 7d 0:00:00 14d 0:00:00 21d 0:00:00 28d 0:00:00 (h:mm:ss)"},
		{"years", 0, 4 * 365 * 86400, "2027-10-21 2028-10-19 2029-10-18 2030-10-17", "0:00:00 364d 0:00:00 728d 0:00:00 1092d 0:00:00 1456d 0:00:00 (h:mm:ss)"},
		{"far from the start", 86400, 86400.002, "3.5 4.0 4.5 5.0 (ms from 2026-11-21 08:00:00.12)", "0.0 0.5 1.0 1.5 2.0 (ms, +86400000)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := texts(axis{min: c.lo, max: c.hi, ticks: utcTicks(zero)}, 5); got != c.utc {
				t.Errorf("UTC\n got %s\nwant %s", got, c.utc)
			}
			if got := texts(axis{min: c.lo, max: c.hi, ticks: elapsedTicks}, 5); got != c.elapsed {
				t.Errorf("elapsed\n got %s\nwant %s", got, c.elapsed)
			}
		})
	}
}

// TestTimeTicksLieWhereTheySay compares each tick with what its text says.
func TestTimeTicksLieWhereTheySay(t *testing.T) {
	t.Parallel()
	zero := recording.Timestamp(startUTC) + 987654321
	for _, size := range []float64{0.3, 2, 17, 100, 4000, 50_000} {
		list, _ := utcTicks(zero)(10, 10+size, 7)
		if len(list) < 2 || len(list) > 8 {
			t.Errorf("%v s: %d ticks", size, len(list))
		}
		for _, k := range list {
			at := zero.Time().Add(time.Duration(math.Round(k.at * 1e9)))
			text := k.text
			if strings.Count(text, ":") == 1 {
				text += ":00"
			}
			want, err := time.Parse("15:04:05.999", text)
			if err != nil {
				t.Fatal(err)
			}
			if got := at.Format("15:04:05.000000000"); got != want.Format("15:04:05.000000000") {
				t.Errorf("a tick at %s says %s", got, k.text)
			}
		}
	}
}

func TestLogTicks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		lo, hi float64
		want   string
	}{
		{"one decade", 10, 100, "10 20 50 100"},
		{"four decades", 10, 1e5, "10 100 1k 10k 100k"},
		{"within a decade", 3, 7, "5"},
		{"many decades", 1e-9, 1e12, "1n   1m   1k   1G   1T"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, _ := logTicks(c.lo, c.hi, 5)
			var got []string
			a := axis{min: c.lo, max: c.hi, log: true}
			for _, k := range list {
				if f := a.at(k.at); f > -1e-9 && f < 1+1e-9 && k.text != "" {
					got = append(got, k.text)
				}
			}
			if len(got) == 0 || len(got) > 7 {
				t.Errorf("labels %v", got)
			}
			if c.name != "many decades" && strings.Join(got, " ") != c.want {
				t.Errorf("labels %v, want %s", got, c.want)
			}
		})
	}
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	got := map[string]float64{}
	for _, c := range []struct {
		unit string
		v    float64
	}{{"V", 1}, {"V", 999}, {"V", 1000}, {"A", 1e-3}, {"A", 0.9e-3}, {"Hz", 2e6}, {"%", 0.1}, {"%", 5e4}, {"%", 5e7}, {"V", 0}, {"V", math.Inf(1)}} {
		name, factor := unitFor(c.unit, c.v)
		got[name] = factor
	}
	want := map[string]float64{"V": 1, "kV": 1e3, "mA": 1e-3, "µA": 1e-6, "MHz": 1e6, "%": 1, "×1e6 %": 1e6}
	round := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) })
	if diff := cmp.Diff(want, got, round); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
