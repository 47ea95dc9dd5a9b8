package analyze

import "sync/atomic"

// meter counts what is done, for Progress. Lanes that are fed at the same time count together.
type meter struct {
	tell        func(done, total int64)
	done, total atomic.Int64
	news        chan struct{} // there is something to tell, which another goroutine does; nil: whoever counts tells it
	told        int64
}

// add counts what was done. A nil meter counts nothing.
func (m *meter) add(n int64) {
	if m == nil || m.tell == nil {
		return
	}
	done := m.done.Add(n)
	if m.news == nil {
		m.say()
		return
	}
	if done/chunkSamples == (done-n)/chunkSamples { // waveforms are many
		return
	}
	select {
	case m.news <- struct{}{}:
	default: // it is going to be told
	}
}

// more adds to what there is to do.
func (m *meter) more(n int64) {
	if m != nil {
		m.total.Add(n)
	}
}

// say tells how far it is, unless it was told.
func (m *meter) say() {
	if m == nil || m.tell == nil {
		return
	}
	if done := m.done.Load(); done != m.told { // before the total, which grows first
		m.told = done
		m.tell(done, m.total.Load())
	}
}

// meterOf makes a meter for all passes over lanes.
func meterOf(sel *Selection, s state, list []*lane) *meter {
	m := &meter{tell: sel.Progress}
	for i, l := range list {
		passes := int64(1)
		if firstPass(s, i) != nil {
			passes = 2
		}
		for _, p := range l.pieces() {
			m.more(passes * p.samples * l.width())
		}
	}
	return m
}
