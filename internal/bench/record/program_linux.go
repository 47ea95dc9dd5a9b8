package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/emulator"
)

// program is the built product.
type program struct{ bin string } // folder with logger and plugins/

// workspace is a folder for one capture, with a rig of its own.
type workspace struct{ dir string }

func newWorkspace(parent string) (*workspace, error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, "scopelog-bench-")
	return &workspace{dir}, err
}

func (w *workspace) remove() error { return os.RemoveAll(w.dir) }

// rig is the environment variable for plugins.
func (w *workspace) rig() string { return emulator.Variable + "=" + w.rigDir() }

func (w *workspace) rigDir() string { return filepath.Join(w.dir, "rig") }

// connect makes the rig of a capture. It is nil for a simulated device, which needs none.
func (w *workspace) connect(c capture) (*emulator.Rig, error) {
	if c.unit == "" {
		return nil, nil
	}
	return emulator.NewRig(w.rigDir(), c.rig())
}

// event is what a line of "run --json" holds.
type event struct {
	Event   string           `json:"event"`
	Status  *session.Status  `json:"status"`
	Summary *session.Summary `json:"summary"`
}

// recording is a run of the program.
type recording struct {
	cmd    *exec.Cmd
	events chan event   // closed when the program closes its output
	stderr bytes.Buffer // of the program; whole when it has ended
	broken error        // what was wrong with the output; valid when events is closed
}

// start has the program record a plan.
func (p program) start(ctx context.Context, w *workspace, text string) (*recording, error) {
	path := filepath.Join(w.dir, "plan.hcl")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return nil, err
	}
	r := &recording{cmd: exec.CommandContext(ctx, filepath.Join(p.bin, "logger"), "run", "--json", path), events: make(chan event)}
	r.cmd.Env, r.cmd.Stderr = append(os.Environ(), w.rig()), &r.stderr
	r.cmd.Cancel = func() error { return r.cmd.Process.Signal(os.Interrupt) }
	r.cmd.WaitDelay = 10 * time.Second
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	go r.read(out)
	return r, nil
}

func (r *recording) read(out io.Reader) {
	defer close(r.events)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			r.broken = fmt.Errorf("the program printed %q: %w", lines.Bytes(), err)
			continue
		}
		r.events <- e
	}
	if r.broken == nil {
		r.broken = lines.Err()
	}
}

// next waits for an event of that name.
func (r *recording) next(name string) (event, error) {
	for e := range r.events {
		if e.Event == name {
			return e, nil
		}
	}
	if r.broken != nil {
		return event{}, r.broken
	}
	return event{}, fmt.Errorf("the program ended without the event %q", name) // wait has its own words
}

// wait waits for the program's end and tells whether its exit code is 0, or 3 for a run with losses.
func (r *recording) wait() error {
	for range r.events {
	}
	err := r.cmd.Wait()
	if state := r.cmd.ProcessState; state != nil && state.ExitCode() == 3 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(r.stderr.Bytes()))
	}
	return nil
}

// verdict is what the program finds in a recording.
type verdict struct {
	OK      bool `json:"ok"`
	Streams []struct {
		Samples int64 `json:"samples"`
		Lost    int64 `json:"lost"`
		Proven  int64 `json:"proven_samples"`
	} `json:"streams"`
	Damage   []json.RawMessage `json:"damage"`
	Problems []json.RawMessage `json:"problems"`
}

// verify has the program check a recording, with proof against the proof signal.
func (p program) verify(ctx context.Context, dir string, proof bool) (verdict, error) {
	args := []string{"verify", "--json"}
	if proof {
		args = append(args, "--proof")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, "logger"), append(args, dir)...)
	out, err := cmd.Output()
	var v verdict
	if jsonErr := json.Unmarshal(out, &v); jsonErr != nil {
		return v, fmt.Errorf("verify %s: %w, %w", dir, err, jsonErr)
	}
	return v, nil
}
