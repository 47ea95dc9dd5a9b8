package export

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// vcd writes a value change dump: the pins of digital ports as wires, other streams as reals, and of both only the changes. Time counts from the
// first sample in the file; the last line is the end of the last sample. Pins have the plan's labels. Samples that are missing are x, or NaN.
type vcd struct {
	w       *output
	h       *header
	scale   vcdScale
	vars    [][]vcdVar // of each column
	last    []float64  // what each column was
	begun   bool
	scratch []byte
}

// vcdVar is one variable.
type vcdVar struct {
	id  string
	bit int // of a pin; -1: a real
}

// vcdScale turns samples into units of time: sample n is at n x num / den.
type vcdScale struct {
	name     string // "10 us"
	num, den int64
}

func vcdFits(_ *Options, h *header) error {
	if err := oneWaveform(".vcd", h); err != nil {
		return err
	}
	_, _, err := newVCDScale(h)
	return err
}

// newVCDScale finds the coarsest unit of time in which all samples are at whole numbers; where there is none the finest one whose numbers
// suffice for the file.
func newVCDScale(h *header) (scale vcdScale, exact bool, err error) {
	interval := h.interval.Rat()
	samples := h.rows * max(h.waveform, 1)
	end := new(big.Rat).Mul(interval, new(big.Rat).SetInt64(samples))
	names := [...]string{"s", "ms", "us", "ns", "ps", "fs"}
	unit := big.NewRat(100, 1)
	for i := range 3 * len(names) {
		n := new(big.Rat).Quo(end, unit)
		if n.Cmp(new(big.Rat).SetInt64(math.MaxInt64)) >= 0 {
			break
		}
		step := new(big.Rat).Quo(interval, unit)
		if step.Cmp(big.NewRat(1, 1)) >= 0 && step.Num().IsInt64() && step.Denom().IsInt64() {
			scale = vcdScale{fmt.Sprintf("%d %s", [...]int{100, 10, 1}[i%3], names[i/3]), step.Num().Int64(), step.Denom().Int64()}
			if step.IsInt() {
				return scale, true, nil
			}
		}
		unit.Mul(unit, big.NewRat(1, 10))
	}
	if scale.name == "" {
		return scale, false, &UnfitError{
			Ending: ".vcd", Stream: h.columns[0].Stream.Name(), Reason: "its times of 64 bits have no unit for so short an interval in so long a stretch", Advice: "choose fewer samples",
		}
	}
	return scale, false, nil
}

func newVCD(_ *Options, h *header, w *output) (encoder, error) {
	scale, exact, err := newVCDScale(h)
	if err != nil {
		return nil, err
	}
	if !exact {
		h.notes = append(h.notes, fmt.Sprintf(".vcd tells time in whole units: the interval of %s, %d/%d s, is none of %s, and times are rounded down",
			h.columns[0].Stream.Name(), h.interval.Num, h.interval.Den, scale.name))
	}
	e := &vcd{w: w, h: h, scale: scale, vars: make([][]vcdVar, len(h.columns)), last: make([]float64, len(h.columns))}
	p := fmt.Appendf(nil, "$date %s $end\n$version scopelog $end\n$comment device %s, sample 0 is %d; sample interval %d/%d s $end\n$timescale %s $end\n$scope module %s $end\n",
		startText(h.start), h.device, h.from, h.interval.Num, h.interval.Den, scale.name, h.device)
	n := 0
	variable := func(column int, kind, name string, size, bit int) {
		e.vars[column] = append(e.vars[column], vcdVar{vcdID(n), bit})
		p = fmt.Appendf(p, "$var %s %d %s %s $end\n", kind, size, vcdID(n), name)
		n++
	}
	used := usedNames{}
	var reals []int
	for i, c := range h.columns {
		if !c.wired() {
			reals = append(reals, i)
			continue
		}
		for _, w := range pinsOf(c, h.labels) {
			variable(i, "wire", used.take(w.wire()), 1, w.Bit)
		}
	}
	for k, name := range h.variables(".vcd", used, reals) {
		variable(reals[k], "real", name, 64, -1)
	}
	_, err = w.Write(append(p, "$upscope $end\n$enddefinitions $end\n"...))
	return e, err
}

// vcdID returns a short name of printable characters.
func vcdID(n int) string {
	const first, count = '!', '~' - '!' + 1
	id := []byte{byte(first + n%count)}
	for n /= count; n > 0; n /= count {
		n--
		id = append(id, byte(first+n%count))
	}
	return string(id)
}

// at returns the time of a sample of the file. The end of the file has one that fits.
func (s vcdScale) at(n int64) int64 {
	hi, lo := bits.Mul64(uint64(n), uint64(s.num))
	t, _ := bits.Div64(hi, lo, uint64(s.den))
	return int64(t)
}

func (e *vcd) write(b *batch) error {
	p := e.scratch[:0]
	first := b.index
	if b.wave == nil {
		first -= e.h.from
	}
	for i := range b.values[0] {
		told := false
		for k, values := range b.values {
			v := values[i]
			if e.begun && (v == e.last[k] || math.IsNaN(v) && math.IsNaN(e.last[k])) {
				continue
			}
			if !told {
				p = append(strconv.AppendInt(append(p, '#'), e.scale.at(first+int64(i)), 10), '\n')
				told = true
				if !e.begun {
					p = append(p, "$dumpvars\n"...)
				}
			}
			p = e.change(p, k, v)
			e.last[k] = v
		}
		if !e.begun {
			p = append(p, "$end\n"...)
			e.begun = true
		}
	}
	e.scratch = p
	_, err := e.w.Write(p)
	return err
}

// change appends what has changed of a column.
func (e *vcd) change(p []byte, column int, v float64) []byte {
	was := e.last[column]
	for _, x := range e.vars[column] {
		if x.bit < 0 {
			p = append(p, 'r')
			p = strconv.AppendFloat(p, v, 'g', valueDigits, 64)
			p = append(p, ' ')
		} else {
			now := pinLevel(v, x.bit)
			if e.begun && now == pinLevel(was, x.bit) {
				continue
			}
			p = append(p, now)
		}
		p = append(append(p, x.id...), '\n')
	}
	return p
}

// pinLevel returns what a pin is: '0', '1', or 'x' where the sample is missing.
func pinLevel(port float64, bit int) byte {
	if math.IsNaN(port) {
		return 'x'
	}
	return '0' + byte(int(port)>>bit)&1
}

func (e *vcd) end() error {
	samples := e.h.rows * max(e.h.waveform, 1)
	_, err := fmt.Fprintf(e.w, "#%d\n", e.scale.at(samples))
	return err
}
