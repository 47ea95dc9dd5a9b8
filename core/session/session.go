package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// Options describe a run. Plan and Host are needed.
type Options struct {
	Plan    *plan.Plan
	Host    *host.Host
	Logger  hclog.Logger // nil: silent. Its lines also go to the run's logs folder when it is an InterceptLogger
	Program string       // name and version, for the recording
	RunID   [16]byte     // UUID version 7, the one that Host was made with; zero: made
	Force   bool         // record although the disk has no room for the whole run
	// AllowGaps makes a run with lost samples end with exit code 0.
	AllowGaps bool
	// Early is told what happens before [Start] or [Check] returns; nil: nobody. It is called from one goroutine.
	Early func(Notice)
	FS    recording.FS // nil: the real one
	// Claim is of the run that [Resume] goes on with; nil: it claims it itself.
	Claim *Claim
	// Clock reads the host's clocks together, once a second; nil: [clock.Read]. It is called from one goroutine.
	Clock func() clock.Reading

	bootID   string        // of the machine as [Resume] has it; empty: it is asked
	markWait time.Duration // for a mark to be durable; 0: markWait
}

// Session is a run that records. All methods may be called from any goroutine.
type Session struct {
	o       Options
	log     hclog.Logger
	fsys    recording.FS
	run     *recording.Run
	clock   *clock.Sampler
	needs   needs
	opener  *opener
	devices []*device
	blocks  []*eventBlock
	left    []*Error // devices that are not there: optional ones, and any others beside adopted ones
	control *lineServer
	logFile *logFile
	reserve *reserve
	resumed *resumed // nil: the run began here
	notices chan Notice
	started time.Time

	ctx      context.Context // ends when the run is aborted
	abort    context.CancelFunc
	stopping chan struct{} // closed when the run is to end in order
	sealing  atomic.Bool
	// eventsBegun: the event blocks know their devices.
	eventsBegun atomic.Bool
	finished    chan struct{} // closed when Wait may return
	// stoppedNS is the monotonic time of Stop; 0: not yet.
	stoppedNS atomic.Int64
	dropped   atomic.Int64 // bytes of samples that the plan's disk rules have removed
	disk      diskLook
	keep      *keeper       // nil: all is kept
	flushing  chan struct{} // holds one while marks are being made durable

	noticeMu sync.Mutex
	silent   bool // notices is closed; guarded by noticeMu

	mu      sync.Mutex // guards what follows
	reason  string     // why it is stopping
	diskErr error
	rate    rateMeter
	summary *Summary
	err     error
}

// Check opens and configures the plan's devices, says what the run would do, and closes them.
func Check(ctx context.Context, o Options) (*Preview, error) {
	s := newSession(o)
	opened, left, err := s.opener.openAll(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, u := range opened {
			s.opener.closeUnit(ctx, u)
		}
	}()
	n, err := assess(o.Plan, opened, s.fsys, time.Now())
	if err == nil {
		err = checkStarts(o.Plan, opened)
	}
	if err != nil {
		return nil, err
	}
	v, err := preview(o.Plan, opened, n)
	if err != nil {
		return nil, err
	}
	for _, e := range left {
		v.Warnings = append(v.Warnings, "left out, as it is optional: "+e.Error())
	}
	if r := s.clock.Latest(); r.State == clock.Unsynchronised {
		v.Warnings = append(v.Warnings, "the host's clock is not synchronised: UTC times in the recording may be off")
	}
	return v, nil
}

func newSession(o Options) *Session {
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	s := &Session{
		o: o, log: o.Logger, fsys: o.FS, clock: clock.NewSampler(o.Clock), notices: make(chan Notice, 256),
		stopping: make(chan struct{}), finished: make(chan struct{}), flushing: make(chan struct{}, 1),
		opener: &opener{plan: o.Plan, host: o.Host, log: o.Logger, early: o.Early},
	}
	if s.fsys == nil {
		s.fsys = recording.OSFS()
	}
	return s
}

func appliedOf(opened []*unit) []driver.Applied {
	list := make([]driver.Applied, len(opened))
	for i, u := range opened {
		list[i] = u.applied
	}
	return list
}

// Start opens and configures all devices, makes the recording, starts the devices, and returns when all of them
// record. ctx bounds the start only. When it fails, everything is closed; an empty recording that had been made by
// then is sealed. The error is an *[Error] where its class matters. End the session with Stop and Wait.
func Start(ctx context.Context, o Options) (*Session, error) {
	s := newSession(o)
	if err := checkOutput(o.Plan.Run.Output); err != nil {
		return nil, err
	}
	opened, left, err := s.opener.openAll(ctx)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil, fmt.Errorf("ended before anything was recorded: %w", ctx.Err())
	}
	if err != nil {
		return nil, err
	}
	s.left = left
	for _, e := range left {
		s.log.Debug("an optional device is left out", "device", e.Device, "error", e.Err)
		s.notice("left_out", e.Device, e.Err.Error())
	}
	s.ctx, s.abort = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.begin(ctx, opened); err != nil {
		s.abort()
		for _, u := range opened {
			s.opener.closeUnit(ctx, u)
		}
		return nil, err
	}
	go s.supervise()
	return s, nil
}

// checkOutput refuses a folder that cannot be written before any device is opened.
func checkOutput(path string) error {
	parent := existingParent(path)
	bad := func(err error) error {
		return &Error{
			Class: ClassDisk, Err: fmt.Errorf("the output folder %s cannot be written: %w", path, err),
			Advice: "choose another with output in run {}, or change the rights of this one",
		}
	}
	info, err := os.Stat(parent)
	if err != nil {
		return bad(err)
	}
	if !info.IsDir() {
		return bad(fmt.Errorf("%s is not a folder", parent))
	}
	f, err := os.CreateTemp(parent, ".scopelog-*")
	if err != nil {
		return bad(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// begin makes the recording and starts the devices.
func (s *Session) begin(ctx context.Context, opened []*unit) error {
	n, err := assess(s.o.Plan, opened, s.fsys, time.Now())
	if err == nil {
		err = checkStarts(s.o.Plan, opened)
	}
	if err != nil {
		return err
	}
	if err := n.fits(s.o.Plan, true); err != nil && !s.o.Force {
		return err
	}
	s.needs = n
	if err := s.create(opened); err != nil {
		return err
	}
	return s.launch(ctx, opened)
}

// launch makes the devices' parts of the recording, and starts the devices.
func (s *Session) launch(ctx context.Context, opened []*unit) (err error) {
	_, _ = s.freeDisk() // where the disk does not say, nobody knows
	if s.blocks == nil {
		s.blocks = newEventBlocks(s)
	}
	for _, u := range opened {
		d, err := s.addDevice(u)
		if err != nil && !s.spares(ctx) {
			return s.undo(err)
		}
		if err != nil {
			s.leaveOut(u.plan.Name, err)
			s.opener.closeUnit(ctx, u)
			continue
		}
		s.addTo(d)
	}
	s.beginEvents()
	control, err := serveControl(s.controlPath(), s)
	if err != nil {
		return s.undo(err)
	}
	s.mu.Lock()
	s.control = control
	s.mu.Unlock()
	for _, d := range startOrder(s.devices) {
		if d.started {
			continue // it was adopted
		}
		if d.unit.gone != nil {
			d.unstarted = d.unit.gone
			d.run(recorder.Generation{}, s.beginning(d.name)) // it is tried again
			continue
		}
		if err := d.start(ctx); err != nil {
			if !s.spares(ctx) {
				return s.undo(s.opener.deviceError(d.unit.plan, err))
			}
			d.unstarted = err
			d.run(recorder.Generation{}, s.beginning(d.name)) // it is tried again
			continue
		}
		s.runEvent(recording.Event{Kind: recording.EventDeviceStart, Device: d.name, Text: d.unit.name()})
		for _, text := range d.unit.notes() {
			s.notice(noticeApplied, d.name, text) // the recording has them in the resolved plan
		}
	}
	return nil
}

// create makes the recording's folder.
func (s *Session) create(opened []*unit) error {
	p := s.o.Plan
	applied := make(map[string]driver.Applied, len(opened))
	for _, u := range opened {
		applied[u.plan.Name] = u.applied
	}
	resolved, err := p.Resolved(applied)
	if err != nil {
		return fmt.Errorf("resolve the plan: %w", err)
	}
	vars, sensitive := map[string]string{}, []string{}
	for _, v := range p.Variables {
		switch {
		case v.Sensitive:
			sensitive = append(sensitive, v.Name)
		case v.Given:
			vars[v.Name] = v.Value
		}
	}
	if err := os.MkdirAll(p.Run.Output, 0o755); err != nil {
		return &Error{Class: ClassDisk, Err: err, Advice: "choose another output in run {}"}
	}
	s.started = time.Now()
	s.run, err = recording.Create(p.Run.Output, p.Run.Name, recording.Options{
		RunID: s.o.RunID, Program: s.o.Program, Started: s.started, Plan: p.Source(), PlanPath: absolute(p.Filename()), Resolved: resolved, Variables: vars, Sensitive: sensitive,
		Tags: p.Run.Tags, Notes: p.Run.Notes, SyncAsked: p.Run.Sync, ControlPath: s.controlName(), FS: s.fsys,
		KeepFree: int64(p.Run.Disk.KeepFree), SHA512: p.Run.SHA512,
	})
	if err != nil {
		return &Error{Class: ClassDisk, Err: err, Advice: "choose another output in run {}, or free some space"}
	}
	s.keep = newKeeper(s)
	s.reserve = takeReserve(filepath.Join(s.run.Dir(), recording.DirLogs), s.fsys, int64(p.Run.Disk.KeepFree))
	s.logFile = openLogs(s.log, filepath.Join(s.run.Dir(), recording.DirLogs), p.Redact)
	return nil
}

// controlName is the control socket as run.json names it: relative to the run's folder where it can lie there.
func (s *Session) controlName() string {
	dir := filepath.Join(s.o.Plan.Run.Output, s.o.Plan.Run.Name+"-00000000T000000Z-00000")
	if s.resumed != nil {
		dir = s.resumed.dir
	}
	if path := controlPath(dir, s.o.Host.StateDir()); filepath.Dir(path) != dir {
		return path
	}
	return "control.sock"
}

func (s *Session) controlPath() string {
	if name := s.controlName(); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.run.Dir(), "control.sock")
}

// addTo adds a device to those of the session. Some may record already.
func (s *Session) addTo(d *device) {
	s.mu.Lock()
	s.devices = append(s.devices, d)
	s.mu.Unlock()
}

// undo ends a run that could not start: devices that run are stopped, and the recording is closed.
func (s *Session) undo(cause error) error {
	s.abort()
	for _, d := range s.devices {
		d.abandon()
	}
	s.endEvents()
	if s.control != nil {
		cause = errors.Join(cause, s.control.Close())
	}
	s.reserve.free()
	if s.resumed != nil {
		return s.leaveAgain(cause)
	}
	code := ExitOther
	var e *Error
	if errors.As(cause, &e) {
		code = e.Class.ExitCode()
	}
	if err := s.run.Close(recording.End{Reason: "failed", ExitCode: code}); err != nil {
		s.log.Error("closing the recording", "error", err)
	}
	s.logFile.close()
	return cause
}

// Dir is the recording's folder.
func (s *Session) Dir() string { return s.run.Dir() }

// Notices tells what happens. The channel holds some hundred; what nobody takes is dropped. It is closed at the end.
func (s *Session) Notices() <-chan Notice { return s.notices }

func (s *Session) notice(kind, device, text string) {
	s.noticeMu.Lock()
	defer s.noticeMu.Unlock()
	if s.silent {
		return
	}
	select {
	case s.notices <- Notice{Time: time.Now().UTC(), Kind: kind, Device: device, Text: text}:
	default:
	}
}

// Stop ends the run in order: devices are stopped, what they delivered is recorded, files are sealed. It returns at
// once; only the first reason counts.
func (s *Session) Stop(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason != "" {
		return
	}
	s.reason = reason
	s.stoppedNS.Store(clock.Mono())
	close(s.stopping)
}

// Abort ends the run now: plugins are killed and files are left as a crash would leave them, for repair.
func (s *Session) Abort() {
	s.abort()
	for _, d := range s.devices {
		d.kill()
	}
}

// Wait returns when the run has ended and its files are sealed.
func (s *Session) Wait() (*Summary, error) {
	<-s.finished
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.summary, s.err
}

// FindRuns lists the runs below an output folder that record, newest first: they answer on their control socket, be it that they are busy or another
// user's.
func FindRuns(ctx context.Context, output string) ([]string, error) {
	entries, err := os.ReadDir(output)
	if err != nil {
		return nil, err
	}
	var live []string
	for _, e := range slices.Backward(entries) {
		dir := filepath.Join(output, e.Name())
		if _, err := os.Stat(filepath.Join(dir, recording.FileRun)); err != nil {
			continue
		}
		if _, err := Control(ctx, dir, Request{Op: OpStatus}); err == nil || errors.Is(err, ErrBusy) || errors.Is(err, ErrRefused) {
			live = append(live, dir)
		}
	}
	return live, nil
}
