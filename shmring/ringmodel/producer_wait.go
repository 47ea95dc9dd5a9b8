package ringmodel

// waitForRoom is what a producer does that never drops: look, say that it waits, look again, ring the recorder, sleep.
func (m *model) waitForRoom(n *state) bool {
	p := &n.p
	switch p.pc {
	case pWaitBell:
		p.bell = uint8(n.load(byProducer, locRoomBell))
		p.pc, p.lane = pWaitLoad, m.shortFrom(n, 0)
	case pWaitFlag:
		p.pc, p.lane = pWaitAgain, m.shortFrom(n, 0)
		return m.store(n, byProducer, releaseStore, locProducerWaiting, 1)
	case pWaitUnset:
		p.bell = 0
		return m.store(n, byProducer, releaseStore, locProducerWaiting, 0) && m.begin(n)
	case pWaitSee:
		p.pc = pWaitSleep
		if n.load(byProducer, locWaiting) != 0 {
			p.pc = m.swapped(BellBeforeFlag, pWaitClear, pWaitRing)
		}
	case pWaitClear:
		p.pc = m.swapped(BellBeforeFlag, pWaitRing, pWaitWake)
		return m.store(n, byProducer, releaseStore, locWaiting, 0)
	case pWaitRing:
		p.pc = m.swapped(BellBeforeFlag, pWaitWake, pWaitClear)
		return n.ring(byProducer, locDoorbell)
	case pWaitWake:
		if !n.drained(byProducer) {
			return false
		}
		n.wakeRecorder()
		p.pc = pWaitSleep
	case pWaitSleep:
		if !n.drained(byProducer) {
			return false
		}
		p.pc = pAsleep
		if uint8(n.mem[locRoomBell]) != p.bell {
			p.pc = pWaitBell
		}
		p.bell = 0
	}
	return true
}
