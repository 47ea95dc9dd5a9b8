package rpc

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/scopelog/scopelog/driver/driverpb"
)

// floodedLine is a lifeline on which another list of rings comes each time it is read, so many times.
type floodedLine struct {
	driverpb.DriverClient
	grpc.ServerStreamingClient[driverpb.AttendResponse]
	left uint64
}

var errDrained = errors.New("drained")

func (f *floodedLine) Attend(context.Context, *driverpb.AttendRequest, ...grpc.CallOption) (grpc.ServerStreamingClient[driverpb.AttendResponse], error) {
	return f, nil
}

func (f *floodedLine) Recv() (*driverpb.AttendResponse, error) {
	if f.left == 0 {
		return nil, errDrained
	}
	f.left--
	return &driverpb.AttendResponse{Rings: []*driverpb.HeldRing{{Generation: f.left}}}, nil
}

// TestAttendFlood: a plugin whose rings change without end has its host write that down a few times a second, and no more often.
func TestAttendFlood(t *testing.T) {
	t.Parallel()
	const beyond = 2
	line := &floodedLine{left: answersBurst + beyond}
	c := &Client{background: t.Context(), wire: wireClients{driver: line}}
	changes := 0
	c.OnHeld(func([]HeldRing, []string) { changes++ })
	began := time.Now()
	if err := c.receiveAttend(firstEpoch, func(error) {}); !errors.Is(err, errDrained) {
		t.Fatal(err)
	}
	if took := time.Since(began); took < (beyond-1)*answersRest {
		t.Errorf("%d answers were read in %v", answersBurst+beyond, took)
	}
	if changes != 1+answersBurst+beyond || c.held[0].Generation != 0 {
		t.Errorf("%d changes were told, the last one %+v", changes, c.held)
	}
	// The end of the host is not waited for.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.background, line.left = ctx, 10*answersBurst
	if err := c.receiveAttend(firstEpoch, func(error) {}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
