package analyze

import (
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// swing is a signal of a substation out of step.
func swing(name string, scale float64, unit string) played {
	return played{name: "power_swing_110kv." + name, scale: scale, unit: unit, interval: grid}
}

// breaker is a signal of the opening of a breaker.
func breaker(name string, scale float64, unit string) played {
	return played{name: "breaker_opening." + name, scale: scale, unit: unit, interval: grid}
}

// span is from one index up to another.
type span struct{ from, until int64 }

// outside finds where a signal is further than a distance from a value, and how far at most.
func outside(t *testing.T, r *recording.Recording, sel Selection, value, distance float64) (list []span, most float64) {
	t.Helper()
	table := run(t, r, sel, &Events{Find: "window", Direction: events.DirectionOutside, Lower: Number(value - distance), Upper: Number(value + distance)})
	for i, index := range column(t, table, "index") {
		n := math.Round(column(t, table, "length")[i] * grid.Rate())
		list = append(list, span{int64(index), int64(index + n)})
		most = max(most, math.Abs(column(t, table, "extreme")[i]-value))
	}
	return list, most
}

// farthest returns the largest magnitude of a signal, and its index.
func farthest(t *testing.T, p played) (magnitude, index float64) {
	t.Helper()
	s := run(t, p.record(t), Selection{}, &Stats{})
	low, high := column(t, s, "min")[0], column(t, s, "max")[0]
	if -low > high {
		return -low, column(t, s, "min at")[0] * grid.Rate()
	}
	return high, column(t, s, "max at")[0] * grid.Rate()
}

// TestBeat: the voltage of two grids out of step, of 49.80 and 50.66 Hz, goes from 71 to 102 kV and back every 1.175 s.
func TestBeat(t *testing.T) {
	t.Parallel()
	r, sel := swing("Ua", 61.60031, "V").record(t), Selection{From: at("10000")}
	psd := run(t, r, sel, &PSD{Options: spectrum.Options{Segment: 9680, FFT: 1 << 16}})
	lines := column(t, psd.Brief, "frequency")[:2]
	slices.Sort(lines)
	within(t, "lower line", lines[0], 49.80, 0.03)
	within(t, "upper line", lines[1], 50.66, 0.03)

	measured := run(t, r, sel, &Measure{})
	cycle := slices.Index(measured.Columns[1].Texts, "cycle_peak_to_peak")
	within(t, "smallest amplitude of a cycle", column(t, measured, "min")[cycle]/2, 71e3, 0.5e3)
	within(t, "largest amplitude of a cycle", column(t, measured, "max")[cycle]/2, 102e3, 0.5e3)

	low := run(t, r, sel, &Events{Find: "dropout", Level: Number(74e3), Longer: units.Seconds(25, 1000)}) // more than a cycle
	same(t, "minima of the amplitude", 7, low.Rows)
	began, lengths := column(t, low, "time"), column(t, low, "length")
	first, last := began[0]+lengths[0]/2, began[low.Rows-1]+lengths[low.Rows-1]/2
	within(t, "seconds from one minimum to the next", (last-first)/float64(low.Rows-1), 1.175, 0.005)
}

// TestResidual: where the sums of three voltages and of three currents leave their windows, and the largest ones.
func TestResidual(t *testing.T) {
	t.Parallel()
	u := swing("3U0", 53.34838, "V")
	exits := run(t, u.record(t), Selection{}, &Events{Find: "window", Direction: events.DirectionExit, Lower: Number(-5e3), Upper: Number(5e3)})
	within(t, "first exit", column(t, exits, "index")[0], 1022, 0)
	for _, c := range []struct {
		name                     string
		signal                   played
		magnitude, within, index float64
	}{
		{"3U0", u, 13.1e3, 50, 7226},
		{"3I0", swing("3I0", 5.09329014, "A"), 642, 0.5, 7235},
	} {
		magnitude, index := farthest(t, c.signal)
		within(t, c.name, magnitude, c.magnitude, c.within)
		within(t, "sample of the largest "+c.name, index, c.index, 0.01)
	}
}

// TestStationBattery: it dips to 207 V shortly before the line carries current again, and is above 220 V otherwise.
func TestStationBattery(t *testing.T) {
	t.Parallel()
	r := swing("Udc", 0.14651, "V").record(t)
	s := run(t, r, Selection{}, &Stats{})
	within(t, "lowest voltage", column(t, s, "min")[0], 207.0, 0.1)
	within(t, "its sample", column(t, s, "min at")[0]*grid.Rate(), 6346, 0.01)
	dips := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionBelow, Level: Number(220)})
	began, lengths := column(t, dips, "time"), column(t, dips, "length")
	if first, end := began[0], began[dips.Rows-1]+lengths[dips.Rows-1]; first > 6346/grid.Rate() || end < 6440/grid.Rate() || end-first > 0.5 {
		t.Errorf("it lies below 220 V from %v to %v s, which is not the half second in which the line is closed again", first, end)
	}
}

// TestLineCurrent: a line carries more than 40 A in two stretches only, in any phase.
func TestLineCurrent(t *testing.T) {
	t.Parallel()
	r := together(t, swing("Ia", 5.07193552, "A"), swing("Ib", 5.04124709, "A"), swing("Ic", 5.03544881, "A"))
	var all []span
	var peak float64
	for _, phase := range []string{"cell.A", "cell.B", "cell.C"} {
		sel := Selection{Streams: []string{phase}}
		rest := column(t, run(t, r, sel, &Stats{Percentiles: []float64{50}}), "p50")[0]
		list, most := outside(t, r, sel, rest, 40)
		all, peak = append(all, list...), max(peak, most)
	}
	slices.SortFunc(all, func(a, b span) int { return int(a.from - b.from) })
	var joined []span // over half a second without
	for _, s := range all {
		if n := len(joined); n > 0 && s.from-joined[n-1].until <= 600 {
			joined[n-1].until = max(joined[n-1].until, s.until)
			continue
		}
		joined = append(joined, s)
	}
	if want := []span{{0, 1896}, {6440, 7325}}; !slices.Equal(want, joined) {
		t.Errorf("more than 40 A in %v, want %v", joined, want)
	}
	within(t, "peak", peak, 1326, 0.5)
}

// TestGridVoltage: 59.997 Hz and 130.6 kV rms.
func TestGridVoltage(t *testing.T) {
	t.Parallel()
	r := breaker("VR", 10, "V").record(t)
	within(t, "frequency", rowOf(t, run(t, r, Selection{}, &Measure{}), "frequency"), 59.997, 0.002)
	within(t, "rms", column(t, run(t, r, Selection{}, &Stats{}), "rms")[0], 130.6e3, 0.1e3)
}

// TestBreaker: the only event of six seconds is the one of 5 ms, in the neutral current and in the residual voltage.
func TestBreaker(t *testing.T) {
	t.Parallel()
	current := breaker("IN", 0.02, "A")
	r := current.record(t)
	table := run(t, r, Selection{}, &Events{Find: "window", Direction: events.DirectionOutside, Lower: Value{-50, "A", "-50A"}, Upper: Value{50, "A", "50A"}})
	same(t, "events", []float64{1174}, column(t, table, "index"))
	within(t, "its length", column(t, table, "length")[0], 0.005, 1e-12)
	within(t, "its extreme", math.Abs(column(t, table, "extreme")[0]), 319.7, 0.1)
	_, index := farthest(t, current)
	within(t, "sample of the peak", index, 1176, 0.01)
	before := run(t, r, Selection{Until: at("1174")}, &Stats{})
	within(t, "peak before", max(column(t, before, "max")[0], -column(t, before, "min")[0]), 17.1, 0.05)

	voltage, _ := outside(t, breaker("VN", 0.1, "V").record(t), Selection{}, 0, 1000)
	same(t, "first sample beyond 1000 V", int64(1174), voltage[0].from)
	same(t, "behind the last one", int64(1180), voltage[len(voltage)-1].until)
}

// TestPhasesEnd: the currents of three phases stop one after another.
func TestPhasesEnd(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int64{"IS": 1172, "IR": 1175, "IT": 1179} {
		r := breaker(name, 0.02, "A").record(t)
		rest := column(t, run(t, r, Selection{From: at("3000")}, &Stats{Percentiles: []float64{50}}), "p50")[0]
		list, _ := outside(t, r, Selection{}, rest, 15)
		same(t, "last sample with more than 15 A of "+name, want, list[len(list)-1].until-1)
	}
}
