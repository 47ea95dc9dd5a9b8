package recording

import "time"

// Checkpoint is what a device had written at one moment. It is made by [DeviceWriter.Checkpoint] and given to [DeviceWriter.Sync] once.
type Checkpoint struct {
	number      int64
	rawInterval Fraction
	segs        []segmentNews
	epochs      []RunEpoch  // begun since the last checkpoint
	totals      []RunStream // of all streams
	clock       *ClockPair
	ring        *RingFacts
	ringFull    bool // ring covers nothing that the checkpoint does not cover
}

type segmentNews struct {
	seg      *segment
	files    []fileNews
	epoch    int
	epochs   []JournalEpoch
	complete bool
	reason   SealReason
}

type fileNews struct {
	file     *streamFile
	mark     fileMark
	caps     []Capture
	anns     []Annotation
	rows     [OverviewLevels]int64
	levels   [OverviewLevels]File // of the overview, nil where there is none yet
	gapAfter *Gap
}

// maxLag is how many checkpoints a later segment may wait for a stream that does not come to the end of the one before. Then that one is closed,
// and the stream goes on in the next segment although its cut is not reached: samples of the other streams must not stay without journal.
const maxLag = 3

// Checkpoint freezes what has been written, for a [DeviceWriter.Sync]. The drainer calls it between two batches, where all streams have about
// the same device time. clock is the best clock pair since the last checkpoint, ring says up to where the ring is accounted for; both may be
// nil. It does not wait for the disk; small amounts of overview are written.
func (d *DeviceWriter) Checkpoint(clock *ClockPair, ring *RingFacts) *Checkpoint {
	before := d.files()
	if !d.inWave {
		d.closeAsked()
	}
	d.frozen++
	cp := &Checkpoint{number: d.frozen, rawInterval: d.info.RawInterval, epochs: d.newEpochs, clock: clock, ring: d.completed(ring), ringFull: true}
	for _, e := range d.newEpochs {
		d.untold = append(d.untold, JournalEpoch{Epoch: e.Epoch, Cause: e.Cause, Base: e.Base, BaseMin: e.BaseMin, BaseMax: e.BaseMax, BootID: e.BootID, First: e.First})
	}
	d.newEpochs = nil
	for _, s := range d.streams {
		cp.totals = append(cp.totals, s.totals)
	}
	for _, s := range d.past {
		cp.totals = append(cp.totals, s.totals)
	}
	d.freezeSegments(cp)
	d.rebase(cp.ring, before)
	d.mu.Lock()
	d.queue = append(d.queue, cp)
	d.mu.Unlock()
	return cp
}

// closeAsked closes the segments that are to end as the disk does not take them well.
func (d *DeviceWriter) closeAsked() {
	for _, seg := range d.segs {
		if int64(seg.number) < d.closeSeg.Load() {
			d.close(seg, SealDisk)
		}
	}
}

// freezeSegments takes the news of all complete segments and of the one behind them. Later ones have to wait until that is complete.
func (d *DeviceWriter) freezeSegments(cp *Checkpoint) {
	hold := d.holds()
	for len(d.segs) > 0 {
		seg := d.segs[0]
		if !seg.complete() && len(d.segs) > 1 {
			if seg.lag++; seg.lag >= maxLag && !d.inWave {
				d.close(seg, SealCut)
			}
		}
		if seg.closed && d.forgetEmpty(seg) {
			continue
		}
		done := seg.complete() && !hold
		if !seg.complete() && d.openAll(seg) != nil {
			// The stream's next Append tells the error; until then nothing is said of this segment.
			cp.ringFull = false
			return
		}
		news := segmentNews{seg: seg, epoch: seg.epoch, complete: done, reason: seg.reason}
		for len(d.untold) > 0 && (d.untold[0].Epoch <= seg.epoch || !done && len(d.segs) == 1) {
			news.epochs = append(news.epochs, d.untold[0])
			d.untold = d.untold[1:]
		}
		for _, f := range seg.files {
			if f != nil {
				news.files = append(news.files, f.freeze(done, d.info.Mode.Block()))
			}
		}
		cp.segs = append(cp.segs, news)
		if !done {
			cp.ringFull = len(d.segs) == 1
			return
		}
		d.segs = d.segs[1:]
	}
}

// freeze takes the news of a file: in block modes up to the last complete waveform.
func (f *streamFile) freeze(complete, block bool) fileNews {
	n := fileNews{file: f, mark: fileMark{n: f.n, next: f.next, crc: f.crc}, gapAfter: f.gapAfter}
	if block {
		n.mark = f.whole
	}
	f.hashGrown(n.mark.n)
	n.caps, f.caps = splitAt(f.caps, func(c Capture) bool { return c.SampleStart < n.mark.n })
	n.anns, f.anns = cutAnnotations(f.anns, n.mark.n)
	if complete {
		f.ov.finish()
	}
	n.rows = f.ov.flush()
	for i := range f.ov.levels {
		n.levels[i] = f.ov.levels[i].f
	}
	return n
}

// splitAt returns the leading elements that satisfy in, and a copy of the others.
func splitAt[T any](list []T, in func(T) bool) (front, rest []T) {
	k := 0
	for k < len(list) && in(list[k]) {
		k++
	}
	if k == 0 {
		return nil, list
	}
	return list[:k:k], append([]T(nil), list[k:]...)
}

// cutAnnotations returns what of the annotations lies before stream index n, and what lies behind it. One that reaches over n is in both.
func cutAnnotations(list []Annotation, n int64) (front, rest []Annotation) {
	for _, a := range list {
		if a.SampleStart < n {
			piece := a
			piece.SampleCount = min(a.End(), n) - a.SampleStart
			front = append(front, piece)
		}
		if end := a.End(); end > n {
			a.SampleStart = max(a.SampleStart, n)
			a.SampleCount = end - a.SampleStart
			rest = append(rest, a)
		}
	}
	return front, rest
}

// SyncResult says what a sync did.
type SyncResult struct {
	Duration      time.Duration // how long it took; over half of the sync interval, the caller doubles the interval
	Synced        bool          // everything of the checkpoint is durable and journalled; an error beside it speaks of derived files or sealing
	RingJournaled bool          // so are its ring facts: descriptors up to them may be given back
	Sealed        []int         // numbers of segments that were finished
	Warnings      []string      // data files that somebody else deleted, replaced or changed; each is an event too
}
