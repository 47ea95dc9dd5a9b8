package recording

// A loss that nobody noticed, and samples that came twice, leave a signal that goes on at another place from one sample on. It is told as one range with
// its shift, and what follows is compared at the new place.

const (
	// maxShift bounds how far the signal is looked for in either direction, in raw samples; groups are looked for as far as costs no more.
	maxShift = 10_000_000
	// shiftRun is how many samples have to agree, of those that are looked at: all.
	shiftRun = 16
	// firstShiftPause is how many samples pass behind a search in vain before the next. Each time it is twice as long: a stream of something else
	// than the signal costs few searches, at most maxShiftTries.
	firstShiftPause = proofRange
	maxShiftTries   = 16
)

// shiftSearch is what [proofCheck] keeps of its searches for a shift.
type shiftSearch struct {
	from  int64 // stream index before which none is made
	pause int64 // behind the last one in vain
	tries int   // in vain
	open  bool  // the last fault of the segment is a shift, whose range goes on
}

// shifted looks for the place at which the signal goes on with p, whose first sample, with stream index at, is not the one at want. A wrong sample
// among right ones is no shift.
func (c *proofCheck) shifted(want, at int64, p []byte) (moved int64, ok bool) {
	if at < c.shifts.from || c.shifts.tries >= maxShiftTries || len(c.faults) >= maxProofFaults {
		return 0, false
	}
	g := c.segment.Global
	size := g.Datatype.Size()
	p = c.look(at, p)
	n := len(p) / size
	if n < shiftRun {
		return 0, false
	}
	values := make([]int64, n)
	for i := range values {
		values[i] = int64(storedValue(p[i*size:], g.Datatype))
	}
	kind, raw := string(g.Kind), g.Ratio == 1
	agree := func(from int64, first int) bool {
		if raw && c.proof.At(from+int64(first)) != values[first] {
			return false // nearly always, and at less cost
		}
		for k := first; k < n; k++ {
			if !c.proof.Matches(kind, g.Ratio, from+int64(k)*g.Ratio, values[k]) {
				return false
			}
		}
		return true
	}
	if agree(want, n-proofRun) {
		return 0, false // right again soon
	}
	for m := int64(1); m <= maxShift/g.Ratio; m++ {
		if agree(want+m, 0) {
			return m, true
		}
		if m <= want && agree(want-m, 0) {
			return -m, true
		}
	}
	c.shifts.tries++
	c.shifts.pause = max(2*c.shifts.pause, firstShiftPause)
	c.shifts.from = at + c.shifts.pause
	return 0, false
}

// shiftFault notes that the signal goes on moved raw samples away from want, from stream index at on. The range ends with the segment, the epoch, or where
// it shifts again; later segments of the epoch are compared at the new place and are not named.
func (c *proofCheck) shiftFault(at, want, moved, have int64) {
	c.endShift(at)
	c.fault(at, want/c.segment.Global.Ratio, have, moved)
	c.shifts.open = true
}

// endShift ends the range of the shift that holds before a stream index of the segment.
func (c *proofCheck) endShift(at int64) {
	if !c.shifts.open {
		return
	}
	c.shifts.open = false
	for i := len(c.faults) - 1; i >= 0; i-- {
		if f := c.faults[i]; f.Proof.Shift != 0 {
			if at > f.From {
				d := c.v.damage(c.stream, c.segment, DamageProof, f.From, at)
				d.Proof = f.Proof
				c.faults[i] = d
			}
			return
		}
	}
}
