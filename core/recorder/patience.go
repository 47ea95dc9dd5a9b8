package recorder

import (
	"context"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// finishTimeout bounds the sealing on a slow disk, between two calls to it; what is not sealed then is for repair. It does not bound a call that the disk
// does not answer, nor the sync that is under way when the end comes: the end of a run waits for a disk that hangs.
const finishTimeout = 2 * time.Minute

// patience returns a context that ends when nothing was hashed for a time: SHA-512 of long files may take longer than that, and is waited for as
// long as it goes on, and time in which the process does not run does not count. Who is in a call that the disk does not answer does not see it. Cancel it when it is not needed any more.
func patience(run *recording.Run, p *pulse, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		tick := time.NewTicker(min(limit/4, time.Second))
		defer tick.Stop()
		before, _ := run.Hashing()
		for last := p.mono(); ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if hashed, _ := run.Hashing(); hashed != before {
				before, last = hashed, p.mono()
			}
			if p.since(last) >= limit {
				cancel(context.DeadlineExceeded)
				return
			}
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}
