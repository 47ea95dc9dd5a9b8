package analyze

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// TestCard: the field of a reader of cards: a request, a tag's answer, the end of the carrier.
func TestCard(t *testing.T) {
	t.Parallel()
	r := played{name: "nfc_15693.coil", scale: 0.0877072627727802, unit: "V", interval: carrier}.record(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, *recording.Recording)
	}{{"carrier", testCarrier}, {"pauses", testPauses}, {"request", testRequest}, {"subcarrier", testSubcarrier}, {"tag", testTag}} {
		t.Run(c.name, func(t *testing.T) { c.test(t, r) })
	}
}

// testRequest: the carrier pauses 23 times, and where it does so spells a request with a right check (ISO 15693, 1 out of 4).
func testRequest(t *testing.T, r *recording.Recording) {
	pauses := run(t, r, Selection{Until: at("6ms")}, &Events{Find: "dropout", Level: Number(3), Hysteresis: Number(1), Longer: units.Seconds(5, 1_000_000)})
	began, lengths := column(t, pauses, "time"), slices.Clone(column(t, pauses, "length"))
	if len(began) != 23 {
		t.Fatalf("%d pauses, want 23", len(began))
	}
	within(t, "first pause", began[0], 0.099e-3, 1e-6)
	within(t, "last pause", began[22], 1.707e-3, 1e-6)
	slices.Sort(lengths)
	// About 9.2 us in steps of 256 ns, and 9.44 us by the standard: a dropout lasts from one crossing to the next.
	within(t, "shortest pause", lengths[0], 9.44e-6, 0.15e-6)
	within(t, "longest pause", lengths[22], 9.44e-6, 0.15e-6)
	// Behind the two pauses of the start, and before the one of the end, each pause stands in one of four places of a slot, for two bits.
	const start, slot, place = 75.52e-6, 75.52e-6, 18.88e-6
	var request []byte
	for k, at := range began[2:22] {
		bits := math.Round((at - began[0] - start - place/2 - slot*float64(k)) / place)
		if k%4 == 0 {
			request = append(request, 0)
		}
		request[k/4] |= byte(bits) << (2 * (k % 4))
	}
	if diff := cmp.Diff([]byte{0x26, 0x01, 0x00, 0xf6, 0x0a}, request); diff != "" {
		t.Errorf("request (-want +got)\n%s", diff)
	}
	check := uint16(0xffff)
	for _, b := range request {
		check ^= uint16(b)
		for range 8 {
			check = check>>1 ^ 0x8408*(check&1)
		}
	}
	same(t, "what the check leaves", uint16(0xf0b8), check) // of a message with its own inverted check behind it
}

// testTag: from 2.1 to 6.0 ms the tag toggles the field between two amplitudes, at 13.56 MHz / 32.
func testTag(t *testing.T, r *recording.Recording) {
	weak := run(t, r, Selection{From: at("1.8ms"), Until: at("6.15ms")}, &Events{Find: "dropout", Level: Number(3.6), Longer: units.Seconds(5, 10_000_000)})
	began := column(t, weak, "time")
	within(t, "begin of the answer", began[0], 2.1e-3, 0.05e-3)
	within(t, "its end", began[len(began)-1], 6.0e-3, 0.1e-3)
	var periods []float64
	for i, at := range began[1:] {
		periods = append(periods, at-began[i])
	}
	slices.Sort(periods)
	within(t, "frequency of the toggling", 1/periods[len(periods)/2], 423.75e3, 0.5e3)
	low, top := Number(5), Number(10)
	heights := run(t, r, Selection{From: at("2.1ms"), Until: at("6ms")}, &Histogram{Of: "cycle_peak_to_peak", Bins: 20, Low: &low, Top: &top})
	from, n := column(t, heights, "from"), column(t, heights, "count")
	mode := func(bins []float64, first int) float64 {
		k := slices.Index(bins, slices.Max(bins))
		return (from[first+k] + 0.125) / 2
	}
	within(t, "weak amplitude", mode(n[:10], 0), 2.8, 0.1)
	within(t, "strong amplitude", mode(n[10:], 10), 4.4, 0.1)
}

// testCarrier: the field has 13.560 MHz.
func testCarrier(t *testing.T, r *recording.Recording) {
	psd := run(t, r, Selection{From: at("300000"), Until: at("800000")}, &PSD{Options: spectrum.Options{Segment: 65536}})
	within(t, "strongest line", column(t, psd.Brief, "frequency")[0], 13.56e6, 1e3)
	measured := run(t, r, Selection{From: at("430000"), Until: at("520000")}, &Measure{}) // between request and answer
	within(t, "frequency", rowOf(t, measured, "frequency"), 13.56e6, 5e3)
}

// testPauses: a dropout of 5 us occurs 24 times and one of 20 us once, at the end of the carrier.
func testPauses(t *testing.T, r *recording.Recording) {
	for length, want := range map[int64]int{5: 24, 20: 1} {
		ends := run(t, r, Selection{}, &Events{Find: "dropout", Level: Number(0), Hysteresis: Number(4), Longer: units.Seconds(length, 1_000_000)})
		same(t, "dropouts", want, ends.Rows)
		within(t, "end of the carrier", column(t, ends, "time")[want-1], 6.188e-3, 1e-6)
	}
}

// testSubcarrier: a tag's load toggles at 423.4 kHz, which is beside the carrier on both sides.
func testSubcarrier(t *testing.T, r *recording.Recording) {
	psd := run(t, r, Selection{From: at("575000"), Until: at("1375000")}, &PSD{Options: spectrum.Options{Segment: 1 << 18}})
	frequency, power := column(t, psd, "frequency"), column(t, psd, "cell.A")
	line := func(from, until float64) float64 {
		low, _ := slices.BinarySearch(frequency, from)
		high, _ := slices.BinarySearch(frequency, until)
		top := slices.Max(power[low:high])
		return frequency[low+slices.Index(power[low:high], top)]
	}
	middle := line(13.5e6, 13.6e6)
	within(t, "below the carrier", middle-line(13.0e6, 13.3e6), 423.4e3, 1.5e3)
	within(t, "above the carrier", line(13.8e6, 14.1e6)-middle, 423.4e3, 1.5e3)
}
