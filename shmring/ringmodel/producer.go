package ringmodel

// producerStep does the producer's next step in n. It is false when the step has to wait for the store buffer or the process sleeps.
func (m *model) producerStep(n *state) bool {
	p := &n.p
	switch p.pc {
	case pOffer:
		return m.offer(n)
	case pReload, pWaitLoad, pWaitAgain:
		return m.reload(n)
	case pDrop:
		return m.drop(n)
	case pTrim:
		return m.trim(n)
	case pIntent:
		return m.intend(n)
	case pCopy:
		return m.copySample(n)
	case pDesc:
		return m.describe(n)
	case pLostLate:
		return m.countLate(n)
	case pCommit:
		return m.commit(n)
	case pWPos:
		return m.moveHead(n)
	case pLast:
		return m.lastRoom(n)
	case pSeeFlag, pSeeMark, pClear, pBell, pWake:
		return m.wakeRecorder(n)
	case pAsleep, pDone, pDead:
		return false
	}
	return m.waitForRoom(n)
}

// offer takes the next delivery, or the last batch when there is none, and does the first access of what follows.
func (m *model) offer(n *state) bool {
	p := &n.p
	if int(p.batch) == len(m.c.Deliveries) {
		p.pc = pLast
		return m.producerStep(n)
	}
	m.plan(n)
	switch lane := m.shortFrom(n, 0); {
	case lane > m.c.Lanes:
		return m.start(n)
	case m.c.Block:
		p.pc = pWaitBell
	default:
		p.pc, p.lane = pReload, lane
	}
	return m.producerStep(n)
}

// plan works out what the common resume index leaves of the delivery.
func (m *model) plan(n *state) {
	p := &n.p
	for l := range m.c.Lanes {
		count := m.c.Deliveries[p.batch][l]
		from := p.resume[l]
		if p.resuming && m.fault != NoCommonResume {
			from = max(from, m.common(p))
		}
		p.cut[l] = 0
		if from > p.next[l] {
			p.cut[l] = min(count, from-p.next[l])
		}
		p.n[l] = count - p.cut[l]
	}
}

// common is the epoch index at which all lanes go on after a drop: that of the lane that is furthest.
func (m *model) common(p *producer) uint8 { return max(p.next[0], p.next[maxLanes-1]) }

// descsOf counts the descriptors of the batch.
func (m *model) descsOf(p *producer) uint8 {
	var k uint8
	for l := range m.c.Lanes {
		if p.last {
			k += btoi(p.pend[l] > 0)
		} else if p.n[l] > 0 {
			k += 1 + btoi(p.pend[l]+p.cut[l] > 0)
		}
	}
	return k + btoi(p.last)
}

// shortFrom is the first lane at or after from without room by the private copies, m.c.Lanes for the queue, above that for none.
func (m *model) shortFrom(n *state, from uint8) uint8 {
	p := &n.p
	for l := from; l < m.c.Lanes; l++ {
		if p.n[l] > 0 && p.w[l]+p.n[l]+m.c.lent(p.batch)-p.rCopy[l] > m.c.Cap {
			return l
		}
	}
	descs := m.descsOf(p)
	if descs > 0 && m.fault != NoReserve {
		descs += m.c.reserve()
	}
	if from <= m.c.Lanes && p.d+descs-p.dCopy > m.c.Queue {
		return m.c.Lanes
	}
	return m.c.Lanes + 1
}

// reload refreshes one private copy that says "short" and goes on to the next; then it decides.
func (m *model) reload(n *state) bool {
	p := &n.p
	if p.pc == pWaitAgain && m.fault != NoFenceProducerWaiting && !n.drained(byProducer) {
		return false
	}
	if p.lane < m.c.Lanes {
		p.rCopy[p.lane] = uint8(n.load(byProducer, locRPos+loc(p.lane)))
	} else {
		p.dCopy = uint8(n.load(byProducer, locDRead))
	}
	if p.lane = m.shortFrom(n, p.lane+1); p.lane <= m.c.Lanes {
		return true
	}
	enough := m.shortFrom(n, 0) > m.c.Lanes
	p.lane = 0
	switch {
	case p.pc == pReload && !enough:
		p.pc = m.firstDrop(n)
	case p.pc == pWaitLoad && !enough:
		p.pc = pWaitFlag
	case p.pc == pWaitAgain && !enough:
		p.pc = pWaitSee
		if m.fault == NoRingBeforeWait {
			p.pc = pWaitSleep
		}
	case p.pc == pWaitAgain:
		p.pc = pWaitUnset
	default:
		return m.begin(n)
	}
	return true
}

// lose counts a loss of the lane privately; the caller publishes it.
func (p *producer) lose(lane, count uint8) {
	if p.pend[lane] == 0 {
		p.first[lane] = p.next[lane]
	}
	p.pend[lane] += count
	p.next[lane] += count
	p.lost[lane] += count
}

func (m *model) storeLost(n *state, lane uint8) bool {
	if m.fault == LostWithGap {
		return true
	}
	return m.store(n, byProducer, plainStore, locLost+loc(lane), uint32(n.p.lost[lane]))
}

func (m *model) firstDrop(n *state) uint8 {
	p := &n.p
	if !p.resuming {
		n.losses++
	}
	p.lane = m.laneWith(m.c.Deliveries[p.batch], 0)
	return pDrop
}

// laneWith is the first lane at or after from with a count, m.c.Lanes for none.
func (m *model) laneWith(counts [maxLanes]uint8, from uint8) uint8 {
	for l := from; l < m.c.Lanes; l++ {
		if counts[l] > 0 {
			return l
		}
	}
	return m.c.Lanes
}

// drop counts one lane of a delivery that found no room.
func (m *model) drop(n *state) bool {
	p := &n.p
	counts := m.c.Deliveries[p.batch]
	p.lose(p.lane, counts[p.lane])
	if !m.storeLost(n, p.lane) {
		return false
	}
	if p.lane = m.laneWith(counts, p.lane+1); p.lane == m.c.Lanes {
		p.resuming = true
		m.finishBatch(n)
	}
	return true
}

// begin goes from "there is room" to the first store of the batch, without an access of its own.
func (m *model) begin(n *state) bool {
	p := &n.p
	p.bell = 0
	if p.resuming && m.fault != NoCommonResume {
		for l := range m.c.Lanes {
			p.resume[l] = max(p.resume[l], m.common(p))
		}
	}
	p.resuming = false
	if p.lane = m.laneWith(p.cut, 0); p.lane < m.c.Lanes {
		p.pc = pTrim
		return true
	}
	return m.afterTrim(n)
}

// start is begin, and the first store at once.
func (m *model) start(n *state) bool {
	if !m.begin(n) {
		return false
	}
	if n.p.pc == pOffer { // all of it was cut off
		return true
	}
	return m.producerStep(n)
}

func (m *model) trim(n *state) bool {
	p := &n.p
	p.lose(p.lane, p.cut[p.lane])
	if !m.storeLost(n, p.lane) {
		return false
	}
	p.cut[p.lane] = 0
	if p.lane = m.laneWith(p.cut, p.lane+1); p.lane < m.c.Lanes {
		return true
	}
	return m.afterTrim(n)
}

func (m *model) afterTrim(n *state) bool {
	if m.descsOf(&n.p) == 0 {
		m.finishBatch(n)
		return true
	}
	return m.nextIntent(n, 0)
}

func (m *model) finishBatch(n *state) {
	p := &n.p
	p.lane, p.i, p.bell, p.urgent = 0, 0, 0, false
	p.n, p.cut = [maxLanes]uint8{}, [maxLanes]uint8{}
	if p.last {
		*p = producer{pc: pDone, batch: p.batch, w: p.w, next: p.next, lost: p.lost, d: p.d, total: p.total}
		return
	}
	p.batch++
	p.pc = pOffer
}

func (m *model) intentOf(p *producer, lane uint8) uint8 {
	if lane == m.c.Lanes {
		return p.d + m.descsOf(p)
	}
	if p.n[lane] == 0 {
		return 0
	}
	return p.w[lane] + p.n[lane] + m.c.lent(p.batch)
}

// nextIntent finds the next intent to store, that of the queue last; behind it comes the fence between stores.
func (m *model) nextIntent(n *state, from uint8) bool {
	p := &n.p
	for l := from; l <= m.c.Lanes; l++ {
		have, want, place := p.dIntent, m.intentOf(p, l), locDIntent
		if l < m.c.Lanes {
			have, place = p.intent[l], locWIntent+loc(l)
		}
		if !m.isRead(place) {
			continue
		}
		if want > have || m.fault == FallingIntent && want > 0 && want != have {
			p.pc, p.lane = pIntent, l
			return true
		}
	}
	if m.fault != NoFenceIntent && !m.storeStore(n, byProducer) {
		return false
	}
	p.i, p.lane = 0, m.laneWith(p.n, 0)
	p.pc = pCopy
	if p.last || p.lane == m.c.Lanes {
		p.pc, p.lane = pDesc, 0
	}
	return true
}

func (m *model) intend(n *state) bool {
	p := &n.p
	to := m.intentOf(p, p.lane)
	place := locDIntent
	if p.lane < m.c.Lanes {
		place = locWIntent + loc(p.lane)
		p.intent[p.lane] = to
	} else {
		p.dIntent = to
	}
	return m.store(n, byProducer, plainStore, place, uint32(to)) && m.nextIntent(n, p.lane+1)
}
