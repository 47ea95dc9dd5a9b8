package trigger

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/scopelog/scopelog/driver"
)

// Member is one condition in an AND.
type Member struct {
	Condition int // index of a condition; -1: the pulse
	Not       bool
}

// Config is a trigger: it fires where one of Terms begins to hold. A term is an AND; where it names edges or moments, one
// of these has to happen at the sample at which all of it holds. A term with the pulse and without edges fires where the
// pulse's width is decided.
type Config struct {
	Conditions []Condition
	Pulse      *Pulse
	Terms      [][]Member
}

// Input is what a source sees: int16 codes, or bytes of a digital port, as a function of the sample index.
type Input interface {
	// Fill writes the samples first, first+1, ... to dst.
	Fill(dst []byte, first int64) bool
}

// Bounded is an Input that can tell in which limits it stays.
type Bounded interface {
	// Bounds returns limits of the samples from first to before until; until is first when nothing is known.
	Bounds(first int64) (low, high int32, until int64)
}

// piece is how many samples are looked at together.
const piece = 4096

// Hunt looks for a trigger. It belongs to one goroutine and allocates nothing after it is made.
type Hunt struct {
	inputs  []input
	watches []watch
	terms   []term
	when    []term
	pulse   int // index of the watch of the pulse; -1: none
	timer   timer
	single  bool // one rising or falling edge and nothing else
	fired   int  // watch that fired; -1: none
	at      int64
	out     [][]byte // per watch
	pulses  []byte
	last    []byte // per watch, whether it held at the sample before
	pulsed  byte   // the same of the pulse
}

type input struct {
	Input
	bounded Bounded // nil: not
	used    bool
	digital bool
	bytes   []byte
	codes   []int16
	low     int32
	high    int32
}

type term struct {
	members []Member
	events  bool // names edges or moments
	pulse   bool // names the pulse
	known   bool
	was     bool
}

// New makes a hunt over inputs.
func New(c Config, inputs []Input) *Hunt {
	h := &Hunt{pulse: -1, fired: -1, inputs: make([]input, len(inputs))}
	for i, in := range inputs {
		h.inputs[i] = input{Input: in}
		h.inputs[i].bounded, _ = in.(Bounded)
	}
	for _, cond := range c.Conditions {
		h.add(cond)
	}
	if c.Pulse != nil {
		h.pulse = h.add(c.Pulse.Condition)
		h.timer = timer{kind: c.Pulse.Type, lower: c.Pulse.Lower, upper: c.Pulse.Upper, instant: h.watches[h.pulse].kind == instant}
		h.when = terms(c.Pulse.When, h.watches)
		h.pulses = make([]byte, piece)
	}
	h.terms = terms(c.Terms, h.watches)
	if len(h.terms) == 1 && len(h.watches) == 1 && len(h.terms[0].members) == 1 && h.pulse < 0 {
		w := &h.watches[0]
		h.single = w.kind == edge && (w.run == compareUp || w.run == compareDown) && !h.terms[0].members[0].Not
	}
	return h
}

func (h *Hunt) add(c Condition) int {
	h.watches = append(h.watches, newWatch(c))
	h.out, h.last = append(h.out, make([]byte, piece)), append(h.last, 0)
	in := &h.inputs[c.Source]
	if !in.used {
		in.used, in.digital = true, c.Pins
		in.bytes = make([]byte, 2*piece)
		if !c.Pins {
			in.codes = make([]int16, piece)
		}
	}
	return len(h.watches) - 1
}

func terms(list [][]Member, watches []watch) (out []term) {
	for _, members := range list {
		t := term{members: members}
		for _, m := range members {
			t.pulse = t.pulse || m.Condition < 0 && !m.Not
			t.events = t.events || m.Condition >= 0 && !m.Not && watches[m.Condition].kind != state
		}
		out = append(out, t)
	}
	return out
}

// Arm forgets all that was seen.
func (h *Hunt) Arm() {
	for i := range h.watches {
		h.watches[i].arm()
	}
	for i := range h.terms {
		h.terms[i].known, h.terms[i].was = false, false
	}
	h.timer.arm()
	clear(h.last)
	h.pulsed, h.fired = 0, -1
}

// Forever is the sample before which an input stays in its limits when it never leaves them.
const Forever = math.MaxInt64

// Run looks at the samples first to first + n - 1, which follow those of the call before. It returns the sample that fires.
func (h *Hunt) Run(first, n int64) (at int64, found bool) {
	for end := first + n; first < end; {
		if still := h.still(first); still-first >= piece {
			h.leap(min(still, end) - first)
			first = min(still, end)
			continue
		}
		part := min(end-first, piece)
		h.take(first, part)
		if i := h.look(int(part)); i >= 0 {
			h.at = first + int64(i)
			return h.at, true
		}
		first += part
	}
	return 0, false
}

// Never tells that nothing from a sample on can fire, unless an input changes its mind. It is meant for after a Run that
// found nothing.
func (h *Hunt) Never(first int64) bool { return h.still(first) == Forever }

// still returns the sample up to which nothing can change; at most first when it is not known.
func (h *Hunt) still(first int64) int64 {
	until := int64(Forever)
	for i := range h.inputs {
		in := &h.inputs[i]
		if !in.used {
			continue
		}
		if in.bounded == nil {
			return first
		}
		var end int64
		if in.low, in.high, end = in.bounded.Bounds(first); end-first < piece {
			return first
		}
		until = min(until, end)
	}
	for i := range h.watches {
		in := &h.inputs[h.watches[i].Source]
		says, quiet := h.watches[i].still(in.low, in.high)
		if !quiet {
			return first
		}
		h.out[i][0] = says
	}
	if h.pulse >= 0 {
		in := h.qualified(0)
		if !h.timer.settled(in) {
			return first
		}
		h.pulses[0] = 0
		if h.timer.active && h.timer.fits(h.timer.since) {
			h.pulses[0] = holds
		}
	}
	for i := range h.terms {
		t := &h.terms[i]
		if all, _, _ := h.all(t, 0); !t.known || all != t.was {
			return first
		}
	}
	return until
}

// leap passes n samples in which nothing changes.
func (h *Hunt) leap(n int64) {
	if h.timer.active {
		h.timer.since = min(h.timer.since+n, Forever/2)
	}
}

// take makes the samples of all sources that are looked at.
func (h *Hunt) take(first, n int64) {
	for i := range h.inputs {
		in := &h.inputs[i]
		switch {
		case !in.used:
		case in.digital:
			in.Fill(in.bytes[:n], first)
		default:
			b := in.bytes[:2*n]
			in.Fill(b, first)
			for k := range in.codes[:n] {
				in.codes[k] = int16(binary.LittleEndian.Uint16(b[2*k:]))
			}
		}
	}
}

// look goes through a piece and returns the number of the sample that fires, or -1.
func (h *Hunt) look(n int) int {
	if h.single {
		i := h.watches[0].first(h.inputs[h.watches[0].Source].codes[:n])
		h.terms[0].known, h.terms[0].was = true, h.watches[0].is
		if i == n {
			return -1
		}
		h.fired = 0
		return i
	}
	for i := range h.watches {
		w := &h.watches[i]
		in := &h.inputs[w.Source]
		if w.Pins {
			w.ports(in.bytes[:n], h.out[i])
		} else {
			w.codes(in.codes[:n], h.out[i])
		}
	}
	for i := 0; i < n; i++ {
		if i&(word-1) == 0 && i+word <= n && h.unchanged(i) {
			i += word - 1
			continue
		}
		if h.pulse >= 0 {
			h.pulses[i] = h.timer.step(h.qualified(i))
			h.pulsed = h.pulses[i] & holds
		}
		for w := range h.out {
			h.last[w] = h.out[w][i] & holds
		}
		for k := range h.terms {
			if h.fires(&h.terms[k], i) {
				return i
			}
		}
	}
	return -1
}

// word is how many samples are compared together.
const word = 8

// unchanged tells that a word of samples says nothing else than the sample before it, and lets the timer pass it.
func (h *Hunt) unchanged(i int) bool {
	if !h.terms[0].known {
		return false
	}
	for w := range h.out {
		if binary.LittleEndian.Uint64(h.out[w][i:]) != uint64(h.last[w])*0x0101010101010101 {
			return false
		}
	}
	return h.pulse < 0 || h.timer.pass(word, h.qualified(i), h.pulsed)
}

// qualified is what the pulse's condition says where its further conditions hold.
func (h *Hunt) qualified(i int) byte {
	b := h.out[h.pulse][i]
	if len(h.when) == 0 || b == 0 {
		return b
	}
	for k := range h.when {
		if all, _, _ := h.all(&h.when[k], i); all {
			return b
		}
	}
	return 0
}

// all tells whether a term holds at a sample, which edge of it happens there (-1: none), and whether the pulse's width is
// decided.
func (h *Hunt) all(t *term, i int) (all bool, event int, decided bool) {
	event = -1
	for _, m := range t.members {
		b := byte(0)
		if m.Condition < 0 {
			b = h.pulses[i]
		} else {
			b = h.out[m.Condition][i]
		}
		if (b&holds != 0) == m.Not {
			return false, -1, false
		}
		switch {
		case b&happens == 0 || m.Not:
		case m.Condition < 0:
			decided = true
		case event < 0 && h.watches[m.Condition].kind != state:
			event = m.Condition
		}
	}
	return true, event, decided
}

func (h *Hunt) fires(t *term, i int) bool {
	all, event, decided := h.all(t, i)
	was, known := t.was, t.known
	t.was, t.known = all, true
	if !all {
		return false
	}
	h.fired = event
	switch {
	case t.events:
		return event >= 0
	case t.pulse:
		return decided
	}
	if !known || was {
		return false
	}
	h.fired = h.begun(t, i)
	return true
}

// begun is an analog condition of a term that begins to hold at a sample.
func (h *Hunt) begun(t *term, i int) int {
	for _, m := range t.members {
		if m.Condition >= 0 && !h.watches[m.Condition].Pins && h.out[m.Condition][i]&happens != 0 {
			return m.Condition
		}
	}
	return -1
}

// Offset is the time in femtoseconds from the sample that fired to the crossing of the threshold, at most an interval of
// num/den femtoseconds before it: the straight line between the two samples decides. It is 0 where no threshold was crossed.
func (h *Hunt) Offset(num, den uint64) int64 {
	if h.fired < 0 || h.at == 0 || h.watches[h.fired].Pins {
		return 0
	}
	w := &h.watches[h.fired]
	in := &h.inputs[w.Source]
	in.Fill(in.bytes[:4], h.at-1)
	before := int32(int16(binary.LittleEndian.Uint16(in.bytes)))
	code := int32(int16(binary.LittleEndian.Uint16(in.bytes[2:])))
	through := w.crossed(before, code)
	if before == code || (through > before) == (through > code) && through != code && through != before {
		return 0
	}
	part, whole := int64(code-through), int64(code-before)
	if whole < 0 {
		part, whole = -part, -whole
	}
	hi, lo := bits.Mul64(num, uint64(part))
	high, divisor := bits.Mul64(uint64(whole), den)
	lo, carry := bits.Add64(lo, divisor/2, 0)
	hi += carry
	if high != 0 || hi >= divisor { // intervals of hours
		return -int64(math.Round(float64(num) / float64(den) * float64(part) / float64(whole)))
	}
	q, _ := bits.Div64(hi, lo, divisor)
	return -int64(min(q, math.MaxInt64))
}

// Legal lists the directions that conditions understand, levels first, then windows.
var Legal = []driver.Direction{
	driver.DirectionAbove, driver.DirectionBelow, driver.DirectionRising, driver.DirectionFalling, driver.DirectionEither,
	driver.DirectionInside, driver.DirectionOutside, driver.DirectionEnter, driver.DirectionExit, driver.DirectionEnterOrExit,
	driver.DirectionPositiveRunt, driver.DirectionNegativeRunt, driver.DirectionAboveLower, driver.DirectionBelowLower,
	driver.DirectionRisingLower, driver.DirectionFallingLower, driver.DirectionInsideLower, driver.DirectionOutsideLower,
	driver.DirectionEnterLower, driver.DirectionExitLower, driver.DirectionEnterOrExitLower,
}
