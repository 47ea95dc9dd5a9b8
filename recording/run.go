package recording

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options describe a run that [Create] makes. The zero value of each field is legal.
type Options struct {
	RunID       [16]byte          // UUID version 7; zero: made
	Program     string            // name and version of the recording program
	Host        string            // zero: os.Hostname
	Started     time.Time         // zero: now
	Plan        []byte            // plan.hcl; nil: no such file
	PlanPath    string            // where that lay, for run.json
	Resolved    []byte            // plan.resolved.json; nil: no such file
	Variables   map[string]string // values of the plan's variables that are not sensitive
	Sensitive   []string          // names of the others
	Tags        []string
	Notes       string
	SyncAsked   time.Duration // sync interval of the plan; zero: 1 s
	KeepFree    int64         // bytes of the disk that preallocation leaves alone
	SHA512      bool          // compute the SHA-512 of data files, which their metas tell when they are sealed
	ControlPath string        // control socket, as run.json names it
	FS          FS            // zero: OSFS()
	Now         func() Stamp  // clocks of the host; zero: [Now]
	BootID      string        // zero: asked from the system
}

// Run is a run that is being recorded: its folder, run.json and events. All methods are safe for concurrent use.
type Run struct {
	dir   string
	id    string
	fsys  FS
	now   func() Stamp
	boot  string
	start time.Time
	lock  io.Closer

	reserveMu sync.Mutex   // held while more is preallocated
	reserve   atomic.Int64 // bytes preallocated and not yet written
	keepFree  int64
	interval  time.Duration

	addMu  sync.Mutex // held while a device is added; taken before all others
	dropMu sync.Mutex // held while segments are removed or opened once more; taken before saveMu, behind a device's syncMu
	saveMu sync.Mutex // one writer of run.json at a time; taken before mu
	mu     sync.Mutex // guards what follows
	file   RunFile
	dirty  bool
	closed bool
	devs   []*DeviceWriter
	goesOn map[string]*resumedDevice // of a run that was resumed: devices that are not there yet
	sealed []segmentRef              // in the order in which they were finished
	left   []string                  // files of dropped segments that are still there

	adopts map[string]*Adoptable // of a run that was resumed: devices that were adopted and are not there yet

	onSealed func(SealedSegment) // nil: nobody wants to know

	detected map[string]DetectedBefore // of a run that was resumed, by event block; it does not change

	behindMu sync.Mutex // taken before saveMu
	behind   string     // how a run had ended that was resumed, as long as nothing was written that says that it goes on; guarded by behindMu

	events eventLog
	hash   *hasher // nil: no SHA-512 is wanted
}

// Create makes the folder <parent>/<name>-<UTC start>, or one with -2, -3 ... appended when that is taken, locks it and writes run.json,
// events.jsonl and the plan files. The parent is made when only its last element is missing. The caller must call [Run.Close].
func Create(parent, name string, o Options) (*Run, error) {
	if err := CheckRunName(name); err != nil {
		return nil, err
	}
	if err := o.fill(); err != nil {
		return nil, err
	}
	r := &Run{fsys: o.FS, now: o.Now, boot: o.BootID, start: o.Started, id: uuidText(o.RunID), interval: o.SyncAsked, keepFree: max(o.KeepFree, 0)}
	if err := r.makeDir(parent, name); err != nil {
		return nil, fmt.Errorf("create run %q: %w", name, err)
	}
	r.file = RunFile{
		Format: RunFormat, FormatVersion: FormatVersion, Run: r.id, Name: name, State: StateRecording, Program: o.Program, Host: o.Host,
		BootID: o.BootID, Started: Timestamp(o.Started.UnixNano()), PID: os.Getpid(), Control: o.ControlPath, PlanPath: o.PlanPath,
		Variables: maps.Clone(o.Variables), Sensitive: slices.Clone(o.Sensitive), Tags: slices.Clone(o.Tags), Notes: o.Notes,
		Sync: SyncInterval{AskedNS: int64(o.SyncAsked), RealisedNS: int64(o.SyncAsked)}, SHA512: o.SHA512,
	}
	if err := r.init(parent, o); err != nil {
		if r.lock != nil {
			err = errors.Join(err, r.lock.Close())
		}
		return nil, fmt.Errorf("create run %q: %w", name, err)
	}
	r.startHasher()
	return r, nil
}

func (o *Options) fill() error {
	if o.FS == nil {
		o.FS = OSFS()
	}
	if o.Now == nil {
		o.Now = Now
	}
	if o.Started.IsZero() {
		o.Started = time.Unix(0, o.Now().UTCNS)
	}
	o.Started = o.Started.UTC()
	if o.SyncAsked <= 0 {
		o.SyncAsked = time.Second
	}
	if o.BootID == "" {
		o.BootID = bootID()
	}
	if o.Host == "" {
		o.Host, _ = os.Hostname() // a run without the host's name is complete
	}
	if o.RunID == ([16]byte{}) {
		id, err := newUUID(o.Started)
		if err != nil {
			return fmt.Errorf("make run id: %w", err)
		}
		o.RunID = id
	}
	return nil
}

func (r *Run) makeDir(parent, name string) error {
	if err := r.fsys.Mkdir(parent); err != nil && !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
		if _, statErr := r.fsys.Stat(parent); statErr != nil {
			return err
		}
	}
	base := filepath.Join(parent, name+"-"+r.start.Format("20060102T150405Z"))
	for n := 1; ; n++ {
		r.dir = base
		if n > 1 {
			r.dir = fmt.Sprintf("%s-%d", base, n)
		}
		err := r.fsys.Mkdir(r.dir)
		if err == nil {
			return nil
		}
		if !errors.Is(err, fs.ErrExist) || n == 10000 {
			return err
		}
	}
}

func (r *Run) init(parent string, o Options) (err error) {
	if r.lock, err = r.fsys.Lock(r.path(FileLock)); err != nil {
		if errors.Is(err, ErrLockHeld) {
			return &LockedError{Dir: r.dir}
		}
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{FilePlan, o.Plan}, {FileResolved, o.Resolved}} {
		if f.data == nil {
			continue
		}
		if r.file.Plans == nil {
			r.file.Plans = map[string]FileSum{}
		}
		r.file.Plans[f.name] = FileSum{Bytes: int64(len(f.data)), CRC32C: UpdateChecksum(0, f.data)}
		if err := writeFile(r.fsys, r.dir, f.name, f.data, true); err != nil {
			return err
		}
	}
	if err := r.events.open(r); err != nil {
		return err
	}
	r.dirty = true
	if err := r.save(); err != nil {
		return errors.Join(err, r.events.f.Close())
	}
	if err := r.fsys.SyncDir(parent); err != nil {
		return errors.Join(err, r.events.f.Close())
	}
	return r.Event(Event{Kind: EventRunStart})
}

// Dir returns the folder of the run.
func (r *Run) Dir() string { return r.dir }

// RunID returns the id of the run, a UUID in text.
func (r *Run) RunID() string { return r.id }

// Info returns a copy of what run.json says now. Lists inside it are shared and must not be changed.
func (r *Run) Info() RunFile {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.file
	f.Devices = slices.Clone(f.Devices)
	return f
}

// SetSyncRealised notes the sync interval that is really kept. It is stored with the next change of run.json, and is the time in which events
// are merged.
func (r *Run) SetSyncRealised(d time.Duration) {
	r.update(func(f *RunFile) { f.Sync.RealisedNS = int64(d) })
	r.events.setInterval(d)
}

// FreeSpace returns the bytes that can still be written beside the run; what the run itself has preallocated does not count as used.
func (r *Run) FreeSpace() (int64, error) {
	free, err := r.fsys.FreeSpace(r.dir)
	if err != nil {
		return 0, fmt.Errorf("free space of %s: %w", r.dir, err)
	}
	return free + max(r.reserve.Load(), 0), nil
}

// End says how a run ended.
type End struct {
	Reason   string // duration, samples, until, signal, disk, error ...
	ExitCode int
}

// Close finishes devices that are still open, writes the collection and the final run.json, and gives the lock back. A run with a segment that
// could not be sealed keeps the state "recording", so that repair is asked for. A second call is [ErrClosed].
func (r *Run) Close(e End) error {
	r.addMu.Lock() // a device that is being added is finished too
	defer r.addMu.Unlock()
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return ErrClosed
	}
	r.closed = true
	devs := slices.Clone(r.devs)
	r.mu.Unlock()

	var errs []error
	for _, d := range devs {
		if err := d.finishOpen(); err != nil {
			errs = append(errs, err)
		}
	}
	r.endHasher(devs)
	errs = append(errs, r.goOn(), r.Event(Event{Kind: EventRunStop, Text: e.Reason}))
	sum, err := r.events.close()
	errs = append(errs, err)
	sealed := r.allSealed()
	if sealed {
		errs = append(errs, r.writeCollection())
	}
	r.update(func(f *RunFile) {
		f.PID, f.Control = 0, ""
		f.Ended, f.EndReason, f.ExitCode = Timestamp(r.now().UTCNS), e.Reason, new(e.ExitCode)
		if sealed {
			f.State, f.Events = StateSealed, &sum
		}
	})
	for try := range finishTries {
		err := r.save()
		if err == nil || try == finishTries-1 {
			errs = append(errs, err)
			break
		}
	}
	r.removeLeft()
	errs = append(errs, r.unlock(devs))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close run %s: %w", r.dir, err)
	}
	return nil
}

// unlock gives the lock back. While a device hangs in the disk it is kept, as that may write yet.
func (r *Run) unlock(devs []*DeviceWriter) error {
	for i, d := range devs {
		select {
		case <-d.ended:
		default:
			go func() {
				for _, d := range devs[i:] {
					<-d.ended
				}
				_ = r.lock.Close() // nobody is left to tell
			}()
			return nil
		}
	}
	return r.lock.Close()
}

func (r *Run) allSealed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.file.Devices {
		for _, s := range d.Segments {
			if s.State != StateSealed {
				return false
			}
		}
	}
	return true
}

func (r *Run) path(name string) string { return filepath.Join(r.dir, name) }

// update changes what run.json will say; the next save writes it.
func (r *Run) update(f func(*RunFile)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.file)
	r.dirty = true
}

// save replaces run.json when something changed since it was written last.
func (r *Run) save() error {
	r.saveMu.Lock()
	defer r.saveMu.Unlock()
	r.mu.Lock()
	if !r.dirty {
		r.mu.Unlock()
		return nil
	}
	b, err := r.file.Encode()
	r.dirty = false
	r.mu.Unlock()
	if err == nil {
		err = writeFile(r.fsys, r.dir, FileRun, b, true)
	}
	if err == nil {
		err = r.fsys.SyncDir(r.dir)
	}
	if err != nil {
		r.mu.Lock()
		r.dirty = true
		r.mu.Unlock()
		return fmt.Errorf("replace %s: %w", FileRun, err)
	}
	return nil
}

// writeFile writes a file under a temporary name and renames it; with durable, content is on the disk before the rename.
func writeFile(fsys FS, dir, name string, data []byte, durable bool) error {
	tmp := filepath.Join(dir, TempName(name))
	f, err := fsys.OpenFile(tmp, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = f.WriteAt(data, 0)
	if err == nil && durable {
		err = f.DataSync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = fsys.Rename(tmp, filepath.Join(dir, name))
	}
	if err != nil {
		_ = fsys.Remove(tmp) // best effort: temporary files are ignored and removed later
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// newUUID makes a UUID of version 7 (RFC 9562).
func newUUID(t time.Time) (id [16]byte, err error) {
	if _, err = rand.Read(id[6:]); err != nil {
		return id, err
	}
	ms := uint64(t.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id, nil
}

func uuidText(id [16]byte) string {
	h := hex.EncodeToString(id[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}
