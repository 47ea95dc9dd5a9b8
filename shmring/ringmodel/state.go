package ringmodel

// Sizes of the largest case.
const (
	maxLanes   = 2
	maxCap     = 4
	maxQueue   = 16
	maxSamples = 16 // of a lane, over all batches
)

// Program counters of the producer: the step that comes next.
const (
	pOffer     uint8 = iota // take the next delivery and plan it
	pReload                 // reload r_pos of a lane or d_read
	pDrop                   // count a dropped delivery
	pTrim                   // count what the common resume index cuts off
	pIntent                 // raise the intents
	pCopy                   // store a sample
	pDesc                   // store a descriptor
	pLostLate               // count with the GAP (fault)
	pCommit                 // store d_write
	pWPos                   // store w_pos
	pSeeFlag                // full fence, read waiting
	pSeeMark                // read wake_at
	pClear                  // waiting = 0
	pBell                   // doorbell++
	pWake                   // wake the recorder
	pLast                   // check the room for the last batch
	pWaitBell               // read room_bell
	pWaitLoad               // reload before the flag
	pWaitFlag               // producer_waiting = 1
	pWaitAgain              // full fence, reload
	pWaitUnset              // producer_waiting = 0
	pWaitSee                // read waiting
	pWaitClear              // waiting = 0
	pWaitRing               // doorbell++
	pWaitWake               // wake the recorder
	pWaitSleep              // sleep unless room_bell moved
	pAsleep
	pDone
	pDead
)

// Program counters of the recorder.
const (
	rPass     uint8 = iota // begin a pass: store d_read if the journal moved
	rBell                  // read the doorbell
	rCursor                // read d_write
	rDesc                  // read and check a descriptor
	rEarly                 // store r_pos before the samples are written (fault)
	rCopy                  // write a sample
	rRelease               // store r_pos
	rSeeFlag               // full fence, read producer_waiting
	rClear                 // producer_waiting = 0
	rRing                  // room_bell++
	rWake                  // wake the producer
	rMark                  // store wake_at
	rFlag                  // waiting = 1
	rAgain                 // full fence, read d_write again
	rUnset                 // waiting = 0
	rLateBell              // read the doorbell only now (fault)
	rSleep                 // sleep unless the doorbell moved
	rAsleep
	rLost     // read the lost counts of a dead producer
	rDone     // end of stream, or all that a dead producer left
	rKilled   // a new core opens the ring
	rAttach   // it stores r_pos
	rAttachUp // it rings room_bell
	rAttachGo // and wakes the producer
	rGone     // core and producer are dead: no adoption
)

// Program counters of the observer.
const (
	oStart uint8 = iota // read the head and choose a window
	oCopy               // copy it
	oCheck              // read the intent and judge
)

// producer holds the private values of the producer.
type producer struct {
	pc, lane, i uint8
	batch       uint8           // deliveries taken so far
	n, cut      [maxLanes]uint8 // of this delivery: samples kept, samples cut off
	w, next     [maxLanes]uint8 // committed position; epoch index of the next sample offered
	first, pend [maxLanes]uint8 // GAP in waiting: its first sample and length
	resume      [maxLanes]uint8 // samples below this epoch index are lost
	lost        [maxLanes]uint8
	intent      [maxLanes]uint8
	rCopy       [maxLanes]uint8 // private copy of r_pos
	d, dIntent  uint8
	dCopy       uint8 // private copy of d_read
	total       uint8
	bell        uint8 // room_bell before the room was looked at
	resuming    bool
	urgent      bool
	last        bool // this is the last batch
}

// recorder holds the private values of the recorder; a new core starts with those of the journal.
type recorder struct {
	pc, lane, i uint8
	after       uint8 // where to go on after looking at producer_waiting
	bell        uint8 // doorbell at the start of the pass
	d           uint8 // d_write as read in this pass
	dRead       uint8
	word        uint32 // the descriptor in hand
	account     account
	deathSeen   bool
	owed        bool // r_pos was stored since producer_waiting was looked at
}

// account is what a line of the journal holds.
type account struct {
	handled uint8 // descriptors accounted for
	pos     [maxLanes]uint8
	next    [maxLanes]uint8 // expected epoch index
	gaps    [maxLanes]uint8 // sum of GAP lengths
	eos     bool
}

// observer copies one window.
type observer struct {
	pc, from, i uint8
	early       bool // the intent was read before the copy (fault)
	intent      uint8
	got         [maxLanes]uint32
}

// state is everything at one instant. It is compared and hashed as a whole.
type state struct {
	mem    [numLocs]uint32
	buf    [numWriters][bufCap]entry
	queued [numWriters]uint8

	p producer
	r recorder
	o observer

	journal account
	file    [maxLanes]uint8 // length of each lane's file; the contents are checked as they are written

	coreKilled bool
	timeouts   uint8

	// Facts that no process knows, kept for the checks.
	truth    [maxLanes][maxSamples]uint8 // sample at each committed lane position
	urgentAt uint8                       // d_write behind the newest urgent batch
	losses   uint8                       // times that the producer began to lose
	resumed  [maxLanes]uint8             // epoch index at which each lane went on after its newest GAP
	over     [maxLanes]uint8             // remainder after a death: lost but in no GAP
}

// Types of descriptors in the model.
const (
	typeData = 1
	typeGap  = 2
	typeEOS  = 3
)

// desc is a descriptor; word packs it into what one store writes.
type desc struct {
	seq, typ, lane, count, pos, first, aux uint8
	end                                    bool
}

func (d desc) word() uint32 {
	w := uint32(d.seq&63) | uint32(d.typ)<<6 | uint32(d.lane)<<8 | uint32(d.count)<<9 | uint32(d.pos)<<12 | uint32(d.first)<<17 | uint32(d.aux)<<22
	if d.end {
		w |= 1 << 27
	}
	return w
}

func unpack(w uint32) desc {
	return desc{
		seq: uint8(w & 63), typ: uint8(w >> 6 & 3), lane: uint8(w >> 8 & 1), count: uint8(w >> 9 & 7),
		pos: uint8(w >> 12 & 31), first: uint8(w >> 17 & 31), aux: uint8(w >> 22 & 31), end: w>>27&1 != 0,
	}
}

// sample is what lane memory holds for an epoch index; 0 is never written, junk is what a vendor library leaves behind the valid part.
func sample(epochIndex uint8) uint32 { return uint32(epochIndex) + 1 }

const junk = 0xee

func (c *Case) cell(lane, pos uint8) loc {
	return locCell + loc(lane)*maxCap + loc(pos%c.Cap)
}

func (c *Case) desc(index uint8) loc { return locDesc + loc(index%c.Queue) }
