package recording

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// Sync makes what a checkpoint covers durable and journals it: data files, table rows, one journal line, journal; then metas that changed, and
// everything that finishes segments which have come to their end. Checkpoints that were not synced before are covered too. It runs beside
// the drainer; a second call waits for the first. What could not be done is tried again by the next one, but a failed sync of data is not:
// its interval is journalled as unverified, and the segment ends. ctx is looked at between two files.
func (d *DeviceWriter) Sync(ctx context.Context, cp *Checkpoint) (SyncResult, error) {
	d.syncMu.Lock()
	defer d.syncMu.Unlock()
	return d.syncLocked(ctx, cp)
}

func (d *DeviceWriter) syncLocked(ctx context.Context, cp *Checkpoint) (res SyncResult, err error) {
	begun := time.Now()
	d.absorb(cp.number)
	var errs []error
	journaled, held := true, math.MaxInt
	for _, seg := range d.live {
		if err := ctx.Err(); err != nil {
			errs, journaled = append(errs, err), false
			break
		}
		if !seg.sync.journaled {
			dataErr, err := d.syncSegment(ctx, seg)
			errs = append(errs, dataErr)
			if err != nil {
				errs, journaled = append(errs, err), false
				if d.facts != nil && !NoSpace(err) && !d.finished.Load() {
					held = d.factSegment
				}
				break
			}
		}
	}
	res.Synced = journaled && firstError(errs...) == nil
	if r := cp.ring; r != nil && cp.ringFull && d.ringDone {
		res.RingJournaled = d.ring == r || d.ring.Generation == r.Generation && d.ring.Desc >= r.Desc
	}
	for _, seg := range d.live {
		errs = append(errs, d.refresh(seg))
	}
	sealed, err := d.finishSegments(ctx, held)
	res.Sealed = sealed
	errs = append(errs, err, d.run.save(), d.run.events.flush(false))
	res.Warnings, d.warnings = d.warnings, nil
	res.Duration = time.Since(begun)
	return res, errors.Join(errs...)
}

// absorb takes over the checkpoints up to number.
func (d *DeviceWriter) absorb(number int64) {
	d.mu.Lock()
	k := 0
	for k < len(d.queue) && d.queue[k].number <= number {
		k++
	}
	taken := d.queue[:k]
	d.queue = slices.Clone(d.queue[k:])
	d.mu.Unlock()
	for _, cp := range taken {
		d.absorbOne(cp)
	}
}

func (d *DeviceWriter) absorbOne(cp *Checkpoint) {
	for _, n := range cp.segs {
		seg := n.seg
		if !slices.Contains(d.live, seg) {
			d.live = append(d.live, seg)
		}
		s := &seg.sync
		s.complete, s.reason, s.epoch = n.complete, n.reason, n.epoch
		s.epochs = append(s.epochs, n.epochs...)
		for _, fn := range n.files {
			if !slices.Contains(s.files, fn.file) {
				s.files = append(s.files, fn.file)
			}
			fn.file.sync.absorb(fn)
		}
	}
	if k := len(cp.segs); k > 0 && cp.clock != nil {
		s := &cp.segs[k-1].seg.sync
		s.clocks = append(s.clocks, *cp.clock)
	}
	if cp.ring != nil && cp.ringFull {
		d.ring, d.ringDone = cp.ring, false
	}
	d.tell(cp)
}

// tell brings the device's entry in run.json up to the checkpoint. Totals alone are no reason to write the file.
func (d *DeviceWriter) tell(cp *Checkpoint) {
	r := d.run
	r.mu.Lock()
	defer r.mu.Unlock()
	rd := r.file.Device(d.info.Name)
	rd.RawInterval = cp.rawInterval
	for _, e := range cp.epochs {
		if len(rd.Epochs) > 0 {
			rd.Restarts++
		}
		rd.Epochs = append(slices.Clip(rd.Epochs), e)
		r.dirty = true
	}
	rd.Streams = cp.totals
	for _, n := range cp.segs {
		if !n.seg.sync.listed {
			n.seg.sync.listed = true
			if slices.ContainsFunc(rd.Segments, func(s RunSegment) bool { return s.Segment == n.seg.number }) {
				continue // by a process before, whose journal had not come so far
			}
			rd.Segments = append(slices.Clip(rd.Segments), RunSegment{Segment: n.seg.number, State: StateRecording})
			r.dirty = true
		}
	}
}

// syncSegment makes data and journal of one segment durable. dataErr tells of data whose sync failed, which the journal then says; err of news
// that could not be journalled.
func (d *DeviceWriter) syncSegment(ctx context.Context, seg *segment) (dataErr, err error) {
	s := &seg.sync
	var failed []error
	for _, f := range s.files {
		if err := ctx.Err(); err != nil {
			return errors.Join(failed...), err
		}
		fs, told := &f.sync, false
		if fs.target.n != fs.done.n {
			if err := f.f.DataSync(); err != nil {
				f.syncFailed(err)
			} else if fs.err == nil && fs.failed != nil && fs.done.n < fs.failedTo {
				fs.err, told = fs.failed, true
			}
			if u := f.unwritten.Load(); u != nil && fs.err == nil && u.from < fs.target.n && u.to > fs.done.n {
				fs.err = u.err
			}
		}
		if fs.err == nil {
			fs.err = d.watchFile(ctx, f)
			if err := ctx.Err(); err != nil && errors.Is(fs.err, err) {
				fs.err = nil // nothing is known of the file yet
				return errors.Join(failed...), err
			}
			fs.void = fs.err != nil
		}
		if fs.err != nil && !fs.void && !told { // the disk has done its part else
			failed = append(failed, fs.err)
		}
		if err := fs.place(); err != nil {
			return errors.Join(failed...), &StreamError{f.name, "write table", err}
		}
	}
	if len(failed) > 0 {
		d.noteFailedSync(seg, failed)
	}
	if err := d.journalSegment(seg); err != nil {
		d.j.rollback()
		return errors.Join(failed...), err
	}
	return errors.Join(failed...), nil
}

// noteFailedSync asks the drainer to go on in a new segment, and notes the event once.
func (d *DeviceWriter) noteFailedSync(seg *segment, failed []error) {
	d.askClose(seg)
	// An event that cannot be noted is not worth more than the error that is on its way.
	_ = d.run.Event(Event{Kind: EventSyncFailed, Device: d.info.Name, Epoch: new(seg.sync.epoch), Text: errors.Join(failed...).Error()})
}

// journalSegment writes what is new in a segment: its part when it has none, epochs, sync lines, and the seal line when it is complete.
func (d *DeviceWriter) journalSegment(seg *segment) error {
	s, j := &seg.sync, &d.j
	good, bad := &JournalSync{Segment: seg.number, Epoch: s.epoch, Streams: map[string]StreamNews{}},
		&JournalSync{Segment: seg.number, Epoch: s.epoch, Streams: map[string]StreamNews{}, Synced: new(false)}
	for _, f := range s.files {
		if fs := &f.sync; fs.news() || fs.err != nil {
			l := good
			if fs.err != nil {
				l = bad
			}
			l.Streams[f.name] = StreamNews{N: fs.target.n, DataCRC: fs.target.crc, Captures: fs.caps, Annotations: fs.annotations()}
		}
	}
	last := len(d.live) > 0 && seg == d.live[len(d.live)-1]
	if last && d.ring != nil && !d.ringDone {
		good.Ring = d.ring
	}
	if !s.part || !j.open() || s.parts[len(s.parts)-1].name != j.part.name {
		if err := d.beginPart(seg); err != nil {
			return err
		}
	}
	for i := range s.epochs {
		if err := j.add(&s.epochs[i]); err != nil {
			return err
		}
	}
	for i := range s.clocks {
		if i < len(s.clocks)-1 {
			if err := j.add(&JournalSync{Segment: seg.number, Epoch: s.epoch, Streams: map[string]StreamNews{}, Clock: &s.clocks[i]}); err != nil {
				return err
			}
			continue
		}
		good.Clock = &s.clocks[i]
	}
	if len(bad.Streams) > 0 {
		if err := j.addSync(bad); err != nil {
			return err
		}
	}
	if len(good.Streams) > 0 || good.Clock != nil || good.Ring != nil {
		if err := j.addSync(good); err != nil {
			return err
		}
	}
	if s.complete {
		if err := d.addSeal(seg); err != nil {
			return err
		}
	}
	if err := j.commit(); err != nil {
		return err
	}
	d.journaled(seg, good.Ring)
	return nil
}

// beginPart begins a journal part for a segment: everything that is durable of it, so that earlier parts are needed for what was before only.
func (d *DeviceWriter) beginPart(seg *segment) error {
	s := &seg.sync
	streams := make(map[string]StreamState, len(s.files))
	for _, f := range s.files {
		m := f.sync.done
		streams[f.name] = StreamState{File: f.base, Start: f.start, N: m.n, DataCRC: m.crc, Next: m.next}
		if m.n == f.start {
			st := streams[f.name]
			st.Next = f.startNext
			streams[f.name] = st
		}
	}
	if err := d.j.begin(seg.number, d.journalEpoch, streams, d.factsAt(seg)); err != nil {
		return err
	}
	for _, f := range s.files {
		l := &JournalStream{Stream: f.name, Global: f.sync.meta.Global}
		l.Global.GapAfter = nil
		if f.sync.lastCapAt >= 0 {
			l.Capture = new(f.sync.lastCap)
		}
		if err := d.j.add(l); err != nil {
			return err
		}
	}
	return nil
}

// factsAt returns the last durable ring facts as they read at the beginning of a part: in another file, the byte 0 of which is another position
// of the lane.
func (d *DeviceWriter) factsAt(seg *segment) *RingFacts {
	if d.facts == nil {
		return nil
	}
	facts := *d.facts
	facts.Lanes = maps.Clone(facts.Lanes)
	for _, f := range seg.sync.files {
		lane, ok := facts.Lanes[f.name]
		if n, told := d.factEnds[f.name]; ok && told {
			lane.FileBase = (lane.Pos - (n - f.start)) * f.itemSize
			facts.Lanes[f.name] = lane
		}
	}
	return &facts
}

func (d *DeviceWriter) addSeal(seg *segment) error {
	seal := &JournalSeal{Segment: seg.number, Reason: seg.sync.reason}
	rate := d.rateMeasured()
	for _, f := range seg.sync.files {
		g := &f.sync.meta.Global
		if g.GapAfter != nil {
			if seal.GapAfter == nil {
				seal.GapAfter = make(map[string]Gap)
			}
			seal.GapAfter[f.name] = *g.GapAfter
		}
		if rate == nil {
			continue
		}
		ratio := float64(f.stream.ratio)
		g.RateMeasured = &RateMeasured{Hz: rate.Hz / ratio, UncertaintyHz: rate.UncertaintyHz / ratio}
		l := &JournalStream{Stream: f.name, Global: *g}
		l.Global.GapAfter = nil
		if err := d.j.add(l); err != nil {
			return err
		}
	}
	return d.j.add(seal)
}

func (d *DeviceWriter) rateMeasured() *RateMeasured {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rate
}

// journaled notes that everything that was told of the segment is durable.
func (d *DeviceWriter) journaled(seg *segment, ring *RingFacts) {
	s := &seg.sync
	s.part = true
	if k := len(s.parts); k > 0 && s.parts[k-1].name == d.j.part.name {
		s.parts[k-1] = d.j.part
	} else {
		s.parts = append(s.parts, d.j.part)
	}
	for _, f := range s.files {
		if f.sync.err != nil {
			f.stream.unverified.Add(f.sync.doubt())
		}
		f.sync.commit()
	}
	s.clock.pending = append(s.clock.pending, s.clocks...)
	s.epochs, s.clocks = nil, nil
	d.journalEpoch = s.epoch
	s.journaled = s.complete
	if ring != nil {
		d.facts, d.factSegment, d.ringDone = ring, seg.number, true
		d.factEnds = make(map[string]int64)
		for _, f := range s.files {
			d.factEnds[f.name] = f.sync.done.n
		}
	}
}

// refresh brings the derived files of an open segment up to what is journalled.
func (d *DeviceWriter) refresh(seg *segment) error {
	if !seg.sync.part {
		return nil
	}
	var errs []error
	if err := seg.sync.clock.write(d, seg.number); err != nil {
		errs = append(errs, &DeviceError{d.info.Name, "write clock pairs", err})
	}
	if seg.sync.complete {
		return errors.Join(errs...) // sealing does the rest
	}
	for _, f := range seg.sync.files {
		fs := &f.sync
		for level, h := range fs.levels {
			if h == nil {
				continue
			}
			// The overview is derived and made complete when the segment is sealed.
			_, _ = h.WriteAt(NpyHeader(OverviewDescr(fs.meta.Global.Datatype), fs.rows[level]), 0)
		}
		if !fs.stale || d.run.now().MonoNS < fs.metaAgain {
			continue
		}
		if err := firstError(fs.captures.writeHeader(), fs.notes.writeHeader(), f.writeMeta(false)); err != nil {
			errs = append(errs, &StreamError{f.name, "replace meta", err})
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("device %s: refresh segment %d: %w", d.info.Name, seg.number, errors.Join(errs...))
	}
	return nil
}
