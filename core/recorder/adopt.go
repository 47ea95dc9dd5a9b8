package recorder

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// Adoption is a ring that was taken over from a recorder that has died, and what its journal tells of it.
type Adoption struct {
	Was  *recording.Adoptable
	Kept json.RawMessage // what [Options].Keep of the recorder before had returned

	ring  *shmring.Ring
	con   *shmring.Consumer
	known []uint64 // samples of each lane of whose loss the journal tells
	state drainState
}

// NewAdoption finds out whether the recording can go on with a ring behind the journal's latest line about it. streams are the streams' names in the
// order of the ring's lanes. The ring stays the caller's. The error says why not.
func NewAdoption(ring *shmring.Ring, was *recording.Adoptable, streams []string) (*Adoption, error) {
	a := &Adoption{Was: was, ring: ring}
	f := &was.Facts
	if number := ring.Spec().Generation; number != f.Generation {
		return nil, fmt.Errorf("the ring is of generation %d, the journal tells of %d", number, f.Generation)
	}
	if len(f.Drain) == 0 || json.Unmarshal(f.Drain, &a.state) != nil || len(a.state.Lanes) != len(streams) {
		return nil, errors.New("the journal does not tell how the recorder stood")
	}
	a.Kept = a.state.Kept
	account := shmring.Account{Desc: f.Desc, EOS: f.EOS}
	for _, name := range streams {
		lane, ok := f.Lanes[name]
		if !ok || lane.Pos < 0 || lane.FirstSample < 0 || lane.Gaps < 0 {
			return nil, fmt.Errorf("the journal does not tell of stream %s in the ring", name)
		}
		account.Lanes = append(account.Lanes, shmring.LaneAccount{Pos: uint64(lane.Pos), FirstSample: uint64(lane.FirstSample), Gaps: uint64(lane.Gaps)})
		a.known = append(a.known, uint64(lane.Gaps))
	}
	con, err := shmring.NewConsumerAt(ring, account)
	if err != nil {
		return nil, err
	}
	a.con = con
	return a, nil
}

// Generation is what [Device.Drain] goes on with; dead is closed when the producer's process has ended.
func (a *Adoption) Generation(dead <-chan struct{}) Generation {
	return Generation{Number: a.Was.Facts.Generation, Ring: a.ring, Cause: a.state.Cause, Dead: dead, StartNS: a.state.StartNS, adopted: a}
}

// Lost tells whether samples of the ring are lost of which the journal does not tell yet, by the producer's counters: since the recorder before has died,
// or shortly before. Those that nobody could count are not among them.
func (a *Adoption) Lost() bool {
	for i, n := range a.ring.Progress().Lost {
		if n > a.known[i] {
			return true
		}
	}
	return false
}

// Armings is how many armings of a block mode had brought a waveform.
func (a *Adoption) Armings() int64 {
	if a.state.Waves == nil {
		return 0
	}
	return a.state.Waves.NextArm
}

// EpochBegun tells whether the generation had brought anything when the journal told of it.
func (a *Adoption) EpochBegun() bool { return a.state.Open }

// adoptAt takes over what the recorder before knew. The writer stands where the journal does.
func (d *Device) adoptAt(a *Adoption) {
	s := &a.state
	d.epoch = a.Was.Epoch()
	for i := range d.lanes {
		l, was := &d.lanes[i], &s.Lanes[i]
		l.recorded, l.written = d.o.Writer.Next(i)
		l.whole = l.recorded
		l.base, l.next, l.last = was.Base, was.Next, was.Last.moment()
		l.gap, l.unknown, l.full, l.overRange = was.Gap, was.Unknown, was.Full, was.Over
		for _, c := range a.Was.Streams[l.name].Captures {
			if k := l.breaks.n; k == 0 || c.GlobalIndex-l.breaks.list[k-1].device != c.SampleStart-l.breaks.list[k-1].stream {
				l.breaks.add(place{c.SampleStart, c.GlobalIndex})
			}
		}
		if was.FrontEnd != nil {
			l.scale.now = frontEnd{was.FrontEnd[0], was.FrontEnd[1]}
		}
		t := d.o.Writer.Totals(i)
		d.stats.Streams[i].Lost, d.stats.Streams[i].Gaps = t.Lost, int(t.Gaps)
	}
	d.deliveryNS, d.latest, d.before = s.DeliveryNS, s.Latest.moment(), s.Before.moment()
	d.stats.Triggers, d.stats.Inside = s.Triggers, Inside{s.Inside[0], s.Inside[1]}
	if b := d.blocks; b != nil && s.Waves != nil {
		b.setCounts(s.Waves)
		w := s.WaveStats
		d.stats.Waveforms, d.stats.WaveformsLost, d.stats.WaveformsCut, d.stats.DeadTimes = w.Whole, w.Lost, w.Cut, w.DeadTimes
		d.stats.DeadLeast, d.stats.DeadTotal, d.stats.DeadMost = w.DeadLeast, w.DeadTotal, w.DeadMost
	}
	// From then until now nobody drained.
	d.stalls.add(stall{a.Was.MonoNS, clock.Mono(), recording.CauseCore})
	d.publish()
	if d.limitReached() {
		d.isFull = true
		close(d.full)
	}
}

// adoptGeneration goes on with the ring of the recorder before.
func (d *Device) adoptGeneration(g Generation) {
	a := g.adopted
	s := &a.state
	d.gen = &generation{
		number: g.Number, ring: g.Ring, con: a.con, cause: s.Cause, open: s.Open, eos: a.Was.Facts.EOS, began: s.BeganNS, startNS: s.StartNS, synced: a.Was.Facts.Desc,
		adoptedNS: clock.Mono(),
	}
	for i := range d.lanes {
		d.lanes[i].ringPos, d.lanes[i].pending = uint64(a.Was.Facts.Lanes[d.lanes[i].name].Pos), pending{}
		d.gen.released = append(d.gen.released, a.con.Released(i))
		if l := &d.lanes[i]; l.watched && l.scale.now != l.scale.applied {
			d.o.Watcher.Rescaled(i, l.scale.now.volts, l.scale.now.offset)
		}
	}
	s.Arrived.restore(&d.arrived, nsPer(d.o.Info.RawInterval, 1), s.StartNS)
	d.releaseDesc(d.gen.synced, false)
	d.relearn()
	if b := d.blocks; b != nil {
		for i := range d.lanes {
			lane := a.Was.Facts.Lanes[d.lanes[i].name]
			b.first[i], b.gaps[i] = uint64(lane.FirstSample), uint64(lane.Gaps)
		}
		d.markSafe(a.Was.Facts.Desc)
	}
}

// replayed is how many of n samples from a lane's position on were written by the recorder before: they are in the files, and perhaps not in the ring.
func (d *Device) replayed(lane int, pos uint64, n int64) int64 {
	if d.gen.released == nil || pos >= d.gen.released[lane] {
		return 0
	}
	return min(n, int64(d.gen.released[lane]-pos))
}

// replay takes n samples from the files that the recorder before had written.
func (d *Device) replay(desc *shmring.Desc, index, n, firstNS int64) error {
	i := int(desc.Lane)
	l := &d.lanes[i]
	d.flush(i)
	var seen func(int64, []byte)
	if d.o.Watcher != nil && l.watched && d.blocks == nil {
		seen = func(at int64, p []byte) {
			d.o.Watcher.Samples(Batch{
				Stream: i, Index: at, Samples: p, Ratio: l.ratio, IntervalNS: l.intervalNS, FirstNS: firstNS + int64(float64(at-index)*l.intervalNS),
				DeliveredNS: desc.TMonoNS, Epoch: d.epoch, Late: true,
			})
		}
	}
	since, pause, failed := clock.Mono(), retryPause, false
	for at := index; ; {
		ns := firstNS + int64(float64(at-index)*l.intervalNS)
		err := d.o.Writer.Replay(i, at, n-(at-index), recording.Stamp{MonoNS: ns, UTCNS: d.o.Clock.UTC(ns)}, seen)
		if err == nil {
			break
		}
		if !errors.As(err, new(*recording.StreamError)) || !d.mayRetry(err, d.o.RetryFor-d.pulse.since(since)) {
			l.recorded, l.next = d.o.Writer.Next(i)
			return &unreadError{err}
		}
		failed = true
		d.diskFails(l.name, err)
		select {
		case <-d.gen.aborted:
			l.recorded, l.next = d.o.Writer.Next(i)
			return &unreadError{err}
		case <-d.o.Stopping:
		case <-time.After(pause):
		}
		pause = min(2*pause, maxRetryPause)
		if _, next := d.o.Writer.Next(i); next > at { // up to there it was read
			at = next
		}
	}
	if failed {
		d.diskWorks(l.name)
	}
	l.recorded += n
	return nil
}

// unreadError says why what the recorder before had written could not be gone through again.
type unreadError struct{ err error }

func (e *unreadError) Error() string {
	if errors.As(e.err, new(*recording.NotThereError)) {
		return "the files do not hold what the ring had given up: " + e.err.Error()
	}
	return "what the recorder before had written could not be read back: " + e.err.Error()
}

func (e *unreadError) Unwrap() error { return e.err }

// endOf is how a generation ends by an error of a pass: the producer has broken the rules, or nobody here has.
func endOf(err error) Outcome {
	if errors.As(err, new(*unreadError)) {
		return Outcome{End: EndUnread, Fault: err}
	}
	return Outcome{End: EndFault, Fault: err}
}

// late tells of a delivery that came before this process recorded the device.
func (d *Device) late(tMonoNS int64) bool { return tMonoNS < d.gen.adoptedNS }

// endReplay notes when all that the recorder before had written was gone through.
func (d *Device) endReplay() {
	if d.gen.released == nil {
		return
	}
	for i, end := range d.gen.released {
		if d.lanes[i].ringPos < end {
			return
		}
	}
	d.gen.released = nil
	d.o.Writer.Replayed()
}

// spoil keeps the ring from being adopted until the journal tells of it again: what was lost of it since would not be found in the files.
func (d *Device) spoil() {
	if d.o.Keep != nil {
		d.releaseDesc(d.gen.con.Account().Desc, true)
	}
}

// Announce lets the journal tell of a generation's ring before its producer is started, so that it can be adopted from its first moment on. It is
// called between [Device.Drain] and the next one, from the same goroutine, and waits for the disk.
func (d *Device) Announce(g Generation) {
	if d.o.Keep == nil {
		return
	}
	d.newGeneration(g)
	d.lastCheckpoint()
}
