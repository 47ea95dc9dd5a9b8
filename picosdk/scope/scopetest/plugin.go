package scopetest

import (
	"bytes"
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// Plugin is a family's plugin, run as a process over its emulated library.
type Plugin struct {
	t   *testing.T
	C   *rpc.Client
	Rig *emulator.Rig // of its units

	mu  sync.Mutex
	log bytes.Buffer
}

// act makes the test binary of a plugin the plugin; see [Main].
const act = "SCOPELOG_TEST_ACT"

// Environ is what makes the test binary the plugin of emulated units in a rig's folder.
func Environ(libraries, rig string) []string {
	return []string{act + "=plugin", "SCOPELOG_EMULATOR=" + libraries, emulator.Variable + "=" + rig, "GORACE=atexit_sleep_ms=0", "GOTRACEBACK=none"}
}

// Start runs the plugin of this test binary in a rig of its own, whose file has the given text. At the end of the test the
// libraries must not have caught any wrong use.
func Start(t *testing.T, libraries, conf string) *Plugin {
	t.Helper()
	rig, err := emulator.NewRig(t.TempDir(), conf)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := os.MkdirTemp("", "pico") // sockets need a short path
	if err != nil {
		t.Fatal(err)
	}
	p := &Plugin{t: t, Rig: rig}
	p.C, err = rpc.Start(t.Context(), rpc.StartOptions{
		Path: self, SocketDir: sockets, RunID: [16]byte{7}, Env: append(Environ(libraries, rig.Dir()), "HOME=/", "SCOPELOG_LOG_LEVEL=debug"),
		Logger: hclog.New(&hclog.LoggerOptions{Output: p, Level: hclog.Debug}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.C.Kill()
		GoodUse(t, rig.Dir())
		if err := os.RemoveAll(sockets); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the plugin's log:\n%s", p.Log())
		}
	})
	if _, err := p.C.Describe(t.Context()); err != nil { // brings the budgets
		t.Fatal(err)
	}
	return p
}

// GoodUse fails the test for every wrong use of a vendor library that the units of a rig's folder have seen: calls beside each
// other or from callbacks, buffers too small or freed too early, handles that are not open.
func GoodUse(t testing.TB, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Error(err)
		return
	}
	var serials []string
	for _, e := range entries {
		if e.IsDir() {
			serials = append(serials, e.Name()) // a name with its slashes replaced stands for the same folder
		}
	}
	rig, err := emulator.NewRig(dir, "") // no text: the folder stays as it is
	if err != nil {
		t.Error(err)
		return
	}
	found, err := rig.Misuses(serials...)
	if err != nil {
		t.Error(err)
	}
	for kind, n := range found {
		t.Errorf("the vendor library was misused: %d times %s", n, kind)
	}
}

// Write takes the plugin's log.
func (p *Plugin) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// Log is what the plugin has logged so far.
func (p *Plugin) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Open opens the first free unit.
func (p *Plugin) Open() *rpc.Device {
	p.t.Helper()
	d, err := p.C.Open(p.t.Context(), driver.OpenRequest{Name: "test", Library: scope.Emulated})
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

// Config streams channels in their largest range and ports, at a rate.
func Config(rate int64, channels, ports []string) driver.Config {
	cfg := driver.Config{Stream: &driver.StreamConfig{Interval: units.Seconds(1, rate), Downsample: driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1}}}
	for _, c := range channels {
		cfg.Channels = append(cfg.Channels, driver.ChannelConfig{Channel: c, Range: 20 * units.Volt, Coupling: driver.CouplingDC})
	}
	for _, d := range ports {
		cfg.Digital = append(cfg.Digital, driver.DigitalConfig{Port: d})
	}
	return cfg
}

// Run is an acquisition of a device into a ring that the test reads.
type Run struct {
	t       *testing.T
	Applied driver.Applied
	Reader  *shmring.Consumer
}

var (
	kinds = map[driver.StreamKind]shmring.Kind{driver.StreamRaw: shmring.Raw, driver.StreamMin: shmring.Min, driver.StreamMax: shmring.Max}
	types = map[driver.SampleType]shmring.SampleType{driver.SampleInt16: shmring.I16, driver.SampleUint8: shmring.U8}
)

// Begin configures a device and starts it into a new ring, the first one of its plugin.
func (p *Plugin) Begin(d *rpc.Device, cfg driver.Config) *Run {
	p.t.Helper()
	applied, err := d.Configure(p.t.Context(), cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	interval, err := applied.Interval.Mul(units.Rat(1e15, 1))
	if err != nil {
		p.t.Fatal(err)
	}
	spec := shmring.Spec{RunID: [16]byte{7}}
	for i, s := range applied.Streams {
		spec.Lanes = append(spec.Lanes, shmring.LaneSpec{
			Channel: uint16(i), Kind: kinds[s.Kind], SampleType: types[s.Type], Digital: s.Digital, IntervalNumFS: uint64(interval.Num()),
			IntervalDen: uint32(interval.Den()), Ratio: uint32(s.Ratio), Scale: 1, Capacity: 8 << 20, Name: s.Channel,
		})
	}
	ring, err := shmring.Create(spec)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		if err := ring.Close(); err != nil {
			p.t.Error(err)
		}
	})
	if err := d.HandOver(p.t.Context(), ring); err != nil {
		p.t.Fatal(err)
	}
	if err := d.Start(p.t.Context(), 0); err != nil {
		p.t.Fatal(err)
	}
	return &Run{t: p.t, Applied: applied, Reader: shmring.NewConsumer(ring)}
}

// Drain reads until the stream ends or stop says so; each sees every descriptor while its samples are there.
func (r *Run) Drain(each func(shmring.Desc), stop func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(time.Minute); !r.Reader.EOS() && !stop(); {
		if time.Now().After(deadline) {
			r.t.Fatal("no end of the stream")
		}
		descs, err := r.Reader.Poll()
		for _, d := range descs {
			each(d)
			if d.Type == shmring.DescData {
				if err := r.Reader.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count)); err != nil {
					r.t.Fatal(err)
				}
			}
			if err := r.Reader.ReleaseDesc(d.Seq + 1); err != nil {
				r.t.Fatal(err)
			}
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if len(descs) == 0 {
			r.Reader.Wait(20 * time.Millisecond)
		}
	}
}

// Never is a stop for [Run.Drain] that waits for the end of the stream.
func Never() bool { return false }

// wait is the end of an acquisition, which must come soon.
func wait(t *testing.T, d *rpc.Device) (driver.StopInfo, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return d.Wait(ctx)
}
