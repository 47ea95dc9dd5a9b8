package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// RepairOptions change what [Repair] does.
type RepairOptions struct {
	// FS is where the run lies; nil: the operating system's files.
	FS FS
	// KeepTail saves samples that are cut off a file, because the journal does not vouch for them, beside it as X.sigmf-data.unverified.
	KeepTail bool
	// Now tells the host's clocks, for what is written; nil: [Now].
	Now func() Stamp
}

// RepairCut is a tail that was cut off a data file because no valid journal line tells of it.
type RepairCut struct {
	Stream  string
	Segment int
	File    string
	Samples int64  // whole ones
	Bytes   int64  // an incomplete sample included
	Saved   string // name of the file it was saved in, "" when not
}

// RepairLoss is what the journal vouched for and is gone: it is a gap now, or in block modes waveforms that are missing.
type RepairLoss struct {
	Stream  string
	Segment int
	Gap     Gap
}

// RepairReport says what [Repair] did.
type RepairReport struct {
	Dir        string
	Changed    bool         // anything was written
	Sealed     []string     // segments that were sealed, as "device segment"
	Cut        []RepairCut  // tails cut off: samples of the last sync interval
	Lost       []RepairLoss // damage: samples that were synced and are gone
	Damaged    []Damage     // damage: ranges that are there and wrong, now annotated
	Lines      []BadLine    // damage: journal lines in the middle that could not be read
	Unknown    []string     // damage: what was lost with such lines
	Rebuilt    []string     // files made anew
	Removed    []string     // files removed: left over, or without anything that tells of them
	Unreadable []string     // damage: what could not be repaired, and why

	// NotRead counts the segments that were sealed before and whose samples were not read: [Verify] tells whether they are right.
	NotRead int
}

// Damage reports that more was wrong than an unfinished end: the exit code is 6 then, else 0.
func (r *RepairReport) Damage() bool {
	return len(r.Lost)+len(r.Damaged)+len(r.Lines)+len(r.Unknown)+len(r.Unreadable) > 0
}

// Repair seals a run whose recording did not end in order: a killed process, a power cut, a disk that failed. It follows
// docs/format/recording.md, section 14; a second call changes nothing. It never shortens a stream by samples that the journal, run.json or a later
// segment tells of. The samples of segments that are sealed in order are not read, [Verify] does that. A run that is being recorded is a [*LockedError]. Damage that cannot
// be undone is in the report; the error is for a folder that is no recording, a later major version, or a file system that does not work,
// in which case the call may be repeated.
func Repair(ctx context.Context, dir string, o RepairOptions) (report RepairReport, err error) {
	if o.FS == nil {
		o.FS = OSFS()
	}
	if o.Now == nil {
		o.Now = Now
	}
	report.Dir = dir
	if err := checkRecording(o.FS, dir); err != nil {
		return report, err
	}
	lock, err := lockPatiently(ctx, o.FS, filepath.Join(dir, FileLock))
	if errors.Is(err, ErrLockHeld) {
		return report, lockedBy(o.FS, dir)
	}
	if err != nil {
		return report, fmt.Errorf("repair %s: %w", dir, err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return repairLocked(ctx, dir, o, false)
}

// repairLocked is [Repair] with the lock held. With keepOpen a run that calls itself unfinished stays so: it is to go on.
func repairLocked(ctx context.Context, dir string, o RepairOptions, keepOpen bool) (report RepairReport, err error) {
	report.Dir = dir
	inv, err := takeInventory(o.FS, dir)
	if err != nil {
		return report, err
	}
	r := &repairer{inventory: inv, ctx: ctx, o: o, report: &report, done: map[segmentRef]bool{}, keepOpen: keepOpen}
	if err := r.repair(); err != nil {
		return report, fmt.Errorf("repair %s: %w", dir, err)
	}
	return report, nil
}

// lockedBy says who holds the lock of a run.
func lockedBy(fsys FS, dir string) error {
	e := &LockedError{Dir: dir}
	if b, err := fsys.ReadFile(filepath.Join(dir, FileRun)); err == nil {
		if run, err := ParseRun(b); err == nil {
			e.PID = run.PID
		}
	}
	return e
}

// lockTries and lockPause say how long Repair waits for a lock that somebody may only be looking at.
const (
	lockTries = 25
	lockPause = 10 * time.Millisecond
)

// lockPatiently takes the exclusive lock of a run. Whoever lists runs holds it for a moment, so it is tried more than once.
func lockPatiently(ctx context.Context, fsys FS, path string) (io.Closer, error) {
	for try := 1; ; try++ {
		l, err := fsys.Lock(path)
		if !errors.Is(err, ErrLockHeld) || try == lockTries {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockPause):
		}
	}
}

// checkRecording returns [ErrNotRecording] for a folder in which nothing of a recording can be read, before anything is made in it.
func checkRecording(fsys FS, dir string) error {
	if b, err := fsys.ReadFile(filepath.Join(dir, FileRun)); err == nil {
		_, err := ParseRun(b)
		var version *VersionError
		if err == nil || errors.As(err, &version) {
			return err
		}
	}
	v, err := takeInventory(fsys, dir)
	if err != nil {
		return err
	}
	if len(v.metas) > 0 {
		return nil
	}
	for _, d := range v.journals {
		if err := d.read(fsys, dir, v.wantAll); err != nil {
			return err
		}
		if slices.ContainsFunc(d.parts, func(p *partInfo) bool { return p.scan != nil && p.scan.valid > 0 }) {
			return nil
		}
	}
	return fmt.Errorf("%s: no line of a journal and no meta can be read, and %w: %w", dir, v.runErr, ErrNotRecording)
}

// repairer is one [Repair].
type repairer struct {
	*inventory
	ctx    context.Context
	o      RepairOptions
	report *RepairReport
	runNew *RunFile // run.json as it will be
	runID  string
	done   map[segmentRef]bool
	sealed []*streamRepair
	// marksRead are those of events.jsonl, by device; nil: they were not needed yet.
	marksRead map[string][]Event

	unfinished bool // something could not be read now: the run stays open
	keepOpen   bool // the run is to go on: it stays open when it is
	// apart are devices that record meanwhile, so that the run is not the repair's to write; nil: none does.
	apart map[string]*Adoptable
}

func (r *repairer) repair() error {
	if err := r.removeLeftOver(); err != nil {
		return err
	}
	r.prepareRun()
	devices := r.devices()
	for _, d := range devices {
		if r.apart[d.name] != nil {
			continue
		}
		if err := r.device(d); err != nil {
			return err
		}
	}
	if err := r.removeOrphans(devices); err != nil {
		return err
	}
	if r.apart != nil {
		r.tellTotals()
		return nil
	}
	return r.finish()
}

// removeLeftOver removes the reserve of the disk, which repair may need itself, temporary files, a control socket that nobody listens on, and what is left of
// segments that retention dropped.
func (r *repairer) removeLeftOver() error {
	if hasReserve(r.fs, r.dir) {
		if err := r.remove(filepath.Join(DirLogs, FileReserve)); err != nil {
			return err
		}
	}
	entries, err := r.fs.ReadDir(r.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		temporary := strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), ".tmp") && !e.IsDir()
		if r.apart != nil {
			continue // what records has temporary files of its own
		}
		if temporary || r.deadSocket(e) {
			if err := r.remove(e.Name()); err != nil {
				return err
			}
		}
	}
	if r.run == nil {
		return nil
	}
	for _, name := range slices.Clone(r.names) {
		if r.leftOver(name) {
			if err := r.remove(name); err != nil {
				return err
			}
		}
	}
	for _, d := range r.journals {
		d.parts = slices.DeleteFunc(d.parts, func(p *partInfo) bool { return p.state != nil && r.dropped(p.state.Device, p.segment) })
	}
	return nil
}

// hasReserve tells whether the reserve of the disk is there. Who holds the run's lock may take it: the recorder whose it was is gone.
func hasReserve(fsys FS, dir string) bool {
	logs, err := fsys.ReadDir(filepath.Join(dir, DirLogs))
	return err == nil && slices.ContainsFunc(logs, func(e fs.DirEntry) bool { return e.Name() == FileReserve })
}

// deadSocket tells whether a file is a control socket whose process has died. Nobody records while the lock is ours, so
// the attempt to connect only guards a socket that is somebody else's; it is refused at once by the system.
func (r *repairer) deadSocket(e fs.DirEntry) bool {
	if e.Type()&fs.ModeSocket == 0 || e.Name() != "control.sock" && (r.run == nil || r.run.Control != e.Name()) {
		return false
	}
	conn, err := net.DialTimeout("unix", r.path(e.Name()), time.Second)
	if err != nil {
		var late net.Error
		return !errors.As(err, &late) || !late.Timeout()
	}
	_ = conn.Close()
	return false
}

var fileOfSegment = regexp.MustCompile(`(?:-([0-9]{6,18}))?\.(?:sigmf-data|sigmf-meta|captures\.npy|annotations\.npy|ov[0-9]\.npy|csv)$`)

// segmentOfName returns the number of the segment that a file belongs to, by its name: without a number it is 0. ok is false for files that
// are no segment's, and for journal parts, whose numbers are their own.
func segmentOfName(name string) (segment int, ok bool) {
	m := fileOfSegment.FindStringSubmatch(name)
	if m == nil {
		return 0, false
	}
	for _, c := range m[1] {
		segment = segment*10 + int(c-'0')
	}
	return segment, true
}

// remove removes a file of the run and says so.
func (r *repairer) remove(name string) error {
	if err := r.fs.Remove(r.path(name)); err != nil && !missing(err) {
		return err
	}
	r.names = slices.DeleteFunc(r.names, func(n string) bool { return n == name })
	delete(r.sizes, name)
	r.report.Removed = append(r.report.Removed, name)
	r.report.Changed = true
	return nil
}

func (r *repairer) path(name string) string { return filepath.Join(r.dir, name) }

func (r *repairer) unreadable(format string, a ...any) {
	r.report.Unreadable = append(r.report.Unreadable, fmt.Sprintf(format, a...))
}
