package rpc

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
)

// onDevice runs one call in the device's turn.
func onDevice[T any](ctx context.Context, s *server, id uint64, op string, call func(*servedDevice) (T, error)) (T, error) {
	var none T
	sd, err := s.device(id)
	if err != nil {
		return none, err
	}
	if err := sd.turn.take(ctx); err != nil {
		return none, statusOf(op, err)
	}
	defer sd.turn.done()
	if sd.isClosed() {
		return none, errClosedDevice
	}
	out, err := call(sd)
	if err != nil {
		return none, statusOf(op, err)
	}
	return out, nil
}

func (d *servedDevice) isClosed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.closed
}

// GetCapabilities implements Driver.
func (s *server) GetCapabilities(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.Capabilities, error) {
	return onDevice(ctx, s, req.GetDeviceId(), "capabilities", func(d *servedDevice) (*driverpb.Capabilities, error) {
		c, err := d.dev.Capabilities(ctx)
		return toproto.Capabilities(c), err
	})
}

// Configure implements Driver.
func (s *server) Configure(ctx context.Context, req *driverpb.ConfigureRequest) (*driverpb.Applied, error) {
	cfg, err := fromproto.Config(req.GetConfig())
	if err != nil {
		return nil, malformed("configure", err)
	}
	return onDevice(ctx, s, req.GetDeviceId(), "configure", func(d *servedDevice) (*driverpb.Applied, error) {
		a, err := d.configure(ctx, cfg)
		return toproto.Applied(a), err
	})
}

// Start implements Driver.
func (s *server) Start(ctx context.Context, req *driverpb.StartRequest) (*driverpb.StartResponse, error) {
	return onDevice(ctx, s, req.GetDeviceId(), "start", func(d *servedDevice) (*driverpb.StartResponse, error) {
		return &driverpb.StartResponse{}, d.start(ctx, s.rings, req.GetGeneration())
	})
}

// Stop implements Driver.
func (s *server) Stop(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.StopResponse, error) {
	return onDevice(ctx, s, req.GetDeviceId(), "stop", func(d *servedDevice) (*driverpb.StopResponse, error) {
		return &driverpb.StopResponse{}, d.stop(ctx)
	})
}

// Close implements Driver.
func (s *server) Close(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.CloseResponse, error) {
	sd, err := s.device(req.GetDeviceId())
	if errors.Is(err, errClosedDevice) {
		return &driverpb.CloseResponse{}, nil
	}
	if err != nil {
		return nil, err
	}
	err = sd.close(ctx)
	if sd.isClosed() {
		s.forget(sd)
		if !sd.running() { // else the driver may still write
			s.rings.release(sd.id)
		}
	}
	if err != nil {
		return nil, statusOf("close", err)
	}
	return &driverpb.CloseResponse{}, nil
}

// Wait implements Driver.
func (s *server) Wait(ctx context.Context, req *driverpb.WaitRequest) (*driverpb.WaitResponse, error) {
	sd, err := s.device(req.GetDeviceId())
	if err != nil {
		return nil, err
	}
	run := sd.current()
	if run == nil {
		return nil, statusOf("wait", driver.Errorf(driver.KindBug, "wait", "the device was never started"))
	}
	limit := time.NewTimer(time.Duration(max(req.GetMaxNanoseconds(), 0)))
	defer limit.Stop()
	select {
	case <-run.done:
	case <-limit.C:
		return &driverpb.WaitResponse{}, nil
	case <-ctx.Done():
		return nil, statusOf("wait", ctx.Err())
	}
	if run.err != nil {
		return nil, statusOf("wait", run.err)
	}
	return &driverpb.WaitResponse{Ended: true, Stop: toproto.StopInfo(run.info)}, nil
}

// Events implements Driver.
func (s *server) Events(req *driverpb.DeviceRequest, stream grpc.ServerStreamingServer[driverpb.Event]) error {
	sd, err := s.device(req.GetDeviceId())
	if err != nil {
		return err
	}
	replaced := sd.events.claim()
	for {
		list, news, ended := sd.events.take()
		for _, e := range list {
			if err := stream.Send(toproto.Event(e)); err != nil {
				return err
			}
		}
		if len(list) > 0 {
			continue
		}
		if ended {
			return nil
		}
		select {
		case <-news:
		case <-replaced:
			return status.Error(codes.Aborted, "another stream has taken over")
		case <-stream.Context().Done():
			return status.FromContextError(stream.Context().Err()).Err()
		}
	}
}

// SetGenerator implements Driver.
func (s *server) SetGenerator(ctx context.Context, req *driverpb.SetGeneratorRequest) (*driverpb.AppliedGenerator, error) {
	cfg, err := fromproto.GeneratorConfig(req.GetGenerator())
	if err != nil {
		return nil, malformed("set the signal generator", err)
	}
	return withAbility(ctx, s, req.GetDeviceId(), "set the signal generator", func(d driver.GeneratorController) (*driverpb.AppliedGenerator, error) {
		a, err := d.SetGenerator(ctx, cfg)
		return toproto.AppliedGenerator(&a), err
	})
}

// GetPower implements Driver.
func (s *server) GetPower(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.PowerResponse, error) {
	return withAbility(ctx, s, req.GetDeviceId(), "tell its power state", func(d driver.PowerController) (*driverpb.PowerResponse, error) {
		p, err := d.Power(ctx)
		return &driverpb.PowerResponse{State: string(p)}, err
	})
}

// SetPower implements Driver.
func (s *server) SetPower(ctx context.Context, req *driverpb.SetPowerRequest) (*driverpb.PowerResponse, error) {
	return withAbility(ctx, s, req.GetDeviceId(), "change its power source", func(d driver.PowerController) (*driverpb.PowerResponse, error) {
		p, err := d.SetPower(ctx, driver.PowerSource(req.GetSource()))
		return &driverpb.PowerResponse{State: string(p)}, err
	})
}

// Identify implements Driver.
func (s *server) Identify(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.IdentifyResponse, error) {
	return withAbility(ctx, s, req.GetDeviceId(), "identify itself", func(d driver.Identifier) (*driverpb.IdentifyResponse, error) {
		return &driverpb.IdentifyResponse{}, d.Identify(ctx)
	})
}

// Ping implements Driver.
func (s *server) Ping(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.PingResponse, error) {
	return withAbility(ctx, s, req.GetDeviceId(), "answer a ping", func(d driver.Pinger) (*driverpb.PingResponse, error) {
		return &driverpb.PingResponse{}, d.Ping(ctx)
	})
}

// SoftwareTrigger implements Driver.
func (s *server) SoftwareTrigger(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.SoftwareTriggerResponse, error) {
	return withAbility(ctx, s, req.GetDeviceId(), "be triggered by command", func(d driver.SoftwareTriggerer) (*driverpb.SoftwareTriggerResponse, error) {
		return &driverpb.SoftwareTriggerResponse{}, d.SoftwareTrigger(ctx)
	})
}

// Arm implements Driver.
func (s *server) Arm(ctx context.Context, req *driverpb.DeviceRequest) (*driverpb.ArmResponse, error) {
	return withAbility(ctx, s, req.GetDeviceId(), "be armed by command", func(d driver.Armer) (*driverpb.ArmResponse, error) {
		return &driverpb.ArmResponse{}, d.Arm(ctx)
	})
}

// withAbility is onDevice for optional interfaces.
func withAbility[A, T any](ctx context.Context, s *server, id uint64, op string, call func(A) (T, error)) (T, error) {
	return onDevice(ctx, s, id, op, func(d *servedDevice) (T, error) {
		able, ok := d.dev.(A)
		if !ok {
			var none T
			return none, driver.Errorf(driver.KindUnsupported, "", "this unit cannot %s", op)
		}
		return call(able)
	})
}
