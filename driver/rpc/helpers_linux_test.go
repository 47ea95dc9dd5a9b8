package rpc

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// socketDir is a folder with a short path, as sockets need.
func socketDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rpc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("left in the socket folder: %v, %v", left, err)
		}
		os.RemoveAll(dir)
	})
	return dir
}

// testLog collects log lines for a test.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}

func fakeOptions(t testing.TB, mode string) StartOptions {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return StartOptions{
		Path: self, Env: []string{envFake + "=" + mode, "HOME=/", "GORACE=atexit_sleep_ms=0", "GOTRACEBACK=single"}, SocketDir: socketDir(t),
		Host:   Program{"scopelog", "0.1"},
		Logger: hclog.New(&hclog.LoggerOptions{Name: "plugin", Level: hclog.Debug, Output: testLog{t}}),
		RunID:  [16]byte{1, 2, 3}, Orphan: 3 * time.Second,
	}
}

// startFake starts the test plugin; it is gone at the end of the test.
func startFake(t testing.TB, mode string) *Client {
	t.Helper()
	c, err := Start(t.Context(), fakeOptions(t, mode))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Kill)
	return c
}

var fakeConfig = driver.Config{
	Channels: []driver.ChannelConfig{{Channel: "A", Range: units.Volt, Coupling: driver.CouplingDC}},
	Stream:   &driver.StreamConfig{Interval: units.Seconds(1, 200_000)},
}

// makeRing makes a ring for one int16 channel.
func makeRing(t testing.TB, generation uint64) *shmring.Ring {
	t.Helper()
	r, err := shmring.Create(shmring.Spec{
		RunID: [16]byte{1, 2, 3}, Generation: generation,
		Lanes: []shmring.LaneSpec{{
			Kind: shmring.Raw, SampleType: shmring.I16, IntervalNumFS: 5e9, IntervalDen: 1, Ratio: 1, Scale: 1,
			Capacity: 1 << 20, Name: "A",
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// running opens, configures and starts a device.
func running(t testing.TB, c *Client, generation uint64) (*Device, *shmring.Ring) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	d, err := c.Open(ctx, driver.OpenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Configure(ctx, fakeConfig); err != nil {
		t.Fatal(err)
	}
	r := makeRing(t, generation)
	if err := d.HandOver(ctx, r); err != nil {
		t.Fatal(err)
	}
	if err := d.Start(ctx, generation); err != nil {
		t.Fatal(err)
	}
	return d, r
}
