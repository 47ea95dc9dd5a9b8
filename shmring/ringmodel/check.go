package ringmodel

import "fmt"

// fail notes the first thing that went wrong in the step at hand.
func (m *model) fail(format string, args ...any) {
	if m.wrong == "" {
		m.wrong = fmt.Sprintf(format, args...)
		if len(m.out) > 0 {
			m.wrongStep = m.out[len(m.out)-1].name
		}
	}
}

// checkGap holds at every GAP: what GAPs tell of was counted before.
func (m *model) checkGap(n *state, d desc) {
	if m.isRead(locLost) && uint8(n.mem[locLost+loc(d.lane)]) < n.r.account.gaps[d.lane] {
		m.fail("a GAP tells of more than was counted as lost")
	}
	n.resumed[d.lane] = 0x80 | (d.first + d.aux)
}

// checkResumed holds at the first DATA behind a GAP: as long as there was one loss, its GAPs in all lanes end at one index.
func (m *model) checkResumed(n *state, d desc) {
	if n.resumed[d.lane]&0x80 == 0 {
		return
	}
	n.resumed[d.lane] &^= 0x80
	other := n.resumed[1-d.lane]
	if n.losses == 1 && other != 0 && other&0x80 == 0 && other != n.resumed[d.lane] {
		m.fail("the GAPs of one loss end apart")
	}
}

// checkAccount holds after EOS: recorded and lost make up what was produced.
func (m *model) checkAccount(n *state) {
	a := &n.r.account
	for l := range m.c.Lanes {
		if want := m.c.produced(l, uint8(len(m.c.Deliveries))); a.pos[l]+a.gaps[l] != want || n.file[l] != a.pos[l] {
			m.fail("lane %d: %d recorded and %d lost, but %d produced", l, a.pos[l], a.gaps[l], want)
		}
	}
}

// checkDead holds after the death of the producer: the account ends within the delivery that was under way.
func (m *model) checkDead(n *state, lane uint8) {
	sum := n.r.account.pos[lane] + n.r.account.gaps[lane] + n.over[lane]
	low := m.c.produced(lane, n.p.batch)
	high := low
	if int(n.p.batch) < len(m.c.Deliveries) {
		high += m.c.Deliveries[n.p.batch][lane]
	}
	if sum < low || sum > high {
		m.fail("lane %d: account of a dead producer ends at %d, the delivery under way went from %d to %d", lane, sum, low, high)
	}
}

// checkResume holds when both are dead: all that the journal promises is in the files.
func (m *model) checkResume(n *state) {
	for l := range m.c.Lanes {
		if n.file[l] < n.journal.pos[l] {
			m.fail("lane %d: the journal promises %d samples, the file has %d", l, n.journal.pos[l], n.file[l])
		}
	}
}

// checkWindow holds for everything that an observer accepts.
func (m *model) checkWindow(n *state, at uint8, got uint32) {
	if m.c.Watch == Descriptors {
		if d := unpack(got); got == 0 || d.seq != at&63 {
			m.fail("an observer accepts a wrong descriptor")
		}
		return
	}
	if got != uint32(n.truth[0][at]) {
		m.fail("an observer accepts a wrong sample")
	}
}

// checkSleep holds in every state in which the producer is between two batches, asleep or done and the recorder sleeps: nobody sleeps while
// there is work. Sleeps that only a time-out ends count as sleeping for ever.
func (m *model) checkSleep(n *state) {
	if n.r.pc != rAsleep || !n.drained(byProducer) || !n.drained(byRecorder) {
		return
	}
	waits := n.mem[locDWrite] > uint32(n.r.account.handled)
	switch n.p.pc {
	case pOffer, pDone:
		if waits && n.urgentAt > n.r.account.handled {
			m.fail("the recorder sleeps over an urgent batch")
		}
		if waits && n.p.total >= uint8(n.mem[locWakeAt]) {
			m.fail("the recorder sleeps while its watermark is passed")
		}
	case pAsleep:
		if waits {
			m.fail("recorder and producer sleep while a batch waits")
		}
		p := n.p
		defer func() { n.p = p }()
		for l := range m.c.Lanes {
			n.p.rCopy[l] = uint8(n.mem[locRPos+loc(l)])
		}
		n.p.dCopy = uint8(n.mem[locDRead])
		if m.shortFrom(n, 0) > m.c.Lanes {
			m.fail("the producer sleeps while there is room")
		}
	}
}

// checkEnd holds where nothing can happen any more but time-outs and kills.
func (m *model) checkEnd(n *state) {
	switch {
	case n.r.pc == rGone:
	case n.r.pc == rDone && (n.p.pc == pDone || n.p.pc == pDead):
	default:
		m.fail("nothing goes on but the end is not reached")
	}
}
