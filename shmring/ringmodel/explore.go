package ringmodel

import (
	"hash/maphash"
	"math/rand/v2"
	"slices"
)

// Result is what an exploration found.
type Result struct {
	States int      // different states seen; for [Walk] the steps of the schedule
	Wrong  string   // the first rule broken, "" for none
	Trace  []string // the steps that lead there
	Cut    bool     // the limit on states was reached: the exploration says nothing about the rest
}

// Explore visits every state that the case can reach under the memory model with the fault (or [NoFault]) and stops at the first rule that is
// broken. Visited states are remembered as 64-bit hashes, so one in 2^64 / States pairs may be taken for the same. It stops after limit states.
// It allocates some 16 bytes per state and is to be called from any goroutine.
func Explore(c Case, mem Memory, f Fault, limit int) Result {
	return explore(&model{c: &c, mem: mem, fault: f}, limit)
}

func explore(m *model, limit int) Result {
	seed := maphash.MakeSeed()
	seen := newHashSet()
	var path []step
	open := []frame{{parent: -1}}
	seen.add(maphash.Comparable(seed, open[0].state))
	for len(open) > 0 {
		top := open[len(open)-1]
		open = open[:len(open)-1]
		path = append(path, step{parent: top.parent, name: top.name})
		at := int32(len(path) - 1)
		m.successors(&top.state)
		if m.wrong != "" {
			return Result{States: seen.count, Wrong: m.wrong, Trace: append(trace(path, at), m.wrongStep.String())}
		}
		progress := false
		for i := range m.out {
			n := &m.out[i]
			progress = progress || n.kind == byProcess
			if m.checkSleep(&n.state); m.wrong != "" {
				return Result{States: seen.count, Wrong: m.wrong, Trace: append(trace(path, at), n.name.String())}
			}
			if seen.add(maphash.Comparable(seed, n.state)) {
				open = append(open, frame{state: n.state, parent: at, name: n.name})
			}
		}
		if !progress {
			if m.checkEnd(&top.state); m.wrong != "" {
				return Result{States: seen.count, Wrong: m.wrong, Trace: trace(path, at)}
			}
		}
		if seen.count > limit {
			return Result{States: seen.count, Cut: true}
		}
	}
	return Result{States: seen.count}
}

type frame struct {
	state
	parent int32
	name   label
}

type step struct {
	parent int32
	name   label
}

func trace(path []step, at int32) []string {
	var names []string
	for ; at > 0; at = path[at].parent {
		names = append(names, path[at].name.String())
	}
	slices.Reverse(names)
	return names
}

// Walk follows one schedule, chosen at random by the seed, to its end, and stops at the first rule that is broken. It suits cases that are
// too large to explore.
func Walk(c Case, mem Memory, f Fault, seed uint64) Result {
	m := &model{c: &c, mem: mem, fault: f}
	random := rand.New(rand.NewPCG(seed, uint64(mem)))
	var s state
	var names []string
	for {
		m.successors(&s)
		var choices []int
		progress := false
		for i := range m.out {
			// Kills and time-outs would otherwise end most schedules early.
			if m.out[i].kind != byWorld || random.IntN(64) == 0 {
				choices = append(choices, i)
			}
			progress = progress || m.out[i].kind == byProcess
		}
		if m.wrong == "" && !progress {
			m.checkEnd(&s)
		}
		if m.wrong != "" || !progress {
			return Result{States: len(names), Wrong: m.wrong, Trace: names}
		}
		n := &m.out[choices[random.IntN(len(choices))]]
		s = n.state
		names = append(names, n.name.String())
		m.checkSleep(&s)
	}
}

// hashSet is an open-addressing set of 64-bit hashes.
type hashSet struct {
	slots []uint64
	count int
}

func newHashSet() *hashSet { return &hashSet{slots: make([]uint64, 1<<12)} }

// add reports if h is new.
func (s *hashSet) add(h uint64) bool {
	if h == 0 {
		h = 1
	}
	if 4*s.count > 3*len(s.slots) {
		old := s.slots
		s.slots, s.count = make([]uint64, 4*len(old)), 0
		for _, o := range old {
			if o != 0 {
				s.add(o)
			}
		}
	}
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case h:
			return false
		case 0:
			s.slots[i] = h
			s.count++
			return true
		}
	}
}
