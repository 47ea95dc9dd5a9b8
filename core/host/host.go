package host

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// Options describe a host. The zero value finds no plugins, since it has no folders.
type Options struct {
	Logger  hclog.Logger  // nil: silent
	Dirs    []string      // folders with plugins, the first with a name wins; see [DefaultDirs]
	RunID   [16]byte      // of the run that the plugins work for
	Program rpc.Program   // this program, for messages; zero: "scopelog"
	Lock    *Lock         // checksums of the plugins that may run; nil: any may
	Sandbox Sandbox       // which plugins are confined; empty: none
	Environ []string      // what plugins get their environment from; nil: os.Environ()
	Runtime string        // folder in which the state folder is made; empty, or too long for sockets: the one for temporary files
	Timeout time.Duration // from exec of a plugin to its handshake; 0: 10 s
}

// Host starts plugins and looks after them. Its methods may be called from any goroutine.
type Host struct {
	o   Options
	log hclog.Logger

	stateMu   sync.Mutex // guards what follows; it is taken before mu
	statePath string
	stateLock *os.File // nil: none
	stateOver bool     // the host is closed

	unconfined sync.Once // tells that this computer cannot confine plugins

	mu        sync.Mutex
	instances map[*Instance]struct{}
	starting  sync.WaitGroup
	started   int
	closed    bool
	taken     []takenDir        // state folders of hosts that have died
	kept      map[string][]byte // by device: what was kept of it in those
	described map[string]driver.Description
	straggler time.Duration // see stragglerTime
}

// New makes a host. It starts nothing; [Host.Close] frees what it comes to hold.
func New(o Options) *Host {
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	if o.Program.Name == "" {
		o.Program.Name = "scopelog"
	}
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
	o.Dirs = slices.Clone(o.Dirs)
	return &Host{
		o: o, log: o.Logger.Named("host"), statePath: statePath(o.Runtime, o.RunID),
		instances: map[*Instance]struct{}{}, described: map[string]driver.Description{}, straggler: stragglerTime,
	}
}

// ErrClosed is within the error of [Host.Start] on a closed host.
var ErrClosed = errors.New("host is closed")

// Describe starts the driver's plugin only to have it describe itself, and remembers the answer. Errors are those of
// [Host.Find], [Host.Start] and rpc.Client.Describe.
func (h *Host) Describe(ctx context.Context, name string) (driver.Description, error) {
	h.mu.Lock()
	d, ok := h.described[name]
	h.mu.Unlock()
	if ok {
		return d, nil
	}
	in, err := h.Start(ctx, name, StartOptions{describeOnly: true})
	if err != nil {
		return driver.Description{}, err
	}
	d, err = in.Client().Describe(ctx)
	if err := errors.Join(err, in.Close(ctx)); err != nil {
		return driver.Description{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.described[name] = d
	return d, nil
}

// Running lists the plugins that run, in the order of their start.
func (h *Host) Running() []*Instance {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*Instance, 0, len(h.instances))
	for in := range h.instances {
		list = append(list, in)
	}
	slices.SortFunc(list, func(a, b *Instance) int { return a.number - b.number })
	return list
}

// Close ends all plugins in order, at the same time, each within its budgets, and removes the state folder. It waits
// for starts that are under way, and lets no more begin. It is idempotent.
func (h *Host) Close() error {
	return h.end(func(in *Instance) error { return in.Close(context.Background()) })
}

// Kill ends all plugins and their process groups at once; otherwise it is [Host.Close].
func (h *Host) Kill() error {
	return h.end(func(in *Instance) error {
		in.Kill()
		return nil
	})
}

func (h *Host) end(one func(*Instance) error) error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.starting.Wait()
	list := h.Running()
	errs := make([]error, len(list)+2)
	var wg sync.WaitGroup
	for i, in := range list {
		wg.Go(func() { errs[i] = one(in) })
	}
	wg.Wait()
	errs[len(list)] = h.freeState()
	errs[len(list)+1] = h.freeTaken()
	return errors.Join(errs...)
}
