package ringmodel

// copySample stores one sample; lent memory is spoilt behind the valid part.
func (m *model) copySample(n *state) bool {
	p := &n.p
	v := uint32(junk)
	if p.i < p.n[p.lane] {
		v = sample(p.next[p.lane] + p.i)
	}
	if !m.store(n, byProducer, plainStore, m.c.cell(p.lane, p.w[p.lane]+p.i), v) {
		return false
	}
	if p.i++; p.i < p.n[p.lane]+m.c.lent(p.batch) {
		return true
	}
	p.i = 0
	if p.lane = m.laneWith(p.n, p.lane+1); p.lane == m.c.Lanes {
		p.pc, p.lane = pDesc, 0
	}
	return true
}

// descAt is descriptor i of the batch.
func (m *model) descAt(p *producer, i uint8) desc {
	var k uint8
	var d desc
	put := func(next desc) {
		if k == i {
			next.seq, next.end = p.d+i, i+1 == m.descsOf(p)
			d = next
		}
		k++
	}
	for l := range m.c.Lanes {
		if p.pend[l] > 0 && (p.last || p.n[l] > 0) {
			put(desc{typ: typeGap, lane: l, pos: p.w[l], first: p.first[l], aux: p.pend[l]})
		}
		if !p.last && p.n[l] > 0 {
			put(desc{typ: typeData, lane: l, pos: p.w[l], first: p.next[l], count: p.n[l]})
		}
	}
	if p.last {
		put(desc{typ: typeEOS})
	}
	return d
}

func (m *model) describe(n *state) bool {
	p := &n.p
	d := m.descAt(p, p.i)
	if !m.store(n, byProducer, plainStore, m.c.desc(d.seq), d.word()) {
		return false
	}
	p.urgent = p.urgent || d.typ != typeData
	if p.i++; !d.end {
		return true
	}
	p.i, p.lane, p.pc = 0, 0, pCommit
	if m.fault == LostWithGap && p.pend != [maxLanes]uint8{} {
		p.pc = pLostLate
	}
	return true
}

// countLate is the fault of counting a loss only when its GAP is written.
func (m *model) countLate(n *state) bool {
	p := &n.p
	if !m.store(n, byProducer, plainStore, locLost+loc(p.lane), uint32(p.lost[p.lane])) {
		return false
	}
	if p.lane++; p.lane == m.c.Lanes {
		p.lane, p.pc = 0, pCommit
	}
	return true
}

// commit makes the batch visible by one store.
func (m *model) commit(n *state) bool {
	p := &n.p
	kind := uint8(releaseStore)
	if m.fault == NoReleaseCommit {
		kind = plainStore
	}
	to := p.d + m.descsOf(p)
	if !m.store(n, byProducer, kind, locDWrite, uint32(to)) {
		return false
	}
	for l := range m.c.Lanes {
		if p.last || p.n[l] > 0 {
			p.first[l], p.pend[l] = 0, 0
		}
		for i := range p.n[l] {
			n.truth[l][p.w[l]+i] = uint8(sample(p.next[l] + i))
		}
		p.w[l] += p.n[l]
		p.next[l] += p.n[l]
		p.total += p.n[l]
	}
	p.d = to
	if p.urgent {
		n.urgentAt = to
	}
	p.pc = pSeeFlag
	if m.isRead(locWPos) && p.n[0] > 0 {
		p.pc = pWPos
	}
	return true
}

// moveHead stores w_pos of the lane that the observer watches; nobody reads the other's.
func (m *model) moveHead(n *state) bool {
	n.p.pc = pSeeFlag
	return m.store(n, byProducer, releaseStore, locWPos, uint32(n.p.w[0]))
}

// lastRoom reloads d_read for the last batch, which always finds room.
func (m *model) lastRoom(n *state) bool {
	p := &n.p
	p.last = true
	p.dCopy = uint8(n.load(byProducer, locDRead))
	if p.d+m.descsOf(p)-p.dCopy > m.c.Queue {
		m.fail("the last batch finds no room")
	}
	return m.nextIntent(n, 0)
}

// wakeRecorder looks if the recorder is to be woken, and does it: flag, bell, futex.
func (m *model) wakeRecorder(n *state) bool {
	p := &n.p
	switch p.pc {
	case pSeeFlag:
		if m.fault != NoFenceCommit && !n.drained(byProducer) {
			return false
		}
		p.pc = pSeeMark
		if n.load(byProducer, locWaiting) == 0 {
			m.finishBatch(n)
		}
	case pSeeMark:
		if p.total < uint8(n.load(byProducer, locWakeAt)) && !p.urgent {
			m.finishBatch(n)
			return true
		}
		p.pc = m.swapped(BellBeforeFlag, pClear, pBell)
	case pClear:
		p.pc = m.swapped(BellBeforeFlag, pBell, pWake)
		return m.store(n, byProducer, releaseStore, locWaiting, 0)
	case pBell:
		p.pc = m.swapped(BellBeforeFlag, pWake, pClear)
		return n.ring(byProducer, locDoorbell)
	case pWake:
		if !n.drained(byProducer) {
			return false
		}
		n.wakeRecorder()
		m.finishBatch(n)
	}
	return true
}

// swapped is right, or wrong under the fault.
func (m *model) swapped(f Fault, right, wrong uint8) uint8 {
	if m.fault == f {
		return wrong
	}
	return right
}

// ring is the read-modify-write of a bell.
func (n *state) ring(who int, bell loc) bool {
	if !n.drained(who) {
		return false
	}
	n.mem[bell]++
	return true
}

func (n *state) wakeRecorder() {
	if n.r.pc == rAsleep {
		n.r.pc, n.r.bell, n.r.d = rPass, 0, 0
	}
}

func (n *state) wakeProducer() {
	if n.p.pc == pAsleep {
		n.p.pc, n.p.bell = pWaitBell, 0
	}
}
