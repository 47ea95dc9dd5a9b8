package ringmodel

// recorderStep does the recorder's next step in n. It is false when the step has to wait for the store buffer or the recorder sleeps.
func (m *model) recorderStep(n *state) bool {
	r := &n.r
	switch r.pc {
	case rPass:
		return m.pass(n)
	case rBell:
		r.bell = uint8(n.load(byRecorder, locDoorbell))
		r.pc = rCursor
	case rCursor:
		m.readCursor(n)
	case rDesc:
		m.readDesc(n)
	case rEarly:
		r.pc = rCopy
		return m.store(n, byRecorder, releaseStore, locRPos+loc(r.lane), uint32(unpack(r.word).pos+unpack(r.word).count))
	case rCopy:
		m.write(n)
	case rRelease:
		d := unpack(r.word)
		if !m.store(n, byRecorder, releaseStore, locRPos+loc(d.lane), uint32(d.pos+d.count)) {
			return false
		}
		m.accountData(n, d)
		if m.c.Gather {
			r.owed = true
			m.afterDesc(n)
			return true
		}
		m.lookForProducer(n, rRelease)
	case rSeeFlag, rClear, rRing, rWake:
		return m.wakeProducer(n)
	case rMark, rFlag, rAgain, rUnset, rLateBell, rSleep:
		return m.goToSleep(n)
	case rLost:
		m.readLost(n)
	case rKilled, rAttach, rAttachUp, rAttachGo:
		return m.adopt(n)
	default:
		return false
	}
	return true
}

// pass begins a pass. It stores d_read first if the journal has gone on and looks for a waiting producer if that is still to be done; else it
// reads the doorbell at once.
func (m *model) pass(n *state) bool {
	r := &n.r
	to := n.journal.handled
	if m.fault == DReadBeforeJournal {
		to = r.account.handled
	}
	if to <= r.dRead && r.owed && m.fault != NoLookBeforeSleep {
		r.pc, r.after = rSeeFlag, rPass
		return m.recorderStep(n)
	}
	if to <= r.dRead {
		r.pc = rBell
		if m.fault == DoorbellLate {
			r.pc = rCursor
		}
		return m.recorderStep(n)
	}
	r.dRead = to
	if !m.store(n, byRecorder, releaseStore, locDRead, uint32(to)) {
		return false
	}
	m.lookForProducer(n, rPass)
	return true
}

func (m *model) readCursor(n *state) {
	r := &n.r
	r.d = uint8(n.load(byRecorder, locDWrite))
	switch {
	case r.d < r.account.handled || r.d > r.dRead+m.c.Queue:
		m.fail("d_write out of its range")
	case r.d > r.account.handled:
		r.pc = rDesc
	case r.deathSeen:
		r.pc, r.lane = rLost, 0
	default:
		r.pc = rMark
	}
}

// readDesc takes one descriptor and checks it.
func (m *model) readDesc(n *state) {
	r := &n.r
	word := n.load(byRecorder, m.c.desc(r.account.handled))
	d, a := unpack(word), &r.account
	last := a.handled+1 == r.d
	switch {
	case d.seq != a.handled&63:
		m.fail("descriptor has not the sequence number of its place")
	case d.typ == typeEOS:
		a.eos = true
	case d.pos != a.pos[d.lane]:
		m.fail("positions of a lane have a hole")
	case d.first != a.next[d.lane]:
		m.fail("epoch indexes of a lane have a hole")
	case d.typ == typeData && (d.count == 0 || d.count > m.c.Cap):
		m.fail("count out of its range")
	case last && !d.end:
		m.fail("d_write stands inside a batch")
	}
	switch d.typ {
	case typeGap:
		a.gaps[d.lane] += d.aux
		a.next[d.lane] += d.aux
		m.checkGap(n, d)
	case typeData:
		m.checkResumed(n, d)
		m.take(n, word)
		return
	}
	a.handled++
	m.afterDesc(n)
}

// take begins a DATA: what the file has already, from before an adoption, is accounted for but not written again.
func (m *model) take(n *state, word uint32) {
	r := &n.r
	d := unpack(word)
	r.word, r.lane, r.i = word, d.lane, 0
	if have := n.file[d.lane]; have > d.pos && m.fault != RewriteAfterAdoption {
		r.i = min(have-d.pos, d.count)
	}
	switch {
	case r.i == d.count:
		m.accountData(n, d)
		m.afterDesc(n)
	case m.fault == RPosBeforeWrite:
		r.pc = rEarly
	default:
		r.pc = rCopy
	}
}

// write copies one sample to the file.
func (m *model) write(n *state) {
	r := &n.r
	d := unpack(r.word)
	if n.load(byRecorder, m.c.cell(d.lane, d.pos+r.i)) != sample(d.first+r.i) {
		m.fail("a wrong sample is written to the file")
	}
	r.i++
	n.file[d.lane] = max(n.file[d.lane], d.pos+r.i)
	if r.i < d.count {
		return
	}
	r.pc = rRelease
	if m.fault == RPosBeforeWrite {
		m.accountData(n, d)
		m.afterDesc(n)
	}
}

func (m *model) accountData(n *state, d desc) {
	a := &n.r.account
	a.pos[d.lane] += d.count
	a.next[d.lane] += d.count
	a.handled++
	n.r.word, n.r.lane, n.r.i = 0, 0, 0
}

// afterDesc goes on with the pass, or ends it.
func (m *model) afterDesc(n *state) {
	r := &n.r
	switch {
	case r.account.handled < r.d:
		r.pc = rDesc
	case r.account.eos:
		m.finish(n)
	default:
		r.pc, r.bell, r.d = rPass, 0, 0
	}
}

// finish ends the stream after EOS.
func (m *model) finish(n *state) {
	m.checkAccount(n)
	n.r = recorder{pc: rDone, account: n.r.account}
}

// readLost adds what a dead producer counted but wrote no GAP for.
func (m *model) readLost(n *state) {
	r := &n.r
	lost := uint8(n.load(byRecorder, locLost+loc(r.lane)))
	if lost < r.account.gaps[r.lane] {
		m.fail("GAPs tell of more than was counted as lost")
	}
	n.over[r.lane] = lost - r.account.gaps[r.lane]
	m.checkDead(n, r.lane)
	if r.lane++; r.lane == m.c.Lanes {
		n.r = recorder{pc: rDone, account: r.account, deathSeen: true}
	}
}
