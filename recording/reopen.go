package recording

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// Reopened tells what [DeviceWriter.Reopen] found.
type Reopened struct {
	// Lost is how many samples of each stream had been written and are not there any more: they are told as lost to the disk. nil: none.
	Lost []int64
	// Waveforms are the numbers of the complete waveforms among them, in block modes. An open waveform is lost too then, and is not in the list.
	Waveforms []int64
	// EndsBehindWaveform: nothing is lost, and a waveform is open whose segment holds others and ends behind it. Where it cannot be completed there, as
	// the file cannot grow, [DeviceWriter.DropWaveform] ends the segment.
	EndsBehindWaveform bool
}

// Reopen gives up all open files of the device and opens them anew by their names, for a disk that was away and is there again under its name: what was
// open before may never work again. It is an error, and nothing has changed, while the disk is still away.
//
// What was synced is taken for granted. What was written behind it is read back: when all of it is there it stays; else all streams go back to
// their latest sync, and what is missing becomes a gap before the next sample, cause disk, exact where the gaps in it are. Either way the segment ends,
// unless it has no sample yet, and the next sample goes to a new one; an open waveform is completed before, unless it is lost. The drainer calls it, never during [DeviceWriter.Sync]
// in its own goroutine; it waits for one in another.
func (d *DeviceWriter) Reopen(ctx context.Context) (Reopened, error) {
	d.syncMu.Lock()
	defer d.syncMu.Unlock()
	if d.finished.Load() {
		return Reopened{}, ErrClosed
	}
	if err := d.probe(); err != nil {
		return Reopened{}, fmt.Errorf("reopen device %s: %w", d.info.Name, err)
	}
	d.absorb(d.frozen)
	o := &reopener{d: d, ctx: ctx}
	defer o.cleanUp()
	if err := o.look(); err != nil {
		return Reopened{}, fmt.Errorf("reopen device %s: %w", d.info.Name, err)
	}
	if err := d.run.reopen(); err != nil {
		return Reopened{}, fmt.Errorf("reopen device %s: %w", d.info.Name, err)
	}
	return o.apply(), nil
}

// probe tells whether the disk takes a file and makes it safe. Its name is that of a temporary file: one that stays behind is ignored, and removed later.
func (d *DeviceWriter) probe() error {
	path := d.run.path(TempName(d.info.Name + ".probe"))
	f, err := d.run.fsys.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteAt([]byte("probe\n"), 0)
	if err == nil {
		err = f.DataSync()
	}
	err = errors.Join(err, f.Close())
	if gone := d.run.fsys.Remove(path); err == nil {
		err = gone
	}
	return err
}

// reopener is one [DeviceWriter.Reopen]. Handles are opened and looked at first; only when nothing can fail any more they take the place of the old ones.
type reopener struct {
	d       *DeviceWriter
	ctx     context.Context
	fresh   map[*streamFile]File // the handle that was open before where the name is another file's, or nobody's, and that handle works
	gone    []*streamFile        // the name is nobody's, and what was open does not work
	void    []*streamFile        // of those that no sync looks at any more: not what was written is there
	journal File
	folds   map[*segment]*segmentFold // what the journal tells of segments whose derived files are begun
	sealing []*segment                // journalled to their end, not finished
	later   []*segment                // the others, oldest first
	intact  bool                      // all that was written to them is there
}

// cleanUp closes what was not taken over.
func (o *reopener) cleanUp() {
	for f, nf := range o.fresh {
		if nf != f.f {
			_ = nf.Close()
		}
	}
	if o.journal != nil {
		_ = o.journal.Close()
	}
}

// look opens everything anew and reads back what is not synced.
func (o *reopener) look() error {
	d := o.d
	o.fresh, o.folds, o.intact = map[*streamFile]File{}, map[*segment]*segmentFold{}, true
	all := slices.Collect(func(yield func(*segment) bool) {
		for seg := range unique(d.live, d.segs) {
			if !yield(seg) {
				return
			}
		}
	})
	slices.SortFunc(all, func(a, b *segment) int { return a.number - b.number })
	for _, seg := range all {
		if seg.sync.journaled {
			o.sealing = append(o.sealing, seg)
		} else {
			o.later = append(o.later, seg)
		}
		for _, f := range seg.files {
			if f == nil {
				continue
			}
			if err := o.openFile(seg, f); err != nil {
				return err
			}
		}
	}
	if err := o.openJournal(); err != nil {
		return err
	}
	for _, seg := range all {
		if err := o.readJournal(seg); err != nil {
			return err
		}
	}
	return o.makeGone()
}

// openFile opens a data file and reads back what no journal line vouches for.
func (o *reopener) openFile(seg *segment, f *streamFile) error {
	nf, err := f.fsys.OpenFile(f.path(ExtData), os.O_RDWR, 0o644)
	if errors.Is(err, fs.ErrNotExist) && !seg.sync.journaled && f.sync.done.n == f.start {
		// It had never been synced. Its name is made anew.
		o.intact = o.intact && f.n == f.start
		nf, err = f.fsys.OpenFile(f.path(ExtData), os.O_RDWR|os.O_CREATE, 0o644)
	}
	if nf, err = o.choose(seg, f, nf, err); err != nil {
		return &StreamError{f.name, "open data file", err}
	}
	if nf == nil {
		return nil
	}
	o.fresh[f] = nf
	if seg.sync.journaled || !o.intact {
		return nil
	}
	same, err := o.unchanged(f, nf)
	o.intact = o.intact && same
	return err
}

// unchanged tells whether what was written behind the latest sync is in the file. It asks the disk, not the cache.
func (o *reopener) unchanged(f *streamFile, nf File) (bool, error) {
	from, to := (f.sync.done.n-f.start)*f.itemSize, f.bytes()
	if from == to {
		return true, nil
	}
	if err := firstError(nf.DataSync(), nf.WriteBack(from, to-from, true)); err != nil {
		return false, nil // what it took is not safe
	}
	crc := f.sync.done.crc
	buf := make([]byte, min(to-from, 256<<10))
	for at := from; at < to; {
		if err := o.ctx.Err(); err != nil {
			return false, err
		}
		p := buf[:min(to-at, int64(len(buf)))]
		if n, _ := nf.ReadAt(p, at); n < len(p) {
			return false, nil
		}
		crc = UpdateChecksum(crc, p)
		at += int64(len(p))
	}
	return crc == f.crc, nil
}

// openJournal opens the part that takes the next lines.
func (o *reopener) openJournal() error {
	j := &o.d.j
	if j.f == nil {
		return nil
	}
	f, err := j.run.fsys.OpenFile(j.run.path(j.part.name), os.O_RDWR, 0o644)
	if err != nil {
		return &DeviceError{j.device, "open journal", err}
	}
	o.journal = f
	buf := make([]byte, j.part.sum.Bytes)
	if n, err := f.ReadAt(buf, 0); n < len(buf) {
		return &DeviceError{j.device, "read journal", err}
	}
	if UpdateChecksum(0, buf) != j.part.sum.CRC32C {
		return &DeviceError{j.device, "read journal", ErrChecksum} // that is for repair
	}
	return nil
}

// readJournal gathers what the journal tells of a segment, where derived files of it have been begun that were never synced.
func (o *reopener) readJournal(seg *segment) error {
	s := &seg.sync
	begun := s.clock.f != nil
	for _, f := range s.files {
		begun = begun || !f.sync.sealed && (f.sync.captures.f != nil || f.sync.notes.f != nil)
	}
	if !begun {
		return nil
	}
	d := o.d
	inv, err := takeInventory(d.run.fsys, d.run.dir)
	if err != nil {
		return err
	}
	for _, j := range inv.journals {
		if j.prefix != d.info.Name {
			continue
		}
		if err := j.read(d.run.fsys, d.run.dir, func(l *JournalState) bool { return l.Segment == seg.number }); err != nil {
			return err
		}
		o.folds[seg] = j.fold.segments[seg.number]
	}
	if o.folds[seg] == nil {
		return &DeviceError{d.info.Name, "read journal", errors.New("it tells nothing of the segment")}
	}
	return nil
}

// reopen opens the files of the run anew, and takes the lock where it was left behind with the disk that was there before.
func (r *Run) reopen() error {
	if err := r.events.reopenFile(); err != nil {
		return err
	}
	lock, err := r.fsys.Lock(r.path(FileLock))
	if errors.Is(err, ErrLockHeld) {
		return nil // by us, as nobody else could take it
	}
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	r.mu.Lock()
	old := r.lock
	r.lock, r.dirty = lock, true
	r.mu.Unlock()
	_ = old.Close() // it locks nothing any more
	return nil
}

// reopenFile goes on in the file of that name. What is not synced is written again by the next flush, to the same place.
func (l *eventLog) reopenFile() error {
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	f, err := l.run.fsys.OpenFile(l.run.path(FileEvents), os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("open %s: %w", FileEvents, err)
	}
	_ = l.f.Close() // all that counts of it is synced
	l.f = f
	return nil
}
