package rpc

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
)

// server is the plugin's side of the protocol: it calls one driver.Driver, one call at a time.
type server struct {
	driverpb.UnimplementedIdentityServer
	driverpb.UnimplementedDriverServer

	driver   driver.Driver
	log      hclog.Logger
	handover *os.File
	life     *lifeline
	rings    *ringShelf
	turn     turn // for calls of the driver itself

	endOnce sync.Once
	served  atomic.Bool // a host has made a call

	mu      sync.Mutex
	devices map[uint64]*servedDevice
	lastID  uint64
	ending  bool
}

func newServer(d driver.Driver, log hclog.Logger, handover *os.File) *server {
	s := &server{driver: d, log: log, handover: handover, rings: newRingShelf(log), turn: newTurn(), devices: map[uint64]*servedDevice{}}
	s.life = newLifeline(func(reason string) { s.end(reason, closeGrace) })
	return s
}

// turn lets one call in at a time; waiting for it ends with the context.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) done() { <-t }

// Info implements Identity.
func (s *server) Info(ctx context.Context, req *driverpb.InfoRequest) (*driverpb.InfoResponse, error) {
	desc, err := s.driver.Describe(ctx)
	if err != nil {
		return nil, statusOf("describe", err)
	}
	low, high := contractVersions()
	if !shareContract(int(req.GetContractMin()), int(req.GetContractMax())) {
		host := Program{req.GetHostName(), req.GetHostVersion()}
		return nil, statusOf("", driver.Errorf(driver.KindPluginVersion, "", "%s speaks contract %d-%d of drivers, %s speaks %d-%d",
			Program{desc.Name, desc.Version}, low, high, host, req.GetContractMin(), req.GetContractMax()))
	}
	return &driverpb.InfoResponse{Name: desc.Name, Version: desc.Version, ContractMin: uint32(low), ContractMax: uint32(high)}, nil
}

// Describe implements Driver.
func (s *server) Describe(ctx context.Context, _ *driverpb.DescribeRequest) (*driverpb.DescribeResponse, error) {
	if err := s.turn.take(ctx); err != nil {
		return nil, statusOf("describe", err)
	}
	defer s.turn.done()
	desc, err := s.driver.Describe(ctx)
	if err != nil {
		return nil, statusOf("describe", err)
	}
	return &driverpb.DescribeResponse{Description: toproto.Description(desc)}, nil
}

// Discover implements Driver.
func (s *server) Discover(ctx context.Context, req *driverpb.DiscoverRequest) (*driverpb.DiscoverResponse, error) {
	r, err := fromproto.DiscoverRequest(req)
	if err != nil {
		return nil, malformed("discover", err)
	}
	if err := s.turn.take(ctx); err != nil {
		return nil, statusOf("discover", err)
	}
	defer s.turn.done()
	units, err := s.driver.Discover(ctx, r)
	if err != nil {
		return nil, statusOf("discover", err)
	}
	return toproto.Units(units), nil
}

// Open implements Driver.
func (s *server) Open(ctx context.Context, req *driverpb.OpenRequest) (*driverpb.OpenResponse, error) {
	r, err := fromproto.OpenRequest(req)
	if err != nil {
		return nil, malformed("open", err)
	}
	if err := s.turn.take(ctx); err != nil {
		return nil, statusOf("open", err)
	}
	defer s.turn.done()
	if err := s.roomForDevice(ctx); err != nil {
		return nil, statusOf("open", err)
	}
	dev, err := s.driver.Open(ctx, r)
	if err != nil {
		return nil, statusOf("open", err)
	}
	sd := s.adopt(dev)
	if sd == nil {
		_ = dev.Close(ctx)
		return nil, status.Error(codes.Unavailable, "the plugin is ending")
	}
	info := toproto.UnitInfo(dev.Info())
	info.Abilities = nil
	for _, a := range driver.Abilities(dev) {
		info.Abilities = append(info.Abilities, string(a))
	}
	return &driverpb.OpenResponse{DeviceId: sd.id, Info: info}, nil
}

func (s *server) roomForDevice(ctx context.Context) error {
	desc, err := s.driver.Describe(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if limit := max(desc.MaxDevices, 1); len(s.devices) >= limit {
		return driver.Errorf(driver.KindBug, "open", "this plugin process holds %d devices, its limit; start another", limit)
	}
	return nil
}

// adopt enters an opened device; nil when the plugin is ending.
func (s *server) adopt(dev driver.Device) *servedDevice {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return nil
	}
	s.lastID++
	sd := newServedDevice(s.lastID, dev, s.log)
	s.devices[sd.id] = sd
	return sd
}

// device finds an open device.
func (s *server) device(id uint64) (*servedDevice, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sd := s.devices[id]; sd != nil {
		return sd, nil
	}
	if id >= 1 && id <= s.lastID {
		return nil, errClosedDevice
	}
	return nil, statusOf("", driver.Errorf(driver.KindBug, "", "there is no device %d in this plugin", id))
}

var errClosedDevice = statusOf("", &driver.Error{Kind: driver.KindPermanent, Message: "the device is closed"})

// Attend implements Driver.
func (s *server) Attend(req *driverpb.AttendRequest, stream grpc.ServerStreamingServer[driverpb.AttendResponse]) error {
	epoch := req.GetAttachEpoch()
	replaced, err := s.life.attend(epoch, time.Duration(req.GetOrphanNanoseconds()))
	if err != nil {
		return err
	}
	defer s.life.leave(epoch)
	for {
		held, changed := s.rings.held()
		if err := stream.Send(&driverpb.AttendResponse{Pid: int64(os.Getpid()), Rings: held}); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-replaced:
			return status.Error(codes.Aborted, "another host has taken over")
		case <-stream.Context().Done():
			return status.FromContextError(stream.Context().Err()).Err()
		}
	}
}

func malformed(op string, err error) error {
	return statusOf(op, driver.Errorf(driver.KindBug, op, "the host's request is malformed: %w", err))
}

// end stops and closes all units and ends the process, after grace in any case: a timer sees to that, also when the
// vendor's close hangs. It does not return.
func (s *server) end(reason string, grace time.Duration) {
	s.endOnce.Do(func() {
		late := time.AfterFunc(grace, func() {
			s.log.Error("plugin ends without having closed its units: a call of the vendor library hangs", "reason", reason)
			processLog().flush(logFlush)
			os.Exit(exitHung)
		})
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		open := s.drain()
		s.log.Debug("plugin ends", "reason", reason, "open_devices", len(open))
		var wg sync.WaitGroup
		for _, sd := range open {
			wg.Go(func() {
				if err := sd.close(ctx); err != nil {
					s.log.Warn("close of a device failed", "error", err)
				}
			})
		}
		wg.Wait()
		late.Stop()
		processLog().flush(logFlush)
		os.Exit(0)
	})
	select {} // another goroutine is ending the process
}

// exitHung is the exit status of a plugin that had to give up closing its units.
const exitHung = 4

// drain lets no further device in and returns those that are open.
func (s *server) drain() []*servedDevice {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ending = true
	open := make([]*servedDevice, 0, len(s.devices))
	for _, sd := range s.devices {
		open = append(open, sd)
	}
	return open
}

// forget takes a closed device off the list.
func (s *server) forget(sd *servedDevice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.devices, sd.id)
}
