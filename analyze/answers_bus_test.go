package analyze

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// wires is the sample interval of a recorded bus of two wires.
var wires = recording.Fraction{Num: 1, Den: 4_000_000}

// voltage is what a potentiometer sets that the bus writes to.
var voltage = played{name: "mso_i2c.voltage", scale: 0.078125, unit: "V", interval: wires}

// written is what a bus carried between a start and a stop.
type written struct {
	start int64 // device index
	bits  []byte
}

// writes decodes an I2C bus whose port is the number SCL + 2 SDA: while SCL is high the port is 1 or 3. One of these for itself is a bit; from 3 to 1 is
// a start and from 1 to 3 a stop.
func writes(t *testing.T, r *recording.Recording) []written {
	t.Helper()
	type level struct {
		from, to int64
		bit      byte
	}
	var high []level
	for bit, op := range []*Events{
		{Find: "window", Direction: events.DirectionInside, Lower: Number(0.5), Upper: Number(1.5), MaxRows: 10_000},
		{Find: "level", Direction: events.DirectionAbove, Level: Number(2.5), MaxRows: 10_000},
	} {
		table := run(t, r, Selection{}, op)
		for i, index := range column(t, table, "index") {
			n := math.Round(column(t, table, "length")[i] * wires.Rate())
			high = append(high, level{int64(index), int64(index + n), byte(bit)})
		}
	}
	slices.SortFunc(high, func(a, b level) int { return int(a.from - b.from) })
	var list []written
	for i, h := range high {
		if i > 0 && high[i-1].to == h.from {
			if h.bit == 0 {
				list = append(list, written{start: h.from})
			}
			continue
		}
		if len(list) > 0 {
			last := &list[len(list)-1]
			last.bits = append(last.bits, h.bit)
		}
	}
	return list
}

// code is the third byte that was written.
func (w written) code() (c int) {
	for _, bit := range w.bits[18:26] {
		c = c<<1 | int(bit)
	}
	return c
}

// TestWrites: 218 writes of three bytes, 34 00 and a code that goes from 63 down to 0, up again and so on, each of them acknowledged.
func TestWrites(t *testing.T) {
	t.Parallel()
	list := writes(t, playedPort(t, "mso_i2c.digital", wires))
	same(t, "writes", 218, len(list))
	code, step := 63, -1
	var apart []float64
	for i, w := range list {
		want := []byte{0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
		for k := 7; k >= 0; k-- {
			want = append(want, byte(code>>k&1))
		}
		same(t, "bits, before the stop", append(want, 0, 0), w.bits)
		if next := code + step; next < 0 || next > 63 {
			step = -step // the codes at both ends are written twice
		} else {
			code = next
		}
		if i > 0 {
			apart = append(apart, float64(w.start-list[i-1].start)/4)
		}
	}
	slices.Sort(apart)
	within(t, "median of the microseconds from one to the next", apart[len(apart)/2], 1143.2, 0.3)
}

// median is that of a stretch of a stream, right to some microvolts.
func median(t *testing.T, r *recording.Recording, from, until int64) float64 {
	t.Helper()
	table := run(t, r, Selection{From: series.AtIndex(from), Until: series.AtIndex(until)}, &Stats{Percentiles: []float64{50}})
	return column(t, table, "p50")[0]
}

// TestVoltageOfCodes: what the voltage has settled to just before the next write is less for each code than for the one before.
func TestVoltageOfCodes(t *testing.T) {
	t.Parallel()
	r := voltage.record(t)
	list := writes(t, playedPort(t, "mso_i2c.digital", wires))
	of := make([][]float64, 64)
	for i, w := range list[1:] {
		c := list[i].code()
		of[c] = append(of[c], median(t, r, w.start-400, w.start))
	}
	var settled []float64
	for c, v := range of {
		slices.Sort(v)
		settled = append(settled, (v[(len(v)-1)/2]+v[len(v)/2])/2)
		if c > 0 && settled[c] > settled[c-1]+1e-4 {
			t.Errorf("%v V of code %d, %v V of the one before", settled[c], c, settled[c-1])
		}
	}
	for c, want := range map[int]float64{0: 2.578, 16: 2.266, 32: 1.797, 48: 1.172, 63: 0.234} {
		within(t, fmt.Sprintf("voltage of code %d", c), settled[c], want, 0.001)
	}
}

// step is the middle one of the steps of the converter that a stretch of a stream has, from a histogram with a bin for each.
func step(t *testing.T, r *recording.Recording, from, until int64) float64 {
	t.Helper()
	low, top := Number(-0.5), Number(39.5)
	table := run(t, r, Selection{From: series.AtIndex(from), Until: series.AtIndex(until), Quantity: convert.Counts}, &Histogram{Bins: 40, Low: &low, Top: &top})
	var below [2]float64 // the two samples in the middle
	n, half := 0.0, float64(until-from)/2
	for k, count := range column(t, table, "count") {
		if n < half && n+count >= half {
			below[0] = float64(k)
		}
		if n <= half && n+count > half {
			below[1] = float64(k)
		}
		n += count
	}
	return (below[0] + below[1]) / 2
}

// TestSpikes: 818 single samples lie more than 0.15 V from the median of their 100 us. Stretches under one median are searched together.
func TestSpikes(t *testing.T) {
	t.Parallel()
	const window, all = 400, 1_000_000
	r := voltage.record(t)
	n, at, last := 0, int64(0), step(t, r, 0, window)
	count := func(until int64) {
		middle := last * voltage.scale
		table := run(t, r, Selection{From: series.AtIndex(at), Until: series.AtIndex(until)},
			&Events{Find: "window", Lower: Number(middle - 0.15), Upper: Number(middle + 0.15)})
		for i, length := range column(t, table, "length") {
			if math.Round(length*wires.Rate()) != 1 {
				t.Errorf("spike %d at sample %v lasts %v s", i, column(t, table, "index")[i], length)
			}
		}
		n += table.Rows
		at = until
	}
	for from := int64(window); from < all; from += window {
		if now := step(t, r, from, from+window); now != last {
			count(from)
			last = now
		}
	}
	count(all)
	same(t, "spikes", 818, n)
}
