package host

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/units"
)

// envFake makes this test binary a plugin. Plugins get variables with this prefix from their host.
const envFake = "SCOPELOG_TEST_PLUGIN"

func TestMain(m *testing.M) {
	if os.Getenv(envFake) != "" {
		rpc.Serve(fakeDriver{}, rpc.ServeOptions{})
	}
	// Most of these tests wait for other processes.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// fakeDriver is called "fake" whatever its file is called.
type fakeDriver struct{}

func (fakeDriver) Describe(context.Context) (driver.Description, error) {
	return driver.Description{
		Name: "fake", Version: "1.0", ContractMin: 1, ContractMax: 1, MaxDevices: 1, Models: []driver.Capabilities{{Model: "F1"}},
	}, nil
}

func (fakeDriver) Discover(context.Context, driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	misbehave(os.Getenv(envFault))
	return nil, nil
}

func (fakeDriver) Open(context.Context, driver.OpenRequest) (driver.Device, error) {
	return &fakeDevice{events: make(chan driver.Event)}, nil
}

type fakeDevice struct{ events chan driver.Event }

func (*fakeDevice) Info() driver.UnitInfo { return driver.UnitInfo{Model: "F1", Serial: "S1"} }

func (*fakeDevice) Capabilities(context.Context) (driver.Capabilities, error) {
	return driver.Capabilities{}, nil
}

func (*fakeDevice) Configure(context.Context, driver.Config) (driver.Applied, error) {
	return driver.Applied{
		Mode: driver.ModeStream, Interval: units.Seconds(1, 1000), Channels: []driver.AppliedChannel{{Channel: "A"}},
		Streams: []driver.Stream{{Channel: "A", Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1}},
	}, nil
}

func (*fakeDevice) Start(context.Context, driver.Sink) error { return nil }

func (d *fakeDevice) Events() <-chan driver.Event { return d.events }

func (d *fakeDevice) Wait(context.Context) (driver.StopInfo, error) {
	<-d.events
	return driver.StopInfo{Reason: driver.StopRequested}, nil
}

func (*fakeDevice) Stop(context.Context) error { return nil }

func (d *fakeDevice) Close(context.Context) error {
	close(d.events)
	return nil
}

// pluginDir is a folder in which each of the names is this test binary.
func pluginDir(t *testing.T, names ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, n := range names {
		if err := os.Symlink(self, filepath.Join(dir, n)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// testHost makes a host over a folder of plugins.
func testHost(t *testing.T, o Options) *Host {
	t.Helper()
	if o.Runtime == "" {
		dir, err := os.MkdirTemp("", "host")
		if err != nil {
			t.Fatal(err)
		}
		o.Runtime = dir
	}
	if o.Environ == nil {
		o.Environ = []string{envFake + "=1", "GORACE=atexit_sleep_ms=0"}
	}
	h := New(o)
	t.Cleanup(func() {
		if err := h.Kill(); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(o.Runtime); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		os.RemoveAll(o.Runtime)
	})
	return h
}
