//go:build !linux || !cgo

package loop

import "context"

// Loop is a running acquisition; this build has none.
type Loop struct{ final *Counters }

// Stop does nothing.
func (l *Loop) Stop() {}

// Wait returns [ErrNotSupported].
func (l *Loop) Wait(context.Context) (Result, error) { return Result{}, ErrNotSupported }

// Counters returns zeros.
func (l *Loop) Counters() Counters {
	if l.final == nil {
		return Counters{}
	}
	return l.final.clone()
}

// Quiet returns [ErrEnded].
func (l *Loop) Quiet(func() error) error { return ErrEnded }

// Progress does nothing.
func (l *Loop) Progress() {}

// Finish returns [ErrNotSupported].
func (l *Loop) Finish(uint32, uint32) error { return ErrNotSupported }

// Close does nothing.
func (l *Loop) Close() error { return nil }
