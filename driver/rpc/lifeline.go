package rpc

import (
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// lifeline decides when a plugin has lost its host. Until the first attendance the inherited socket counts; then the
// Attend stream does, and when that ends, another host has the orphan time to attend with a higher epoch.
type lifeline struct {
	end func(reason string) // ends the process; called at most once, from a goroutine of its own

	mu       sync.Mutex
	epoch    uint64        // of the last attendance; 0: none yet
	orphan   time.Duration // as the last host asked
	replaced chan struct{} // closed when a higher epoch takes over
	timer    *time.Timer   // runs while nobody attends
	ended    bool
}

func newLifeline(end func(reason string)) *lifeline { return &lifeline{end: end} }

// attend begins an attendance. The channel is closed when another host takes over; call leave at the end.
func (l *lifeline) attend(epoch uint64, orphan time.Duration) (<-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return nil, status.Error(codes.Unavailable, "the plugin is ending")
	}
	if epoch <= l.epoch {
		return nil, status.Error(codes.FailedPrecondition, fmt.Sprintf("attach epoch %d is not above %d", epoch, l.epoch))
	}
	if l.timer != nil {
		l.timer.Stop()
	}
	if l.replaced != nil {
		close(l.replaced)
	}
	l.epoch, l.orphan, l.replaced = epoch, max(orphan, 0), make(chan struct{})
	return l.replaced, nil
}

// leave says that the host of an epoch is gone.
func (l *lifeline) leave(epoch uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if epoch != l.epoch || l.ended {
		return
	}
	l.timer = time.AfterFunc(l.orphan, func() { l.expire(epoch) })
}

func (l *lifeline) expire(epoch uint64) {
	l.mu.Lock()
	late := epoch != l.epoch || l.ended
	l.ended = l.ended || !late
	l.mu.Unlock()
	if !late {
		l.end("host gone")
	}
}

// socketClosed says that the inherited socket has ended. It only counts before the first attendance.
func (l *lifeline) socketClosed() {
	l.mu.Lock()
	counts := l.epoch == 0 && !l.ended
	l.ended = l.ended || counts
	l.mu.Unlock()
	if counts {
		go l.end("host gone before it attended")
	}
}
