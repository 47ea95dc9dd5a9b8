package recording

import (
	"iter"
	"slices"
)

// proofCheck compares the samples of one stream with the proof signal. It is a visitor of [readItems]; begin comes before each segment.
//
// The signal is counted from the start of an epoch, so a sample is expected at device index minus the epoch's base. A loss that the producer
// could not count leaves its own count behind: behind such a gap the signal is looked for within the bounds of the gap, and stays
// where it is found.
type proofCheck struct {
	v        *verifier
	stream   *Stream
	proof    Proof
	err      error
	bases    []RunEpoch
	segment  *Segment
	k        int   // capture
	epoch    int   // of the capture, -1 before the first
	wave     int64 // number of its waveform, -1 before the first
	shift    int64 // added to device index minus base, in raw samples
	moved    int64 // by how much the shift may grow and is not yet known
	near     int64 // about how much of that, as the gaps tell
	deadline int64 // stream index up to which the signal may still move on
	open     bool  // the last capture was too short to tell where the signal goes on
	tries    int   // searches since the last gap
	anew     bool  // the unit's power has changed: the signal may have begun anew
	faults   []Damage
	proven   int64
	wrong    int64
	more     bool // there are more ranges than faults has
	shifts   shiftSearch
	early    []*Capture // of gaps that may lie before their capture and were not come to, by place
	met      []*Capture // those of them that were come to
}

// proofRange is how long one range of wrong samples gets before the next one begins.
const proofRange = 1024

// maxProofFaults bounds the ranges that are reported for one segment of a stream.
const maxProofFaults = 100

// maxProofSearch bounds how far the signal is looked for behind a gap, in raw samples, and maxProofRatio the groups that are computed again: numbers
// in a file may be of any size.
const (
	maxProofSearch = 1 << 24
	maxProofRatio  = 1 << 20
)

// A place in the signal is believed when proofRun samples in a row agree; of several places the one with which most do, up to proofLook, or more of groups up to mostProofLook. Behind a gap
// up to proofSlack samples may agree with the wrong place by chance. maxProofTries bounds the searches behind one gap.
const (
	proofRun      = 8
	proofLook     = 64
	mostProofLook = 4096
	proofSlack    = 64
	maxProofTries = 64
)

func (v *verifier) newProof(s *Stream) *proofCheck {
	g := s.Global()
	c := &proofCheck{v: v, stream: s, epoch: -1, wave: -1, bases: v.rec.Epochs(g.Device)}
	c.use(g)
	if c.err == nil && g.Ratio > maxProofRatio {
		c.err = impossible("ratio %d", g.Ratio)
	}
	if c.err != nil {
		v.report.note("%s: %v", s.name, c.err)
	}
	c.findEarly()
	return c
}

// findEarly lists the gaps that were found when the samples in front of which they may lie were in a file that is never written again: such a gap stands
// at a later capture.
func (c *proofCheck) findEarly() {
	for _, g := range c.stream.segments {
		for i := range g.captures {
			if x := &g.captures[i]; x.Gap != nil && !x.Gap.Exact && x.Gap.PositionMax > 0 && x.Gap.PositionMin < x.SampleStart {
				c.early = append(c.early, x)
			}
		}
	}
	slices.SortStableFunc(c.early, func(a, b *Capture) int { return compare(a.Gap.PositionMin, b.Gap.PositionMin) })
}

// meet lets the signal go on, from stream index at on, anywhere within the losses that may lie there. It returns the next place of that kind before end.
func (c *proofCheck) meet(at, end int64) int64 {
	for len(c.early) > 0 {
		x := c.early[0]
		if x.Gap.PositionMin > at {
			return min(x.Gap.PositionMin, end)
		}
		c.early = c.early[1:]
		if x.Epoch == c.epoch && at < x.SampleStart {
			_, hi := x.Gap.Bounds()
			c.skip(0, hi, x.Gap.PositionMax)
			c.met = append(c.met, x)
		}
	}
	return end
}

// use takes the signal of the unit that a global object tells of: another one may have gone on with the run.
func (c *proofCheck) use(g Global) {
	lo, hi := int64(-32768), int64(32767)
	if g.Codes != nil {
		lo, hi = g.Codes[0], g.Codes[1]
	}
	bits := g.ResolutionBits
	if bits == 0 {
		bits = 16
	}
	c.proof, c.err = NewProof(g.Serial, g.Channel, bits, lo, hi)
}

func (c *proofCheck) begin(g *Segment) {
	if c.err == nil {
		c.use(g.Global)
	}
	c.segment, c.k = g, -1
	if r := g.hole.row; r.LostMin != r.LostMax { // among what was not kept was a loss that the producer had not counted
		c.skip(r.Lost, r.LostMax, g.Start)
	}
}

// skip lets the signal go on anywhere within a loss that the producer had not counted, in front of stream index at.
func (c *proofCheck) skip(lost, most, at int64) {
	ratio := c.segment.Global.Ratio
	c.shift -= lost * ratio
	c.near += lost * ratio
	c.moved += min(max(most, 0), maxProofSearch/ratio) * ratio
	c.deadline, c.tries = at, 0
}

func (c *proofCheck) visit(at int64, p []byte) {
	if c.err != nil || c.segment.Global.Datatype == Float32 {
		return
	}
	size := int64(c.segment.Global.Datatype.Size())
	caps := c.segment.captures
	for len(p) > 0 {
		for c.k+1 < len(caps) && caps[c.k+1].SampleStart <= at {
			c.k++
			c.enter(&caps[c.k])
		}
		n := int64(len(p)) / size
		if c.k+1 < len(caps) {
			n = min(n, caps[c.k+1].SampleStart-at)
		}
		n = c.meet(at, at+n) - at
		if c.k >= 0 {
			c.compare(&caps[c.k], at, p[:n*size])
		}
		p, at = p[n*size:], at+n
	}
}

// enter begins a capture. Waveforms that are not there, as they were not completed, may have moved the signal on.
func (c *proofCheck) enter(cap *Capture) {
	c.enterEpoch(cap)
	if cap.Waveform == nil {
		return
	}
	if missing := *cap.Waveform - c.wave - 1; missing > 0 && missing < maxProofSearch {
		c.moved += min(missing*min(c.segment.Global.WaveformSamples*c.segment.Global.Ratio, maxProofSearch), maxProofSearch)
		c.deadline, c.tries = cap.SampleStart, 0
	}
	c.wave = *cap.Waveform
}

func (c *proofCheck) enterEpoch(cap *Capture) {
	if cap.Epoch != c.epoch {
		c.endShift(cap.SampleStart)
		c.epoch, c.moved, c.near, c.shift, c.anew = cap.Epoch, 0, 0, 0, false
		i := slices.IndexFunc(c.bases, func(e RunEpoch) bool { return e.Epoch == cap.Epoch })
		if i < 0 {
			c.v.report.note("%s: the base of epoch %d is not known: its samples are not compared with the proof signal", c.stream.name, cap.Epoch)
			c.epoch = -1
			return
		}
		c.shift = -c.bases[i].Base
		return
	}
	if c.open {
		c.deadline, c.open = max(c.deadline, cap.SampleStart), false
	}
	if cap.Gap == nil || cap.Gap.Exact {
		return
	}
	// Not counted by the producer: the signal may go on as if nothing were lost, or be further.
	// Groups begin anywhere then: what is searched are raw samples.
	_, hi := cap.Gap.Bounds()
	if slices.ContainsFunc(c.met, func(x *Capture) bool { return x.SampleStart == cap.SampleStart }) {
		hi = 0 // the signal may have gone on there already
	}
	c.skip(cap.Gap.Lost, hi, max(cap.SampleStart, cap.Gap.PositionMax))
	c.anew = cap.Gap.Cause == CausePower
}

func (c *proofCheck) compare(cap *Capture, at int64, p []byte) {
	if c.epoch < 0 {
		return
	}
	g := c.segment.Global
	size := g.Datatype.Size()
	want := (cap.GlobalIndex+at-cap.SampleStart)*g.Ratio + c.shift // raw
	for i := 0; i < len(p); i += size {
		have := int64(storedValue(p[i:], g.Datatype))
		ok := c.proof.Matches(string(g.Kind), g.Ratio, want, have)
		if !ok {
			var moved int64
			if moved, ok = c.search(want, at, p[i:]); ok {
				want += moved
				c.found(moved)
			}
		}
		if !ok && g.Ratio > 1 && i+size < len(p) { // the group in which samples were lost is made of those on both sides
			if moved, found := c.search(want+g.Ratio, at+1, p[i+size:]); found {
				at, want = at+1, want+g.Ratio+moved
				c.found(moved)
				continue
			}
		}
		switch {
		case ok:
			c.proven++
		case c.open: // it may be right, but that cannot be told
		default:
			if moved, ok := c.shifted(want, at, p[i:]); ok {
				c.proven++
				c.shiftFault(at, want, moved, have)
				want += moved
				c.shift += moved
			} else {
				c.wrong++
				c.fault(at, want/g.Ratio, have, 0)
			}
		}
		at, want = at+1, want+g.Ratio
	}
}

// search looks for the place in the signal at which p goes on, behind a gap whose length is not known. It sets open where the next break comes
// too soon to tell, but some place would do.
func (c *proofCheck) search(want, at int64, p []byte) (moved int64, ok bool) {
	g := c.segment.Global
	size := g.Datatype.Size()
	c.open = false
	if c.moved == 0 || at > c.deadline+proofSlack || c.tries >= maxProofTries {
		return 0, false
	}
	c.tries++
	p = c.look(at, p)
	run := len(p) / size
	best := 0
	agree := func(from int64) (k int) {
		for k < run && c.proof.Matches(string(g.Kind), g.Ratio, from+int64(k)*g.Ratio, int64(storedValue(p[k*size:], g.Datatype))) {
			k++
		}
		return k
	}
	for m := range outward(c.near, c.moved, maxProofSearch/g.Ratio) {
		if k := agree(want + m); k > best {
			moved, best = m, k
		}
		if best == run {
			break
		}
	}
	if c.anew && best < proofRun {
		begin := max(at-c.deadline, 0) * g.Ratio                        // the first ones may have been right by chance
		for from := begin; from < begin+g.Ratio && best < run; from++ { // groups may begin behind its start
			if k := agree(from); k >= proofRun && k > best {
				moved, best = from-want, k
			}
		}
		if best >= proofRun {
			c.moved, c.anew = moved, false // nothing more is open
		}
	}
	if best >= proofRun {
		return moved, true
	}
	c.open = run < proofRun && best == run
	return 0, false
}

// found takes note of how much further the signal was than if nothing more had been lost.
func (c *proofCheck) found(moved int64) {
	c.shift += moved
	c.moved -= moved
	c.near = max(0, c.near-moved)
}

// outward yields up to n of the numbers from 1 to last, those next to near first.
func outward(near, last, n int64) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		near = min(max(near, 1), last)
		for down, up := near, near+1; n > 0 && (down >= 1 || up <= last); {
			if down >= 1 {
				if !yield(down) {
					return
				}
				down, n = down-1, n-1
			}
			if up <= last && n > 0 {
				if !yield(up) {
					return
				}
				up, n = up+1, n-1
			}
		}
	}
}

// look returns the samples from stream index at on, which p begins with, up to the next break in the stream and at most reach.
func (c *proofCheck) look(at int64, p []byte) []byte {
	size := int64(c.segment.Global.Datatype.Size())
	n := min(c.breakAfter(at)-at, c.reach())
	if int64(len(p)) >= n*size {
		return p[:n*size]
	}
	b := make([]byte, n*size)
	// What cannot be read is told elsewhere.
	got, _ := c.stream.ReadAt(b, at)
	return b[:int64(got)*size]
}

// reach is how many samples are looked at to tell places in the signal apart. Groups at places next to each other share most of their samples, and so
// often the least, the largest, or nearly the mean: the larger they are, the more of them it takes.
func (c *proofCheck) reach() int64 {
	return min(proofLook*max(1, c.segment.Global.Ratio/8), mostProofLook)
}

// breakAfter returns the stream index at which the samples from at on stop to follow each other in the signal for sure.
func (c *proofCheck) breakAfter(at int64) int64 {
	end := c.segment.End()
	for _, g := range c.stream.segments {
		if g.Number < c.segment.Number {
			continue
		}
		if g.Global.Datatype != c.segment.Global.Datatype || g.Global.SampleInterval != c.segment.Global.SampleInterval || g.Start > end {
			return end
		}
		k, _ := slices.BinarySearchFunc(g.captures, at+1, func(c Capture, n int64) int { return compare(c.SampleStart, n) })
		for _, next := range g.captures[k:] {
			if next.Gap != nil || next.Epoch != c.epoch {
				return min(next.SampleStart, g.End())
			}
			if next.SampleStart >= at+c.reach() {
				return next.SampleStart
			}
		}
		if end = g.End(); end >= at+c.reach() {
			return end
		}
	}
	return end
}

// fault notes a wrong sample: those within proofRange samples are one range, but for those from which on the signal is shifted.
func (c *proofCheck) fault(at, want, have, shift int64) {
	if n := len(c.faults); n > 0 && shift == 0 && c.faults[n-1].Proof.Shift == 0 && c.faults[n-1].Segment == c.segment.Number && at < c.faults[n-1].From+proofRange {
		d := c.v.damage(c.stream, c.segment, DamageProof, c.faults[n-1].From, at+1)
		d.Proof = c.faults[n-1].Proof
		c.faults[n-1] = d
		return
	}
	if len(c.faults) >= maxProofFaults {
		c.more = true
		return
	}
	d := c.v.damage(c.stream, c.segment, DamageProof, at, at+1)
	d.Proof = &ProofFault{StreamIndex: at, DeviceIndex: d.DeviceFrom, EpochIndex: want, Have: have, Shift: shift}
	if g := c.segment.Global; g.Ratio == 1 {
		d.Proof.Want = c.proof.At(want)
	}
	c.faults = append(c.faults, d)
}

// end hands over what a segment brought.
func (c *proofCheck) end(r *StreamReport) {
	c.endShift(c.segment.End())
	r.Damage = append(r.Damage, c.faults...)
	r.Proven, r.Wrong, r.Truncated = r.Proven+c.proven, r.Wrong+c.wrong, r.Truncated || c.more
	c.faults, c.proven, c.wrong, c.more = nil, 0, 0, false
}
