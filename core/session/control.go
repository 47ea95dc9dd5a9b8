package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// ControlVersion is the format_version of control messages.
const ControlVersion = "1.0"

// The operations of the control socket.
const (
	OpStatus = "status"
	OpMark   = "mark"
	OpStop   = "stop"
	// OpTrigger fires what waits for the software's trigger on a device.
	OpTrigger = "trigger"
)

const (
	maxRequest     = 64 << 10         // bytes of one request line
	controlTimeout = 10 * time.Second // for one request and its answer
	maxSocketPath  = 100              // the systems' limits are 103 to 107 bytes
)

// ErrNotRunning says that a run has no control socket that answers.
var ErrNotRunning = errors.New("the run is not recording")

// Request is one line to the control socket.
type Request struct {
	Op   string `json:"op"`
	Text string `json:"text,omitempty"` // OpMark
	// Device is the name of one of the run's devices; OpTrigger.
	Device string `json:"device,omitempty"`
}

// Reply is the answer to a Request. OK false comes with Error.
type Reply struct {
	FormatVersion string  `json:"format_version"`
	OK            bool    `json:"ok"`
	Error         string  `json:"error,omitempty"`
	Status        *Status `json:"status,omitempty"`
}

// Control sends one request to the run recorded in dir and returns the answer. ErrNotRunning says that nobody
// records there, ErrBusy that it could not be heard, ErrRefused that another user records; an answer with OK false is an error too.
func Control(ctx context.Context, dir string, req Request) (*Reply, error) {
	path := filepath.Join(dir, "control.sock")
	if b, err := recording.OSFS().ReadFile(filepath.Join(dir, recording.FileRun)); err != nil {
		return nil, fmt.Errorf("%s is not a recording: %w", dir, err)
	} else if run, err := recording.ParseRun(b); err == nil {
		if run.State != recording.StateRecording {
			return nil, fmt.Errorf("%s: %w: it is %s", dir, ErrNotRunning, run.State)
		}
		if filepath.IsAbs(run.Control) {
			path = run.Control
		}
	}
	var reply Reply
	if err := ask(ctx, path, dir, req, &reply); err != nil {
		return nil, err
	}
	if !reply.OK {
		return &reply, fmt.Errorf("%s: %s", dir, reply.Error)
	}
	return &reply, nil
}

// controlled is what the control socket speaks for.
type controlled interface {
	Status() Status
	Mark(text string) error
	Stop(reason string)
	SoftwareTrigger(ctx context.Context, device string) error
}

// controlPath says where the control socket of a run lies: in its directory, else, where the path is too long for
// a socket, in the state folder.
func controlPath(dir, stateDir string) string {
	path := filepath.Join(dir, "control.sock")
	if abs, err := filepath.Abs(path); err == nil && len(abs) <= maxSocketPath {
		return path
	}
	return filepath.Join(stateDir, "control.sock")
}

// serveControl answers for a run at path until Close.
func serveControl(path string, run controlled) (*lineServer, error) {
	return serveLines(path, func(line []byte) any { return answerFor(run, line) })
}

func answerFor(run controlled, line []byte) Reply {
	reply := Reply{FormatVersion: ControlVersion}
	var req Request
	if err := json.Unmarshal(line, &req); err != nil {
		reply.Error = "the request is not a JSON object on one line"
		return reply
	}
	switch req.Op {
	case OpStatus:
		st := run.Status()
		reply.OK, reply.Status = true, &st
	case OpMark:
		if err := run.Mark(req.Text); err != nil {
			reply.Error = err.Error()
			return reply
		}
		reply.OK = true
	case OpStop:
		run.Stop("stop")
		reply.OK = true
	case OpTrigger:
		ctx, cancel := context.WithTimeout(context.Background(), controlTimeout*4/5) // the answer must still go out
		defer cancel()
		if err := run.SoftwareTrigger(ctx, req.Device); err != nil {
			reply.Error = err.Error()
			return reply
		}
		reply.OK = true
	default:
		reply.Error = fmt.Sprintf("unknown op %q: there are status, mark, trigger and stop", req.Op)
	}
	return reply
}
