package recorder

import (
	"fmt"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// Inside is what went missing inside of the driver or its library and stands in gaps, in raw samples of a channel, since
// the present generation began: Lost is the best estimate, Most what it may be.
type Inside struct{ Lost, Most int64 }

func (s *Inside) add(lost, most int64) { s.Lost, s.Most = s.Lost+lost, s.Most+most }

// noteInside takes note of a gap, in samples of a lane, that the driver told of.
func (d *Device) noteInside(l *lane, lost, most int64) {
	if l != &d.lanes[d.silent.lane] {
		return
	}
	d.mu.Lock()
	d.stats.Inside.add(lost*l.ratio, most*l.ratio)
	d.mu.Unlock()
}

func (d *Device) forgetInside() {
	d.mu.Lock()
	d.stats.Inside = Inside{}
	d.mu.Unlock()
}

// silent looks for losses that nobody tells of: by the times at which the samples of one lane arrive.
type silent struct {
	detector *clock.LossDetector // nil: the device does not stream
	lane     uint16              // that is listened to: the one with the most samples
	asked    int64               // monotonic time at which the host's clock was last asked about
	unsteady int64               // what it said then
}

func (d *Device) newSilent() silent {
	if d.o.Info.Mode.Block() || len(d.lanes) == 0 {
		return silent{}
	}
	s := silent{detector: clock.NewLossDetector(nsPer(d.o.Info.RawInterval, 1), d.common)}
	for i := range d.lanes {
		if d.lanes[i].ratio < d.lanes[s.lane].ratio {
			s.lane = uint16(i)
		}
	}
	return s
}

// relearn begins anew: what was known of the times of deliveries holds no longer.
func (d *Device) relearn() {
	d.rate.Reset()
	if d.silent.detector != nil {
		d.silent.detector.Reset()
	}
}

// listen takes a delivery of the lane into account that ends at its device index end.
func (d *Device) listen(desc *shmring.Desc, end int64) {
	s := &d.silent
	if s.detector == nil || desc.Lane != s.lane {
		return
	}
	if desc.TMonoNS-s.asked >= 1e9 {
		s.asked = desc.TMonoNS
		if at := d.o.Clock.Unsteady(); at != s.unsteady {
			s.unsteady = at
			d.relearn()
		}
	}
	if loss, ok := s.detector.Add(clock.Pair{Index: end * d.lanes[s.lane].ratio, MonoNS: desc.TMonoNS}); ok {
		d.infer(loss)
	}
}

// endListening says what can be said of the last deliveries of a generation.
func (d *Device) endListening() {
	if d.silent.detector == nil {
		return
	}
	switch loss, verdict := d.silent.detector.End(); verdict {
	case clock.Missing:
		d.infer(loss)
	case clock.Doubtful:
		raw, epoch := loss.PositionMin, d.epoch
		d.warn(recording.Event{
			Kind: recording.EventWarning, Device: d.o.Name, Index: &raw, Epoch: &epoch, Data: map[string]any{"lost_max": loss.LostMax},
			Text: fmt.Sprintf("the last deliveries were late: up to %d samples of each channel may be missing behind sample %d; it ended too soon to tell", loss.LostMax, raw),
		})
	}
	d.relearn()
}

// infer enters a loss that was concluded from the clock, in every stream.
func (d *Device) infer(loss clock.Loss) {
	for i := range d.lanes {
		d.inferIn(i, loss)
	}
	d.tellMoved(loss)
	d.arrived.forget()
	d.mu.Lock()
	d.stats.Inside.add(loss.Lost, loss.LostMax)
	d.mu.Unlock()
	d.o.Logger.Warn("samples are missing that nobody told of", "device", d.o.Name, "lost", loss.Lost, "lost_min", loss.LostMin, "lost_max", loss.LostMax)
}

func (d *Device) inferIn(i int, loss clock.Loss) {
	l := &d.lanes[i]
	d.flush(i)
	g := recording.Gap{
		Cause: recording.CauseInferred, Lost: loss.Lost / l.ratio, LostMin: loss.LostMin / l.ratio, LostMax: (loss.LostMax+l.ratio-1)/l.ratio + 1,
		MonoFromNS: loss.FromNS, MonoToNS: max(loss.FromNS, loss.ToNS),
	}
	g.LostMin = min(g.LostMin, g.Lost)
	g.PositionMin, _ = l.breaks.find(loss.PositionMin / l.ratio)
	g.PositionMax, _ = l.breaks.find((loss.PositionMax + l.ratio - 1) / l.ratio)
	g.PositionMin = min(g.PositionMin, l.recorded)
	g.PositionMax = max(g.PositionMin, min(g.PositionMax, l.recorded))
	l.base += g.Lost
	if l.failed != nil {
		d.addGap(l, g)
		return
	}
	g.From, g.To = recording.Timestamp(d.o.Clock.UTC(g.MonoFromNS)), recording.Timestamp(d.o.Clock.UTC(g.MonoToNS))
	stamp := recording.Stamp{MonoNS: g.MonoFromNS, UTCNS: d.o.Clock.UTC(g.MonoFromNS)}
	if err := d.o.Writer.GapAt(i, g.PositionMin, g, stamp); err != nil {
		d.o.Logger.Error("gap was not written down", "device", d.o.Name, "stream", l.name, "error", err)
		l.base -= g.Lost // it goes on as before
		d.relearn()
		return
	}
	l.next += g.Lost
	l.written += g.Lost
	l.breaks.insert(g.PositionMin, g.Lost)
	d.noteGap(i, g)
}

// insert moves all that lies at or behind a stream index on by n device indexes.
func (b *breaks) insert(stream, n int64) {
	at := b.n
	for at > 0 && b.list[at-1].stream >= stream {
		at--
		b.list[at].device += n
	}
	if at == 0 || at < b.n && b.list[at].stream == stream {
		return // before all that is known, or there is one already
	}
	before := b.list[at-1]
	if b.n == keptBreaks {
		copy(b.list[:], b.list[1:])
		b.n--
		at--
	}
	copy(b.list[at+1:b.n+1], b.list[at:b.n])
	b.list[at] = place{stream, before.device + stream - before.stream + n}
	b.n++
}

// warn writes an event.
func (d *Device) warn(e recording.Event) {
	if err := d.o.Run.Event(e); err != nil {
		d.o.Logger.Warn("event was not written", "device", d.o.Name, "error", err)
	}
}
