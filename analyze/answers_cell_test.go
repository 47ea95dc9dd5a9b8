package analyze

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
	"github.com/scopelog/scopelog/units"
)

// The voltage and the current of a cell.
var (
	cellVoltage = played{name: "battery_hppc.U", scale: 0.001, unit: "V", interval: everySecond}
	cellCurrent = played{name: "battery_hppc.I", scale: 0.01, unit: "A", interval: everySecond}
)

// thermocouple is one of four on another cell.
func thermocouple(number int) played {
	return played{name: fmt.Sprintf("cell_temperature.T%d", number), scale: 0.001, unit: "degC", interval: recording.Fraction{Num: 3, Den: 1}}
}

// TestBattery: pulses of a cell that come every 4760 s, found in 16 hours.
func TestBattery(t *testing.T) {
	t.Parallel()
	r := cellCurrent.record(t)
	falls := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionFalling, Level: Number(-25)})
	want := make([]float64, 10)
	for i := range want {
		want[i] = 15445 + 4760*float64(i)
	}
	same(t, "discharge pulses", want, column(t, falls, "index"))
	long := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionBelow, Level: Number(-25)})
	same(t, "their seconds", []float64{30, 30, 30, 30, 30, 31, 31, 31, 31, 31}, column(t, long, "length"))
	charges := run(t, r, Selection{}, &Events{Find: "level", Direction: events.DirectionAbove, Level: Number(20)})
	same(t, "charge pulses", 10, charges.Rows)
	for i, at := range column(t, charges, "time") {
		within(t, "seconds from a discharge to the charge", at-want[i]-column(t, long, "length")[i], 40, 1)
		within(t, "current of the charge", column(t, charges, "extreme")[i], 22.5, 1e-9)
		within(t, "current of the discharge", column(t, long, "extreme")[i], -30, 1e-9)
	}
}

// TestBatteryVoltage: what a pulse of 30 A does to the voltage of a cell, and the extremes.
func TestBatteryVoltage(t *testing.T) {
	t.Parallel()
	r := cellVoltage.record(t)
	for sample, want := range map[int64]float64{15444: 4.182, 15445: 4.125, 15445 + 30 - 1: 4.082} {
		one := run(t, r, Selection{From: series.AtIndex(sample), Until: series.AtIndex(sample + 1)}, &Stats{})
		same(t, "samples", 1.0, column(t, one, "samples")[0])
		within(t, fmt.Sprintf("voltage of sample %d", sample), column(t, one, "mean")[0], want, 1e-9)
	}
	s := run(t, r, Selection{}, &Stats{})
	within(t, "lowest voltage", column(t, s, "min")[0], 3.002, 1e-9)
	within(t, "highest voltage", column(t, s, "max")[0], 4.203, 1e-9)
}

// TestCharge: a histogram with a bin for each step of the current has the charge that went in and out, and its mean the difference.
func TestCharge(t *testing.T) {
	t.Parallel()
	r := cellCurrent.record(t)
	low, top := Number(-30.005), Number(22.505)
	steps := run(t, r, Selection{}, &Histogram{Bins: 5251, Low: &low, Top: &top})
	var in, out float64
	for i, n := range column(t, steps, "count") {
		amperes := (column(t, steps, "from")[i] + column(t, steps, "to")[i]) / 2
		in += max(amperes, 0) * n / 3600
		out += max(-amperes, 0) * n / 3600
	}
	within(t, "Ah in", in, 30.99, 0.005)
	within(t, "Ah out", out, 32.69, 0.005)
	s := run(t, r, Selection{}, &Stats{})
	within(t, "Ah more in than out", column(t, s, "mean")[0]*column(t, s, "samples")[0]/3600, 30.99-32.69, 0.01)
}

// TestUnchanged: how many samples of voltage and current equal the one before.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		signal    played
		perSecond float64 // half a step
		want      float64 // %
		within    float64
	}{{cellVoltage, 0.0005, 93, 0.5}, {cellCurrent, 0.005, 99.5, 0.1}} {
		changes := run(t, c.signal.record(t), Selection{}, &Events{Find: "slope", Slope: Number(c.perSecond)})
		var n float64
		for _, length := range column(t, changes, "length") {
			n += length // samples of a second each
		}
		within(t, "percent of "+c.signal.name, 100*(1-n/58967), c.want, c.within)
	}
}

// TestTemperature: a cell is warmest four times, 3.81 hours apart, as it is and without what is faster than five minutes.
func TestTemperature(t *testing.T) {
	t.Parallel()
	p := thermocouple(2)
	r := p.record(t)
	filtered := run(t, r, Selection{}, &Filter{To: into(t), Design: &filter.Design{Band: filter.LowPass, Order: 4, Cutoff: 0.003}, ZeroPhase: true})
	smooth := again(t, files(t, filtered)[0], "degC", p.interval)
	for _, c := range []struct {
		name   string
		signal *recording.Recording
		within float64 // samples
		hours  float64
	}{{"as it is", r, 60, 0.03}, {"smooth", smooth, 5, 0.005}} {
		height := Number(28)
		tops := run(t, c.signal, Selection{}, &Peaks{Height: Limits{Min: &height}, Distance: units.Seconds(3000, 1)})
		same(t, "peaks "+c.name, 4, tops.Rows)
		for i, want := range []float64{4554, 9142, 13710, 18285}[:min(4, tops.Rows)] {
			within(t, "sample of a peak "+c.name, column(t, tops, "index")[i], want, c.within)
			if c.signal == smooth {
				within(t, "its height", column(t, tops, "height")[i], 29.05, 0.08)
			}
		}
		times := column(t, tops, "time")
		within(t, "hours from one to the next "+c.name, (times[len(times)-1]-times[0])/3600/3, 3.81, c.hours)
	}
}

// TestTemperatureNoise: the noise of four thermocouples is 21 to 22 mK, where it is white: its density times the bandwidth.
func TestTemperatureNoise(t *testing.T) {
	t.Parallel()
	r := together(t, thermocouple(1), thermocouple(2), thermocouple(3), thermocouple(4))
	psd := run(t, r, Selection{}, &PSD{Options: spectrum.Options{Segment: 1024}})
	frequency := column(t, psd, "frequency")
	from, _ := slices.BinarySearch(frequency, 0.02)
	for _, stream := range []string{"cell.A", "cell.B", "cell.C", "cell.D"} {
		floor := slices.Clone(column(t, psd, stream)[from:])
		slices.Sort(floor)
		within(t, "millikelvins of "+stream, 1e3*math.Sqrt(floor[len(floor)/2]*frequency[len(frequency)-1]), 21.5, 1)
	}
	hardly := run(t, r, Selection{Streams: []string{"cell.D"}}, &Stats{})
	within(t, "lowest temperature", column(t, hardly, "min")[0], 24.76, 0.005)
	within(t, "highest temperature", column(t, hardly, "max")[0], 25.70, 0.005)
}
