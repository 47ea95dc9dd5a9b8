package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// startPlugin runs this driver as a plugin process.
func startPlugin(t testing.TB) *rpc.Client {
	t.Helper()
	return startPluginIn(t, t.TempDir())
}

// startPluginIn runs it in a rig.
func startPluginIn(t testing.TB, rigDir string) *rpc.Client {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := os.MkdirTemp("", "sim") // sockets need a short path
	if err != nil {
		t.Fatal(err)
	}
	c, err := rpc.Start(t.Context(), rpc.StartOptions{
		Path: self, SocketDir: sockets, RunID: [16]byte{7}, Orphan: time.Second,
		Env: []string{actVariable + "=plugin", rigVariable + "=" + rigDir, "HOME=/", "GORACE=atexit_sleep_ms=0", "GOTRACEBACK=none"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Kill()
		if err := os.RemoveAll(sockets); err != nil {
			t.Error(err)
		}
	})
	return c
}

var (
	laneKinds = map[driver.StreamKind]shmring.Kind{driver.StreamRaw: shmring.Raw, driver.StreamMin: shmring.Min, driver.StreamMax: shmring.Max}
	laneTypes = map[driver.SampleType]shmring.SampleType{driver.SampleInt16: shmring.I16, driver.SampleUint8: shmring.U8}
)

// ringFor makes a ring for the streams of applied settings.
func ringFor(t testing.TB, a driver.Applied, capacity uint64) *shmring.Ring {
	t.Helper()
	spec := shmring.Spec{RunID: [16]byte{7}}
	interval, err := a.Interval.Mul(units.Rat(1e15, 1))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range a.Streams {
		spec.Lanes = append(spec.Lanes, shmring.LaneSpec{
			Channel: uint16(i), Kind: laneKinds[s.Kind], SampleType: laneTypes[s.Type], Digital: s.Digital,
			IntervalNumFS: uint64(interval.Num()), IntervalDen: uint32(interval.Den()), Ratio: uint32(s.Ratio), Scale: 1, Capacity: capacity, Name: s.Channel,
		})
	}
	r, err := shmring.Create(spec)
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

// launch opens, configures and starts a unit of a plugin.
func launch(t testing.TB, c *rpc.Client, cfg driver.Config, capacity uint64) (*rpc.Device, *shmring.Ring) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	d, err := c.Open(ctx, driver.OpenRequest{Serial: "S", Options: cfg.Options})
	if err != nil {
		t.Fatal(err)
	}
	applied, err := d.Configure(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	r := ringFor(t, applied, capacity)
	if err := d.HandOver(ctx, r); err != nil {
		t.Fatal(err)
	}
	if err := d.Start(ctx, 0); err != nil {
		t.Fatal(err)
	}
	return d, r
}

// drain reads a ring to its end, checking with each; stop ends it early without an error.
func drain(t testing.TB, c *shmring.Consumer, each func(shmring.Desc), stop func() bool) error {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !c.EOS() && !stop(); {
		if time.Now().After(deadline) {
			t.Fatal("no end of the stream")
		}
		descs, err := c.Poll()
		for _, d := range descs {
			each(d)
			if d.Type == shmring.DescData {
				if err := c.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count)); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.ReleaseDesc(d.Seq + 1); err != nil {
				t.Fatal(err)
			}
		}
		if err != nil {
			return err
		}
		if len(descs) == 0 {
			c.Wait(20 * time.Millisecond)
		}
	}
	return nil
}

func never() bool { return false }

func TestThroughAPluginProcess(t *testing.T) {
	t.Parallel()
	for _, pace := range paceNames {
		t.Run(pace, func(t *testing.T) {
			t.Parallel()
			const n = 400_000
			cfg := stream(units.Seconds(1, 1e6), n, "A", "B")
			cfg.Options = withFault(opts("pace", pace), "lose", "sample", samples(123_456), "count", samples(789))
			cfg.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 100, KeepRaw: true}
			c := startPlugin(t)
			d, ring := launch(t, c, cfg, 1<<20)
			var proofs [2]signal.Proof
			for i, channel := range []string{"A", "B"} {
				var err error
				if proofs[i], err = signal.NewProof("S", channel, 16, -32767); err != nil {
					t.Fatal(err)
				}
			}
			got, lost := map[uint16]uint64{}, map[uint16]uint64{}
			consumer := shmring.NewConsumer(ring)
			err := drain(t, consumer, func(desc shmring.Desc) {
				switch {
				case desc.Type == shmring.DescGap:
					lost[desc.Lane] += desc.Aux
				case desc.Type == shmring.DescData && desc.Lane%3 == 0: // raw
					want := make([]byte, 2*desc.Count)
					proofs[desc.Lane/3].Fill(want, int64(desc.FirstSample))
					if string(want) != string(consumer.Data(int(desc.Lane), desc.Pos, desc.Count)) {
						t.Fatalf("lane %d: samples from %d on are wrong", desc.Lane, desc.FirstSample)
					}
					got[desc.Lane] += uint64(desc.Count)
				case desc.Type == shmring.DescData:
					got[desc.Lane] += uint64(desc.Count)
				}
			}, never)
			if err != nil {
				t.Fatal(err)
			}
			for lane := range uint16(6) {
				wantLost, ratio := uint64(789), uint64(1)
				if lane%3 > 0 {
					wantLost, ratio = 9, 100 // groups 1234 to 1242
				}
				if lost[lane] != wantLost || got[lane]+lost[lane] != n/ratio {
					t.Errorf("lane %d: %d samples, %d lost", lane, got[lane], lost[lane])
				}
			}
			info, err := d.Wait(t.Context())
			if err != nil || info.Reason != driver.StopCompleted || info.Delivered != n-789 || info.DriverLost != 0 {
				t.Errorf("%+v, %v", info, err)
			}
			if err := c.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestLiesAreSeen runs a plugin for each lie: a host must notice, and live.
func TestLiesAreSeen(t *testing.T) {
	t.Parallel()
	for _, what := range lieNames {
		if what == lieGeometry {
			continue // a host keeps its own copy of the geometry: see below
		}
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cfg := stream(units.Seconds(1, 1e5), 0, "A")
			cfg.Options = withFault(driver.Options{}, "lie", "sample", samples(5000), "what", what)
			_, ring := launch(t, startPlugin(t), cfg, 1<<16)
			err := drain(t, shmring.NewConsumer(ring), func(shmring.Desc) {}, never)
			var fault *shmring.FaultError
			if !errors.As(err, &fault) {
				t.Errorf("the reader says %v", err)
			}
		})
	}
}

// TestGeometryLieChangesNothing checks that a host does not read back the tables that it made.
func TestGeometryLieChangesNothing(t *testing.T) {
	t.Parallel()
	cfg := stream(units.Seconds(1, 1e5), 0, "A")
	cfg.Options = withFault(driver.Options{}, "lie", "sample", samples(5000), "what", lieGeometry)
	d, ring := launch(t, startPlugin(t), cfg, 1<<16)
	got := uint32(0)
	consumer := shmring.NewConsumer(ring)
	if err := drain(t, consumer, func(desc shmring.Desc) { got += desc.Count }, func() bool { return got >= 5000 }); err != nil {
		t.Fatal(err)
	}
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := drain(t, consumer, func(desc shmring.Desc) { got += desc.Count }, never); err != nil || got != 5000 {
		t.Errorf("%d samples, %v", got, err)
	}
}

// TestCrashOfTheProcess checks that what was committed before a crash is there, and that the fault is used up then.
func TestCrashOfTheProcess(t *testing.T) {
	t.Parallel()
	rigDir := t.TempDir()
	cfg := stream(units.Seconds(1, 1e5), 20_000, "A")
	truth := filepath.Join(t.TempDir(), "truth.jsonl")
	cfg.Options = withFault(opts("truth", path(truth)), "crash", "sample", samples(12_345))
	run := func() (got uint64, c *rpc.Client) {
		c = startPluginIn(t, rigDir)
		_, ring := launch(t, c, cfg, 1<<18)
		ended := false
		err := drain(t, shmring.NewConsumer(ring), func(d shmring.Desc) { got += uint64(d.Count) }, func() bool {
			last := ended // what was committed before the end is still read
			select {
			case <-c.Done():
				ended = true
			default:
			}
			return last
		})
		if err != nil {
			t.Fatal(err)
		}
		return got, c
	}
	got, c := run()
	if got != 12_345 || c.ExitError() == nil {
		t.Errorf("%d samples before the crash; the process ended with %v", got, c.ExitError())
	}
	lines := readTruth(t, truth)
	if last := lines[len(lines)-1]; last.Hardware != 12_345 || last.Event != "state" {
		t.Errorf("the truth log ends with %+v", last)
	}
	if got, _ := run(); got != 20_000 {
		t.Errorf("%d samples from the process after it", got)
	}
}

// TestStoppedProcess checks that the process stops as a whole and goes on when it is told to.
func TestStoppedProcess(t *testing.T) {
	t.Parallel()
	cmd := process(t, "stop")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid))
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("it does not stop: %s, %v", stat, err)
		}
		if _, state, _ := strings.Cut(string(stat), ") "); strings.HasPrefix(state, "T") {
			break
		}
		time.Sleep(time.Millisecond) // between two looks
	}
	if err := cmd.Process.Signal(unix.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
