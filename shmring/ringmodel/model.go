package ringmodel

// model is one case under one memory model, with one fault or none.
type model struct {
	c     *Case
	mem   Memory
	fault Fault
	full  bool // without reduction, see reduced

	out       []successor
	wrong     string // what the last step broke
	wrongStep label  // the step
}

// stepKind says whose step it is.
type stepKind uint8

const (
	byProcess stepKind = iota // of producer, recorder or memory: sooner or later it happens
	byStander                 // of the observer: it changes nothing for the others
	byWorld                   // a time-out or a kill: nothing that anybody may rely on
)

// successor is a state that one step leads to.
type successor struct {
	state
	name label
	kind stepKind
}

// next appends a copy of s for a step to change.
func (m *model) next(s *state, name label, kind stepKind) *state {
	m.out = append(m.out, successor{state: *s, name: name, kind: kind})
	return &m.out[len(m.out)-1].state
}

// undo takes back the newest successor: its step has to wait.
func (m *model) undo() { m.out = m.out[:len(m.out)-1] }

// successors finds every state that one step leads to from s. It stops at the first step that breaks a rule.
func (m *model) successors(s *state) {
	m.out = m.out[:0]
	if !m.full && m.mem != SC && m.reduced(s) {
		return
	}
	if s.p.pc < pAsleep {
		if n := m.next(s, label(s.p.pc), byProcess); !m.producerStep(n) {
			m.undo()
		}
	}
	if n := m.next(s, recorderLabels+label(s.r.pc), byProcess); !m.recorderStep(n) {
		m.undo()
	}
	if m.maySync(s) {
		m.sync(m.next(s, stepJournal, byProcess))
	}
	for who := range numWriters {
		for i := range int(s.queued[who]) {
			if m.mayLeave(s, who, i) {
				m.next(s, stepTakesEffect, byProcess).leave(who, i)
			}
		}
	}
	if m.c.Watch != Nothing {
		m.observe(s)
	}
	m.environment(s)
}

// environment adds what comes from outside: the news of a death, time-outs and kills.
func (m *model) environment(s *state) {
	if s.p.pc == pDead && s.drained(byProducer) && s.r.pc == rAsleep {
		n := m.next(s, stepDeathNews, byProcess)
		n.r.deathSeen = true
		n.wakeRecorder()
	}
	if s.timeouts < m.c.Timeouts {
		if s.r.pc == rAsleep {
			n := m.next(s, stepRecorderTimeout, byWorld)
			n.timeouts++
			n.wakeRecorder()
		}
		if s.p.pc == pAsleep {
			n := m.next(s, stepProducerTimeout, byWorld)
			n.timeouts++
			n.wakeProducer()
		}
	}
	m.mayKillProducer(s)
	m.mayKillCore(s)
}

func (m *model) mayKillProducer(s *state) {
	if m.c.KillProducer && s.p.pc < pDone {
		m.next(s, stepKillProducer, byWorld).killProducer()
	}
}

func (m *model) mayKillCore(s *state) {
	if m.c.KillCore && !s.coreKilled && s.r.pc != rGone {
		m.next(s, stepKillCore, byWorld).killCore()
	}
}

// reduced handles the states in which a process only puts a store into its buffer. Nobody sees that and nobody can prevent it, so it does not
// matter what the others do before it: the store, and the death of the process instead of it, are the only steps that have to be looked at.
// It is false where this does not hold; then all steps have to be. TestReduction compares both ways.
func (m *model) reduced(s *state) bool {
	switch s.p.pc {
	case pDrop, pTrim, pIntent, pCopy, pDesc, pLostLate, pCommit, pWPos, pClear, pWaitFlag, pWaitUnset, pWaitClear:
		if m.producerStep(m.next(s, label(s.p.pc), byProcess)) {
			m.mayKillProducer(s)
			return true
		}
		m.undo()
	}
	switch s.r.pc {
	case rEarly, rRelease, rClear, rMark, rFlag, rUnset, rAttach:
		if m.recorderStep(m.next(s, recorderLabels+label(s.r.pc), byProcess)) {
			m.mayKillCore(s)
			return true
		}
		m.undo()
	}
	return false
}

func btoi(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}
