package recorder

import (
	"errors"
	"fmt"
	"math"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// Breaches of the contract for block modes; each ends the generation.
var (
	errOutside  = errors.New("the driver sent samples outside of a waveform")
	errNested   = errors.New("the driver began a waveform inside of another")
	errNotOpen  = errors.New("the driver ended a waveform that it had not begun")
	errNumber   = errors.New("the driver's waveforms do not count up")
	errArming   = errors.New("the driver's armings do not count up")
	errTooLong  = errors.New("the driver sent more samples of a waveform than it had promised")
	errTooShort = errors.New("the driver ended a waveform before all promised samples had come")
	errStreamed = errors.New("the driver sent a mark of block modes while it streams")
	errScale    = errors.New("the driver gave a stream a scale or an offset in which samples have no values")
)

// wave is the waveform that is being taken. The slices have an entry a lane.
type wave struct {
	open     bool
	begun    bool   // the writer knows of it
	unwanted bool   // behind the limit: not kept, and no loss
	broken   string // why it cannot be completed; empty: it can
	number   int64  // in the run
	firstNS  int64  // monotonic time of its first sample, as well as is known
	endNS    int64
	have     []int64  // samples so far
	start    []uint64 // lane index of the first sample
	dead     int64    // ns before it; -1: unknown
	trigger  shmring.Desc
	fired    bool
}

// blocks is what the drainer knows of a device in block mode over all generations.
type blocks struct {
	wave
	length  []int64  // samples of a waveform, a lane
	first   []uint64 // epoch index of the next sample, a lane
	gaps    []uint64 // samples in GAPs, a lane
	next    int64    // number of the next waveform in the run, and of the next arming
	nextArm int64
	armBase int64  // number of this generation's first arming
	any     bool   // this generation has begun a waveform
	inArm   int64  // waveforms of the latest arming that were begun
	ended   int64  // waveforms in all, complete or not, those included that the driver left out as it counted
	last    uint32 // the driver's number of its latest waveform, and of the arming
	lastArm uint32

	segmentNS int64 // monotonic time of the segment's first waveform; 0: none yet
	armEndNS  int64 // when the latest arming of which nothing more comes had its last waveform; before the first, when the generation began
	safe      ringMark
}

// ringMark is what was accounted for of the ring when the latest waveform was complete: all that a checkpoint covers.
type ringMark struct {
	desc   uint64
	lanes  []shmring.LaneAccount
	length []int64 // bytes of the lane's file
	counts waveCounts
	scales []frontEnd
}

func newBlocks(lanes int) *blocks {
	return &blocks{
		wave: wave{have: make([]int64, lanes), start: make([]uint64, lanes)}, length: make([]int64, lanes),
		first: make([]uint64, lanes), gaps: make([]uint64, lanes),
		safe: ringMark{lanes: make([]shmring.LaneAccount, lanes), length: make([]int64, lanes), scales: make([]frontEnd, lanes)},
	}
}

// begin gets ready for the next generation, whose driver counts from 0 again.
func (b *blocks) begin(account shmring.Account) {
	b.any, b.armBase, b.open = false, b.nextArm, false
	b.safe.desc = account.Desc
	copy(b.safe.lanes, account.Lanes)
	clear(b.first)
	clear(b.gaps)
}

// takeBlock handles a descriptor of a block mode.
func (d *Device) takeBlock(desc *shmring.Desc) error {
	b := d.blocks
	switch desc.Type {
	case shmring.DescData:
		return d.takeWaveData(desc)
	case shmring.DescGap:
		if desc.Aux != shmring.UnknownCount {
			b.gaps[desc.Lane] += desc.Aux
		}
		b.breakUp("the device lost samples of it")
	case shmring.DescTrigger:
		if b.open && !b.fired {
			b.trigger, b.fired = *desc, true
			d.showWaveTrigger(desc)
		}
	case shmring.DescParam:
		if desc.Code != shmring.ParamDeadTime {
			return d.takeScale(desc)
		}
		if b.open && desc.Aux < math.MaxInt64 {
			b.dead = int64(desc.Aux)
		}
	case shmring.DescWaveBegin:
		return d.beginWave(desc)
	case shmring.DescWaveEnd:
		return d.endWave(desc)
	case shmring.DescEOS:
		d.gen.eos = true
	}
	return nil
}

func (b *blocks) breakUp(why string) {
	if b.open && b.broken == "" {
		b.broken = why
	}
}

// end notes that nothing more comes of the open waveform.
func (b *blocks) end() {
	b.open = false
	b.ended++
}

// count gives a waveform its number in the run, and its arming too.
func (b *blocks) count(desc *shmring.Desc) (arm int64, err error) {
	if b.any {
		step := desc.Waveform - b.last // modulo 2^32, as the driver's numbers are
		if step == 0 || step > math.MaxInt32 {
			return 0, errNumber
		}
		if desc.Code-b.lastArm > math.MaxInt32 {
			return 0, errArming
		}
		b.next += int64(step) - 1
		b.ended += int64(step) - 1
		arm = b.nextArm - 1 + int64(desc.Code-b.lastArm)
	} else {
		arm = b.armBase + int64(desc.Code)
		b.ended += int64(desc.Waveform) // numbers begin at 0
	}
	if !b.any || desc.Code != b.lastArm {
		b.inArm = 0
	}
	b.inArm++
	b.any, b.last, b.lastArm = true, desc.Waveform, desc.Code
	b.number, b.next, b.nextArm = b.next, b.next+1, arm+1
	return arm, nil
}

func (d *Device) beginWave(desc *shmring.Desc) error {
	b := d.blocks
	if b.open {
		return errNested
	}
	arm, err := b.count(desc)
	if err != nil {
		return err
	}
	firstNS := desc.TMonoNS - int64(float64(desc.Aux)*nsPer(d.o.Info.RawInterval, 1))
	if b.inArm == 1 { // the arming before has ended, however many waveforms it brought
		b.armEndNS = max(b.armEndNS, b.endNS)
	}
	d.deliveryNS = max(d.deliveryNS, desc.TMonoNS)
	b.wave = wave{open: true, number: b.number, firstNS: firstNS, endNS: desc.TMonoNS, have: b.have, start: b.start, dead: -1}
	for i := range d.lanes {
		b.have[i], b.start[i] = 0, d.lanes[i].ringPos
	}
	switch {
	case d.reachedSamples():
		b.unwanted = true
		return nil
	case d.failedLane() != nil:
		b.broken = "writing failed: " + d.failedLane().Error()
		return nil
	}
	if err := d.openEpoch(firstNS); err != nil {
		return err
	}
	if b.segmentNS == 0 {
		b.segmentNS = desc.TMonoNS
	}
	b.begun = true
	return d.o.Writer.BeginWaveform(recording.Waveform{Number: b.number, Arm: arm, MemorySegment: int64(desc.Status)})
}

// reachedSamples tells whether the device has all the samples that the run wants of it, or can count.
func (d *Device) reachedSamples() bool {
	if d.countedOut() {
		return true
	}
	if d.o.Limit.Samples <= 0 {
		return false
	}
	for i := range d.lanes {
		if l := &d.lanes[i]; l.whole < d.o.Limit.Samples/l.ratio {
			return false
		}
	}
	return true
}

func (d *Device) failedLane() error {
	for i := range d.lanes {
		if err := d.lanes[i].failed; err != nil {
			return err
		}
	}
	return nil
}

func (d *Device) takeWaveData(desc *shmring.Desc) error {
	b, l := d.blocks, &d.lanes[desc.Lane]
	count := int64(desc.Count)
	have := b.have[desc.Lane]
	b.first[desc.Lane] = desc.FirstSample + uint64(desc.Count)
	switch {
	case !b.open:
		return errOutside
	case have+count > b.length[desc.Lane]:
		return fmt.Errorf("%w: %s has %d", errTooLong, l.name, b.length[desc.Lane])
	}
	b.have[desc.Lane] += count
	l.ringPos = desc.Pos + uint64(desc.Count)
	l.last.ns, d.deliveryNS = desc.TMonoNS, desc.TMonoNS
	if b.unwanted || b.broken != "" {
		return nil
	}
	if desc.Code != 0 || desc.Flags&shmring.FlagClipped != 0 {
		d.annotate(int(desc.Lane), recording.LabelOverRange, l.recorded+l.pending.count, count, false)
	}
	index := l.next + have
	if index > maxIndex/l.ratio {
		return errIndex
	}
	return d.put(l, desc, index, count, b.firstNS+int64(float64(have)*l.intervalNS))
}

// endWave completes the open waveform, or gives it up.
func (d *Device) endWave(desc *shmring.Desc) error {
	b := d.blocks
	if !b.open {
		return errNotOpen
	}
	if desc.Aux != 0 {
		b.breakUp("the device did not hand it over whole")
	}
	if b.broken == "" {
		for i := range d.lanes {
			if b.have[i] != b.length[i] {
				return fmt.Errorf("%w: %s has %d of %d", errTooShort, d.lanes[i].name, b.have[i], b.length[i])
			}
		}
	}
	for i := range d.lanes {
		if b.broken == "" {
			d.flush(i) // may break the waveform up
		}
	}
	switch {
	case b.unwanted:
		b.end()
	case b.broken != "":
		d.loseWave(b.broken, true)
	default:
		if err := d.completeWave(); err != nil {
			return err
		}
	}
	if d.o.Captures > 0 && b.inArm >= d.o.Captures {
		b.armEndNS = max(b.armEndNS, b.endNS)
	}
	d.markSafe(desc.Seq + 1)
	return nil
}

func (d *Device) completeWave() error {
	b, w := d.blocks, d.o.Writer
	if d.o.RotateEvery > 0 && b.endNS-b.segmentNS >= int64(d.o.RotateEvery) {
		if err := w.CutWaveforms(); err != nil {
			return err
		}
		b.segmentNS = b.endNS
	}
	if b.dead >= 0 {
		if err := w.SetDeadTime(b.dead); err != nil {
			return err
		}
	}
	if err := d.placeTrigger(); err != nil {
		return err
	}
	if err := w.EndWaveform(); err != nil {
		return err
	}
	b.end()
	for i := range d.lanes {
		l := &d.lanes[i]
		l.recorded, l.next = w.Next(i)
		l.whole = l.recorded
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &d.stats
	s.Waveforms++
	if b.dead >= 0 {
		if s.DeadTimes++; s.DeadTimes == 1 || float64(b.dead)/1e9 < s.DeadLeast {
			s.DeadLeast = float64(b.dead) / 1e9
		}
		s.DeadTotal += float64(b.dead) / 1e9
		s.DeadMost = max(s.DeadMost, float64(b.dead)/1e9)
	}
	return nil
}

// loseWave cuts the open waveform off all streams; it becomes an event. captured tells that the device had all of it. Then it is a loss,
// also when the acquisition was asked to end; one that the end cut off is none, but where writing failed, which was the reason to end.
func (d *Device) loseWave(why string, captured bool) {
	b := d.blocks
	b.end()
	for i := range d.lanes {
		l := &d.lanes[i]
		l.pending = pending{} // not written: the ring holds it no longer than it needs
	}
	var err error
	if b.begun {
		err = d.o.Writer.DropWaveform(why)
	} else {
		err = d.o.Run.Event(recording.Event{Kind: recording.EventWaveformLost, Device: d.o.Name, Text: recording.LostWaveformText(b.number, why)})
	}
	if err != nil {
		d.o.Logger.Error("a lost waveform was not written down", "device", d.o.Name, "error", err)
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		l.recorded, l.next = d.o.Writer.Next(i)
		d.rescaleLate(i)
	}
	d.o.Logger.Warn("a waveform was lost", "device", d.o.Name, "waveform", b.number, "why", why)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stats.WaveformsCut++
	if captured || !d.ending.Load() || d.failedLane() != nil {
		d.stats.WaveformsLost++
	}
}

// Ending tells the recorder that the acquisition was asked to end: a waveform that the end cuts off is then no loss.
// Any goroutine may call it; there is no way back.
func (d *Device) Ending() { d.ending.Store(true) }

// markSafe notes what of the ring is accounted for by whole waveforms, descriptors up to desc.
func (d *Device) markSafe(desc uint64) {
	m := &d.blocks.safe
	m.desc, m.counts = desc, d.blocks.counts()
	for i := range d.lanes {
		m.scales[i] = d.lanes[i].scale.now
		m.lanes[i] = shmring.LaneAccount{Pos: d.lanes[i].ringPos, FirstSample: d.blocks.first[i], Gaps: d.blocks.gaps[i]}
		_, m.length[i] = d.o.Writer.FilePosition(i)
	}
}

// leaveWave gives up the waveform that is open when a generation ends.
func (d *Device) leaveWave(out Outcome) {
	if d.blocks == nil || !d.blocks.open || out.End == EndAborted {
		return
	}
	switch {
	case d.blocks.unwanted:
		d.blocks.end()
	case out.End == EndFault:
		d.loseWave("the plugin broke the rules: "+out.Fault.Error(), false)
	case out.End == EndDead:
		d.loseWave("the plugin ended", false)
	case out.End == EndUnread:
		d.loseWave(out.Fault.Error(), false)
	default:
		d.loseWave("the acquisition ended", false)
	}
}
