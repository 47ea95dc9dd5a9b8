package analyze

import (
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// edgesOf returns the first samples after the edges of a pin.
func edgesOf(t *testing.T, r *recording.Recording, pin string, d events.Direction) []float64 {
	t.Helper()
	table := run(t, r, Selection{Streams: []string{pin}}, &Events{Find: "level", Direction: d, MaxRows: 100_000})
	return column(t, table, "index")
}

// TestBusOfTwoWires: SCL rises and falls 6104 times, SDA 1812 times; of these 218 begin a write, one each 1143.2 us.
func TestBusOfTwoWires(t *testing.T) {
	t.Parallel()
	const scl, sda = "cell.D0", "cell.D1"
	r := playedPort(t, "mso_i2c.digital", recording.Fraction{Num: 1, Den: 4_000_000})
	for pin, want := range map[string]int{scl: 6104, sda: 1812} {
		same(t, "rising edges of "+pin, want, len(edgesOf(t, r, pin, events.DirectionRising)))
		same(t, "falling edges of "+pin, want, len(edgesOf(t, r, pin, events.DirectionFalling)))
	}
	// SDA falls while SCL is high.
	high := run(t, r, Selection{Streams: []string{scl}}, &Events{Find: "level", Direction: events.DirectionAbove, MaxRows: 100_000})
	from, seconds := column(t, high, "index"), column(t, high, "length")
	var starts []float64
	for _, at := range edgesOf(t, r, sda, events.DirectionFalling) {
		k, found := slices.BinarySearch(from, at)
		if !found && k > 0 && at < from[k-1]+seconds[k-1]*4e6-0.5 {
			starts = append(starts, at)
		}
	}
	same(t, "start conditions", 218, len(starts))
	var apart []float64
	for i := 1; i < len(starts); i++ {
		apart = append(apart, (starts[i]-starts[i-1])/4)
	}
	slices.Sort(apart)
	within(t, "time between writes, us", apart[len(apart)/2], 1143.2, 0.05)
	// What a write ends with is the only long pause of the clock: one behind each of the 218, of which the last one is cut off.
	pauses := run(t, r, Selection{Streams: []string{scl}}, &Events{Find: "pulse", Direction: events.DirectionAbove, Longer: units.Seconds(100, 1_000_000)})
	within(t, "pauses", float64(pauses.Rows), 218, 1)
	measured := run(t, r, Selection{Streams: []string{scl}}, &Measure{})
	same(t, "cycles of SCL", 6103.0, measured.Columns[3].Values[slices.Index(measured.Columns[1].Texts, "period")])
	widths := run(t, r, Selection{Streams: []string{scl}}, &Histogram{Of: "negative_width", Bins: 64})
	same(t, "pulses of SCL down", 6104.0, sum(column(t, widths, "count")))
}

func sum(values []float64) (s float64) {
	for _, v := range values {
		s += v
	}
	return s
}

// TestSwingContacts: distance protection starts, and the contact of a breaker falls, rises with a chatter, and falls again.
func TestSwingContacts(t *testing.T) {
	t.Parallel()
	const closed, protection = "cell.D1", "cell.D3"
	r := playedPort(t, "power_swing_110kv.digital", grid)
	same(t, "start of distance protection", 1765.0, edgesOf(t, r, protection, events.DirectionRising)[0])
	same(t, "the contact falls", []float64{1826, 6586, 7187}, edgesOf(t, r, closed, events.DirectionFalling))
	same(t, "and rises", []float64{6582, 6587}, edgesOf(t, r, closed, events.DirectionRising)[:2])
	chatter := run(t, r, Selection{Streams: []string{closed}}, &Events{Find: "pulse", Direction: events.DirectionBelow, Shorter: units.Seconds(2, 1000)})
	same(t, "chatter", []float64{6586}, column(t, chatter, "index"))
	within(t, "its length", column(t, chatter, "length")[0], 1.0/1200, 1e-12)
}

// TestBreakerContacts: the contacts of three phases open one behind the other; 20 ms later all are told to be open.
func TestBreakerContacts(t *testing.T) {
	t.Parallel()
	r := playedPort(t, "breaker_opening.digital", grid)
	for pin, want := range map[string]float64{"cell.D2": 1180, "cell.D4": 1180, "cell.D6": 1176} {
		same(t, pin+" is no longer closed", []float64{want}, edgesOf(t, r, pin, events.DirectionFalling))
	}
	for _, pin := range []string{"cell.D3", "cell.D5", "cell.D7"} {
		same(t, pin+" is open", []float64{1200}, edgesOf(t, r, pin, events.DirectionRising))
	}
	share := run(t, r, Selection{Streams: []string{"cell.D6"}}, &Stats{})
	within(t, "share of the time in which T is closed", column(t, share, "mean")[0], 1176.0/7200, 1e-12)
}
