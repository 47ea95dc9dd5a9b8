package recorder

import (
	"context"
	"errors"
	"sync"
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
	Limit  Limit
	Sync   time.Duration // sync interval; 0: 1 s
	Hold   time.Duration // of the rings
	Logger hclog.Logger  // nil: silent
	// Failed is called once, from the draining goroutine, when writing failed for good. It must not block.
	Failed func(error)
}

// Device records one device over all its generations. Drain is called for one generation after the other, Finish
// last, both from one goroutine; Stats and Full may be used from any.
type Device struct {
	o      Options
	lanes  []lane
	common int64 // least common multiple of the ratios
	stalls stalls
	picker *clock.Picker
	epoch  int // of the present generation; -1 before the first
	full   chan struct{}
	isFull bool
	failed bool

	gen      *generation
	sync     *syncer
	lastSync int64   // monotonic time of the last checkpoint
	fill     float64 // of the ring when the last pass began

	mu    sync.Mutex
	stats Stats  // guarded by mu
	marks []mark // guarded by mu
}

// New returns the recorder of a device and starts its syncing goroutine. Finish ends it.
func New(o Options) *Device {
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	if o.Sync <= 0 {
		o.Sync = time.Second
	}
	d := &Device{o: o, common: 1, epoch: -1, full: make(chan struct{}), picker: clock.NewPicker(nsPer(o.Info.RawInterval, 1))}
	names := o.Writer.Streams()
	for i, s := range o.Info.Streams {
		ratio := max(s.Ratio, 1)
		d.lanes = append(d.lanes, lane{
			name: names[i], ratio: ratio, sampleBytes: sizeOf(s.Datatype), intervalNS: nsPer(o.Info.RawInterval, ratio),
		})
		d.common = lcm(d.common, ratio)
		d.stats.Streams = append(d.stats.Streams, StreamStats{Name: d.lanes[i].name})
	}
	d.sync = newSyncer(o)
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
// why and until when (monotonic ns) samples are missing behind the last one; CauseNone: they are not.
func (d *Device) Finish(reason recording.SealReason, cause recording.Cause, until int64) error {
	d.sync.close()
	if cause != recording.CauseNone {
		for i := range d.lanes {
			d.loseUntil(&d.lanes[i], cause, until)
		}
	}
	for i := range d.lanes {
		d.endGap(i, until)
	}
	d.publish()
	return errors.Join(d.sync.err(), d.o.Writer.Finish(context.Background(), reason, nil, nil))
}

// loseUntil adds an estimated loss from the last sample of the lane to a moment, or to the limit if that is earlier.
func (d *Device) loseUntil(l *lane, cause recording.Cause, until int64) {
	if l.full || l.lastNS == 0 || until <= l.lastNS {
		return
	}
	pair := d.estimate(l.lastNS, until, l)
	end := int64(1<<63 - 1)
	if d.o.Limit.RawIndex > 0 {
		end = max(0, d.o.Limit.RawIndex/l.ratio-l.next)
	}
	g := recording.Gap{Cause: cause, Lost: min(pair.best, end), LostMin: min(pair.low, end), LostMax: min(pair.high, end),
		MonoFromNS: l.lastNS, MonoToNS: until}
	if g.LostMax > 0 {
		d.addGap(l, g)
	}
}

// generation is what belongs to one ring.
type generation struct {
	number uint64
	ring   *shmring.Ring
	con    *shmring.Consumer
	cause  recording.Cause // CauseNone for the first
	open   bool            // the epoch was begun: its first sample has come
	eos    bool
	errSt  *shmring.Desc // the ERROR descriptor, if one came
	synced uint64        // descriptor index that is durable
}

// Generation is one Start of a plugin.
type Generation struct {
	Number uint64
	Ring   *shmring.Ring
	Cause  recording.Cause // why there is a new one; CauseNone for the first
	Dead   <-chan struct{} // closed when the producer's process has ended
}

// EndKind says how a generation ended.
type EndKind uint8

// How a generation can end.
const (
	EndFinished EndKind = iota // the producer said so
	EndDead                    // the producer's process ended without it
	EndFault                   // the producer broke the ring's protocol
	EndAborted                 // ctx ended
)

// Outcome tells how a generation ended.
type Outcome struct {
	End    EndKind
	Fault  error // EndFault
	Failed bool  // EndFinished: the producer reported a failure
	Status uint32
	LastNS int64 // monotonic time of the last delivery; 0: none
}

// Drain takes what the generation's producer commits until the stream ends, the producer dies or breaks the
// protocol, or ctx ends. What was committed is recorded in each case but the last. The ring stays open.
func (d *Device) Drain(ctx context.Context, g Generation) Outcome {
	d.epoch++
	d.gen = &generation{number: g.Number, ring: g.Ring, con: shmring.NewConsumer(g.Ring), cause: g.Cause}
	for i := range d.lanes {
		l := &d.lanes[i]
		l.ringPos = d.gen.con.Account().Lanes[i].Pos
		l.pending = pending{}
		l.firstNext = 0
	}
	out := d.loop(ctx, g.Dead)
	d.flushAll()
	d.lastCheckpoint()
	for i := range d.lanes {
		out.LastNS = max(out.LastNS, d.lanes[i].lastNS)
	}
	if e := d.gen.errSt; e != nil && out.End == EndFinished {
		out.Failed, out.Status = true, e.Status
	}
	return out
}
