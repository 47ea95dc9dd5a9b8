package rpc

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

var errOtherProcess = errors.New("the number is that of another process")

// attachProcess finds a process that another one has started. A number alone says nothing: it is compared once a handle holds on to the process that
// has it, and from then on only the handle is used.
func attachProcess(pid int, startTime uint64) (*process, error) {
	if pid <= 0 || startTime == 0 {
		return nil, errOtherProcess
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ENOSYS) {
		return nil, fmt.Errorf("process handles need Linux 5.4 or newer: %w", ErrNotSupported)
	}
	if err != nil {
		return nil, fmt.Errorf("process %d: %w", pid, err)
	}
	// One that has ended and was not waited for yet is readable.
	if startTimeOf(pid) != startTime || readable(fd) {
		_ = unix.Close(fd)
		return nil, errOtherProcess
	}
	p := &process{pid: pid, startTime: startTime, exit: make(chan struct{}), pidfd: fd, foreign: true}
	go p.await()
	return p, nil
}

// await waits for the end of a process that is not our child. What it has started must not outlive it.
func (p *process) await() {
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(p.pidfd), Events: unix.POLLIN}}, -1)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	p.mu.Lock()
	p.killForeign()
	p.reaped = true
	unix.Close(p.pidfd)
	p.pidfd = -1
	p.mu.Unlock()
	close(p.exit)
}

// pidfdSignalGroup sends to the process group of a handle, whether or not its leader still lives: Linux 6.9.
const pidfdSignalGroup = 1 << 2

// killForeign ends a process by its handle, and its group where the system can do that by the handle. It needs mu.
func (p *process) killForeign() {
	if unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, pidfdSignalGroup) != nil {
		_ = unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
	}
}

// alive tells whether the plugin process lives, by its handle: what was read by its number before is its own when it does.
func (c *Client) alive() bool {
	p := c.proc
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.reaped && !readable(p.pidfd) && unix.PidfdSendSignal(p.pidfd, 0, nil, 0) == nil
}

// openDescriptor opens a file that the plugin holds open. The number is a plugin's word: what it names is looked at before it is opened.
func (c *Client) openDescriptor(n int) (*os.File, error) {
	path := fmt.Sprintf("/proc/%d/fd/%d", c.proc.pid, n)
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("look at descriptor %d of the plugin %s: %w", n, c.program, err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, fmt.Errorf("look at descriptor %d of the plugin %s: %w", n, c.program, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, fmt.Errorf("descriptor %d of the plugin %s is no ring", n, c.program)
	}
	if !c.alive() { // the path may be that of another process by now
		return nil, fmt.Errorf("the plugin %s (process %d) has ended", c.program, c.proc.pid)
	}
	own, err := unix.Open("/proc/self/fd/"+strconv.Itoa(fd), unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open descriptor %d of the plugin %s: %w", n, c.program, err)
	}
	return os.NewFile(uintptr(own), "scopelog-ring"), nil
}
