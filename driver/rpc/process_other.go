//go:build !linux

package rpc

import (
	"os"
)

// process stands for a plugin process where none can be started yet.
type process struct {
	pid            int
	startTime      uint64
	stdout, stderr *os.File
	exit           chan struct{}
	state          *os.ProcessState
}

type processSpec struct {
	path  string
	exec  *os.File
	args  []string
	env   []string
	extra *os.File

	sandbox   *Sandbox
	socketDir string
}

func startProcess(processSpec) (*process, error) { return nil, ErrNotSupported }

func attachProcess(int, uint64) (*process, error) { return nil, ErrNotSupported }

func (c *Client) openDescriptor(int) (*os.File, error) { return nil, ErrNotSupported }

func (p *process) kill() {}

func (p *process) closePipes() error { return nil }

func (p *process) exitText() string { return "ended" }

func (p *process) byItself() bool { return true }

func (p *process) exitStatus() int { return p.state.ExitCode() }
