package shmring

// LaneAccount is what a lane's descriptors add up to.
type LaneAccount struct {
	Pos         uint64 // lane index of the next sample
	FirstSample uint64 // epoch index of the next sample
	Gaps        uint64 // samples in all GAPs that have a count
}

// Account is what the descriptors up to an index add up to: the facts about the ring that a journal line holds.
type Account struct {
	Desc     uint64 // index of the first descriptor that is not in it
	EOS      bool   // the stream has ended
	WaveOpen bool   // a capture has begun and not ended
	Waveform uint32 // its number, or that of the last one
	Lanes    []LaneAccount
}

// Account returns the facts after everything that Poll has handed out. Take it when that is written. It allocates the slice; the caller
// owns it.
func (c *Consumer) Account() Account {
	a := Account{Desc: c.next, EOS: c.eos, WaveOpen: c.waveOpen, Waveform: c.waveform, Lanes: make([]LaneAccount, len(c.lanes))}
	for i := range c.lanes {
		l := &c.lanes[i]
		a.Lanes[i] = LaneAccount{Pos: l.pos / l.size, FirstSample: l.first, Gaps: l.gaps}
	}
	return a
}

// EOS reports that Poll has handed out the end of the stream: nothing follows.
func (c *Consumer) EOS() bool { return c.eos }

// LaneFill is how many bytes of the lane are committed and not released, as of the last Poll, and its capacity.
func (c *Consumer) LaneFill(lane int) (used, capacity uint64) {
	l := &c.lanes[lane]
	return uint64(max(int64(l.pos-l.rPos), 0)), l.capacity
}

// DescFill is how many descriptors are committed and not released, as of the last Poll, and the length of the queue. Half full means that
// it is time for a sync.
func (c *Consumer) DescFill() (used, total uint64) { return c.dSeen - c.dRead, c.descCount }

// DrainDead returns per lane how many samples the producer had counted as lost but not yet put into a GAP. Call it when the producer is
// known to be dead and Poll hands out nothing any more: what it had committed ends with the last complete batch, and these samples are lost
// behind it, exactly, with cause [CauseRingFull]. A count that cannot be is a [*FaultError] (the others are returned).
func (c *Consumer) DrainDead() ([]uint64, error) {
	rest := make([]uint64, len(c.lanes))
	var err error
	for i := range c.lanes {
		l := &c.lanes[i]
		lost := l.raw.lost.Load()
		if lost < l.gaps || lost-l.gaps > l.limit-l.first {
			err = c.fail(FaultLostCount, i)
			continue
		}
		rest[i] = lost - l.gaps
	}
	return rest, err
}
