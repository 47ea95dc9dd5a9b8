package longrun

import (
	"context"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

// client is what people do beside a run: they ask for its status, and mark it.
type client struct {
	dir   string
	quit  chan struct{}
	done  chan struct{}
	now   chan time.Duration
	asked int // answers
	marks int
	err   error // the latest question that had no answer: the last one usually, as the run ends meanwhile
}

// newClient begins to ask a run at its control socket.
func newClient(dir string) (*client, error) {
	if _, err := session.Control(context.Background(), dir, session.Request{Op: session.OpStatus}); err != nil {
		return nil, err
	}
	c := &client{dir: dir, quit: make(chan struct{}), done: make(chan struct{}), now: make(chan time.Duration, 1)}
	go c.run()
	return c, nil
}

// catchUp tells how much of the day has passed: what is due is asked. It does not wait.
func (c *client) catchUp(passed time.Duration) {
	select {
	case c.now <- passed:
	default: // it is still at what was due before
	}
}

func (c *client) run() {
	defer close(c.done)
	for {
		select {
		case <-c.quit:
			return
		case passed := <-c.now:
			c.serve(passed)
		}
	}
}

func (c *client) serve(passed time.Duration) {
	ask := func(r session.Request) bool {
		_, err := session.Control(context.Background(), c.dir, r)
		if err != nil {
			c.err = fmt.Errorf("%s: %w", r.Op, err)
		}
		return err == nil
	}
	for time.Duration(c.asked)*dayStatus < passed {
		if !ask(session.Request{Op: session.OpStatus}) {
			return
		}
		c.asked++
	}
	for time.Duration(c.marks+1)*dayMark <= passed {
		if !ask(session.Request{Op: session.OpMark, Text: fmt.Sprintf("hour %d", c.marks+1)}) {
			return
		}
		c.marks++
	}
}

// close ends it.
func (c *client) close() {
	close(c.quit)
	<-c.done
}
