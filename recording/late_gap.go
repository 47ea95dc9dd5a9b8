package recording

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// lateGap is loss behind the last sample of a stream for which no file could be made in a segment that is open: it is told by the last file
// that there is, whose segment was complete already.
type lateGap struct {
	file *streamFile
	gap  Gap
}

// lateGaps takes from the streams the loss that has found no file. The drainer calls it, once the streams have ended.
func (d *DeviceWriter) lateGaps() []lateGap {
	var list []lateGap
	for _, s := range d.streams {
		if s.gap == nil || s.file == nil {
			continue
		}
		s.count(*s.gap)
		list = append(list, lateGap{s.file, *s.gap})
		s.gap = nil
	}
	return list
}

// putLate lets segments that are not finished tell loss in their seal line, a second one if need be, and in their metas. It returns what is
// left: that of segments which are finished.
func (d *DeviceWriter) putLate(late []lateGap) (left []lateGap) {
	d.run.dropMu.Lock()
	defer d.run.dropMu.Unlock()
	for _, l := range late {
		// All of it may be done but run.json, which would keep the old checksums.
		if !slices.Contains(d.live, l.file.seg) || !d.unseal(l.file.seg) {
			left = append(left, l)
			continue
		}
		l.put()
		l.file.seg.sync.journaled = false
		d.j.reopen(l.file.seg.sync.parts)
	}
	return left
}

func (l *lateGap) put() {
	g, fs := l.gap, &l.file.sync
	if before := fs.meta.Global.GapAfter; before != nil {
		g = before.Merge(g)
	}
	fs.meta.Global.GapAfter, fs.stale, fs.sealed = &g, true, false
}

// tellLate is the last try: late is loss behind segments that are finished.
func (d *DeviceWriter) tellLate(ctx context.Context, cp *Checkpoint, late []lateGap) (errs []error) {
	if ctx.Err() != nil {
		return []error{d.lateUntold(ctx, late)}
	}
	gone := d.giveUp()
	left := d.putLate(gone)
	if len(left) < len(gone) {
		res, err := d.syncLocked(ctx, cp)
		d.lastWarnings = append(d.lastWarnings, res.Warnings...)
		errs = append(errs, err)
	}
	return append(errs, d.resealLate(ctx, append(late, left...)))
}

// giveUp closes segments that the journal could not be brought to tell of, and returns what was in them as loss behind the samples before, where
// a repair will let the streams end. A segment of which that cannot be said stays as it is.
func (d *DeviceWriter) giveUp() (late []lateGap) {
	if d.info.Mode.Block() {
		return nil
	}
	kept := d.live[:0:0]
	for _, seg := range d.live {
		if s := &seg.sync; !s.part && len(s.parts) == 0 {
			var gaps []lateGap
			for _, f := range s.files {
				gaps = append(gaps, lateGap{d.lastTold(f.stream), f.asGap()})
			}
			if !slices.ContainsFunc(gaps, func(l lateGap) bool { return l.file == nil }) {
				late = append(late, gaps...)
				seg.closeFiles()
				continue
			}
		}
		kept = append(kept, seg)
	}
	d.live = kept
	return slices.DeleteFunc(late, func(l lateGap) bool { return l.gap == Gap{} })
}

// lastTold returns the last file of a stream that the journal tells of, nil: none that is known.
func (d *DeviceWriter) lastTold(s *streamWriter) (last *streamFile) {
	for _, seg := range append([]*segment{d.sealed}, d.live...) {
		if seg == nil || !seg.sync.part {
			continue
		}
		if f := seg.file(s.index); f != nil && f.stream == s {
			last = f
		}
	}
	return last
}

// asGap makes loss of everything that is in a file of which the journal does not tell.
func (f *streamFile) asGap() (sum Gap) {
	fs := &f.sync
	add := func(g *Gap) {
		switch {
		case g == nil:
		case sum == Gap{}:
			sum = *g
		default:
			sum = sum.Merge(*g)
		}
	}
	for i, c := range fs.caps {
		end := fs.target.n
		if i+1 < len(fs.caps) {
			end = fs.caps[i+1].SampleStart
		}
		add(c.Gap)
		n := end - c.SampleStart
		ns := fs.meta.Global.SampleInterval.NS(n)
		add(&Gap{Cause: CauseDisk, Lost: n, LostMin: n, LostMax: n, Exact: true, From: c.Datetime, To: c.Datetime + Timestamp(ns), MonoFromNS: c.MonoNS, MonoToNS: c.MonoNS + ns})
	}
	add(fs.meta.Global.GapAfter)
	return sum
}

// resealLate opens segments that are finished once more: nothing else can tell the loss behind them. Their samples stay as they are.
func (d *DeviceWriter) resealLate(ctx context.Context, late []lateGap) error {
	var errs []error
	for len(late) > 0 && ctx.Err() == nil {
		seg, rest := late[0].file.seg, late[:0:0]
		var lost int64
		for _, l := range late {
			if l.file.seg != seg {
				rest = append(rest, l)
				continue
			}
			l.put()
			lost += l.gap.Lost
		}
		if err := d.reseal(seg); err != nil {
			errs = append(errs, fmt.Errorf("device %s: tell %d lost samples behind segment %d: %w", d.info.Name, lost, seg.number, err))
		}
		late = rest
	}
	return errors.Join(append(errs, d.lateUntold(ctx, late))...)
}

// lateUntold is the error for loss that there was no time to tell. Its segments are open in run.json, so that the run does not count as sealed.
func (d *DeviceWriter) lateUntold(ctx context.Context, late []lateGap) error {
	if len(late) == 0 {
		return nil
	}
	d.run.dropMu.Lock()
	defer d.run.dropMu.Unlock()
	var errs []error
	for _, l := range late {
		d.unseal(l.file.seg)
		errs = append(errs, fmt.Errorf("device %s: %d lost samples of stream %s behind segment %d are told nowhere: %w",
			d.info.Name, l.gap.Lost, l.file.name, l.file.seg.number, context.Cause(ctx)))
	}
	return errors.Join(errs...)
}

var errRemoved = errors.New("a rule of the plan has removed it")

// reseal writes what the global objects of a finished segment tell anew: first run.json says that the segment is open, so that a repair looks
// at it when something fails on the way. Where the journal does not get the line the segment is as it was.
func (d *DeviceWriter) reseal(seg *segment) error {
	d.run.dropMu.Lock()
	defer d.run.dropMu.Unlock()
	before := seg.sync.sums()
	if !d.unseal(seg) {
		return errRemoved
	}
	_ = d.run.save() // the last one tells
	d.j.reopen(seg.sync.parts)
	if err := d.journalSegment(seg); err != nil {
		d.j.rollback()
		if d.j.takenBack() {
			d.run.setSealed(d.info.Name, seg.number, before)
			_ = d.run.save() // so does the last one here
		}
		return err
	}
	for _, f := range seg.sync.files {
		if err := f.writeMeta(true); err != nil {
			return &StreamError{f.name, "seal meta", err}
		}
	}
	if err := d.run.fsys.SyncDir(d.run.dir); err != nil {
		return &DeviceError{d.info.Name, "sync folder", err}
	}
	if !d.run.setSealed(d.info.Name, seg.number, seg.sync.sums()) {
		return errRemoved
	}
	return d.run.save()
}

func (d *DeviceWriter) unseal(seg *segment) bool { return d.run.unseal(d.info.Name, seg.number) }

// unseal lets run.json list a segment as open again. It reports false when a rule of the plan has removed it. dropMu is held: none is being removed.
func (r *Run) unseal(device string, segment int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rd := r.file.Device(device)
	i := slices.IndexFunc(rd.Segments, func(s RunSegment) bool { return s.Segment == segment })
	if i < 0 {
		return false
	}
	rd.Segments = slices.Clone(rd.Segments)
	rd.Segments[i] = RunSegment{Segment: segment, State: StateRecording}
	r.sealed = slices.DeleteFunc(r.sealed, func(s segmentRef) bool { return s == segmentRef{device, segment} })
	r.dirty = true
	return true
}

// forgetEmpty takes back the newest segment when none of its files could be made: nothing is to be told of it.
func (d *DeviceWriter) forgetEmpty(seg *segment) bool {
	made := slices.ContainsFunc(seg.files, func(f *streamFile) bool { return f != nil })
	if made || seg.number != d.numbers-1 || d.segs[len(d.segs)-1] != seg || len(seg.sync.files)+len(seg.sync.parts) > 0 {
		return false
	}
	d.segs, d.numbers = d.segs[:len(d.segs)-1], seg.number
	return true
}
