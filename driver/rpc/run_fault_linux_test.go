package rpc

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// TestHangs lets each call hang. The host must notice by the driver's budget, and be rid of the plugin at once.
func TestHangs(t *testing.T) {
	t.Parallel()
	open := func(ctx context.Context, c *Client) (*Device, error) { return c.Open(ctx, driver.OpenRequest{}) }
	onDevice := func(f func(context.Context, *Device) error) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			d, err := open(ctx, c)
			if err != nil {
				return errors.New("the device does not open")
			}
			return f(ctx, d)
		}
	}
	for _, c := range []struct {
		where string
		call  func(context.Context, *Client) error
	}{
		{"discover", func(ctx context.Context, c *Client) error {
			_, err := c.Discover(ctx, driver.DiscoverRequest{})
			return err
		}},
		{"open", func(ctx context.Context, c *Client) error { _, err := open(ctx, c); return err }},
		{"capabilities", onDevice(func(ctx context.Context, d *Device) error { _, err := d.Capabilities(ctx); return err })},
		{"configure", onDevice(func(ctx context.Context, d *Device) error { _, err := d.Configure(ctx, fakeConfig); return err })},
		{"stop", onDevice(func(ctx context.Context, d *Device) error { return d.Stop(ctx) })},
		{"close", onDevice(func(ctx context.Context, d *Device) error { return d.Close(ctx) })},
	} {
		for _, fault := range []string{"hang-", "stop-"} {
			if fault+c.where == "stop-stop" {
				continue
			}
			t.Run(fault+c.where, func(t *testing.T) {
				t.Parallel()
				cl := startFake(t, "ok,short,"+fault+c.where)
				if _, err := cl.Describe(t.Context()); err != nil { // brings the short budgets
					t.Fatal(err)
				}
				checkError(t, c.call(t.Context(), cl), driver.KindPluginHung, "did not answer within 400ms")
				if hasEnded(cl.proc) {
					t.Error("the plugin has ended by itself")
				}
				ended(t, "kill", cl.Kill)
				if err := cl.ExitError(); err != nil {
					t.Errorf("a wanted end is an error: %v", err)
				}
			})
		}
	}
}

// ended runs something that must not take long, however the plugin hangs.
func ended(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s does not return", what)
	}
}

func TestCloseOfHungPlugin(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"ok,short,hang-close", "ok,short,stop-close"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startFake(t, mode)
			if _, err := c.Describe(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Open(t.Context(), driver.OpenRequest{}); err != nil {
				t.Fatal(err)
			}
			ended(t, "close", func() { checkError(t, c.Close(t.Context()), driver.KindPluginHung) })
		})
	}
}

// TestDeaths ends the plugin in every way while it streams. The host must notice, the calls that run must end, and
// what was committed must be in the ring.
func TestDeaths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, mode string
		kill       syscall.Signal
		want       []string
	}{
		{"exits", "ok,exit-stream", 0, []string{"ended with status 7", "fake driver leaves in stream"}},
		{"panics", "ok,panic-stream", 0, []string{"ended with status 2", "panic: fake driver panics in stream"}},
		{"killed", "ok", syscall.SIGKILL, []string{"ended by signal SIGKILL"}},
		{"segmentation fault", "ok", syscall.SIGSEGV, []string{"it reported: SIGSEGV: segmentation violation"}},
		{"killed while stopped", "ok,stop-stream", syscall.SIGKILL, []string{"ended by signal SIGKILL"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cl := startFake(t, c.mode)
			dev, ring := running(t, cl, 3)
			waited := make(chan error, 1)
			go func() {
				_, err := dev.Wait(t.Context())
				waited <- err
			}()
			d := &drainer{t: t, c: shmring.NewConsumer(ring)}
			d.until("samples", func() bool { return d.samples >= 5000 })
			if c.kill != 0 {
				if strings.Contains(c.mode, "stop-") {
					d.until("stop", func() bool { return processState(t, cl.Pid()) == "T" })
				}
				if err := syscall.Kill(cl.Pid(), c.kill); err != nil {
					t.Fatal(err)
				}
			}
			select {
			case <-cl.Done():
			case <-time.After(20 * time.Second):
				t.Fatal("the death is not noticed")
			}
			checkError(t, cl.ExitError(), driver.KindPluginGone, c.want...)
			checkError(t, <-waited, driver.KindPluginGone, c.want...)
			_, err := cl.Describe(t.Context())
			checkError(t, err, driver.KindPluginGone, c.want...)
			checkError(t, dev.HandOver(t.Context(), makeRing(t, 4)), driver.KindPluginGone)
			for range dev.Events() { // must be closed
			}
			if err := cl.Close(t.Context()); err != nil {
				t.Errorf("close of a dead plugin: %v", err)
			}
			if _, err := d.c.DrainDead(); err != nil {
				t.Errorf("the ring of the dead plugin: %v", err)
			}
		})
	}
}

// processState is the letter in /proc, "" when there is no such process.
func processState(t testing.TB, pid int) string {
	t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	return fields[0]
}

func TestGrandchild(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"grandchild", "grandchild=own-group"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startFake(t, mode)
			if _, err := c.Describe(t.Context()); err != nil {
				t.Fatal(err)
			}
			lines, _ := c.prog.stderr.tail.last()
			pid := 0
			for _, l := range lines {
				if n, ok := strings.CutPrefix(l, "grandchild "); ok {
					pid, _ = strconv.Atoi(n)
				}
			}
			if pid == 0 {
				t.Fatalf("no grandchild in %q", lines)
			}
			defer syscall.Kill(pid, syscall.SIGKILL)
			began := time.Now()
			ended(t, "close", func() {
				if err := c.Close(t.Context()); err != nil {
					t.Error(err)
				}
			})
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("the grandchild delays the end by %v", took)
			}
			gone := func() bool { state := processState(t, pid); return state == "" || state == "Z" }
			for limit := time.Now().Add(20 * time.Second); mode == "grandchild" && !gone(); time.Sleep(time.Millisecond) {
				if time.Now().After(limit) {
					t.Fatal("the grandchild of the plugin's group lives on")
				}
			}
		})
	}
}

// TestFloods lets the plugin write without end, while it streams. Nothing of the stream may be lost, and the log must
// stay small.
func TestFloods(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"flood=json", "flood=endless", "flood=text", "ok,prints"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := startFake(t, mode)
			dev, ring := running(t, c, 0)
			d := &drainer{t: t, c: shmring.NewConsumer(ring)}
			d.until("samples", func() bool { return d.samples >= 60_000 })
			if err := dev.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			d.until("end of the stream", d.c.EOS)
			if d.lost > 0 {
				t.Errorf("%d samples lost", d.lost)
			}
			ended(t, "close", func() {
				if err := c.Close(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestDriverErrors(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok")
	_, err := c.Open(t.Context(), driver.OpenRequest{Serial: "S9"})
	var e *driver.Error
	if !errors.As(err, &e) || e.Kind != driver.KindNotFound || e.Op != "open" || e.Advice != "plug it in" ||
		e.Status != (driver.Status{Call: "fakeOpenUnit", Code: 3, Name: "FAKE_NOT_FOUND"}) {
		t.Errorf("got %#v", err)
	}
	d, err := c.Open(t.Context(), driver.OpenRequest{Serial: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := fakeConfig
	cfg.Channels = []driver.ChannelConfig{{Channel: "A", Range: 7}}
	_, err = d.Configure(t.Context(), cfg)
	if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != "channel.A.range" || e.Nearest != "1V" {
		t.Errorf("got %#v", err)
	}
	checkError(t, d.Start(t.Context(), 0), driver.KindBug, "not configured")
	_, err = c.Open(t.Context(), driver.OpenRequest{})
	checkError(t, err, driver.KindBug, "its limit")
	if _, err := d.Configure(t.Context(), fakeConfig); err != nil {
		t.Fatal(err)
	}
	checkError(t, d.Start(t.Context(), 5), driver.KindBug, "no ring of generation 5")
	checkError(t, d.Identify(t.Context()), driver.KindUnsupported, "identify")
	if err := d.Ping(t.Context()); err != nil || !d.Has(driver.AbilityPing) || d.Has(driver.AbilityPower) {
		t.Errorf("ping: %v, abilities %v", err, d.Info().Abilities)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Ping(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled call: %v", err)
	}
	for range 2 {
		if err := d.Close(t.Context()); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	_, err = d.Configure(t.Context(), fakeConfig)
	checkError(t, err, driver.KindPermanent, "closed")
}

func TestLies(t *testing.T) {
	t.Parallel()
	t.Run("name", func(t *testing.T) {
		t.Parallel()
		_, err := startFake(t, "ok,bad-name").Describe(t.Context())
		checkError(t, err, driver.KindBug, `not of the form`)
	})
	t.Run("applied", func(t *testing.T) {
		t.Parallel()
		d, err := startFake(t, "ok,lie-applied").Open(t.Context(), driver.OpenRequest{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Configure(t.Context(), fakeConfig)
		checkError(t, err, driver.KindBug, `sample type "i99"`)
	})
}

// TestWaitGivenUp: that an acquisition goes on for longer than one waits is no sign of a hang.
func TestWaitGivenUp(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok")
	dev, _ := running(t, c, 0)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := dev.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) || driver.KindOf(err) == driver.KindPluginHung {
		t.Errorf("got %v", err)
	}
	if err := dev.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := dev.Wait(t.Context()); err != nil {
		t.Errorf("the next wait: %v", err)
	}
}

func TestFailedAcquisition(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok,fail-stream")
	dev, ring := running(t, c, 0)
	d := &drainer{t: t, c: shmring.NewConsumer(ring)}
	d.until("end of the stream", d.c.EOS)
	for range 2 {
		_, err := dev.Wait(t.Context())
		checkError(t, err, driver.KindDeviceGone, "unplugged")
	}
	if p := ring.Progress(); p.State != shmring.ProducerFailed {
		t.Errorf("the ring's producer is %v", p.State)
	}
}

// TestSocketsArePrivate looks at what lies in the file system while a plugin runs.
func TestSocketsArePrivate(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok")
	dir := filepath.Dir(c.Attachment().Address)
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder of the socket: %v, %v", info.Mode(), err)
	}
	env, err := os.ReadFile("/proc/" + strconv.Itoa(c.Pid()) + "/environ")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(env), "PRIVATE KEY") || strings.Contains(string(env), "PATH=") {
		t.Errorf("environment of the plugin: %q", env)
	}
}
