package filter

import "github.com/scopelog/scopelog/analysis/internal/destination"

// accuracy is what zero-phase filtering leaves out, as a part of the whole impulse response.
const accuracy = 1e-13

// ZeroPhase filters stretches of any length forwards and backwards, with no shift in time and the square of the filter's gain, in constant
// memory and on all cores. It is scipy.signal.sosfiltfilt with its defaults: the ends are extended oddly by
// 3 * (2*sections + 1 - min(sections with B2 = 0, sections with A2 = 0)) samples, and each pass begins in the steady state.
//
// The forward pass runs as samples come. The backward pass runs over blocks, each from so far behind its end that the impulse response is
// over (to 1e-13 of its whole), so that results differ from one long backward pass by less than that times the largest value. Blocks are cut
// at places that depend on the filter alone: however the stretch is cut into calls, and on however many cores, the output is the same to the
// last bit, and it is that of [SOS.FiltFilt].
//
// A NaN or an infinity makes all output from its place to the end of the stretch NaN or infinite, and before it what lies in the same block
// or in the one before. SciPy spoils the whole array.
type ZeroPhase struct {
	forward cascade
	ends    extension
	warm    int // samples before a block that its backward pass starts from
	block   int // output samples a block
	line    *line
	cur     *job  // being filled; its forward pass has come to cur.n
	prev    *job  // full, waits for the first warm samples of cur
	begun   bool  // the extension on the left has gone through
	skip    int   // output samples of that extension still to come
	given   int64 // samples returned
}

// NewZeroPhase returns a filter at the start of a stretch. It takes the memory of o.Workers + 2 blocks: 0.6 MiB each while the impulse response
// lasts less than 16,384 samples, 40 bytes a sample of it up to 10 MiB, then 16 MiB or 16 bytes a sample of it. It makes do with three
// blocks where more would be over o.Memory.
//
// The error is a [*DesignError] if s is empty, not finite or unstable, and a [*SettleError] if its impulse response is too long for o.Memory,
// by default from about 11 million samples on.
func NewZeroPhase(s SOS, o Options) (*ZeroPhase, error) {
	// Three jobs of twice the warm-up are the least: one to fill, one that waits, one that runs.
	warm, err := s.settle(accuracy, int(o.samples()/6))
	if err != nil {
		return nil, err
	}
	z := &ZeroPhase{forward: newCascade(s), ends: newExtension(s.edge()), warm: warm, block: max(least, min(4*warm, most), warm)}
	size := z.block + z.warm
	jobs := min(o.workers()+2, int(o.samples()/int64(size)))
	z.line = newLine(max(jobs, 3), size, func() func(*job) {
		backward := newCascade(s)
		return func(j *job) {
			backward.steady(j.buf[j.n-1])
			backward.run(j.buf, j.buf, j.n-1, -1, j.n)
		}
	})
	z.restart()
	return z, nil
}

// Delay is how many samples at most have gone in and not come out.
func (z *ZeroPhase) Delay() int { return z.line.count*z.block + z.ends.edge }

// Reset forgets the stretch so far and waits for what is being computed. Also after a stretch has ended by Flush it does no harm.
func (z *ZeroPhase) Reset() {
	z.line.drop()
	z.line.release(z.prev)
	z.line.release(z.cur)
	z.restart()
}

func (z *ZeroPhase) restart() {
	z.ends.reset()
	z.prev, z.cur, z.begun = nil, nil, false
	z.skip, z.given = z.ends.edge, 0
}

// Process takes the next samples of the stretch, appends samples that are finished to dst, and returns it. Their sequence is the filtered
// stretch; how many come from one call depends on the number of workers. It keeps no reference to src; dst must not overlap src.
func (z *ZeroPhase) Process(dst, src []float64) []float64 {
	z.ends.note(src)
	if !z.begun {
		var complete bool
		if src, complete = z.ends.collect(src); !complete {
			return dst
		}
		left := z.ends.left()
		z.forward.steady(left[0])
		dst = z.feed(dst, left)
		dst = z.feed(dst, z.ends.head)
		z.begun = true
	}
	return z.feed(dst, src)
}

// Flush ends the stretch, appends the rest of the filtered samples to dst and returns it. The filter is then at the start of the next stretch.
//
// The error is a [*ShortError] if the stretch was too short; nothing is appended then. A stretch of no samples is no error.
func (z *ZeroPhase) Flush(dst []float64) ([]float64, error) {
	if !z.begun {
		var err error
		if z.ends.seen > 0 {
			err = z.ends.short()
		}
		z.Reset()
		return dst, err
	}
	dst = z.feed(dst, z.ends.right())
	if z.prev != nil {
		z.dispatch(z.prev, z.cur.buf[:z.cur.n])
	}
	z.dispatch(z.cur, nil)
	z.prev, z.cur = nil, nil
	for j := z.line.finish(); j != nil; j = z.line.finish() {
		dst = z.give(dst, j)
	}
	z.restart()
	return dst, nil
}

// feed runs src forwards into blocks and starts the backward pass of those that have all it needs.
func (z *ZeroPhase) feed(dst, src []float64) []float64 {
	for len(src) > 0 {
		if z.cur == nil || z.cur.n == z.block {
			z.prev = z.cur
			if z.line.full() {
				dst = z.give(dst, z.line.finish())
			}
			z.cur = z.line.take()
		}
		m := min(len(src), z.block-z.cur.n)
		if z.prev != nil {
			m = min(m, z.warm-z.cur.n)
		}
		z.forward.run(z.cur.buf[z.cur.n:], src, 0, 1, m)
		z.cur.n += m
		src = src[m:]
		if z.prev != nil && z.cur.n == z.warm {
			z.dispatch(z.prev, z.cur.buf[:z.warm])
			z.prev = nil
		}
	}
	return dst
}

// dispatch starts the backward pass of a block, from the end of what follows it.
func (z *ZeroPhase) dispatch(j *job, follows []float64) {
	j.keep = j.n
	j.n += copy(j.buf[j.n:], follows)
	z.line.start(j)
}

// give appends the output of a finished block without what belongs to the extensions.
func (z *ZeroPhase) give(dst []float64, j *job) []float64 {
	out := j.buf[:j.keep]
	m := min(z.skip, len(out))
	z.skip -= m
	out = out[m:]
	out = out[:min(int64(len(out)), z.ends.seen-z.given)]
	z.given += int64(len(out))
	z.line.release(j)
	return append(dst, out...)
}

// FiltFilt filters x forwards and backwards into dst and returns it, on all cores: scipy.signal.sosfiltfilt(sos, x). See [ZeroPhase], whose
// results it gives. Dst may be x; nil is allocated; another length than that of x panics. It needs some megabytes beside x and dst.
//
// Errors are those of [NewZeroPhase] and [ZeroPhase.Flush].
func (s SOS) FiltFilt(dst, x []float64) ([]float64, error) {
	dst = destination.Of(dst, len(x), "filter")
	if len(x)+2*s.edge() <= least {
		return dst, s.filtFiltShort(dst, x)
	}
	z, err := NewZeroPhase(s, Options{})
	if err != nil {
		return dst, err
	}
	// What comes out is never ahead of what has gone in, so that dst may be x.
	out, err := z.Flush(z.Process(dst[:0], x))
	return out, err
}

// filtFiltShort is FiltFilt for what fits into one block, where no warm-up is needed.
func (s SOS) filtFiltShort(dst, x []float64) error {
	if err := s.check(); err != nil || len(x) == 0 {
		return err
	}
	e := newExtension(s.edge())
	e.note(x)
	if _, complete := e.collect(x); !complete {
		return e.short()
	}
	buf := make([]float64, 0, len(x)+2*e.edge)
	buf = append(append(buf, e.left()...), x...)
	buf = append(buf, e.right()...)
	c := newCascade(s)
	c.steady(buf[0])
	c.run(buf, buf, 0, 1, len(buf))
	c.steady(buf[len(buf)-1])
	c.run(buf, buf, len(buf)-1, -1, len(buf))
	copy(dst, buf[e.edge:])
	return nil
}
