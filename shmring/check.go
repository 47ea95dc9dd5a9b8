package shmring

import "math"

// batchState is what the check of a batch has to remember beyond the lanes.
type batchState struct {
	eos      bool
	waveOpen bool
	waveform uint32
	bytes    uint64
}

func (c *Consumer) beginBatch() {
	c.batch = batchState{eos: c.eos, waveOpen: c.waveOpen, waveform: c.waveform}
	for i := range c.lanes {
		l := &c.lanes[i]
		l.tentative = l.laneState
	}
}

// takeBatch makes the account of a complete batch the consumer's own.
func (c *Consumer) takeBatch() {
	for i := range c.lanes {
		l := &c.lanes[i]
		l.laneState = l.tentative
		l.batchGaps, l.batchData = 0, false
	}
	c.eos, c.waveOpen, c.waveform = c.batch.eos, c.batch.waveOpen, c.batch.waveform
	c.total += c.batch.bytes
}

// check judges a private copy of the descriptor at index i and moves the tentative account. Reason 0 means that it is good.
func (c *Consumer) check(d *Desc, i uint64) (FaultReason, int) {
	switch {
	case d.Seq != i:
		return FaultSeq, -1
	case c.batch.eos:
		return FaultAfterEOS, -1
	case d.Type < DescData || d.Type > DescEOS:
		return FaultType, -1
	}
	if d.Lane == AllLanes {
		switch d.Type {
		case DescData, DescGap, DescTrigger:
			return FaultLane, -1
		}
		return c.checkKind(d, nil), -1
	}
	lane := int(d.Lane)
	if lane >= len(c.lanes) {
		return FaultLane, -1
	}
	l := &c.lanes[lane]
	switch t := &l.tentative; {
	case d.Pos != t.pos/l.size:
		return FaultPos, lane
	case d.FirstSample != t.first:
		return FaultFirst, lane
	}
	return c.checkKind(d, l), lane
}

func (c *Consumer) checkKind(d *Desc, l *consLane) FaultReason {
	if d.Type == DescData {
		return c.checkData(d, l)
	}
	if d.Count != 0 {
		return FaultCount
	}
	switch d.Type {
	case DescGap:
		return l.checkGap(d)
	case DescParam:
		return checkParam(d)
	case DescWaveBegin:
		c.batch.waveOpen, c.batch.waveform = true, d.Waveform
	case DescWaveEnd:
		c.batch.waveOpen = false
	case DescEOS:
		c.batch.eos = true
	}
	return 0
}

func (c *Consumer) checkData(d *Desc, l *consLane) FaultReason {
	t, n := &l.tentative, uint64(d.Count)*l.size
	switch {
	case d.Count == 0:
		return FaultCount
	case t.batchData:
		return FaultBatch
	case n > l.capacity-(t.pos-l.rPos):
		return FaultRoom
	case t.first > l.limit-uint64(d.Count):
		return FaultFirst
	}
	t.pos += n
	t.first += uint64(d.Count)
	t.batchData = true
	c.batch.bytes += n
	return 0
}

// checkGap: a GAP stands before the DATA of its lane, and there are two at most.
func (l *consLane) checkGap(d *Desc) FaultReason {
	t := &l.tentative
	if !Cause(d.Code).FromProducer() || d.Aux == 0 {
		return FaultCause
	}
	if t.batchData || t.batchGaps == 2 {
		return FaultBatch
	}
	t.batchGaps++
	if d.Aux == UnknownCount {
		return 0
	}
	if d.Aux > l.limit || t.first > l.limit-d.Aux {
		return FaultFirst
	}
	t.first += d.Aux
	t.gaps += d.Aux
	return 0
}

func checkParam(d *Desc) FaultReason {
	switch d.Code {
	case ParamScale, ParamOffset:
		if !finite(math.Float64frombits(d.Aux)) {
			return FaultParam
		}
	case ParamDeadTime:
	default:
		return FaultParam
	}
	return 0
}
