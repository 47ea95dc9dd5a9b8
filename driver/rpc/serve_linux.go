package rpc

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// prepareProcess puts the descriptors in order before anything else of the plugin runs. Text that C code prints on
// descriptor 1 must reach neither the handshake nor a pipe that nobody drains, so 1 becomes 2 and only os.Stdout,
// which go-plugin writes the handshake to, keeps the true standard output. Descriptor 2 is made non-blocking: while
// the host is stopped, a print is lost instead of stopping the vendor's thread.
func prepareProcess() (*pluginProcess, error) {
	if os.Getenv(envHandover) != strconv.Itoa(handoverFD) {
		return nil, errors.New("no socket was inherited as descriptor 3: the host is no scopelog")
	}
	unix.CloseOnExec(handoverFD)
	if err := unix.SetNonblock(handoverFD, true); err != nil {
		return nil, fmt.Errorf("descriptor %d: %w", handoverFD, err)
	}
	signal.Ignore(syscall.SIGPIPE, syscall.SIGINT)
	stdout, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, handoverFD+1)
	if err != nil {
		return nil, fmt.Errorf("keep the standard output: %w", err)
	}
	if err := unix.Dup3(2, 1, 0); err != nil {
		return nil, fmt.Errorf("redirect descriptor 1: %w", err)
	}
	log, err := unix.FcntlInt(2, unix.F_DUPFD_CLOEXEC, handoverFD+1)
	if err != nil {
		return nil, fmt.Errorf("keep the standard error: %w", err)
	}
	// os.Stderr was opened while the descriptor still blocked, so a full pipe is an error for it and not a wait; a
	// file that is opened now waits in the poller, without a thread.
	stray := os.Stderr
	if err := unix.SetNonblock(2, true); err != nil {
		return nil, fmt.Errorf("descriptor 2: %w", err)
	}
	os.Stdout = os.NewFile(uintptr(stdout), "handshake")
	return &pluginProcess{
		log:      os.NewFile(uintptr(log), "stderr"),
		stray:    stray,
		handover: os.NewFile(handoverFD, "handover"),
	}, nil
}
