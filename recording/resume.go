package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ResumeOptions describe a run that [Resume] goes on with. The zero value of each field is legal.
type ResumeOptions struct {
	Program     string       // name and version of the recording program; zero: as before
	KeepFree    int64        // bytes of the disk that preallocation leaves alone
	ControlPath string       // control socket, as run.json names it
	FS          FS           // zero: OSFS()
	Now         func() Stamp // clocks of the host; zero: [Now]
	BootID      string       // zero: asked from the system
	// Lock is the run's lock where the caller has taken it already, by [LockRun]; Resume owns it from then on. nil: it is taken.
	Lock io.Closer
	// Adopt is asked, before anything is changed, for each device of a run that was cut off: whether it takes the device's ring over, whose plugin runs on
	// (a is what the journal tells; nil, with the reason, when it does not allow that). Those go on by [Run.AdoptDevice], and the others wait for
	// [Resumed.Rest]. nil: none is.
	Adopt func(run *RunFile, device string, a *Adoptable, why error) bool
	// Accept is asked before anything is changed; an error refuses. nil: a run that came to its own end is an [*EndedError].
	Accept func(*RunFile) error
}

// Resumed is a run that goes on: what it was when it ended, and how far each device had come.
type Resumed struct {
	Run     *Run
	Before  RunFile // run.json as it was found; zero when it could not be read
	Report  RepairReport
	Devices []ResumedDevice // those that have recorded before

	// Detected tells, when devices are adopted, of the events of each event block that are written down: the raw device indexes of the last [MaxDetected]
	// lines, in their order, by the block's name.
	Detected map[string][]int64
	// Marks are, when devices are adopted, the marks that are written down, by the device's name.
	Marks map[string][]Event

	rest *resumer // what is left for Rest; nil: nothing
}

// EndedError is returned by [Resume] for a run that came to its own end: nothing is left to record.
type EndedError struct {
	Dir    string
	Reason string // end_reason of run.json
}

func (e *EndedError) Error() string {
	return fmt.Sprintf("the run came to its end (%s): there is nothing to go on with", e.Reason)
}

// complete are the ends of a run behind which nothing is left to record.
var complete = []string{"duration", "samples", "until", "completed"}

// Unfinished tells whether a run was cut off or stopped before its own end, so that [Resume] takes it.
func (r *RunFile) Unfinished() bool {
	return r.State == StateRecording || r.EndReason == "crash" || !slices.Contains(complete, r.EndReason)
}

// Cut reports that a run was cut off: nobody has ended or stopped it.
func (r *RunFile) Cut() bool {
	return r.State == StateRecording && r.Ended == 0 || r.EndReason == "crash"
}

// EndedByDisk reports that a run was ended in order as its disk was low or failed: it can go on when there is room.
func (r *RunFile) EndedByDisk() bool { return r.EndReason == "disk" }

// Resume goes on with a run that was cut off or stopped. It takes the run's lock, repairs what is there as [Repair] does, and opens the run for
// more: [Run.ResumeDevice] continues a device in its next segment, with the stream indexes, device indexes, epochs and journal lines that follow.
// Until the first device goes on run.json and the events stay as they were, or as the repair has left them. The run can be resumed again, whatever
// happens, and behind that too. A run that is being recorded is a
// [*LockedError], one of a later version a [*VersionError], a plan that was changed a [*PlanChangedError]. Damage does not keep a run from going on
// and is in the report; a segment that cannot be read now does. The caller ends the run by [Run.Close] or [Run.Abandon].
func Resume(ctx context.Context, dir string, o ResumeOptions) (*Resumed, error) {
	if o.FS == nil {
		o.FS = OSFS()
	}
	if o.Now == nil {
		o.Now = Now
	}
	if o.BootID == "" {
		o.BootID = bootID()
	}
	lock := o.Lock
	if lock == nil {
		var err error
		if lock, err = LockRun(ctx, o.FS, dir); err != nil {
			return nil, err
		}
	}
	if hasReserve(o.FS, dir) { // on a full disk there is no other room to go on
		_ = o.FS.Remove(filepath.Join(dir, DirLogs, FileReserve)) // without it the disk says so
	}
	r, err := resumeLocked(ctx, dir, o, lock)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("resume %s: %w", dir, err), lock.Close())
	}
	return r, nil
}

// LockRun takes the lock of a run that is to be resumed, before [Resume] does: its errors are those. fsys nil: the operating system's files.
func LockRun(ctx context.Context, fsys FS, dir string) (io.Closer, error) {
	if fsys == nil {
		fsys = OSFS()
	}
	if err := checkRecording(fsys, dir); err != nil {
		return nil, err
	}
	lock, err := lockPatiently(ctx, fsys, filepath.Join(dir, FileLock))
	if errors.Is(err, ErrLockHeld) {
		return nil, lockedBy(fsys, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("resume %s: %w", dir, err)
	}
	return lock, nil
}

func resumeLocked(ctx context.Context, dir string, o ResumeOptions, lock io.Closer) (*Resumed, error) {
	if r, err := adoptLocked(dir, o, lock); r != nil || err != nil {
		return r, err
	}
	inv, err := takeInventory(o.FS, dir)
	if err != nil {
		return nil, err
	}
	r := &Resumed{}
	if inv.run != nil {
		r.Before = *inv.run
		if err := acceptRun(dir, inv.run, o.Accept); err != nil {
			return nil, err
		}
	}
	for _, e := range inv.changedPlans() {
		return nil, e
	}
	if r.Report, err = repairLocked(ctx, dir, RepairOptions{FS: o.FS, Now: o.Now}, true); err != nil {
		return nil, err
	}
	if len(r.Report.Unreadable) > 0 {
		return nil, fmt.Errorf("it cannot be repaired now: %s", strings.Join(r.Report.Unreadable, "; "))
	}
	if inv, err = takeInventory(o.FS, dir); err != nil {
		return nil, err
	}
	if inv.run == nil {
		return nil, inv.runErr
	}
	p := &resumer{inventory: inv, o: o}
	if err := p.devices(); err != nil {
		return nil, err
	}
	if r.Run, err = p.open(lock, r.Before); err != nil {
		return nil, err
	}
	for _, d := range p.found {
		r.Devices = append(r.Devices, d.ResumedDevice)
	}
	return r, nil
}

// acceptRun refuses a run that cannot be gone on with, before anything of it is changed.
func acceptRun(dir string, run *RunFile, accept func(*RunFile) error) error {
	if laterMinor(run.FormatVersion) {
		return &VersionError{run.FormatVersion}
	}
	if accept != nil {
		return accept(run)
	}
	if !run.Unfinished() {
		return &EndedError{dir, run.EndReason}
	}
	return nil
}

// laterMinor tells whether a version of the format, whose major version is ours, knows more than we do: what we would write could contradict it.
func laterMinor(version string) bool {
	_, have, _ := strings.Cut(version, ".")
	_, ours, _ := strings.Cut(FormatVersion, ".")
	a, err := strconv.Atoi(have)
	b, _ := strconv.Atoi(ours)
	return err != nil || a > b
}

// resumer is one [Resume], once everything is repaired.
type resumer struct {
	*inventory
	o       ResumeOptions
	found   []*resumedDevice
	adopted map[string]*Adoptable // nil: none is

	standIns map[*loadedMeta]int64 // stand for segments of which nothing is left: the stream indexes behind them
}

// open makes the run as it goes on. run.json says so when the first device does, which adopted ones do.
func (p *resumer) open(lock io.Closer, before RunFile) (*Run, error) {
	r := &Run{
		dir: p.dir, id: p.run.Run, fsys: p.fs, now: p.o.Now, boot: p.o.BootID, start: p.run.Started.Time(), lock: lock, keepFree: max(p.o.KeepFree, 0),
		interval: time.Duration(p.run.Sync.AskedNS), file: *p.run, goesOn: map[string]*resumedDevice{}, adopts: maps.Clone(p.adopted),
	}
	if r.interval <= 0 {
		r.interval = time.Second
	}
	f := &r.file
	f.FormatVersion, f.State, f.PID, f.Control = FormatVersion, StateRecording, os.Getpid(), p.o.ControlPath
	f.Ended, f.EndReason, f.ExitCode, f.Events = 0, "", nil, nil
	f.Sync.RealisedNS = int64(r.interval)
	if p.o.Program != "" {
		f.Program = p.o.Program
	}
	if p.adopted == nil {
		// What has recorded nothing is added anew; what comes later is not there yet.
		r.sealed, f.Devices = p.sealedSegments(), p.known(f.Devices)
	}
	for _, d := range p.found {
		r.goesOn[d.Name] = d
	}
	if err := r.events.reopen(r); err != nil {
		return nil, err
	}
	r.dirty = true
	if p.adopted == nil {
		r.behind = endText(before)
	} else if err := r.save(); err != nil {
		return nil, errors.Join(err, r.events.f.Close())
	}
	r.startHasher()
	return r, nil
}

// goOn writes down that a run that was resumed goes on, before anything else that says so.
func (r *Run) goOn() error {
	r.behindMu.Lock()
	defer r.behindMu.Unlock()
	if r.behind == "" {
		return nil
	}
	if err := r.save(); err != nil {
		return err
	}
	behind := r.behind
	r.behind = ""
	_, err := r.noteEvent(Event{Kind: EventResumed, Text: "behind: " + behind})
	return err
}

// endText says how a run had ended.
func endText(run RunFile) string {
	if run.Cut() || run.EndReason == "" {
		return "crash"
	}
	return run.EndReason
}

// sealedSegments lists the segments that are there in the order in which they began: retention drops the oldest first.
func (p *resumer) sealedSegments() []segmentRef {
	type begun struct {
		segmentRef
		at Timestamp
	}
	first := map[segmentRef]Timestamp{}
	for _, m := range p.metas {
		ref := segmentRef{m.global.Device, m.global.Segment}
		if len(m.captures) == 0 {
			continue
		}
		if t, ok := first[ref]; !ok || m.captures[0].Datetime < t {
			first[ref] = m.captures[0].Datetime
		}
	}
	var list []begun
	for _, d := range p.run.Devices {
		last := Timestamp(0)
		for _, s := range d.Segments {
			if s.State != StateSealed {
				continue
			}
			ref := segmentRef{d.Name, s.Segment}
			last = max(last, first[ref]) // one without samples comes behind those before
			list = append(list, begun{ref, last})
		}
	}
	slices.SortStableFunc(list, func(a, b begun) int { return compare(int64(a.at), int64(b.at)) })
	refs := make([]segmentRef, len(list))
	for i, b := range list {
		refs[i] = b.segmentRef
	}
	return refs
}

// reopen goes on with the events of a run.
func (l *eventLog) reopen(r *Run) error {
	b, err := r.fsys.ReadFile(r.path(FileEvents))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", FileEvents, err)
	}
	events, _ := parseEvents(b)
	f, err := r.fsys.OpenFile(r.path(FileEvents), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("open %s: %w", FileEvents, err)
	}
	l.run, l.f, l.interval, l.last = r, f, r.interval, r.now()
	l.size, l.crc = int64(len(b)), UpdateChecksum(0, b)
	for _, e := range events {
		l.seq, l.count = e.Seq+1, l.count+e.Count
	}
	r.detected = tallyDetected(events)
	return nil
}

// Abandon ends the work on a run without sealing it: files are closed and the lock is given back, as if the process had died, so that the run can
// be resumed or repaired. One that was resumed, and of which no device went on, is left as it was found. Nothing may be recorded any more when it is
// called.
func (r *Run) Abandon() error {
	r.addMu.Lock()
	defer r.addMu.Unlock()
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return ErrClosed
	}
	r.closed = true
	devs := slices.Clone(r.devs)
	r.file.PID, r.file.Control = 0, ""
	r.mu.Unlock()
	r.behindMu.Lock()
	begun := r.behind == ""
	r.behindMu.Unlock()
	for _, d := range devs {
		d.leave()
	}
	r.endHasher(devs)
	_, err := r.events.close()
	if begun {
		r.update(func(*RunFile) {})
		err = errors.Join(err, r.save())
	}
	if err = errors.Join(err, r.lock.Close()); err != nil {
		return fmt.Errorf("leave run %s: %w", r.dir, err)
	}
	return nil
}

// leave closes the files of a device as they are.
func (d *DeviceWriter) leave() {
	if d.finished.Swap(true) {
		return
	}
	d.syncMu.Lock()
	defer d.syncMu.Unlock()
	for seg := range maps.Keys(unique(d.segs, d.live)) {
		seg.closeFiles()
	}
	d.j.close()
	close(d.ended)
}

// unique joins lists that may share members.
func unique(lists ...[]*segment) map[*segment]bool {
	all := map[*segment]bool{}
	for _, l := range lists {
		for _, s := range l {
			all[s] = true
		}
	}
	return all
}
