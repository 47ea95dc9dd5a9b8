package analyze

import (
	"compress/gzip"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/units"
)

// everySecond, grid and carrier are the sample intervals of recorded signals.
var (
	everySecond = recording.Fraction{Num: 1, Den: 1}
	grid        = recording.Fraction{Num: 1, Den: 1200}
	carrier     = recording.Fraction{Num: 1, Den: 250_000_000}
)

// TestMains: the mains are a line of 60.0 Hz in an electrocardiogram, 60 times what is beside it.
func TestMains(t *testing.T) {
	t.Parallel()
	r := played{name: "ecg_100.MLII", scale: 0.005, unit: "mV", interval: recording.Fraction{Num: 1, Den: 360}}.record(t)
	psd := run(t, r, Selection{}, &PSD{Options: spectrum.Options{Segment: 3600}})
	frequency, power := column(t, psd, "frequency"), column(t, psd, "cell.A")
	low, _ := slices.BinarySearch(frequency, 55)
	high, _ := slices.BinarySearch(frequency, 65)
	band := slices.Clone(power[low:high])
	top := slices.Max(band)
	within(t, "line", frequency[low+slices.Index(band, top)], 60, 0.05)
	slices.Sort(band)
	within(t, "line over its surroundings", top/band[len(band)/2], 60, 10)
}

// TestTag: a tag answers with a load that toggles at 423.4 kHz, beside the carrier on both sides; then the carrier ends.
func TestTag(t *testing.T) {
	t.Parallel()
	r := played{name: "nfc_15693.coil", scale: 0.0877072627727802, unit: "V", interval: carrier}.record(t)
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
	for length, want := range map[int64]int{5: 24, 20: 1} {
		ends := run(t, r, Selection{}, &Events{Find: "dropout", Level: Number(0), Hysteresis: Number(4), Longer: units.Seconds(length, 1_000_000)})
		same(t, "dropouts", want, ends.Rows)
		within(t, "end of the carrier", column(t, ends, "time")[want-1], 6.188e-3, 1e-6)
	}
}

// TestGridVoltage: 59.997 Hz and 130.6 kV rms.
func TestGridVoltage(t *testing.T) {
	t.Parallel()
	r := played{name: "breaker_opening.VR", scale: 10, unit: "V", interval: grid}.record(t)
	within(t, "frequency", rowOf(t, run(t, r, Selection{}, &Measure{}), "frequency"), 59.997, 0.002)
	within(t, "rms", column(t, run(t, r, Selection{}, &Stats{}), "rms")[0], 130.6e3, 0.1e3)
}

// TestSwing: voltages and currents of a substation out of step.
func TestSwing(t *testing.T) {
	t.Parallel()
	u := played{name: "power_swing_110kv.3U0", scale: 53.34838, unit: "V", interval: grid}.record(t)
	exits := run(t, u, Selection{}, &Events{Find: "window", Direction: events.DirectionExit, Lower: Number(-5e3), Upper: Number(5e3)})
	within(t, "first exit", column(t, exits, "index")[0], 1022, 0)
	s := run(t, u, Selection{}, &Stats{})
	least, most := column(t, s, "min")[0], column(t, s, "max")[0]
	place := "max at"
	if -least > most {
		place = "min at"
	}
	within(t, "largest", max(-least, most), 13.1e3, 50)
	within(t, "its sample", column(t, s, place)[0]*1200, 7226, 0.01)
	battery := run(t, played{name: "power_swing_110kv.Udc", scale: 0.14651, unit: "V", interval: grid}.record(t), Selection{}, &Stats{})
	within(t, "lowest battery voltage", column(t, battery, "min")[0], 207.0, 0.1)
	within(t, "sample of the lowest battery voltage", column(t, battery, "min at")[0]*1200, 6346, 0.01)
}

// TestBattery: pulses of a cell that come every 4760 s, found in 16 hours.
func TestBattery(t *testing.T) {
	t.Parallel()
	r := played{name: "battery_hppc.I", scale: 0.01, unit: "A", interval: everySecond}.record(t)
	falls := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionFalling, Level: Number(-25)})
	want := make([]float64, 10)
	for i := range want {
		want[i] = 15445 + 4760*float64(i)
	}
	same(t, "discharge pulses", want, column(t, falls, "index"))
	long := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionBelow, Level: Number(-25)})
	same(t, "their seconds", []float64{30, 30, 30, 30, 30, 31, 31, 31, 31, 31}, column(t, long, "length"))
	charges := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionRising, Level: Number(20)})
	same(t, "charge pulses", 10, charges.Rows)
}

// TestTemperature: a cell is warmest four times, 3.81 hours apart.
func TestTemperature(t *testing.T) {
	t.Parallel()
	r := played{name: "cell_temperature.T2", scale: 0.001, unit: "degC", interval: recording.Fraction{Num: 3, Den: 1}}.record(t)
	height := Number(28)
	tops := run(t, r, Selection{}, &Peaks{Height: Limits{Min: &height}, Distance: units.Seconds(3000, 1)})
	same(t, "peaks", 4, tops.Rows)
	for i, want := range []float64{4554, 9142, 13710, 18285}[:min(4, tops.Rows)] {
		within(t, "sample of a peak", column(t, tops, "index")[i], want, 60) // of one that is not smoothed
	}
	times := column(t, tops, "time")
	within(t, "hours from one to the next", (times[len(times)-1]-times[0])/3600/3, 3.81, 0.03)
}

// TestBus: a port is the number that its pins make, and SDA is the higher one of two: it rises and falls 1812 times.
func TestBus(t *testing.T) {
	t.Parallel()
	r := playedPort(t, "mso_i2c.digital", recording.Fraction{Num: 1, Den: 4_000_000})
	for _, d := range []events.Direction{events.DirectionRising, events.DirectionFalling} {
		edges := run(t, r, Selection{}, &Events{Find: "level", Direction: d, Level: Number(1.5), MaxRows: 10_000})
		same(t, "edges of SDA", 1812, edges.Rows)
	}
}

// TestMuonNoise: the noise before the trigger of 150 waveforms, from their average.
func TestMuonNoise(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]float64{"muon_panels.A": 0.44e-3, "muon_panels.B": 0.74e-3} {
		r := played{name: name, scale: 0.2 / 32512, unit: "V", interval: carrier, waveform: 4000}.record(t)
		table := run(t, r, Selection{}, &Average{})
		mean, std := column(t, table, "cell.A")[:150], column(t, table, "cell.A std")[:150]
		var sum, square float64
		for i, m := range mean {
			sum += m / 150
			square += (m*m + std[i]*std[i]) / 150
		}
		within(t, name, math.Sqrt(square-sum*sum), want, 0.006e-3)
	}
}

// playedPort is a recording of a port of 8 pins that was recorded before.
func playedPort(t *testing.T, name string, interval recording.Fraction) *recording.Recording {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "internal", "rigtest", "testdata", "waveforms", name+".u8.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	pins, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	info := recordingtest.Device(port("D"))
	info.RawInterval = interval
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, i int64) int64 { return int64(pins[i]) }
	l.Add(int64(len(pins)))
	return l.Open()
}
