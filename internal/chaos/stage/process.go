package stage

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Process is the program while it records. Its methods may be called from any goroutine.
type Process struct {
	place  *Place
	cmd    *exec.Cmd
	log    *os.File
	done   chan struct{} // closed when it has ended and all it said is read
	begins chan struct{} // closed when all devices record

	mu      sync.Mutex // guards what follows
	dir     string     // of the run
	notices []Notice
	summary *Summary
	broken  error // what was wrong with what it said
}

// Options change how the program is started.
type Options struct {
	Stuck *os.File // its standard output and error, which nobody reads; nil: they are read
}

// Start starts the program, such as with "run", "--json" and a plan. Its standard error goes to a file in the place. It runs on when ctx ends, so that
// who waits for it learns of the one or the other.
func (s *Place) Start(ctx context.Context, o Options, args ...string) (*Process, error) {
	p := &Process{place: s, done: make(chan struct{}), begins: make(chan struct{})}
	p.cmd = s.command(context.WithoutCancel(ctx), args...)
	var out io.Reader
	if o.Stuck != nil {
		p.cmd.Stdout, p.cmd.Stderr = o.Stuck, o.Stuck
	} else {
		var err error
		if out, err = p.cmd.StdoutPipe(); err != nil {
			return nil, err
		}
		p.log, err = os.OpenFile(filepath.Join(s.Dir, "stderr.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		p.cmd.Stderr = p.log
	}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, p.closeLog())
	}
	go p.follow(out)
	return p, nil
}

func (s *Place) command(ctx context.Context, args ...string) *exec.Cmd {
	all := append(append([]string{}, s.Prefix...), s.Programs.Logger)
	all = append(all, args...)
	cmd := exec.CommandContext(ctx, all[0], all[1:]...)
	cmd.Dir, cmd.Env = s.Dir, s.environ()
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

func (p *Process) closeLog() error {
	if p.log == nil {
		return nil
	}
	return p.log.Close()
}

// follow reads what the program says until its end.
func (p *Process) follow(out io.Reader) {
	defer close(p.done)
	if out != nil {
		p.read(out)
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.note(err)
	}
	p.note(p.closeLog())
}

func (p *Process) note(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = errors.Join(p.broken, err)
}

func (p *Process) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			p.note(fmt.Errorf("it printed %q: %w", lines.Bytes(), err))
			continue
		}
		p.hear(l)
	}
	p.note(lines.Err())
}

func (p *Process) hear(l line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case l.Event == "started" && l.Status != nil:
		p.dir = l.Status.Dir
		close(p.begins)
	case l.Notice != nil:
		p.notices = append(p.notices, *l.Notice)
	case l.Summary != nil:
		p.summary = l.Summary
		if p.dir == "" {
			p.dir = l.Summary.Dir
		}
	}
}

// PID is the number of its process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Begins is closed when all devices record.
func (p *Process) Begins() <-chan struct{} { return p.begins }

// Done is closed when it has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Dir is the run's folder; empty before it is known.
func (p *Process) Dir() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dir
}

// Is tells it which run it records, where it cannot say so itself.
func (p *Process) Is(dir string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dir = dir
}

// Notices are those that were told so far.
func (p *Process) Notices() []Notice {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Notice{}, p.notices...)
}

// Summary is how the run ended, nil when the program has not said it.
func (p *Process) Summary() *Summary {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.summary
}

// Broken is what was wrong with what the program said.
func (p *Process) Broken() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.broken
}

// Signal sends it a signal; it may have ended meanwhile.
func (p *Process) Signal(s syscall.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// ExitCode is its exit code; -1 while it runs and when a signal has ended it.
func (p *Process) ExitCode() int {
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode()
	default:
		return -1
	}
}

// Command runs the program once, such as with "verify", and returns its exit code and what it wrote to standard output.
func (s *Place) Command(ctx context.Context, args ...string) (code int, out []byte, err error) {
	cmd := s.command(ctx, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err = cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() >= 0 {
		return exit.ExitCode(), append(out, errs.Bytes()...), nil
	}
	if err != nil {
		err = errors.Join(ctx.Err(), fmt.Errorf("%v: %w: %s", args, err, errs.Bytes()))
	}
	return 0, out, err
}
