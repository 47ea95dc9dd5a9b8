package rpc

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// pipeGrace is how long the pipes are read after the process has ended, in case that a process it has started
	// holds them open.
	pipeGrace = 500 * time.Millisecond
	// stderrPipe is the size of the stderr pipe: what fits while the host is stopped.
	stderrPipe = 1 << 20
)

// process is a started plugin process, in a process group of its own. Its truth is the pidfd.
type process struct {
	pid       int
	startTime uint64 // with the pid an identity within one boot; 0: unknown

	stdout, stderr *os.File // our ends; read deadlines end them after the process's end
	exit           chan struct{}
	state          *os.ProcessState // after exit

	mu     sync.Mutex
	pidfd  int
	reaped bool
	killed bool // by us, while it was alive

	foreign bool // another process has started it: it can be waited for, but not asked how it ended
}

// processSpec says what to start.
type processSpec struct {
	path  string   // shown to the process as its name
	exec  *os.File // executed instead of path when set
	args  []string
	env   []string
	extra *os.File // becomes descriptor 3

	sandbox   *Sandbox // nil: the process is not confined
	socketDir string   // may be written by a confined process
}

func startProcess(s processSpec) (*process, error) {
	outR, outW, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	errR, errW, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a pipe: %w", err), outR.Close(), outW.Close())
	}
	p := &process{stdout: outR, stderr: errR, exit: make(chan struct{}), pidfd: -1}
	enlargePipe(errW)
	cmd := &exec.Cmd{
		Path: s.path, Args: append([]string{s.path}, s.args...), Env: s.env, Stdout: outW, Stderr: errW,
		ExtraFiles:  []*os.File{s.extra},
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true, PidFD: &p.pidfd},
	}
	err = execFrom(cmd, s.exec, func() error { return confined(s.sandbox, s.socketDir, cmd.Start) })
	outW.Close()
	errW.Close()
	if err == nil && p.pidfd < 0 {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		err = fmt.Errorf("process handles need Linux 5.4 or newer: %w", ErrNotSupported)
	}
	if err == nil && s.sandbox != nil {
		if err = limit(cmd.Process.Pid); err != nil {
			_ = unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
			_ = cmd.Wait()
			_ = unix.Close(p.pidfd)
		}
	}
	if err != nil {
		return nil, errors.Join(err, outR.Close(), errR.Close())
	}
	p.pid = cmd.Process.Pid
	p.startTime = startTimeOf(p.pid)
	go p.reap(cmd)
	return p, nil
}

// execFrom runs start with the command's path set to an open file, so that what was checked is what runs. Scripts are
// executed by path: their interpreter opens them by name.
func execFrom(cmd *exec.Cmd, f *os.File, start func() error) error {
	if f == nil || isScript(f) {
		return start()
	}
	// A high number: descriptors 0 to 3 of the child are replaced before it executes.
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 64)
	if err != nil {
		return fmt.Errorf("execute %s: %w", f.Name(), err)
	}
	defer unix.Close(fd)
	cmd.Path = "/proc/self/fd/" + strconv.Itoa(fd)
	return start()
}

func isScript(f *os.File) bool {
	var head [2]byte
	n, err := f.ReadAt(head[:], 0)
	return err == nil && n == 2 && string(head[:]) == "#!"
}

// enlargePipe is a convenience: a pipe of the usual size works too.
func enlargePipe(f *os.File) {
	if raw, err := f.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, stderrPipe) })
	}
}

// startTimeOf reads field 22 of /proc/<pid>/stat; the name in field 2 may hold anything.
func startTimeOf(pid int) uint64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 20 {
		return 0
	}
	t, err := strconv.ParseUint(string(fields[19]), 10, 64)
	if err != nil {
		return 0
	}
	return t
}

// reap waits for the end. While the process is unreaped its number is ours, so the group can be killed safely: what
// it has started must not outlive it.
func (p *process) reap(cmd *exec.Cmd) {
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(p.pidfd), Events: unix.POLLIN}}, -1)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	p.mu.Lock()
	_ = unix.Kill(-p.pid, unix.SIGKILL)
	_ = cmd.Wait() // the state says all
	p.state = cmd.ProcessState
	p.reaped = true
	unix.Close(p.pidfd)
	p.pidfd = -1
	p.mu.Unlock()
	deadline := time.Now().Add(pipeGrace)
	_ = p.stdout.SetReadDeadline(deadline)
	_ = p.stderr.SetReadDeadline(deadline)
	close(p.exit)
}

// kill ends the process and its group at once. It may be called at any time.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return
	}
	if !readable(p.pidfd) {
		p.killed = true
	}
	if p.foreign {
		p.killForeign()
		return
	}
	_ = unix.Kill(-p.pid, unix.SIGKILL)
	_ = unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
}

// readable tells without waiting; a pidfd is readable when its process has ended.
func readable(fd int) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
	return err == nil && n > 0
}

// byItself tells whether the process ended without being killed by us. It must have ended.
func (p *process) byItself() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.killed
}

// exitStatus is the status it ended with, -1 for a signal or when it is not known. It must have ended.
func (p *process) exitStatus() int { return p.state.ExitCode() }

// closePipes frees our ends after both readers have ended. A process that another one has started has none.
func (p *process) closePipes() error {
	if p.foreign {
		return nil
	}
	return errors.Join(p.stdout.Close(), p.stderr.Close())
}

// exitText says how the process ended. It must have.
func (p *process) exitText() string {
	if p.state == nil {
		return "has ended"
	}
	ws, ok := p.state.Sys().(syscall.WaitStatus)
	switch {
	case !ok:
		return "ended"
	case ws.Signaled() && ws.CoreDump():
		return fmt.Sprintf("was ended by signal %s and left a core dump", unix.SignalName(ws.Signal()))
	case ws.Signaled():
		return "was ended by signal " + unix.SignalName(ws.Signal())
	}
	return fmt.Sprintf("ended with status %d", ws.ExitStatus())
}
