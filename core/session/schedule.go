package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// ScheduleState is what a schedule does.
type ScheduleState string

// The states of a schedule.
const (
	ScheduleWaiting   ScheduleState = "waiting"   // for the next start
	ScheduleOpening   ScheduleState = "opening"   // the devices of a recording
	ScheduleRecording ScheduleState = "recording" // or sealing
)

// ScheduleStatus is a picture of a schedule at one moment. Names of keys only grow.
type ScheduleStatus struct {
	FormatVersion string        `json:"format_version"`
	Name          string        `json:"name"` // of the run, from the plan
	Output        string        `json:"output"`
	PID           int           `json:"pid"`
	State         ScheduleState `json:"state"`
	Next          *time.Time    `json:"next,omitempty"` // when the next recording is to begin, or the present one was; none: nothing is left to do
	Ends          *time.Time    `json:"ends,omitempty"` // when that is to end at the latest; none: it has no end
	BeginsIn      float64       `json:"begins_in_s"`    // seconds until Next; 0 while recording
	Dir           string        `json:"dir,omitempty"`  // of the present recording, else of the last one
	Recordings    int64         `json:"recordings"`     // begun so far
	Lossy         int64         `json:"lossy"`          // of them with lost samples
	Failed        int64         `json:"failed"`         // attempts that could not begin, or that a device or the disk ended
	Missed        int64         `json:"missed"`         // starts that came while nothing could be recorded
	Error         string        `json:"error,omitempty"`
}

// Scheduled is what [ServeSchedule] speaks for. Its methods are called from any goroutine.
type Scheduled interface {
	ScheduleStatus() ScheduleStatus
	// StopSchedule ends the present recording in order, and with it all. It returns at once.
	StopSchedule()
}

// scheduleReply is the answer of a schedule's control socket.
type scheduleReply struct {
	FormatVersion string          `json:"format_version"`
	OK            bool            `json:"ok"`
	Error         string          `json:"error,omitempty"`
	Schedule      *ScheduleStatus `json:"schedule,omitempty"`
}

// scheduleExt is what follows a run's name in the file that says where its schedule is reached.
const scheduleExt = ".schedule.json"

// scheduleFile is that file: it is there while the schedule is.
type scheduleFile struct {
	FormatVersion string `json:"format_version"`
	Name          string `json:"name"`
	PID           int    `json:"pid"`
	Control       string `json:"control"` // path of the socket; relative to the file's folder unless absolute
}

// ErrScheduled says that a schedule of the name is going on already.
var ErrScheduled = errors.New("a schedule of this name is going on already")

// ScheduleServer lets others ask and stop a schedule while none of its recordings may be there.
type ScheduleServer struct {
	server  *lineServer
	file    string // scheduleFile
	private string // folder of the socket; empty: beside the file
	s       Scheduled
	once    sync.Once
	err     error
}

// ServeSchedule makes a schedule reachable by its run's name in an output folder, which is made, until Close. Only processes
// of the same user are answered. Where the folder's path is too long for sockets the socket lies in a private folder
// in runtime. The error is ErrScheduled when another process has a schedule of the name there.
func ServeSchedule(output, name, runtime string, s Scheduled) (*ScheduleServer, error) {
	if err := os.MkdirAll(output, 0o755); err != nil {
		return nil, &Error{Class: ClassDisk, Err: err, Advice: "choose another output in run {}"}
	}
	v := &ScheduleServer{file: filepath.Join(output, name+scheduleExt), s: s}
	if st, err := askSchedule(context.Background(), v.file, OpStatus); err == nil {
		return nil, fmt.Errorf("%w in %s (pid %d)", ErrScheduled, output, st.PID)
	} else if errors.Is(err, ErrBusy) || errors.Is(err, ErrRefused) {
		return nil, fmt.Errorf("%w in %s", ErrScheduled, output)
	}
	control := name + ".schedule.sock"
	path := filepath.Join(output, control)
	if abs, err := filepath.Abs(path); err != nil || len(abs) > maxSocketPath {
		if v.private, err = os.MkdirTemp(runtime, "slplan-*"); err != nil {
			return nil, fmt.Errorf("folder of the control socket: %w", err)
		}
		control = filepath.Join(v.private, "control.sock")
		path = control
	} else if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // nobody answers there
		return nil, &Error{Class: ClassDisk, Err: fmt.Errorf("control socket: %w", err)}
	}
	if err := v.listen(path, scheduleFile{ControlVersion, name, os.Getpid(), control}); err != nil {
		return nil, errors.Join(&Error{Class: ClassDisk, Err: err, Advice: "choose another output in run {}, or change the rights of this one"}, v.Close())
	}
	return v, nil
}

func (v *ScheduleServer) listen(path string, f scheduleFile) (err error) {
	if v.server, err = serveLines(path, func(line []byte) any { return v.answer(line) }); err != nil {
		return err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	part := v.file + ".tmp"
	if err := os.WriteFile(part, append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(part, v.file)
}

// Close ends answering and takes away the file and the socket. Further calls do nothing.
func (v *ScheduleServer) Close() error {
	v.once.Do(func() {
		remove := func(path string) {
			if err := os.RemoveAll(path); path != "" && err != nil && v.err == nil {
				v.err = err
			}
		}
		if v.server != nil {
			remove(v.file)
			v.err = errors.Join(v.err, v.server.Close())
		}
		remove(v.private)
	})
	return v.err
}

func (v *ScheduleServer) answer(line []byte) scheduleReply {
	reply, req := scheduleReply{FormatVersion: ControlVersion, OK: true}, Request{}
	switch err := json.Unmarshal(line, &req); {
	case err != nil:
		reply.OK, reply.Error = false, "the request is not a JSON object on one line"
	case req.Op == OpStop:
		v.s.StopSchedule()
		fallthrough
	case req.Op == OpStatus:
		st := v.s.ScheduleStatus()
		reply.Schedule = &st
	default:
		reply.OK, reply.Error = false, fmt.Sprintf("unknown op %q: a schedule knows status and stop; recordings have sockets of their own", req.Op)
	}
	return reply
}

// FindSchedules returns the schedules in an output folder that answer.
func FindSchedules(ctx context.Context, output string) ([]*ScheduleStatus, error) {
	entries, err := os.ReadDir(output)
	if err != nil {
		return nil, err
	}
	var live []*ScheduleStatus
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), scheduleExt) {
			continue
		}
		if st, err := askSchedule(ctx, filepath.Join(output, e.Name()), OpStatus); err == nil {
			live = append(live, st)
		}
	}
	return live, nil
}

// ControlSchedule sends OpStatus or OpStop to the schedule of a run's name in an output folder, and returns how it
// stands then. ErrNotRunning says that there is none.
func ControlSchedule(ctx context.Context, output, name, op string) (*ScheduleStatus, error) {
	return askSchedule(ctx, filepath.Join(output, name+scheduleExt), op)
}

func askSchedule(ctx context.Context, file, op string) (*ScheduleStatus, error) {
	text, err := recording.OSFS().ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", file, ErrNotRunning)
	}
	if err != nil {
		return nil, err
	}
	var f scheduleFile
	if err := json.Unmarshal(text, &f); err != nil || f.Control == "" {
		return nil, fmt.Errorf("%s: %w: the file cannot be read", file, ErrNotRunning)
	}
	path := f.Control
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(file), filepath.Base(path))
	}
	var reply scheduleReply
	if err := ask(ctx, path, file, Request{Op: op}, &reply); err != nil {
		return nil, err
	}
	if !reply.OK || reply.Schedule == nil {
		return nil, fmt.Errorf("%s: %s", file, reply.Error)
	}
	return reply.Schedule, nil
}
