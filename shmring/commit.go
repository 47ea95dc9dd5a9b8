package shmring

import (
	"fmt"
	"time"
)

// maxPart bounds the bytes of one DATA descriptor, whose count has 32 bits.
const maxPart = 1 << 30

// urgentEvery is the shortest time between two urgent wake-ups.
const urgentEvery = 10 * time.Millisecond

// Commit ends the open batch: its descriptors are written and made visible by one store, or the whole batch is dropped for lack of room and
// counted; the consumer is woken where it is due. More than a quarter of a lane goes as several batches, each of which can be dropped. A batch
// in which nothing happened writes nothing. Without room a lossless producer gets [ErrNoRoom] and keeps what is not committed yet for another
// Commit. Errors besides: [ErrMisuse] without a batch, [ErrClosed].
func (p *Producer) Commit() error {
	if p.done {
		return ErrClosed
	}
	if !p.open {
		return fmt.Errorf("%w: no batch is open", ErrMisuse)
	}
	if p.poisoned {
		p.drop()
		return nil
	}
	urgent := false
	for parts := p.parts(); parts > 0; parts-- {
		need, data := p.descsFor(parts)
		switch {
		case need == 0:
		case p.hasDescs(need + p.reserve):
			p.raiseDescs(need)
			urgent = p.write(parts, data) || urgent
		case !p.mayDrop():
			p.wake(MonoNow(), urgent)
			return ErrNoRoom
		case data:
			p.drop()
			return nil
		} // marks alone go on waiting
	}
	p.endBatch(MonoNow(), urgent)
	return nil
}

// parts is the number of batches that the staged samples make: none has more than a quarter of a lane.
func (p *Producer) parts() uint64 {
	parts := uint64(1)
	for i := range p.lanes {
		quarter := min(p.lanes[i].capacity/4, maxPart)
		parts = max(parts, (p.lanes[i].staged+quarter-1)/quarter)
	}
	return parts
}

// share is how many of the staged samples go with the next of so many batches.
func (l *prodLane) share(parts uint64) uint64 { return l.staged / l.size / parts }

// descsFor counts the descriptors of the next of so many batches.
func (p *Producer) descsFor(parts uint64) (need uint64, data bool) {
	n, params := 0, 0
	for i := range p.lanes {
		l := &p.lanes[i]
		params += l.params()
		if l.share(parts) > 0 {
			data = true
			n += l.gaps.n + 1
		}
	}
	if data {
		n += params
	}
	n += p.marks.front(data)
	if parts == 1 {
		n += p.marks.back(data)
	}
	return uint64(n), data
}

// hasDescs reports if n descriptors are free, looking at the consumer's true cursor only when the private copy says no.
func (p *Producer) hasDescs(n uint64) bool {
	if p.dWrite-p.dRead+n <= p.descs {
		return true
	}
	p.dRead = p.hdr.dRead.Load()
	used := p.dWrite - p.dRead
	return used <= p.descs && n <= p.descs-used
}

func (p *Producer) raiseDescs(n uint64) {
	if int64(p.dWrite+n-p.dIntent) > 0 {
		p.dIntent = p.dWrite + n
		p.hdr.dIntent.Store(p.dIntent)
	}
	storeStore()
}

// batchWriter writes the descriptors of one batch behind the commit cursor.
type batchWriter struct {
	p      *Producer
	at     uint64
	last   Desc
	any    bool
	urgent bool
}

// add writes the descriptor before d, so that the last one can still get its flag.
func (w *batchWriter) add(d Desc) {
	w.flush()
	d.Seq, d.TMonoNS = w.at, w.p.tMono
	w.urgent = w.urgent || d.Flags&FlagUrgent != 0
	w.last, w.any = d, true
	w.at++
}

func (w *batchWriter) flush() {
	if w.any {
		w.last.put(w.p.mem.desc(w.last.Seq))
	}
}

// commit writes the last descriptor and makes the batch visible.
func (w *batchWriter) commit() {
	w.last.Flags |= FlagBatchEnd
	w.flush()
	w.p.dWrite = w.at
	w.p.hdr.dWrite.Store(w.at)
}

// addParams writes the lane's waiting parameters.
func (w *batchWriter) addParams(i int) {
	l := &w.p.lanes[i]
	for code := range l.param {
		if v := &l.param[code]; v.set {
			w.add(Desc{Type: DescParam, Lane: uint16(i), Pos: l.w / l.size, FirstSample: l.dataEnd, Aux: v.bits, Code: uint32(code) + 1, Waveform: w.p.marks.current()})
			v.set = false
		}
	}
}

// addGaps writes the lane's waiting losses and moves its epoch index over them.
func (w *batchWriter) addGaps(i int) {
	l := &w.p.lanes[i]
	for _, g := range l.gaps.g[:l.gaps.n] {
		w.add(Desc{
			Type: DescGap, Flags: FlagUrgent, Lane: uint16(i), Pos: l.w / l.size, FirstSample: l.dataEnd, Aux: g.aux(),
			Code: uint32(g.cause), Waveform: w.p.marks.current(),
		})
		l.dataEnd += g.count
	}
	l.gaps.clear()
}

func (w *batchWriter) addTriggers() {
	m := &w.p.marks
	for _, t := range m.triggers[:m.nTrigger] {
		l := &w.p.lanes[t.lane]
		d := Desc{
			Type: DescTrigger, Lane: t.lane, Pos: l.w / l.size, FirstSample: l.dataEnd, Code: t.within, Waveform: t.waveform,
			Aux: uint64(triggerOffset(&w.p.mem.geo.spec.Lanes[t.lane], l.dataEnd, t)),
		}
		if t.urgent {
			d.Flags = FlagUrgent
		}
		w.add(d)
	}
	m.nTrigger = 0
}

// write commits the next of so many batches, for which there is room, and reports if it is urgent.
func (p *Producer) write(parts uint64, data bool) (urgent bool) {
	w := batchWriter{p: p, at: p.dWrite}
	m := &p.marks
	if m.begin.set {
		m.begin.set = false
		w.add(m.begin.d)
	}
	if data && m.deadTime.set {
		m.deadTime.set = false
		w.add(m.deadTime.d)
	}
	for i := range p.lanes {
		if data {
			w.addParams(i)
		}
		if n := p.lanes[i].share(parts); n > 0 {
			p.writeData(&w, i, n)
		}
	}
	if parts == 1 {
		p.writeBack(&w, data)
	}
	w.commit()
	for i := range p.lanes {
		p.lanes[i].publish()
	}
	return w.urgent
}

// writeBack writes the marks that stand behind all samples.
func (p *Producer) writeBack(w *batchWriter, data bool) {
	m := &p.marks
	if data {
		w.addTriggers()
	}
	if m.failure.set {
		m.failure.set = false
		w.add(m.failure.d)
	}
	if m.end.set {
		m.end.set, m.waveOpen = false, false
		w.add(m.end.d)
	}
}

// writeData describes the lane's next staged samples, its GAPs before them, and moves the lane's cursor in private.
func (p *Producer) writeData(w *batchWriter, i int, samples uint64) {
	l := &p.lanes[i]
	w.addGaps(i)
	d := Desc{
		Type: DescData, Lane: uint16(i), Count: uint32(samples), Pos: l.w / l.size, FirstSample: l.dataEnd, Code: l.over,
		Waveform: p.marks.current(),
	}
	if l.over != 0 {
		d.Flags |= FlagClipped
	}
	if p.estimate {
		d.Flags |= FlagTimeEstimated
	}
	w.add(d)
	n := samples * l.size
	l.dataEnd += samples
	if l.at += int(n); l.at >= int(l.capacity) {
		l.at -= int(l.capacity)
	}
	l.w += n
	l.staged -= n
	p.total += n
	p.resuming = false
}

// publish shows observers what was committed.
func (l *prodLane) publish() {
	if l.raw.wPos.Load() != l.w {
		l.raw.wPos.Store(l.w)
	}
}

// drop turns the open batch into a loss of all lanes.
func (p *Producer) drop() {
	for i := range p.lanes {
		l := &p.lanes[i]
		n := l.staged/l.size + l.missed
		l.staged, l.missed = 0, 0
		if n > 0 {
			l.lose(n, CauseRingFull)
		}
	}
	p.lostTotal++
	p.hdr.lostBatches.Store(p.lostTotal)
	p.resuming = true
	p.endBatch(MonoNow(), true) // the consumer is behind: it may be asleep below its watermark
}

// endBatch closes the batch, leaves a sign of life and wakes the consumer if that is due.
func (p *Producer) endBatch(now int64, urgent bool) {
	for i := range p.lanes {
		p.lanes[i].over = 0
	}
	p.open, p.poisoned = false, false
	p.noteFill()
	p.hdr.progressNS.Store(uint64(now))
	p.wake(now, urgent || p.urgentDue)
}

// noteFill keeps the highest fill of any lane. A private copy that is behind shows too much, so it is refreshed before it counts.
func (p *Producer) noteFill() {
	for i := range p.lanes {
		l := &p.lanes[i]
		if l.fillPPM() <= p.maxFill {
			continue
		}
		l.r = l.raw.rPos.Load()
		if f := l.fillPPM(); f > p.maxFill {
			p.maxFill = f
			p.hdr.maxFill.Store(f)
		}
	}
}

func (l *prodLane) fillPPM() uint64 {
	return min(l.w-l.r, l.capacity) * 1_000_000 / l.capacity
}

// wake rings the consumer if it waits and enough is there, or at most a hundred times a second if it is urgent. The stores before it are
// atomic, so nothing has to order them before the loads here.
func (p *Producer) wake(now int64, urgent bool) {
	if int64(p.total-p.hdr.wakeAt.Load()) < 0 {
		if !urgent {
			return
		}
		if p.urgentDue = now-p.urgentAt < int64(urgentEvery); p.urgentDue {
			return
		}
	}
	if p.ring() && urgent {
		p.urgentAt = now
	}
}

// ring wakes the consumer if it sleeps or is about to; otherwise it will look again before it does. The flag is cleared before the bell: the other order could wipe out the consumer's next flag.
func (p *Producer) ring() bool {
	p.urgentDue = false
	if p.hdr.waiting.Load() == 0 {
		return false
	}
	p.hdr.waiting.Store(0)
	p.hdr.doorbell.Add(1)
	wakeWord(&p.hdr.doorbell)
	return true
}
