package rpc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
)

// Client is a running plugin as its host sees it. Its methods may be called from any goroutine; a plugin takes one
// call at a time and lets the others wait.
//
// Every call ends at the earliest of its context, its budget and the plugin's end. Errors of the driver are
// *[driver.Error] as the driver made them, without Err. Further kinds: [driver.KindPluginGone] when the process has
// ended (the message says how, with the plugin's last words), [driver.KindPluginHung] when a call was not answered in
// time (the process still runs: [Client.Kill] it), [driver.KindBug] when an answer breaks the contract. A context that
// was cancelled by the caller gives an error that wraps context.Canceled.
type Client struct {
	path    string
	host    Program
	program Program // as the plugin says
	log     hclog.Logger
	keys    Keys
	runID   [16]byte
	orphan  time.Duration
	floor   time.Duration // of all budgets
	epoch   uint64        // of this host's attendance

	wire wireClients
	prog *pluginRunner
	proc *process
	gp   *plugin.Client

	socket   *os.File // hand-over; nil when the plugin was taken over
	handTurn turn

	background context.Context // of streams
	cancel     context.CancelFunc
	streams    sync.WaitGroup

	killOnce sync.Once
	cleaned  chan struct{} // nothing of the process is left

	mu      sync.Mutex
	budgets driver.Budgets
	devices map[uint64]*Device
	ending  bool // the end is wanted

	heldMu  sync.Mutex
	held    []HeldRing
	units   []string // serial numbers of the open devices, sorted
	changed func([]HeldRing, []string)
}

func newClient(l *launch, wire wireClients) *Client {
	background, cancel := context.WithCancel(context.Background())
	c := &Client{
		path: l.o.Path, host: l.o.Host, program: Program{Name: l.o.Path}, log: l.o.Logger, keys: l.keys, runID: l.o.RunID,
		orphan: l.o.Orphan, wire: wire, prog: l.prog, proc: l.prog.process(), gp: l.gp, socket: l.socket, handTurn: newTurn(),
		background: background, cancel: cancel, cleaned: make(chan struct{}), floor: l.o.MinBudget, epoch: l.epoch, budgets: orDefault(driver.Budgets{}, l.o.MinBudget),
		devices: map[uint64]*Device{},
	}
	go c.cleanUp()
	return c
}

// cleanUp waits for the end of the process and frees everything.
func (c *Client) cleanUp() {
	<-c.proc.exit
	c.shutDown()
	c.cancel()
	c.streams.Wait()
	_ = c.socket.Close() // nil: there is none
	c.prog.finish()
	close(c.cleaned)
}

// shutDown lets go-plugin ask the process to end, wait for it, and forget it.
func (c *Client) shutDown() { c.killOnce.Do(c.gp.Kill) }

// Program is who the plugin says it is. A driver's name in plans is its Name.
func (c *Client) Program() Program { return c.program }

// Pid is the number of the plugin process.
func (c *Client) Pid() int { return c.proc.pid }

// Attachment is what a later host needs to take the plugin over.
type Attachment struct {
	Pid         int
	StartTime   uint64 // of the process, in the system's unit; 0: unknown
	Address     string // path of the plugin's socket
	AttachEpoch uint64 // of this host
	Keys        Keys   // of this host; Peer is the plugin's certificate
}

// Attachment tells what a later host needs. The keys are secret.
func (c *Client) Attachment() Attachment {
	a := Attachment{Pid: c.proc.pid, StartTime: c.proc.startTime, AttachEpoch: c.epoch, Keys: c.keys}
	if r := c.gp.ReattachConfig(); r != nil {
		a.Address = r.Addr.String()
	}
	return a
}

// Done is closed when the process has ended, for whatever reason.
func (c *Client) Done() <-chan struct{} { return c.proc.exit }

// ExitError says how the process ended: nil while it runs, and when its end was wanted; else an *[driver.Error] of
// kind [driver.KindPluginGone].
func (c *Client) ExitError() error {
	c.mu.Lock()
	ending := c.ending
	c.mu.Unlock()
	if ending || !hasEnded(c.proc) {
		return nil
	}
	return c.goneError("")
}

func hasEnded(p *process) bool {
	select {
	case <-p.exit:
		return true
	default:
		return false
	}
}

// goneError describes the end of the process, which must have ended.
func (c *Client) goneError(op string) *driver.Error {
	<-c.prog.stderrRead // ends soon after the process
	e := driver.Errorf(driver.KindPluginGone, op, "the plugin %s (process %d) %s%s", c.program.Name, c.proc.pid, c.proc.exitText(), c.prog.lastWords())
	e.Op = op
	return e
}

// setBudgets changes the time that calls may take: Open for Open and Discover, Configure for Configure, Start and
// Capabilities, Close for Stop and Close.
func (c *Client) setBudgets(b driver.Budgets) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.budgets = orDefault(b, c.floor)
}

func (c *Client) budget() driver.Budgets {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.budgets
}

// call makes one call with a deadline and turns its error into one of ours.
func call[Req, Resp any](ctx context.Context, c *Client, op string, budget time.Duration,
	fn func(context.Context, *Req, ...grpc.CallOption) (*Resp, error), req *Req,
) (*Resp, error) {
	limited, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	resp, err := fn(limited, req)
	if err == nil {
		if m, ok := any(resp).(proto.Message); ok {
			tame(m)
		}
		return resp, nil
	}
	return nil, c.callError(ctx, op, budget, err)
}

// deathGrace is how long a broken connection waits for the end of the process, which usually broke it.
const deathGrace = time.Second

// callError says what a failed call means. budget is only shown; 0: it is not.
func (c *Client) callError(ctx context.Context, op string, budget time.Duration, err error) error {
	if e := detailOf(err); e != nil {
		if e.Op == "" {
			e.Op = op
		}
		e.Message = strings.TrimPrefix(e.Message, e.Op+": ") // of an error that the driver has wrapped: it is not said twice
		return e
	}
	code := status.Code(err)
	if code == codes.Unavailable || code == codes.Canceled && ctx.Err() == nil {
		select {
		case <-c.proc.exit:
		case <-ctx.Done():
		case <-time.After(deathGrace):
		}
	}
	switch {
	case hasEnded(c.proc):
		return c.goneError(op)
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%s: %w", op, ctx.Err())
	case overdue(ctx) != nil || code == codes.DeadlineExceeded:
		limit := "in time"
		if overdue(ctx) == nil && budget > 0 {
			limit = "within " + budget.String()
		}
		e := driver.Errorf(driver.KindPluginHung, op, "the plugin %s (process %d) did not answer %s", c.program.Name, c.proc.pid, limit)
		e.Err = context.DeadlineExceeded
		return e
	case code == codes.Unimplemented:
		return driver.Errorf(driver.KindUnsupported, op, "the driver %s does not know this call", c.program)
	case code == codes.Unavailable || code == codes.Canceled:
		return driver.Errorf(driver.KindPluginGone, op, "the connection to the plugin %s (process %d) is broken", c.program.Name, c.proc.pid)
	}
	return driver.Errorf(driver.KindBug, op, "the plugin %s broke the protocol: %s", c.program, printable(status.Convert(err).Message(), maxText))
}

// overdue is the context's error; a deadline that has passed counts also before the context's own timer has noticed, since
// gRPC has a timer of its own for it.
func overdue(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// badAnswer is for answers that break the contract.
func (c *Client) badAnswer(op string, err error) error {
	return driver.Errorf(driver.KindBug, op, "the answer of the plugin %s is not valid: %w", c.program, err)
}

// Describe is [driver.Driver.Describe]. The budgets that the driver names hold from then on; before, those of
// [DefaultBudgets] do.
func (c *Client) Describe(ctx context.Context) (driver.Description, error) {
	resp, err := call(ctx, c, "describe", describeTimeout, c.wire.driver.Describe, &driverpb.DescribeRequest{})
	if err != nil {
		return driver.Description{}, err
	}
	d, err := fromproto.Description(resp.GetDescription())
	if err == nil {
		err = checkDescription(d)
	}
	if err != nil {
		return driver.Description{}, c.badAnswer("describe", err)
	}
	c.setBudgets(d.Budgets)
	return d, nil
}

// Discover is [driver.Driver.Discover].
func (c *Client) Discover(ctx context.Context, req driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	resp, err := call(ctx, c, "discover", c.budget().Open, c.wire.driver.Discover, toproto.DiscoverRequest(req))
	if err != nil {
		return nil, err
	}
	return fromproto.Units(resp), nil
}

// Open is [driver.Driver.Open].
func (c *Client) Open(ctx context.Context, req driver.OpenRequest) (*Device, error) {
	resp, err := call(ctx, c, "open", c.budget().Open, c.wire.driver.Open, toproto.OpenRequest(req))
	if err != nil {
		return nil, err
	}
	return c.newDevice(resp)
}
