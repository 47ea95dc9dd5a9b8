package shmring

import "fmt"

// Begin opens a batch with the time at which the samples came, see [MonoNow]. While a batch is open it changes nothing: deliveries closer
// together than a millisecond are best joined into one batch, which then has the stamp of the first.
func (p *Producer) Begin(tMonoNS int64) {
	if p.open || p.done {
		return
	}
	p.open, p.poisoned, p.estimate, p.tMono = true, false, false, tMonoNS
	if p.resuming {
		p.alignResume()
	}
	if p.hdr.producerState.Load() == uint32(ProducerAttached) {
		p.hdr.producerState.Store(uint32(ProducerRunning))
	}
}

// alignResume finds the end common to all lanes of a loss: the highest raw index that any lane offers next.
func (p *Producer) alignResume() {
	var end uint64
	for i := range p.lanes {
		end = max(end, p.lanes[i].next()*p.lanes[i].ratio)
	}
	for i := range p.lanes {
		l := &p.lanes[i]
		l.trimTo = end / l.ratio
		if end%l.ratio != 0 {
			l.trimTo++
		}
	}
}

// SetTimeEstimated marks the stamp of the open batch as an estimate.
func (p *Producer) SetTimeEstimated() { p.estimate = true }

// SetOverRange notes the vendor's over-range mask for the lane's samples of the open batch; a mask of 0 is none. Over-range is no loss.
func (p *Producer) SetOverRange(lane int, mask uint32) error {
	l, err := p.openLane(lane)
	if err == nil {
		l.over |= mask
	}
	return err
}

// openLane finds a lane while a batch is open.
func (p *Producer) openLane(lane int) (*prodLane, error) {
	switch {
	case p.done:
		return nil, ErrClosed
	case lane < 0 || lane >= len(p.lanes):
		return nil, fmt.Errorf("%w: lane %d of %d", ErrMisuse, lane, len(p.lanes))
	case !p.open:
		return nil, fmt.Errorf("%w: no batch is open", ErrMisuse)
	}
	return &p.lanes[lane], nil
}

// Push appends whole samples to the open batch and copies them into the lane; b stays the caller's. Any length is fine, more than a quarter
// of the lane goes as several batches. Without room the batch becomes a loss, counted by Commit; [ErrNoRoom] instead where the producer is
// lossless. Error besides: [ErrMisuse], [ErrClosed].
func (p *Producer) Push(lane int, b []byte) error {
	l, err := p.openLane(lane)
	if err != nil {
		return err
	}
	if uint64(len(b))%l.size != 0 {
		return fmt.Errorf("%w: %d bytes are no whole number of samples", ErrMisuse, len(b))
	}
	if l.reserved > 0 {
		return fmt.Errorf("%w: push while a reservation is open", ErrMisuse)
	}
	samples := uint64(len(b)) / l.size
	trim := l.trimmed(samples)
	n := (samples - trim) * l.size
	if p.poisoned || !l.has(n) {
		return p.miss(l, samples)
	}
	p.trim(l, trim)
	if n == 0 {
		return nil
	}
	l.raise(l.w + l.staged + n)
	storeStore()
	at := l.offset()
	copyPieces(l.mem[at:at+int(n)], b[trim*l.size:])
	p.mem.mirror(lane, at, int(n))
	l.staged += n
	return nil
}

// offset is where the next staged byte goes; it is below the capacity.
func (l *prodLane) offset() int {
	at := l.at + int(l.staged)
	if at >= int(l.capacity) {
		at -= int(l.capacity)
	}
	return at
}

// raise moves the write intent up, never down.
func (l *prodLane) raise(to uint64) {
	if int64(to-l.intent) > 0 {
		l.intent = to
		l.raw.wIntent.Store(to)
	}
}

// trimmed is how many of the next samples belong to the loss before them.
func (l *prodLane) trimmed(samples uint64) uint64 {
	next := l.next()
	if next >= l.trimTo {
		return 0
	}
	return min(samples, l.trimTo-next)
}

func (p *Producer) trim(l *prodLane, samples uint64) {
	if samples > 0 {
		l.lose(samples, CauseRingFull)
	}
}

// miss notes samples without room: the whole batch is lost, or nothing was taken.
func (p *Producer) miss(l *prodLane, samples uint64) error {
	if !p.mayDrop() {
		return ErrNoRoom
	}
	p.poisoned = true
	l.missed += samples
	return nil
}

// Miss says that the open batch had samples for the lane which the caller could not place, because Reserve had no room. The whole batch is
// lost, exactly counted. It is an error ([ErrMisuse]) where the producer is lossless.
func (p *Producer) Miss(lane int, samples int) error {
	l, err := p.openLane(lane)
	if err != nil {
		return err
	}
	if samples < 0 || !p.mayDrop() {
		return fmt.Errorf("%w: miss of %d samples", ErrMisuse, samples)
	}
	return p.miss(l, uint64(samples))
}

// Reserve hands out the lane's memory behind what is in the batch, for a library that writes it by itself; no batch needs to be open. The
// memory is the caller's until Filled says how much of it became samples. At most a quarter of the lane ([ErrTooLarge]); [ErrNoRoom] when
// there is none now, which counts nothing. Only for libraries that do not write after their call has returned.
func (p *Producer) Reserve(lane int, samples int) ([]byte, error) {
	if p.done {
		return nil, ErrClosed
	}
	if lane < 0 || lane >= len(p.lanes) || samples < 1 {
		return nil, fmt.Errorf("%w: reserve %d samples in lane %d", ErrMisuse, samples, lane)
	}
	l := &p.lanes[lane]
	if uint64(samples) > l.capacity/4/l.size {
		return nil, ErrTooLarge
	}
	if l.reserved > 0 {
		return nil, fmt.Errorf("%w: lane %d has a reservation already", ErrMisuse, lane)
	}
	n := uint64(samples) * l.size
	if p.poisoned || !l.has(n) {
		return nil, ErrNoRoom
	}
	l.raise(l.w + l.staged + n)
	storeStore()
	l.reserved, l.reservedAt = n, l.w+l.staged
	at := l.offset()
	return l.mem[at : at+int(n) : at+int(n)], nil
}

// Filled ends a reservation: its first samples (0 = none) are part of the open batch.
func (p *Producer) Filled(lane int, samples int) error {
	l, err := p.openLane(lane)
	if err != nil {
		return err
	}
	if samples < 0 || uint64(samples)*l.size > l.reserved {
		return fmt.Errorf("%w: %d samples filled, %d reserved", ErrMisuse, samples, l.reserved/l.size)
	}
	p.fill(l, lane, uint64(samples))
	return nil
}

// fill stages the first samples of a reservation, moving them down where the loss before them took some, or where a batch in front of them
// was dropped since.
func (p *Producer) fill(l *prodLane, lane int, samples uint64) {
	n, moved := l.reserved, l.reservedAt-(l.w+l.staged)
	l.reserved = 0
	if p.poisoned { // only where the batch may be dropped
		l.missed += samples
		return
	}
	trim := l.trimmed(samples)
	p.trim(l, trim)
	at := l.offset()
	if skip := int(moved + trim*l.size); skip > 0 {
		p.mem.mirror(lane, (at+int(moved))%int(l.capacity), int(n))
		n = (samples - trim) * l.size
		copy(l.mem[at:at+int(n)], l.mem[at+skip:at+skip+int(n)])
	} else {
		n = samples * l.size
	}
	p.mem.mirror(lane, at, int(n))
	l.staged += n
}

// Gap says that the library lost samples of the lane before those that come next. The count moves the epoch index on; [UnknownCount] says
// that nobody knows how many, which moves nothing: the core estimates it. The cause has to be one that [Cause.FromProducer] reports and not
// [CauseRingFull], which is the producer's own. In an open batch it has to come before the lane's samples. Errors: [ErrMisuse], [ErrClosed].
func (p *Producer) Gap(lane int, count uint64, cause Cause) error {
	switch {
	case p.done:
		return ErrClosed
	case lane < 0 || lane >= len(p.lanes) || count == 0 || !cause.FromProducer() || cause == CauseRingFull:
		return fmt.Errorf("%w: gap of %d samples by %s in lane %d", ErrMisuse, count, cause, lane)
	}
	l := &p.lanes[lane]
	if l.staged > 0 || l.missed > 0 || l.reserved > 0 {
		return fmt.Errorf("%w: gap behind samples of the same batch", ErrMisuse)
	}
	if count == UnknownCount {
		l.gaps.add(gap{cause: cause, unknown: true})
		return nil
	}
	if count > maxEpoch || l.next() > maxEpoch-count {
		return fmt.Errorf("%w: gap of %d samples leads beyond the epoch index", ErrMisuse, count)
	}
	l.lose(count, cause)
	return nil
}
