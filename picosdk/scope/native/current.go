package native

import (
	"sync"

	"github.com/scopelog/scopelog/picosdk/internal/loop"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// current is the loop that runs, and what those before it have counted.
type current struct {
	mu     sync.Mutex // guards what follows
	now    *loop.Loop
	before scope.Counters
}

// set makes a loop the current one.
func (c *current) set(next *loop.Loop) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil {
		c.before = add(c.before, c.now.Counters())
	}
	c.now = next
}

func (c *current) get() (*loop.Loop, scope.Counters) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now, c.before
}

func (c *current) stop() {
	now, _ := c.get()
	now.Stop()
}
