package signal

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/scopelog/scopelog/units"
)

// PulseShape describes the pulses of a train. Times are in samples.
type PulseShape struct {
	Height     float64 // volts, negative for pulses downwards
	Width      float64 // between the half heights
	Rise       float64 // length of each edge, at most Width
	Second     float64 // mean delay of a second pulse behind each, exponentially distributed; 0: none
	SecondPart float64 // part of the pulses that have a second one, 0 to 1
	RuntPart   float64 // part of the pulses that are runts, 0 to 1
	RuntHeight float64 // height of a runt as a part of Height
}

// pulse is one pulse, beginning at sample at + frac.
type pulse struct {
	at     int64
	frac   float64
	height float64
}

// maxDelays is the longest second delay in mean delays: the largest that 53 random bits give.
const maxDelays = 37

// Pulses is a train of pulses, periodic or with exponentially distributed intervals (a Poisson process). Pulses that
// overlap add up. The time is cut into cells, whose pulses follow from the cell's number alone.
type Pulses struct {
	shape PulseShape
	seed  uint64

	random bool
	cell   int64   // random: samples per cell
	none   float64 // random: probability of an empty cell
	whole  uint64  // periodic: samples per cell, the whole part
	part   phase   // and the fraction

	length int64   // samples from the beginning of the first pulse of a cell to the end of anything it leads to
	period int64   // of the signal
	next   int64   // next cell to load
	pos    int64   // sample behind the last window
	active []pulse // loaded and not over
}

// NewPeriodicPulses makes a train with one pulse per interval, the first at the beginning.
func NewPeriodicPulses(shape PulseShape, every, interval units.Interval, seed uint64) *Pulses {
	samples := new(big.Rat).Quo(every.Big(), interval.Big())
	whole := new(big.Int).Quo(samples.Num(), samples.Denom())
	p := &Pulses{shape: shape, seed: seed, whole: whole.Uint64(), part: turns(samples)}
	n := samples.Num()
	if shape.RuntPart == 0 && shape.SecondPart*shape.Second == 0 && n.IsInt64() && n.Int64() <= maxPeriod && p.extent() <= float64(whole.Int64()) {
		p.period = n.Int64()
	}
	return p.ready()
}

// NewRandomPulses makes a train whose intervals are exponentially distributed with a mean in samples, at least 1/16.
func NewRandomPulses(shape PulseShape, mean float64, seed uint64) *Pulses {
	cell := math.Max(1, math.Round(mean))
	p := &Pulses{shape: shape, seed: seed, random: true, cell: int64(cell), none: math.Exp(-cell / mean)}
	return p.ready()
}

func (p *Pulses) extent() float64 { return p.shape.Width + p.shape.Rise }

func (p *Pulses) ready() *Pulses {
	p.length = int64(p.extent()+maxDelays*p.shape.Second) + 2
	if p.random {
		p.length += p.cell
	}
	p.active = make([]pulse, 0, 64)
	p.pos = -1
	return p
}

// Period is 0 for random trains and for those whose pulses differ.
func (p *Pulses) Period() int64 { return p.period }

// begin returns the first sample of a cell and the fraction behind it.
func (p *Pulses) begin(cell int64) (int64, float64) {
	if p.random {
		return cell * p.cell, 0
	}
	hi, lo := bits.Mul64(uint64(cell), p.part.lo)
	carry, frac := bits.Mul64(uint64(cell), p.part.hi)
	frac, c := bits.Add64(frac, hi, 0)
	_ = lo
	return int64(uint64(cell)*p.whole + carry + c), float64(frac>>11) * (1.0 / (1 << 53))
}

// cellBefore returns a cell that begins at or before the sample, at most a few too early.
func (p *Pulses) cellBefore(sample int64) int64 {
	if sample <= 0 {
		return 0
	}
	if p.random {
		return sample / p.cell
	}
	length := float64(p.whole) + float64(p.part.hi)*perTurn
	guess := max(int64(float64(sample)/length)-2, 0)
	for at, _ := p.begin(guess); at > sample && guess > 0; at, _ = p.begin(guess) {
		guess = max(guess-1-int64(float64(at-sample)/length), 0)
	}
	return guess
}

// load appends the pulses of a cell to the active ones.
func (p *Pulses) load(cell int64) {
	d := draws(mix(p.seed ^ mix(uint64(cell))))
	at, frac := p.begin(cell)
	if !p.random {
		p.place(&d, at, frac)
		return
	}
	for range d.poisson(p.none) {
		p.place(&d, at, d.unit()*float64(p.cell))
	}
}

func (p *Pulses) place(d *draws, at int64, behind float64) {
	p.put(d, at, behind)
	if p.shape.Second > 0 && d.unit() < p.shape.SecondPart {
		p.put(d, at, behind-p.shape.Second*math.Log(d.unit()))
	}
}

func (p *Pulses) put(d *draws, at int64, behind float64) {
	height := p.shape.Height
	if d.unit() < p.shape.RuntPart {
		height *= p.shape.RuntHeight
	}
	whole := math.Floor(behind)
	p.active = append(p.active, pulse{at + int64(whole), behind - whole, height})
}

// Add adds the pulses that touch the window.
func (p *Pulses) Add(dst []float64, first int64) {
	end := first + int64(len(dst))
	if first != p.pos {
		p.active, p.next = p.active[:0], p.cellBefore(first-p.length)
	}
	for at, _ := p.begin(p.next); at < end; at, _ = p.begin(p.next) {
		p.load(p.next)
		p.next++
	}
	kept := p.active[:0]
	extent := int64(p.extent()) + 2
	for _, q := range p.active {
		if q.at < end && q.at+extent > first {
			p.draw(dst, first, q)
		}
		if q.at+extent > end {
			kept = append(kept, q)
		}
	}
	p.active, p.pos = kept, end
}

func (p *Pulses) draw(dst []float64, first int64, q pulse) {
	rise, width := p.shape.Rise, p.shape.Width
	end := rise + width
	from := max(q.at-first, 0)
	to := min(q.at-first+int64(end)+2, int64(len(dst)))
	for i := from; i < to; i++ {
		x := float64(first+i-q.at) - q.frac
		switch {
		case x < 0 || x >= end:
		case x < rise:
			dst[i] += q.height * x / rise
		case x < width:
			dst[i] += q.height
		default:
			dst[i] += q.height * (end - x) / rise
		}
	}
}
