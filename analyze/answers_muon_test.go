package analyze

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// TestMuons: 150 waveforms of two panels, cell.A and cell.B.
func TestMuons(t *testing.T) {
	t.Parallel()
	const scale = 0.2 / 32512
	r := together(t,
		played{name: "muon_panels.A", scale: scale, offset: -0.14, unit: "V", interval: carrier, waveform: 4000},
		played{name: "muon_panels.B", scale: scale, offset: -0.16, unit: "V", interval: carrier, waveform: 4000})
	for _, c := range []struct {
		name string
		test func(*testing.T, *recording.Recording)
	}{
		{"trigger", testMuonTrigger}, {"limit", testMuonLimit}, {"codes", testMuonCodes}, {"crossings", testMuonCrossings},
		{"second pulse", testSecondPulse}, {"noise", testMuonNoise},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, r) })
	}
}

// testMuonTrigger: each waveform goes below the level of its trigger at sample 200 or the one behind, and not before.
func testMuonTrigger(t *testing.T, r *recording.Recording) {
	first := run(t, r, onlyA, &Events{Find: "level", Direction: events.DirectionFalling, Level: Number(-0.035), HoldOff: units.Seconds(16, 1_000_000)})
	same(t, "waveforms", 150, first.Rows)
	for k, index := range column(t, first, "index") {
		same(t, "waveform", float64(k), column(t, first, "waveform")[k])
		within(t, "first sample below -35 mV", index-4000*float64(k), 200.5, 0.5)
		within(t, "its time", column(t, first, "time")[k], 2e-9, 2.001e-9)
	}
}

// testMuonLimit: which samples lie at the limit of the converter, in which waveforms, and how many one after the other.
func testMuonLimit(t *testing.T, r *recording.Recording) {
	for _, c := range []struct {
		stream           string
		waveforms        []float64
		samples, longest float64
	}{
		{"cell.A", []float64{137}, 2, 2},
		{"cell.B", []float64{32, 34, 36, 80, 83, 95, 102, 112, 118, 129, 134}, 43, 7},
	} {
		at := run(t, r, Selection{Streams: []string{c.stream}, Quantity: convert.Counts}, &Events{Find: "level", Direction: events.DirectionBelow, Level: Number(-32512)})
		same(t, c.stream+": waveforms at the limit", c.waveforms, slices.Compact(slices.Clone(column(t, at, "waveform"))))
		var samples, longest float64
		for _, length := range column(t, at, "length") {
			samples += math.Round(length / 4e-9)
			longest = max(longest, math.Round(length/4e-9))
		}
		same(t, c.stream+": samples at the limit", c.samples, samples)
		same(t, c.stream+": the longest run", c.longest, longest)
	}
}

// testMuonCodes: a converter of 8 bits gives multiples of 256.
func testMuonCodes(t *testing.T, r *recording.Recording) {
	low, top := Number(-32768.5), Number(32767.5)
	codes := run(t, r, Selection{Quantity: convert.Counts}, &Histogram{Bins: 65536, Low: &low, Top: &top})
	from, n := column(t, codes, "from"), column(t, codes, "count")
	used := map[string]int{}
	for i := range n {
		if n[i] == 0 {
			continue
		}
		used[codes.Columns[0].Texts[i]]++
		if code := math.Round(from[i] + 0.5); math.Mod(code, 256) != 0 {
			t.Errorf("%v samples of %v", n[i], code)
		}
	}
	same(t, "codes that occur", map[string]int{"cell.A": 191, "cell.B": 216}, used)
}

// testSecondPulse: 40 mV are crossed in A or B where the experiment's own program found its second pulse, in each waveform.
func testSecondPulse(t *testing.T, r *recording.Recording) {
	pulses := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionFalling, Level: Number(-0.04), Hysteresis: Number(0.02)})
	times := make([][]float64, 150)
	for i, k := range column(t, pulses, "waveform") {
		times[int(k)] = append(times[int(k)], column(t, pulses, "time")[i])
	}
	var seen []float64
	for k, line := range said(t, "muon_panels.pulses") {
		delay, err := strconv.ParseFloat(line[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		nearest := math.Inf(1)
		for _, at := range times[k] {
			if math.Abs(at*1e6-delay) < math.Abs(nearest-delay) {
				nearest = at * 1e6
			}
		}
		within(t, "microseconds to the second pulse of waveform "+strconv.Itoa(k), nearest, delay, 0.06)
		seen = append(seen, nearest)
	}
	slices.Sort(seen)
	same(t, "waveforms", 150, len(seen))
	within(t, "median of the delays in microseconds", (seen[74]+seen[75])/2, 1.65, 0.02)
}

// testMuonCrossings: what crosses a level, each waveform looked at by itself.
func testMuonCrossings(t *testing.T, r *recording.Recording) {
	for stream, want := range map[string][]int{"cell.A": {230, 190, 64}, "cell.B": {288, 224, 88}} {
		for i, level := range []float64{0.05, 0.1, 0.2} {
			table := run(t, r, Selection{Streams: []string{stream}}, &Events{Find: "level", Direction: events.DirectionFalling, Level: Number(-level), Hysteresis: Number(level / 2)})
			same(t, stream+": crossings", want[i], table.Rows)
		}
	}
}

// testMuonNoise: the noise before the trigger, from the average of the waveforms and what they are away from it.
func testMuonNoise(t *testing.T, r *recording.Recording) {
	table := run(t, r, Selection{}, &Average{})
	same(t, "samples", 4000, table.Rows)
	within(t, "time of the trigger", column(t, table, "time")[200], 0, 1e-15)
	for stream, want := range map[string]float64{"cell.A": 0.44e-3, "cell.B": 0.74e-3} {
		mean, std := column(t, table, stream)[:150], column(t, table, stream+" std")[:150]
		var sum, square float64
		for i, m := range mean {
			sum += m / 150
			square += (m*m + std[i]*std[i]) / 150
		}
		within(t, "noise of "+stream, math.Sqrt(square-sum*sum), want, 0.006e-3)
	}
}
