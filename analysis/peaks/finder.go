package peaks

import (
	"fmt"
	"math"
)

// Finder finds the peaks of a stream that comes in chunks. It hands over what [Find] finds in each contiguous stretch, in the same
// order, however the stream is cut, as soon as it is known.
//
// What it holds depends on the signal, not on the length of the stream, as long as peaks get known: the condition of a distance
// waits for the next pause between peaks or for a peak that dominates; prominence and width without a window wait for a higher
// sample, so the highest peak so far, and with it all that follow, since the order is kept, wait until then or for the end of the
// stretch; a window, [Options.SelectOnly] or [Options.Unordered] help. Where it is too much, Add returns a [*PendingError].
//
// One goroutine at a time may use it.
type Finder struct {
	o     Options
	found func(Peak)
	err   error

	scan    scan
	queue   queue
	spacing spacing
	summits summits
	claims  claims
	history history

	stack, window   bool    // how bases are found, if they are: by summits, or within a window
	direct          bool    // nothing has to wait
	leastProminence float64 // none below this is of interest
	settled         bool    // something may be ready to be handed over
	roomy           int     // from this load on compacting is worth its time
	block           []float64
}

// blockSamples is how many samples are converted at a time: they stay in the first cache.
const blockSamples = 2048

// NewFinder makes a finder that calls found for each peak, within [Finder.Add], [Finder.Break] and [Finder.Flush]. found must not
// call them. Errors: those of options, wrapped.
func NewFinder(o Options, found func(Peak)) (*Finder, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("find peaks: %w", err)
	}
	f := &Finder{o: o.withDefaults(), found: found, block: make([]float64, blockSamples)}
	f.spacing = spacing{distance: int64(f.o.Distance), ties: o.Ties, decide: f.decide}
	f.history.reach = min(o.Window, maxDistance) / 2
	f.window = o.Window > 0 && o.needsBases()
	f.stack = o.unbounded()
	f.direct = o.Distance == 0 && !o.needsBases()
	f.leastProminence = o.Prominence.lower()
	if o.Width != nil && o.Window == 0 {
		f.summits.slopes = new(slopes)
	}
	f.scan.finder = f
	f.scan.floor = f.o.Height.lower()
	if f.summits.slopes != nil {
		f.scan.floor = math.Inf(-1) // slopes need every sample
	}
	f.Reset()
	return f, nil
}

// Reset begins a new stream at index 0. What was not flushed is lost, and so is an error.
func (f *Finder) Reset() {
	f.err = nil
	f.begin(0)
}

// begin starts a stretch.
func (f *Finder) begin(at int64) {
	f.scan.reset(at)
	f.queue.reset()
	f.spacing.reset()
	f.summits.reset()
	f.claims.reset()
	f.history.reset(at)
	f.settled, f.roomy = false, 0
}

// Add takes the next samples of the stretch. x is not kept. A [*PendingError] is final until [Finder.Reset].
func (f *Finder) Add(x []float64) error { return add(f, x) }

// AddInt16 is Add for samples of 16 bits.
func (f *Finder) AddInt16(x []int16) error { return add(f, x) }

// Sample is what samples may be. All are compared as float64.
type Sample interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~float32 | ~float64
}

// add converts the samples block by block: only one block has to be at hand.
func add[T Sample](f *Finder, x []T) error {
	for len(x) > 0 && f.err == nil {
		b := f.block[:min(len(x), blockSamples)]
		convert(b, x, f.o.Valleys)
		x = x[len(b):]
		f.take(b)
	}
	return f.err
}

// convert fills dst from the front of x, negated for valleys.
func convert[T Sample](dst []float64, x []T, negate bool) {
	sign := 1.0
	if negate {
		sign = -1
	}
	for i, v := range x[:len(dst)] {
		dst[i] = sign * float64(v)
	}
}

// take goes through one block.
func (f *Finder) take(x []float64) {
	if f.window {
		f.history.samples = append(f.history.samples, x...)
	}
	f.scan.run(x)
	if f.o.Distance > 0 {
		f.spacing.idle(f.scan.earliest())
	}
	if f.settled || f.window {
		f.handOver(f.scan.next)
	}
	if f.window {
		oldest := f.scan.next - 4*f.history.reach - 4
		if c := f.queue.front(); c != nil {
			oldest = min(oldest, c.Index-f.history.reach)
		}
		f.history.trim(oldest)
	}
	f.limit()
}

// Break ends a stretch as [Finder.Flush] does and begins the next one, missing samples later: no peak bridges a gap, and the distance
// does not reach over it. It returns the error of the finder.
func (f *Finder) Break(missing int64) error {
	err := f.Flush()
	f.begin(f.scan.next + max(missing, 0))
	return err
}

// Flush ends the stream: what follows is taken for the end of the data, as SciPy takes the end of an array, and all peaks that wait
// are handed over. [Finder.Break] or [Finder.Reset] must follow before the next Add. It returns the error of the finder.
func (f *Finder) Flush() error {
	if f.err != nil {
		return f.err
	}
	f.scan.end(f.scan.next)
	if f.o.Distance > 0 {
		f.spacing.settle(never)
	}
	f.handOver(never)
	return nil
}

// handOver passes on all peaks that are known before the first that is not; end is where the samples end that are there.
func (f *Finder) handOver(end int64) {
	f.settled = false
	for c := f.queue.front(); c != nil; c = f.queue.front() {
		if c.open && !c.out && !c.undecided && f.window {
			if c.Index >= end-f.history.reach {
				return
			}
			c.out = !f.history.measure(&c.Peak, f.leastProminence, f.o.RelHeight, f.o.Width != nil)
			f.judge(c)
		}
		if !c.ready() {
			return
		}
		f.yield(c)
		f.queue.pop()
	}
}

// yield hands over a candidate that is ready, unless it is out, and takes it out.
func (f *Finder) yield(c *candidate) {
	if c.out {
		return
	}
	c.out = true
	if f.o.SelectOnly {
		c.Prominence, c.LeftBase, c.RightBase = 0, 0, 0
	}
	f.found(c.Peak)
}

// known is called when something more is known of a candidate.
func (f *Finder) known(c *candidate) {
	f.settled = true
	if f.o.Unordered && c.ready() {
		f.yield(c)
	}
}

// judge applies the last conditions to a candidate whose bases are known.
func (f *Finder) judge(c *candidate) {
	c.open = false
	c.out = c.out || !f.o.Prominence.has(c.Prominence) || !f.o.Width.has(c.Width)
}

// decide is told by the spacing whether a candidate stays.
func (f *Finder) decide(number int, keep bool) {
	if c := f.queue.at(number); c != nil {
		c.undecided = false
		c.out = c.out || !keep
		f.known(c)
	}
}

// limit lets go of what is not needed, and gives up where too much still is.
func (f *Finder) limit() {
	fix, from, most := "", f.scan.next, f.o.MaxPending
	if c := f.queue.front(); c != nil {
		from = c.Index
	}
	if f.load() >= max(f.roomy, leastRoomy) {
		f.compact()
		if f.pending() > most || f.steps() > most {
			fix = fixWindow
		}
	}
	switch {
	case len(f.spacing.open) > most:
		fix, from = fixDistance, f.spacing.open[0].at
		if f.o.Ties == NumPyOrder {
			fix = fixTies
		}
	case int64(len(f.history.samples)) > 16*f.history.reach+8*int64(most)+blockSamples && f.window:
		fix = fixDistance
	}
	if fix != "" {
		f.err = &PendingError{Limit: most, From: from, Fix: fix}
	}
}

// compact lets go of candidates, summits and steps that nobody waits for any more. It is worth its time again when the load has
// doubled, or has grown by a part of the limit, so that the limit is noticed.
func (f *Finder) compact() {
	f.queue.compact()
	f.spacing.renumber(&f.queue)
	f.summits.renumber(&f.queue)
	f.claims.renumber(&f.queue)
	f.roomy = f.load() + min(f.load(), f.o.MaxPending/4+leastRoomy)
}

// load is all that compacting may reduce.
func (f *Finder) load() int { return len(f.queue.items) + len(f.summits.stack) + f.steps() }

// pending is the number of peaks held for their bases.
func (f *Finder) pending() int {
	return max(len(f.queue.items)-f.queue.head, len(f.summits.stack))
}

// steps is the number of steps of slopes held for widths.
func (f *Finder) steps() int {
	if f.summits.slopes == nil {
		return 0
	}
	return f.summits.slopes.size()
}
