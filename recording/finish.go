package recording

import (
	"context"
	"errors"
	"slices"
	"time"
)

// finishTries is how often Finish syncs before it gives a segment up.
const finishTries = 3

// Finish ends the device: an open waveform is dropped, loss that no sample follows is stored, everything is synced and sealed, reason saying why.
// The drainer calls it, after the last Sync has returned or beside it. After a full disk or an I/O error the samples that were synced are
// sealed all the same as far as the disk lets it be; an error with everything sealed tells of samples that are unverified. A second call is
// [ErrClosed].
//
// When ctx ends first the segments stay as they are and wait for a repair. A disk that does not answer even then is left alone after a second:
// the call that hangs closes the files when it comes back, and [Run.Close] keeps the lock of the run until then.
func (d *DeviceWriter) Finish(ctx context.Context, reason SealReason, clock *ClockPair, ring *RingFacts) error {
	if d.finished.Swap(true) {
		return ErrClosed
	}
	errs := []error{d.DropWaveform("the recording ended")}
	d.closeAll(reason)
	errs = append(errs, d.makeRoom(reason, d.streams))
	d.closeAll(reason) // a segment that was opened in part
	d.settle()
	late := d.lateGaps()
	done := make(chan error, 1)
	go func() {
		err := errors.Join(d.sealAll(ctx, clock, ring, late, errs)...)
		close(d.ended) // before Finish returns, as Close looks at it
		done <- err
	}()
	return d.await(ctx, done)
}

// Warnings returns what [DeviceWriter.Finish] found of what a [SyncResult] has warnings of; nil before it has ended.
func (d *DeviceWriter) Warnings() []string {
	select {
	case <-d.ended:
		return d.lastWarnings
	default:
		return nil
	}
}

// finishGrace is how long Finish waits for the disk behind the end of its context, which is looked at between two files.
const finishGrace = time.Second

// await waits for the last syncs, but not for ever for a disk that hangs.
func (d *DeviceWriter) await(ctx context.Context, done <-chan error) error {
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	t := time.NewTimer(finishGrace)
	defer t.Stop()
	select {
	case err := <-done:
		return err
	case <-t.C:
		return &DeviceError{d.info.Name, "finish: the disk does not answer", context.Cause(ctx)}
	}
}

// sealAll syncs and seals what there is and closes all files. late is loss that has no file yet, errs what went wrong before.
func (d *DeviceWriter) sealAll(ctx context.Context, clock *ClockPair, ring *RingFacts, late []lateGap, errs []error) []error {
	for _, seg := range d.segs {
		for _, f := range seg.files {
			if f != nil {
				// Gives room on a full disk; sealing does it again and reports.
				_ = f.release(f.n)
			}
		}
	}
	d.syncMu.Lock()
	defer d.syncMu.Unlock()
	cp := d.Checkpoint(clock, ring)
	d.absorb(cp.number)
	late = d.putLate(late)
	for try := 0; try < finishTries; try++ {
		res, err := d.syncLocked(ctx, cp)
		d.lastWarnings = append(d.lastWarnings, res.Warnings...)
		if err != nil && !slices.ContainsFunc(errs, func(e error) bool { return e != nil && e.Error() == err.Error() }) {
			errs = append(errs, err)
		}
		if len(d.live) == 0 || ctx.Err() != nil {
			break
		}
		if err == nil && (d.awaitHashes(ctx) || d.makingAgain()) {
			try--
		}
	}
	if len(d.live) == 0 {
		errs = slices.DeleteFunc(errs, onlyHash) // a later try read them
	}
	errs = append(errs, d.tellLate(ctx, cp, late)...)
	for _, seg := range slices.Concat(d.live, d.segs) {
		seg.closeFiles()
	}
	d.j.close()
	d.removeDiscarded()
	return errs
}

// finishOpen finishes a device that nobody has finished.
func (d *DeviceWriter) finishOpen() error {
	err := d.Finish(context.Background(), SealStop, nil, nil)
	if errors.Is(err, ErrClosed) {
		return nil
	}
	return err
}

// closeAll ends all segments that are open. Streams that never got to one of them get an empty file there, so that every segment has all streams.
func (d *DeviceWriter) closeAll(reason SealReason) {
	for _, seg := range d.segs {
		d.close(seg, reason)
	}
}

func (d *DeviceWriter) close(seg *segment, reason SealReason) {
	if seg.closed || seg.complete() {
		return
	}
	// A file that cannot be made is missing; its stream goes on in the next segment.
	_ = d.openAll(seg)
	seg.closed, seg.reason = true, reason
}

// makeRoom sees to it that each of the streams that has loss no sample follows has a file that can tell of it. All segments are closed before.
// After an error the streams go on as if nothing had been asked for.
func (d *DeviceWriter) makeRoom(reason SealReason, streams []*streamWriter) error {
	if !slices.ContainsFunc(streams, func(s *streamWriter) bool { return s.gap != nil && !d.tellable(s) }) {
		return nil
	}
	seg := d.newSegment(cutUnknown)
	if err := d.openAll(seg); err != nil {
		d.forgetEmpty(seg)
		return err
	}
	seg.closed, seg.reason = true, reason
	return nil
}

// tellable tells whether the last file of a stream is not handed over yet.
func (d *DeviceWriter) tellable(s *streamWriter) bool {
	return s.file != nil && slices.Contains(d.segs, s.file.seg)
}

// settle ends the streams: loss that no sample follows becomes the gap_after of the last file, and annotations that lie ahead are put
// on the last sample. Loss for which there is no room stays where it is.
func (d *DeviceWriter) settle() {
	for _, s := range d.streams {
		for _, a := range s.later {
			a.SampleStart, a.SampleCount = s.n-1, 1
			d.annotateFiles(s, a)
		}
		s.later = nil
		if s.gap == nil || !d.tellable(s) {
			continue
		}
		s.count(*s.gap)
		s.file.gapAfter, s.gap = s.gap, nil
	}
}

// closeFiles closes what is open of a segment that is done or given up; a second call does nothing.
func (g *segment) closeFiles() {
	if g.shut {
		return
	}
	g.shut = true
	_ = g.sync.clock.close()
	for _, f := range g.files {
		if f != nil {
			if f.hash != nil {
				f.run.hash.forget(f.hash)
			}
			f.dropCopy()
			// Their content is lost or durable by now; there is nobody left to tell.
			_ = errors.Join(f.f.Close(), f.ov.close(), f.sync.close())
		}
	}
}
