package recorder

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// Options describe a device's recorder.
type Options struct {
	Name   string
	Writer *recording.DeviceWriter
	Run    *recording.Run
	Info   recording.DeviceInfo // as given to Run.AddDevice
	Clock  *clock.Sampler
	Limit  Limit // of block modes only Samples: they end behind the first whole waveform that reaches it
	// Block modes: the raw sample of a waveform that the device takes for its trigger point, and the time on the host's
	// clock after which a rotated device gets its next segment; 0: only by its length.
	TriggerPoint int64
	Captures     int64 // block modes: waveforms that an arming brings; 0: not known
	RotateEvery  time.Duration
	Sync         time.Duration // sync interval; 0: 1 s
	Logger       hclog.Logger  // nil: silent
	// RetryFor is how long a failed write is tried again; RetryFull: also when the disk is full, since old segments are
	// dropped. Stopping is closed when the run ends: then nothing is tried again.
	RetryFor  time.Duration
	RetryFull bool
	Stopping  <-chan struct{}
	// Watcher looks at what is recorded; nil: nobody. Prompt is how long a delivery may wait until it does; 0: as the ring's
	// room allows, up to a quarter of a second.
	Watcher Watcher
	Prompt  time.Duration
	// Follower learns when samples were taken; nil: nobody.
	Follower Follower
	// Resume tells of what the device had recorded before the present process; nil: nothing. Writer stands behind it.
	Resume *Resume
	// Adopt is the ring that the first generation goes on with, taken over from a recorder that has died, in place of Resume; nil: none.
	Adopt *Adoption
	// Keep returns what whoever adopts the ring is to know beyond the recorder's own state, as JSON; nil: rings are not to be adopted. It is called from
	// the draining goroutine and must return at once.
	Keep func() json.RawMessage
	// DiskFails is called when writing begins to fail and is tried again, DiskWorks when it works again and how long it did not. They are called
	// from the draining goroutine and must not block; nil: nobody is told.
	DiskFails func(error)
	DiskWorks func(away time.Duration)
	// DiskFull is called each time that writing or a sync fails as the disk is full or a quota is used up, whatever the disk says of itself, from a goroutine of
	// the recorder. It must not block; nil: nobody is told.
	DiskFull func()
	// Warned is told of data files that somebody else has deleted, replaced or changed while they are recorded, from a goroutine of the recorder. It must not
	// block; nil: nobody is told.
	Warned func(text string)
	// Failed is called once, from a goroutine of the recorder, when writing failed for good. It must not block.
	Failed func(error)
}

// Device records one device over all its generations. Drain is called for one generation after the other, Finish
// last, both from one goroutine; Stats and Full may be used from any.
type Device struct {
	o      Options
	mono   func() int64 // the monotonic clock that no delivery can be ahead of
	lanes  []lane
	common int64 // least common multiple of the ratios
	stalls stalls
	pulse  *pulse
	letGo  func() // of the pulse
	picker *clock.Picker
	rate   *clock.RateFit
	epoch  int // of the present generation; -1 before the first
	full   chan struct{}
	isFull bool
	// endless: the run has no end by index, and Limit.RawIndex is where counting ends.
	endless bool
	resume  *Resume // until the first sample behind what was recorded before; nil: the device begins
	blocks  *blocks // nil: it streams
	silent  silent  // losses that nobody tells of
	femto   femto
	ending  atomic.Bool // the acquisition was asked to end

	// Times of deliveries, monotonic ns: the latest that brought samples, the one being taken; when the last sample was taken, and the last before
	// the delivery being taken; and the estimated loss before that, when a producer told of one without its length.
	deliveryNS, batchNS int64
	latest, before      moment
	arrived             arrivals
	behind              []shmring.Desc // what was found in the ring behind the descriptor being taken
	aheadBuf            []shmring.Desc
	idleNS              int64 // when the ring was found to hold nothing new
	unknown             *bounds

	gen      *generation
	sync     *syncer
	lastSync int64   // monotonic time of the last checkpoint
	fill     float64 // of the ring when the last pass began
	rest     rest    // how the drainer waits

	mu     sync.Mutex
	stats  Stats   // guarded by mu
	marks  []mark  // guarded by mu
	outage *outage // guarded by mu; nil: writing works
	// unread is what each lane has lost that nobody has taken from the ring yet, of an outage; hasUnread: there is some. Guarded by mu.
	unread    []int64
	hasUnread bool
}

// New returns the recorder of a device and starts its syncing goroutine, which Finish or Abandon end.
func New(o Options) *Device {
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	if o.Sync <= 0 {
		o.Sync = time.Second
	}
	if failed := o.Failed; failed == nil {
		o.Failed = func(error) {}
	} else {
		var once sync.Once
		o.Failed = func(err error) { once.Do(func() { failed(err) }) }
	}
	if o.DiskFails == nil {
		o.DiskFails = func(error) {}
	}
	if o.DiskWorks == nil {
		o.DiskWorks = func(time.Duration) {}
	}
	if o.Warned == nil {
		o.Warned = func(string) {}
	}
	if o.DiskFull == nil {
		o.DiskFull = func() {}
	}
	d := &Device{o: o, mono: clock.Mono, common: 1, epoch: -1, full: make(chan struct{}), picker: clock.NewPicker(nsPer(o.Info.RawInterval, 1)), rate: clock.NewRateFit(nsPer(o.Info.RawInterval, 1))}
	names := o.Writer.Streams()
	for i, s := range o.Info.Streams {
		ratio := max(s.Ratio, 1)
		d.lanes = append(d.lanes, lane{
			name: names[i], ratio: ratio, sampleBytes: sizeOf(s.Datatype), intervalNS: nsPer(o.Info.RawInterval, ratio),
			scale: newScale(s.Global),
		})
		d.common = lcm(d.common, ratio)
		d.stats.Streams = append(d.stats.Streams, StreamStats{Name: d.lanes[i].name, Ratio: ratio})
	}
	d.unread = make([]int64, len(d.lanes))
	for i := range d.lanes {
		d.lanes[i].watched = o.Watcher != nil && o.Watcher.Watches(i)
	}
	if d.o.Limit.RawIndex <= 0 {
		d.endless, d.o.Limit.RawIndex = true, maxIndex/d.common*d.common
	}
	if d.femto = newFemto(o.Info.RawInterval); o.Info.Mode.Block() {
		d.blocks = newBlocks(len(d.lanes))
		for i, s := range o.Info.Streams {
			d.blocks.length[i] = s.Global.WaveformSamples
		}
	}
	d.silent = d.newSilent()
	if o.Resume != nil {
		d.resumeAt(o.Resume)
	}
	if o.Adopt != nil {
		d.adoptAt(o.Adopt)
	}
	d.pulse, d.letGo = takePulse()
	d.sync = newSyncer(o, d.pulse)
	return d
}

func sizeOf(t recording.Datatype) int64 {
	if t == "" {
		t = recording.Int16 // the writer's default
	}
	return int64(t.Size())
}

func nsPer(raw recording.Fraction, ratio int64) float64 {
	return float64(raw.Num) / float64(raw.Den) * 1e9 * float64(ratio)
}

func lcm(a, b int64) int64 {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

// Full is closed when every stream has what the limit lets it have: stop the device.
func (d *Device) Full() <-chan struct{} { return d.full }

// StartPositions returns, per stream, the byte offset in the present file at which the next generation begins: what
// [NewRing] wants.
func (d *Device) StartPositions() []int64 {
	pos := make([]int64, len(d.lanes))
	for i := range d.lanes {
		_, pos[i] = d.o.Writer.FilePosition(i)
	}
	return pos
}

// Finish ends the device's recording: the last sync, the seal, the loss behind the last sample. cause and until say
// why and until when (monotonic ns) samples are missing behind the last one; CauseNone: they are not. CauseUnknown
// says that the run's time is over: all that is missing to its limit may be lost.
func (d *Device) Finish(reason recording.SealReason, cause recording.Cause, until int64) error {
	defer d.letGo()
	d.sync.close()
	if d.resume != nil {
		d.loseResumed(until)
		cause = recording.CauseNone
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		switch {
		case d.blocks != nil: // what is missing is told by events
		case cause == recording.CauseUnknown && !d.endless:
			left := d.o.Limit.RawIndex/l.ratio - l.next
			d.addGap(l, recording.Gap{Cause: cause, Lost: left, LostMax: left, MonoFromNS: l.last.ns, MonoToNS: until})
		case cause != recording.CauseNone:
			d.loseUntil(l, cause, until)
		case l.unknown != recording.CauseNone:
			d.loseUntil(l, l.unknown, until)
		}
		d.endGap(i, until)
	}
	d.setMarks(true)
	d.publish()
	ctx, cancel := patience(d.o.Run, d.pulse, finishTimeout)
	defer cancel()
	err := d.o.Writer.Finish(ctx, reason, nil, nil)
	d.publishUnverified()
	for _, text := range d.o.Writer.Warnings() {
		d.o.Logger.Warn(text, "device", d.o.Name)
		d.o.Warned(text)
	}
	return err
}

// Abandon ends the recorder's goroutine and leaves the files as they are. Nothing may follow.
func (d *Device) Abandon() {
	d.sync.close()
	d.letGo()
}

// loseUntil adds an estimated loss from the last sample of the lane to a moment.
func (d *Device) loseUntil(l *lane, cause recording.Cause, until int64) {
	if l.last.ns == 0 || until <= l.last.ns {
		return // nothing was started, or nothing is missing
	}
	b := estimate(l.last, moment{until, latestNS}, l.intervalNS) // what was taken at the end would have come later
	d.addGap(l, recording.Gap{Cause: cause, Lost: b.best, LostMin: b.low, LostMax: b.high, MonoFromNS: l.last.ns, MonoToNS: until})
}

// generation is what belongs to one ring.
type generation struct {
	number uint64
	ring   *shmring.Ring
	con    *shmring.Consumer
	cause  recording.Cause // CauseNone for the first
	open   bool            // the epoch was begun: its first sample has come
	openNS int64           // the time of the delivery that it came with
	eos    bool
	over   bool  // what it has lost is counted
	began  int64 // monotonic time when it was announced, or its draining began
	// startNS is the monotonic time before which no sample was taken; 0: not known.
	startNS int64
	synced  uint64          // descriptor index that is durable
	aborted <-chan struct{} // closed when nobody wants what it brings any more
	// released are the lanes' positions below which a recorder before had written what came; nil: that is behind.
	released []uint64
	// adoptedNS is the monotonic time at which this recorder took the ring over; 0: it had it from the beginning.
	adoptedNS int64
}

// Generation is one Start of a plugin.
type Generation struct {
	Number uint64
	Ring   *shmring.Ring
	Cause  recording.Cause // why there is a new one; CauseNone for the first
	Dead   <-chan struct{} // closed when the producer's process has ended
	// StartNS is the monotonic time before which no sample of it was taken: that of the order to start; 0: not known.
	StartNS int64

	adopted *Adoption // nil: it begins here
}

// EndKind says how a generation ended.
type EndKind uint8

// How a generation can end.
const (
	EndFinished EndKind = iota // the producer said so
	EndDead                    // the producer's process ended without it
	EndFault                   // the producer broke the ring's protocol
	EndAborted                 // ctx ended
	EndUnread                  // what the recorder before had written could not be gone through again: nobody's fault here
)

// Outcome tells how a generation ended.
type Outcome struct {
	End   EndKind
	Fault error // EndFault, EndUnread
}

// Drain takes what the generation's producer commits until the stream ends, the producer dies or breaks the
// protocol, or ctx ends. What was committed is recorded in each case but the last. The ring stays open.
func (d *Device) Drain(ctx context.Context, g Generation) Outcome {
	out := Outcome{End: EndFault}
	if g.adopted != nil {
		d.adoptGeneration(g)
	} else {
		d.newGeneration(g)
		out.Fault = d.resetScales()
	}
	d.gen.aborted = ctx.Done()
	if out.Fault == nil {
		out = d.loop(ctx, g.Dead)
	}
	d.gen.over = true
	d.leaveWave(out)
	d.flushAll()
	d.endListening()
	d.lastCheckpoint()
	return out
}

// newGeneration begins with a ring to which nobody has written.
func (d *Device) newGeneration(g Generation) {
	if d.gen != nil && d.gen.released != nil { // the replay was broken off
		d.o.Writer.Replayed()
	}
	now := clock.Mono()
	began := now
	if d.gen != nil && d.gen.ring == g.Ring {
		began = d.gen.began // it was announced: whoever adopts it knows of that moment only, and has to come to the same stamps
	}
	d.gen = &generation{number: g.Number, ring: g.Ring, con: shmring.NewConsumer(g.Ring), cause: g.Cause, began: began, startNS: g.StartNS}
	account := d.gen.con.Account()
	d.relearn()
	d.forgetInside()
	for i := range d.lanes {
		l := &d.lanes[i]
		l.ringPos, l.pending = account.Lanes[i].Pos, pending{}
		if l.last.ns == 0 {
			l.last = d.begun(d.gen.began)
		}
	}
	d.arrived.begin(nsPer(d.o.Info.RawInterval, 1), g.StartNS)
	if d.blocks != nil {
		d.blocks.begin(account)
		d.blocks.armEndNS = now
		d.markSafe(account.Desc)
	}
}
