package ringmodel

// observe appends every next step of the observer: it takes one window, at any time and at every position. Nobody else notices, so a schedule
// ends with its judgement; the schedules in which the observer does nothing show the rest.
func (m *model) observe(s *state) {
	switch s.o.pc {
	case oStart:
		m.chooseWindow(s)
	case oCopy:
		n := m.next(s, stepObserverCopy, byStander)
		n.o.got[n.o.i] = n.mem[m.watched(n.o.from+n.o.i)]
		if n.o.i++; n.o.i == m.window() {
			n.o.pc, n.o.i = oCheck, 0
			if n.o.early {
				m.judge(n, n.o.intent)
			}
		}
	case oCheck:
		n := m.next(s, stepObserverIntent, byStander)
		m.judge(n, uint8(n.mem[m.watchedIntent()]))
	}
}

func (m *model) window() uint8 {
	if m.c.Watch == Descriptors {
		return 1
	}
	return m.c.Window
}

func (m *model) watched(at uint8) loc {
	if m.c.Watch == Descriptors {
		return m.c.desc(at)
	}
	return m.c.cell(0, at)
}

func (m *model) watchedIntent() loc {
	if m.c.Watch == Descriptors {
		return locDIntent
	}
	return locWIntent
}

func (m *model) span() uint8 {
	if m.c.Watch == Descriptors {
		return m.c.Queue
	}
	return m.c.Cap
}

// chooseWindow reads the head. Without the load fence the intent may have been read right behind it, before the copy.
func (m *model) chooseWindow(s *state) {
	head := uint8(s.mem[locWPos])
	if m.c.Watch == Descriptors {
		head = uint8(s.mem[locDWrite])
	}
	var from uint8
	if head > m.span() {
		from = head - m.span()
	}
	if m.c.OnlyFirst {
		head = min(head, m.window())
	}
	for ; from+m.window() <= head; from++ {
		n := m.next(s, stepWindow, byStander)
		n.o.pc, n.o.from = oCopy, from
		if m.fault == NoFenceObserver && m.mem == ARM64 {
			early := m.next(s, stepWindowEarly, byStander)
			early.o = observer{pc: oCopy, from: from, early: true, intent: uint8(s.mem[m.watchedIntent()])}
		}
	}
}

// judge accepts the window if the intent allows it, and then it must be right.
func (m *model) judge(n *state, intent uint8) {
	if intent <= n.o.from+m.span() {
		for i := range m.window() {
			m.checkWindow(n, n.o.from+i, n.o.got[i])
		}
	}
	m.undo()
}
