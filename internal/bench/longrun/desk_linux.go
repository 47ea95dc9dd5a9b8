package longrun

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

// desk is where the command is used as people do: a folder with a plan and recordings.
type desk struct {
	logger string
	dir    string
	env    []string
}

// newDesk makes a folder in o.Out. Close takes it away.
func newDesk(o *Options) (*desk, error) {
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.Out, "longrun-")
	if err != nil {
		return nil, err
	}
	d := &desk{dir: dir}
	if d.logger, err = filepath.Abs(filepath.Join(o.Bin, "logger")); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	plugins := filepath.Join(filepath.Dir(d.logger), "plugins")
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "SCOPELOG_") {
			d.env = append(d.env, kv)
		}
	}
	d.env = append(d.env, "SCOPELOG_PLUGINS="+plugins, "SCOPELOG_RIG="+filepath.Join(dir, "rig"))
	return d, os.Mkdir(filepath.Join(dir, "rig"), 0o700)
}

// Close removes the folder.
func (d *desk) Close() error { return os.RemoveAll(d.dir) }

// plan writes the plan.
func (d *desk) plan(text string) error {
	return os.WriteFile(filepath.Join(d.dir, "plan.hcl"), []byte(text), 0o644)
}

func (d *desk) command(ctx context.Context, out *bytes.Buffer, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, d.logger, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = d.dir, d.env, out, out
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second
	return cmd
}

// commandTime is how long a command may take that ends by itself.
const commandTime = 2 * time.Minute

// run runs the command, which must end with a code, and returns what it wrote.
func (d *desk) run(ctx context.Context, code int, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	var out bytes.Buffer
	cmd := d.command(ctx, &out, args...)
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code {
		return out.String(), fmt.Errorf("logger %s: %w, want code %d\n%s", strings.Join(args, " "), errors.Join(err), code, &out)
	}
	return out.String(), nil
}

// running is a command that goes on.
type running struct {
	cmd *exec.Cmd
	out *bytes.Buffer
}

func (d *desk) start(ctx context.Context, args ...string) (*running, error) {
	r := &running{out: new(bytes.Buffer)}
	r.cmd = d.command(ctx, r.out, args...)
	return r, r.cmd.Start()
}

// end sends a signal and waits for the end; the code must be one of those, -1 for a death by the signal.
func (r *running) end(sig syscall.Signal, codes ...int) error {
	if err := r.cmd.Process.Signal(sig); err != nil {
		return err
	}
	err := r.cmd.Wait()
	for _, code := range codes {
		if r.cmd.ProcessState.ExitCode() == code {
			return nil
		}
	}
	return fmt.Errorf("%v: %w, want one of the codes %v\n%s", r.cmd.Args, errors.Join(err), codes, r.out)
}

// recording returns the folder of the only run.
func (d *desk) recording() (string, error) {
	runs, err := filepath.Glob(filepath.Join(d.dir, "out", "*", "run.json"))
	if err != nil || len(runs) != 1 {
		return "", fmt.Errorf("%d recordings: %w", len(runs), err)
	}
	return filepath.Dir(runs[0]), nil
}

// until asks the run for its status until that is as wanted.
func (d *desk) until(ctx context.Context, r *running, what string, ok func(session.Status) bool) error {
	last := errors.New("it was never asked")
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		dir, err := d.recording()
		if err != nil {
			last = err
			continue
		}
		reply, err := session.Control(ctx, dir, session.Request{Op: session.OpStatus})
		switch {
		case err != nil:
			last = err
		case ok(*reply.Status):
			return nil
		default:
			last = fmt.Errorf("status %+v", *reply.Status)
		}
	}
	return fmt.Errorf("it never comes that %s: %w\n%s", what, last, r.out)
}
