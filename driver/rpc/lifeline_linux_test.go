package rpc

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/scopelog/scopelog/driver/driverpb"
)

// slack is how much longer than promised an end may take on a busy machine.
const slack = 4

// TestHostDies kills the host while the plugin streams. The plugin must go on for the orphan time and end within two
// seconds after it, also when the vendor's close hangs.
func TestHostDies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		orphan time.Duration
		mode   string
	}{
		{"no orphan time", 0, "ok"},
		{"orphan time", time.Second, "ok"},
		{"close hangs", 0, "ok,hang-close"},
		{"stop hangs", 0, "ok,hang-stop"},
		{"before it attends", time.Hour, "ok,hang-describe"},
		{"plugin writes without end", 0, "flood=text"},
		{"plugin prints without end", 0, "ok,prints"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := startHost(t, c.orphan, c.mode)
			began := time.Now()
			h.kill()
			limit := slack * (c.orphan + closeGrace)
			if c.orphan == time.Hour {
				limit = slack * closeGrace
			}
			if !h.pluginEnds(limit) {
				t.Fatalf("the plugin lives %v after its host", limit)
			}
			if took := time.Since(began); c.orphan < time.Hour && took < c.orphan {
				t.Errorf("the plugin ended %v after its host, before the orphan time of %v", took, c.orphan)
			}
		})
	}
}

// TestHostStops stops the host for a while: it cannot be told from one that is late, and must find its plugin.
func TestHostStops(t *testing.T) {
	t.Parallel()
	h := startHost(t, 0, "ok")
	h.signal(syscall.SIGSTOP)
	if h.pluginEnds(time.Second) {
		t.Fatal("the plugin of a stopped host has ended")
	}
	h.signal(syscall.SIGCONT)
	h.kill()
	if !h.pluginEnds(slack * closeGrace) {
		t.Fatal("the plugin lives on")
	}
}

// TestTerminate sends SIGTERM to the plugin, which then closes its unit and ends.
func TestTerminate(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"ok", "ok,hang-close"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startFake(t, mode)
			running(t, c, 0)
			if err := syscall.Kill(c.Pid(), syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			select {
			case <-c.Done():
			case <-time.After(slack * closeGrace):
				t.Fatal("the plugin lives on")
			}
			want := 0
			if strings.Contains(mode, "hang") {
				want = exitHung
			}
			if got := c.proc.exitStatus(); got != want {
				t.Errorf("status %d, want %d", got, want)
			}
		})
	}
}

// TestTakeOver is what a later host does: it attends with the keys of the one that was killed.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	const orphan = 1500 * time.Millisecond
	h := startHost(t, orphan, "ok")
	foreign, _, err := newKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	h.kill()
	if _, err := attendWith(t, h.report.Address, foreign, 2, 0); err == nil {
		t.Error("a host with foreign keys was let in")
	}
	if _, err := attendWith(t, h.report.Address, h.report.Keys, 1, 0); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("the same attach epoch again: %v", err)
	}
	first, err := attendWith(t, h.report.Address, h.report.Keys, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	if h.pluginEnds(orphan + 500*time.Millisecond) {
		t.Fatal("the plugin has ended although it was taken over")
	}
	if len(first.resp.GetRings()) != 1 || first.resp.GetRings()[0].GetGeneration() != 7 || int(first.resp.GetPid()) != h.report.Pid {
		t.Fatalf("the plugin holds %v", first.resp)
	}
	link, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", h.report.Pid, first.resp.GetRings()[0].GetFd()))
	if err != nil || !strings.HasPrefix(link, "/memfd:") {
		t.Errorf("the ring's descriptor is %q, %v", link, err)
	}
	second, err := attendWith(t, h.report.Address, h.report.Keys, 9, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.stream.Recv(); status.Code(err) != codes.Aborted {
		t.Errorf("the stream of the host before ends with %v", err)
	}
	first.close()
	if h.pluginEnds(300 * time.Millisecond) {
		t.Error("the plugin has ended with a host that was replaced before")
	}
	second.close()
	if !h.pluginEnds(slack * closeGrace) {
		t.Error("the plugin outlives its second host")
	}
}

// attendance is a connection that was made by hand.
type attendance struct {
	stream grpc.ServerStreamingClient[driverpb.AttendResponse]
	resp   *driverpb.AttendResponse
	close  func()
}

func attendWith(t *testing.T, address string, keys Keys, epoch uint64, orphan time.Duration) (*attendance, error) {
	t.Helper()
	config, err := keys.config()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient("unix:"+address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	a := &attendance{close: func() {
		cancel()
		_ = conn.Close()
	}}
	t.Cleanup(a.close)
	a.stream, err = driverpb.NewDriverClient(conn).Attend(ctx, &driverpb.AttendRequest{AttachEpoch: epoch, OrphanNanoseconds: int64(orphan)})
	if err != nil {
		return nil, err
	}
	a.resp, err = a.stream.Recv()
	return a, err
}
