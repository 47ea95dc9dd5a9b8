package rpc

import (
	"context"
	"errors"
	"sync"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
)

// servedDevice is one open device of a plugin.
type servedDevice struct {
	id     uint64
	dev    driver.Device
	log    hclog.Logger
	turn   turn // for every call but Wait
	events *eventQueue

	mu         sync.Mutex
	configured bool
	applied    driver.Applied
	run        *acquisition // the last one
	closed     bool
}

// acquisition is one Start. The fields besides done are valid when done is closed.
type acquisition struct {
	done chan struct{}
	info driver.StopInfo
	err  error
}

func newServedDevice(id uint64, dev driver.Device, log hclog.Logger) *servedDevice {
	return &servedDevice{id: id, dev: dev, log: log, turn: newTurn(), events: newEventQueue(dev.Events())}
}

func (d *servedDevice) configure(ctx context.Context, cfg driver.Config) (driver.Applied, error) {
	if d.running() {
		return driver.Applied{}, driver.Errorf(driver.KindBug, "configure", "the device is running; stop it first")
	}
	applied, err := d.dev.Configure(ctx, cfg)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.configured, d.applied = err == nil, applied
	return applied, err
}

// start runs the driver into a ring. The acquisition ends in a goroutine of its own, whatever becomes of the host.
func (d *servedDevice) start(ctx context.Context, shelf *ringShelf, generation uint64) error {
	d.mu.Lock()
	configured, streams := d.configured, d.applied.Streams
	d.mu.Unlock()
	switch {
	case !configured:
		return driver.Errorf(driver.KindBug, "start", "the device is not configured")
	case d.running():
		return driver.Errorf(driver.KindBug, "start", "the device is running already")
	}
	ring, err := shelf.start(generation, d.id, streams)
	if err != nil {
		return err
	}
	if err := d.dev.Start(ctx, ring.sink); err != nil {
		d.finish(ring.sink, err)
		return err
	}
	run := &acquisition{done: make(chan struct{})}
	d.mu.Lock()
	d.run = run
	d.mu.Unlock()
	go func() {
		defer close(run.done)
		run.info, run.err = d.dev.Wait(context.Background())
		d.finish(ring.sink, run.err)
	}()
	return nil
}

// finish ends the ring's stream where the driver has not done it.
func (d *servedDevice) finish(sk *sink, cause error) {
	if sk.finished || sk.isNative.Load() {
		return
	}
	if cause == nil {
		d.log.Warn("the driver did not finish its sink")
	}
	var failure *driver.Error
	if cause != nil && !errors.As(cause, &failure) {
		failure = driver.Errorf(driver.KindPermanent, "acquire", "%w", cause)
	}
	if err := sk.Finish(failure); err != nil {
		d.log.Warn("the end of the stream could not be written", "error", err)
	}
}

// current returns the last acquisition, nil before the first.
func (d *servedDevice) current() *acquisition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.run
}

func (d *servedDevice) running() bool {
	run := d.current()
	if run == nil {
		return false
	}
	select {
	case <-run.done:
		return false
	default:
		return true
	}
}

// stop ends the acquisition and waits until its sink is finished.
func (d *servedDevice) stop(ctx context.Context) error {
	if err := d.dev.Stop(ctx); err != nil {
		return err
	}
	return d.ended(ctx)
}

// ended waits for the end of the acquisition, if there is one.
func (d *servedDevice) ended(ctx context.Context) error {
	run := d.current()
	if run == nil {
		return nil
	}
	select {
	case <-run.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close stops and closes the unit. It takes the device's turn itself.
func (d *servedDevice) close(ctx context.Context) error {
	if err := d.turn.take(ctx); err != nil {
		return err
	}
	defer d.turn.done()
	d.mu.Lock()
	closed := d.closed
	d.closed = true
	d.mu.Unlock()
	if closed {
		return nil
	}
	err := d.dev.Close(ctx)
	d.events.stop()
	return errors.Join(err, d.ended(ctx))
}

// eventQueue keeps what a device reports until the host takes it. When it is full the oldest events give way and are
// counted.
type eventQueue struct {
	quit     chan struct{}
	stopOnce sync.Once

	mu      sync.Mutex
	list    []driver.Event
	dropped uint64
	news    chan struct{} // closed and made anew when there is something
	ended   bool
	reader  chan struct{} // closed when another reader takes over
}

// maxEvents is how many events wait for the host.
const maxEvents = 256

func newEventQueue(from <-chan driver.Event) *eventQueue {
	q := &eventQueue{quit: make(chan struct{}), news: make(chan struct{}), reader: make(chan struct{})}
	go q.run(from)
	return q
}

func (q *eventQueue) run(from <-chan driver.Event) {
	for {
		select {
		case e, ok := <-from:
			if !ok {
				q.finish()
				return
			}
			q.put(e)
		case <-q.quit:
			q.finish()
			return
		}
	}
}

func (q *eventQueue) put(e driver.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.list) == maxEvents {
		q.dropped += 1 + q.list[0].Dropped
		q.list = append(q.list[:0], q.list[1:]...)
	}
	q.list = append(q.list, e)
	q.announce()
}

func (q *eventQueue) finish() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.announce()
}

// announce needs mu.
func (q *eventQueue) announce() {
	close(q.news)
	q.news = make(chan struct{})
}

// stop ends the queue for a device whose driver does not close its channel.
func (q *eventQueue) stop() { q.stopOnce.Do(func() { close(q.quit) }) }

// claim makes the caller the reader; the channel is closed when another one comes.
func (q *eventQueue) claim() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	close(q.reader)
	q.reader = make(chan struct{})
	return q.reader
}

// take returns what waits. With nothing, news is closed when that changes, and ended tells whether it ever will.
func (q *eventQueue) take() (list []driver.Event, news <-chan struct{}, ended bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	list, q.list = q.list, nil
	if len(list) > 0 {
		list[0].Dropped += q.dropped
		q.dropped = 0
	}
	return list, q.news, q.ended
}
