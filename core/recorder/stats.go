package recorder

import (
	"slices"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// keptGaps is how many gaps are kept for the summary; the recording has all.
const keptGaps = 100

// Stats are a device's figures at one moment.
type Stats struct {
	Epoch    int     // of the present generation; -1 before the first
	Fill     float64 // 0..1: the fullest lane, or the queue, as of the last pass
	MaxFill  float64 // the fullest so far
	RawIndex int64   // raw device index behind the last sample, lost ones included
	Taken    int64   // raw device index before which nothing more comes to light in what the watcher looks at
	Bytes    int64   // written
	Streams  []StreamStats
	Gaps     []NotedGap // the first hundred
	MoreGaps int
	IdleNS   int64 // monotonic time of the last look into the ring that found nothing; 0: none yet
	LastNS   int64 // monotonic time of the latest delivery with samples; 0: none yet
	Triggers int64 // of a stream
	Inside   Inside
	// DiskErr is why writing, or bringing to the disk what was written, fails at present, and is tried again; nil: it works. DiskNS is since when, monotonic.
	DiskErr error
	DiskNS  int64

	// Block modes.
	Waveforms     int64   // complete
	WaveformsLost int64   // not completed although nobody had asked for the end
	WaveformsCut  int64   // not completed, those of an ordered end included
	Arm           int64   // number of armings that brought a waveform
	WaveOpen      bool    // a waveform is being fetched
	ArmEndNS      int64   // monotonic time of the last waveform of the latest arming of which nothing more comes, or of the start
	WavesEnded    int64   // waveforms of which nothing more comes: complete, lost, behind the limit, or left out as the driver counted
	DeadTimes     int64   // waveforms whose dead time is known
	DeadLeast     float64 // of them, in seconds
	DeadTotal     float64
	DeadMost      float64
}

// StreamStats are the figures of one stream.
type StreamStats struct {
	Name     string
	Ratio    int64 // raw samples per sample
	Recorded int64
	Lost     int64
	Gaps     int
	// OverRange is how many samples came in deliveries with at least one that was over range.
	OverRange int64
	// Unverified is how many recorded samples nothing vouches for, as their sync had failed.
	Unverified int64
}

// NotedGap is one loss of one stream.
type NotedGap struct {
	Stream     string
	IntervalNS float64 // of one sample of the stream
	Gap        recording.Gap
}

// Stats returns the figures. The slices are the caller's.
func (d *Device) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.stats
	s.Streams = slices.Clone(s.Streams)
	s.Gaps = slices.Clone(s.Gaps)
	for i, n := range d.unread {
		s.Streams[i].Lost += n
	}
	if d.outage != nil {
		s.DiskErr, s.DiskNS = d.outage.err, d.outage.since
	} else {
		s.DiskNS, s.DiskErr = d.sync.trouble()
	}
	return s
}

// measure notes how full the ring is; it is true right after a Poll.
func (d *Device) measure() {
	used, total := d.gen.con.DescFill()
	d.fill = float64(used) / float64(total)
	for i := range d.lanes {
		used, capacity := d.gen.con.LaneFill(i)
		d.fill = max(d.fill, float64(used)/float64(capacity))
	}
}

// look notes how full the ring is now, where nobody polls it for a while.
func (d *Device) look() {
	used, total := d.gen.con.LookDesc()
	d.fill = float64(used) / float64(total)
	for i := range d.lanes {
		used, capacity, _ := d.gen.con.LookLane(i)
		d.fill = max(d.fill, float64(used)/float64(capacity))
	}
}

// countUnread notes what the producer has counted as lost and nobody has taken from the ring yet: there is some when the ring is full as nobody polls it. d.mu is
// held.
func (d *Device) countUnread() {
	d.hasUnread = false
	for i := range d.lanes {
		d.unread[i] = 0
		if l := &d.lanes[i]; d.gen.over || d.blocks != nil || l.full {
			continue
		}
		_, _, lost := d.gen.con.LookLane(i)
		for _, desc := range d.behind {
			if desc.Type == shmring.DescGap && int(desc.Lane) == i && desc.Aux != shmring.UnknownCount {
				lost += desc.Aux
			}
		}
		d.unread[i] = int64(lost)
		d.hasUnread = d.hasUnread || lost > 0
	}
}

// publish brings the figures up to date, once a pass. It allocates nothing.
func (d *Device) publish() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.outage != nil || d.hasUnread {
		d.countUnread()
	}
	s := &d.stats
	s.Epoch, s.Fill, s.MaxFill, s.Bytes = d.epoch, d.fill, max(s.MaxFill, d.fill), 0
	s.LastNS, s.IdleNS, s.Taken = d.deliveryNS, d.idleNS, d.taken()
	if d.blocks != nil {
		s.Arm, s.WaveOpen, s.WavesEnded, s.ArmEndNS = d.blocks.nextArm, d.blocks.open, d.blocks.ended, d.blocks.armEndNS
	}
	for i := range d.lanes {
		l := &d.lanes[i]
		s.Streams[i].Recorded, s.Streams[i].OverRange, s.Streams[i].Unverified = l.recorded, l.overRange, d.o.Writer.Unverified(i)
		if d.blocks != nil {
			s.Streams[i].Recorded = l.whole
		}
		s.Bytes += l.recorded * l.sampleBytes
		s.RawIndex = max(s.RawIndex, l.next*l.ratio)
	}
}

// publishUnverified brings up to date what is known when syncs have ended.
func (d *Device) publishUnverified() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.stats.Streams {
		d.stats.Streams[i].Unverified = d.o.Writer.Unverified(i)
	}
}

// recount takes a stream's losses from the writer, where gaps may have become one: what the disk lost joins those that it reaches to.
func (d *Device) recount(i int) {
	lost, gaps := d.o.Writer.Losses(i)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stats.Streams[i].Lost, d.stats.Streams[i].Gaps = lost, int(gaps)
}

// noteGap counts a gap that was written down.
func (d *Device) noteGap(i int, g recording.Gap) {
	l := &d.lanes[i]
	d.mu.Lock()
	if g.Cause.Loss() {
		d.stats.Streams[i].Lost += g.Lost
		d.stats.Streams[i].Gaps++
	}
	if len(d.stats.Gaps) < keptGaps {
		d.stats.Gaps = append(d.stats.Gaps, NotedGap{Stream: l.name, IntervalNS: l.intervalNS, Gap: g})
	} else {
		d.stats.MoreGaps++
	}
	d.mu.Unlock()
	raw, epoch := l.next*l.ratio, d.epoch
	err := d.o.Run.Event(recording.Event{
		Kind: recording.EventGap, Device: d.o.Name, Index: &raw, Epoch: &epoch,
		Text: g.Cause.String(), Data: map[string]any{"stream": l.name, "lost": g.Lost, "exact": g.Exact},
	})
	if err != nil {
		d.o.Logger.Warn("event was not written", "device", d.o.Name, "error", err)
	}
}
