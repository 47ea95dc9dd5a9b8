package ringmodel

// lookForProducer follows every store of d_read, and of r_pos unless the recorder gathers room for one look at the end of the pass, where the producer may wait for room. In the other cases it never waits and the
// words are constant.
func (m *model) lookForProducer(n *state, from uint8) {
	n.r.after = from
	if m.c.Block {
		n.r.pc = rSeeFlag
		return
	}
	m.lookedForProducer(n)
}

func (m *model) lookedForProducer(n *state) {
	r := &n.r
	after := r.after
	r.after = 0
	if after == rPass {
		r.pc = rPass
		return
	}
	m.afterDesc(n)
}

// wakeProducer looks if the producer waits for room, and wakes it: flag, bell, futex.
func (m *model) wakeProducer(n *state) bool {
	r := &n.r
	switch r.pc {
	case rSeeFlag:
		if m.fault != NoFenceRoom && !n.drained(byRecorder) {
			return false
		}
		r.owed = false
		if n.load(byRecorder, locProducerWaiting) == 0 {
			m.lookedForProducer(n)
			return true
		}
		r.pc = m.swapped(RoomBellBeforeFlag, rClear, rRing)
	case rClear:
		r.pc = m.swapped(RoomBellBeforeFlag, rRing, rWake)
		return m.store(n, byRecorder, releaseStore, locProducerWaiting, 0)
	case rRing:
		r.pc = m.swapped(RoomBellBeforeFlag, rWake, rClear)
		return n.ring(byRecorder, locRoomBell)
	case rWake:
		if !n.drained(byRecorder) {
			return false
		}
		n.wakeProducer()
		m.lookedForProducer(n)
	}
	return true
}

// goToSleep is what the recorder does when a pass found nothing.
func (m *model) goToSleep(n *state) bool {
	r := &n.r
	switch r.pc {
	case rMark:
		r.pc = rFlag
		total := r.account.pos[0] + r.account.pos[1]
		return m.store(n, byRecorder, plainStore, locWakeAt, uint32(total+m.c.Watermark))
	case rFlag:
		r.pc = rAgain
		return m.store(n, byRecorder, releaseStore, locWaiting, 1)
	case rAgain:
		if m.fault != NoFenceWaiting && !n.drained(byRecorder) {
			return false
		}
		r.pc = m.swapped(DoorbellLate, rSleep, rLateBell)
		if uint8(n.load(byRecorder, locDWrite)) != r.d {
			r.pc = rUnset
		}
		r.d = 0
	case rUnset:
		r.pc, r.bell = rPass, 0
		return m.store(n, byRecorder, releaseStore, locWaiting, 0)
	case rLateBell:
		r.bell = uint8(n.load(byRecorder, locDoorbell))
		r.pc = rSleep
	case rSleep:
		if !n.drained(byRecorder) {
			return false
		}
		r.pc = rAsleep
		if uint8(n.mem[locDoorbell]) != r.bell {
			r.pc = rPass
		}
		r.bell = 0
	}
	return true
}

// maySync reports if a line of the journal can be written now. A line in the middle of a descriptor tells the same as one before it. Without
// a kill of the core and with a queue that is never short nobody reads the journal or d_read.
func (m *model) maySync(n *state) bool {
	if !m.c.KillCore && m.c.neverShort() {
		return false
	}
	switch n.r.pc {
	case rPass, rDesc, rAsleep, rDone:
		return n.r.account.handled > n.journal.handled
	}
	return false
}

// sync writes a line of the journal and wakes the recorder.
func (m *model) sync(n *state) {
	n.journal = n.r.account
	if m.fault == JournalForgetsEOS {
		n.journal.eos = false
	}
	n.wakeRecorder()
}
