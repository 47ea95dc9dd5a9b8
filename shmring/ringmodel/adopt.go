package ringmodel

// killProducer stops the producer where it is. Its store buffer still empties.
func (n *state) killProducer() {
	n.p = producer{pc: pDead, batch: n.p.batch}
}

// killCore stops the recorder where it is. The journal and the files stay, the store buffer still empties.
func (n *state) killCore() {
	n.coreKilled = true
	n.r = recorder{pc: rKilled}
}

// adopt is a new core that takes over the ring of a living producer.
func (m *model) adopt(n *state) bool {
	r := &n.r
	switch r.pc {
	case rKilled:
		if !n.drained(byRecorder) {
			return false
		}
		if n.p.pc == pDead {
			m.checkResume(n)
			r.pc = rGone
			return true
		}
		r.dRead = uint8(n.load(byRecorder, locDRead))
		if r.dRead > n.journal.handled {
			m.fail("d_read is beyond the journal: no adoption")
		}
		r.account = n.journal
		if m.fault == AdoptFromDRead {
			r.account.handled = r.dRead
		}
		r.pc, r.lane = rAttach, 0
	case rAttach:
		lane := r.lane
		if r.lane++; r.lane == m.c.Lanes {
			r.pc, r.lane = rAttachUp, 0
			if m.fault == NoRingAtAttach || !m.c.Block {
				m.adopted(n)
			}
		}
		return m.store(n, byRecorder, releaseStore, locRPos+loc(lane), uint32(n.file[lane]))
	case rAttachUp:
		r.pc = rAttachGo
		return n.ring(byRecorder, locRoomBell)
	case rAttachGo:
		n.wakeProducer()
		m.adopted(n)
	}
	return true
}

func (m *model) adopted(n *state) {
	n.r.pc = rPass
	if n.r.account.eos {
		m.finish(n)
	}
}
