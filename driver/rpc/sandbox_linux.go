package rpc

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/driver/rpc/internal/confine"
)

// confined calls start, which makes one process, so that the process is in the sandbox from its first instruction on.
// A process inherits the bounds of the thread that makes it, so start runs on a thread of its own, which is confined
// before and never used for anything else.
func confined(s *Sandbox, socketDir string, start func() error) error {
	if s == nil {
		return start()
	}
	return confinedIn(confine.New, s, socketDir, start)
}

// confinedIn is confined with what makes the domain; where there is none, the rest of the sandbox holds.
func confinedIn(newDomain func(confine.Rules) (*confine.Domain, error), s *Sandbox, socketDir string, start func() error) error {
	domain, err := newDomain(confine.Rules{
		Write: append(slices.Clone(s.Write), socketDir), Create: s.Create, Devices: s.Devices,
	})
	if errors.Is(err, confine.ErrNotSupported) {
		domain, err = nil, nil
	}
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if domain != nil {
		defer domain.Close()
	}
	return onDoomedThread(func() error {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return fmt.Errorf("sandbox: give up new privileges: %w", err)
		}
		if domain != nil {
			if err := domain.Enter(); err != nil {
				return fmt.Errorf("sandbox: %w", err)
			}
		}
		if err := confine.NoNetwork(); err != nil && !errors.Is(err, confine.ErrNoFilter) {
			return fmt.Errorf("sandbox: %w", err)
		}
		return start()
	})
}

// onDoomedThread calls f on a thread that ends with it.
func onDoomedThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() {
			// The first thread of a process cannot end. While it waits here the next goroutine gets another one.
			done <- onDoomedThread(f)
			runtime.UnlockOSThread()
			return
		}
		done <- f() // the thread ends with the goroutine, as it is still locked
	}()
	return <-done
}

// limit bounds what a confined process may use. The process has begun to run; what it could do before, it can do no
// more than any program. A plugin that keeps the contract waits for its keys, which are sent later.
func limit(pid int) error {
	for _, l := range []struct {
		resource int
		most     uint64
	}{{unix.RLIMIT_CORE, 0}, {unix.RLIMIT_NOFILE, maxFiles}} {
		var now unix.Rlimit
		if err := unix.Prlimit(pid, l.resource, nil, &now); err != nil {
			return fmt.Errorf("sandbox: read a limit: %w", err)
		}
		most := min(l.most, now.Max)
		if err := unix.Prlimit(pid, l.resource, &unix.Rlimit{Cur: min(most, now.Cur), Max: most}, nil); err != nil {
			return fmt.Errorf("sandbox: set a limit: %w", err)
		}
	}
	return nil
}
