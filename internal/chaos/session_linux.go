package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// session is one call of the command: trials one after another, some at a time.
type session struct {
	o     options
	env   *environment
	kinds []kind
	only  *ticket // the one that is replayed

	alone sync.RWMutex // held for writing by a trial that needs the machine for itself
	mu    sync.Mutex   // guards what follows
	tried []outcome
	left  map[string]string // kinds that cannot be tried here, and why
	out   io.Writer
}

func newSession(o options) (*session, error) {
	programs, err := programsIn(o.bin)
	if err != nil {
		return nil, err
	}
	s := &session{o: o, env: &environment{programs: programs, keep: o.keep, disk: int64(o.disk * (1 << 30))}, left: map[string]string{}, out: os.Stdout}
	if s.o.seed == 0 {
		s.o.seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	if s.o.out, err = filepath.Abs(o.out); err != nil {
		return nil, err
	}
	if o.replay != "" {
		k, err := parseTicket(o.replay)
		if err != nil {
			return nil, err
		}
		s.only, s.kinds = &k, []kind{k.kind}
		return s, nil
	}
	s.kinds, err = kindsNamed(o.kinds)
	return s, err
}

var errFailed = errors.New("not all was as it should be")

// run tries until the time is over, prints what came of it, and writes the table.
func (s *session) run(ctx context.Context) error {
	began := time.Now()
	machine := measure.Machine(began)
	fmt.Fprintf(s.out, "chaos: %s; seed %d\n", machine, s.o.seed)
	if err := os.MkdirAll(s.o.out, 0o755); err != nil {
		return err
	}
	s.possible()
	switch {
	case s.only != nil:
		s.try(ctx, *s.only)
	case s.o.short:
		s.rounds(ctx, 1)
	default:
		limited, cancel := context.WithTimeout(ctx, s.o.length)
		s.rounds(limited, 1<<30)
		cancel()
	}
	rep := s.report(machine, began)
	if err := rep.print(s.out); err != nil {
		return err
	}
	if s.o.doc != "" {
		if err := rep.writeInto(s.o.doc); err != nil {
			return err
		}
	}
	if rep.failed() > 0 {
		return fmt.Errorf("%d of %d trials: %w", rep.failed(), len(s.tried), errFailed)
	}
	return nil
}

// possible sorts out the kinds that cannot be tried on this machine.
func (s *session) possible() {
	var can []kind
	for _, k := range s.kinds {
		if k.needs != nil {
			if err := k.needs(s.env); err != nil {
				s.left[k.name] = err.Error()
				fmt.Fprintf(s.out, "%s cannot be tried here: %v\n", k.name, err)
				continue
			}
		}
		if s.o.short && (k.long || k.alone) {
			continue
		}
		can = append(can, k)
	}
	s.kinds = can
}

// rounds goes through the kinds so many times, or until ctx ends.
func (s *session) rounds(ctx context.Context, most int) {
	work := make(chan ticket)
	var wg sync.WaitGroup
	for range s.o.parallel {
		wg.Go(func() {
			for k := range work {
				s.try(ctx, k)
			}
		})
	}
	defer wg.Wait()
	defer close(work)
	for n := 0; n < most && len(s.kinds) > 0; n++ {
		for _, k := range s.kinds {
			if k.once && n > 0 {
				continue
			}
			select {
			case work <- ticket{k, seedOf(s.o.seed, k.name, n)}:
			case <-ctx.Done():
				return
			}
		}
	}
}

// try carries one trial out. What is broken off because the time is over does not count.
func (s *session) try(ctx context.Context, k ticket) {
	if k.kind.alone {
		s.alone.Lock()
		defer s.alone.Unlock()
	} else {
		s.alone.RLock()
		defer s.alone.RUnlock()
	}
	if ctx.Err() != nil {
		return
	}
	tell := func(string, ...any) {}
	if s.o.verbose || s.only != nil {
		begin := time.Now()
		tell = func(format string, args ...any) {
			fmt.Fprintf(s.out, "  %s %6.2f s: %s\n", k, time.Since(begin).Seconds(), fmt.Sprintf(format, args...))
		}
	}
	o := try(ctx, s.env, k, s.o.out, tell)
	if ctx.Err() != nil && s.only == nil && o.broken {
		_ = os.RemoveAll(o.dir)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried = append(s.tried, o)
	s.say(o)
}

// say prints a line for a trial, and more when something is wrong.
func (s *session) say(o outcome) {
	if len(o.wrong) == 0 {
		fmt.Fprintf(s.out, "ok    %-28s %5.1f s  %s\n", o.ticket, o.took.Seconds(), lossText(o.losses))
		return
	}
	fmt.Fprintf(s.out, "WRONG %-28s %5.1f s  kept in %s; again with: go run ./internal/chaos -replay %s\n", o.ticket, o.took.Seconds(), o.dir, o.ticket)
	for _, w := range o.wrong {
		fmt.Fprintf(s.out, "      %s\n", w)
	}
}
