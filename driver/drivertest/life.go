package drivertest

import (
	"context"
	"errors"
	"time"

	"github.com/scopelog/scopelog/driver"
)

var lifeRules = []rule{
	{"stops and closes any number of times", checkIdempotence},
	{"refuses calls after close", checkAfterClose},
	{"can be opened again after close", checkReopen},
	{"closes its events", checkEventsClosed},
	{"answers while it waits", checkConcurrency},
	{"leaves a call that is given up", checkGivenUp},
	{"prints nothing on its standard output", checkSilence},
	{"ends in order", checkOrderlyEnd},
	{"ends when its host has ended", checkHostDeath},
}

func checkIdempotence(k *kit) {
	u := k.open()
	ctx, cancel := k.context()
	defer cancel()
	for range 2 {
		if err := u.dev.Stop(ctx); err != nil {
			k.Errorf("stop of a device that was never started: %v", err)
		}
	}
	r := u.begin(u.configure(u.config()), time.Second)
	r.samples(100)
	u.end(r)
	for range 2 {
		if err := u.dev.Stop(ctx); err != nil {
			k.Errorf("stop of a stopped device: %v", err)
		}
	}
	for range 3 {
		u.closeDevice()
	}
}

func checkAfterClose(k *kit) {
	u := k.open()
	cfg := u.config()
	u.configure(cfg)
	u.closeDevice()
	ctx, cancel := k.context()
	defer cancel()
	for name, call := range map[string]func() error{
		"capabilities": func() error { _, err := u.dev.Capabilities(ctx); return err },
		"configure":    func() error { _, err := u.dev.Configure(ctx, cfg); return err },
		"start":        func() error { return u.dev.Start(ctx, 0) },
		"ping":         func() error { return u.dev.Ping(ctx) },
	} {
		if call() == nil {
			k.Errorf("%s works on a closed device", name)
		}
	}
}

func checkReopen(k *kit) {
	u := k.open()
	serial := u.dev.Info().Serial
	u.closeDevice()
	ctx, cancel := k.context()
	defer cancel()
	dev, err := u.c.Open(ctx, k.openRequest(serial))
	if err != nil {
		k.Fatalf("open the unit %s again: %v", serial, err)
	}
	u.dev = dev
	r := u.begin(u.configure(u.config()), time.Second)
	r.samples(100)
	u.end(r)
}

func checkEventsClosed(k *kit) {
	u := k.open()
	events := u.dev.Events()
	u.closeDevice()
	limit := time.After(k.wait(10 * time.Second))
	for {
		select {
		case _, ok := <-events:
			if !ok {
				return
			}
		case <-limit:
			k.Fatalf("the events do not end with Close")
		}
	}
}

// checkConcurrency makes calls while Wait is running.
func checkConcurrency(k *kit) {
	u := k.open()
	r := u.begin(u.configure(u.config()), 4*time.Second)
	ctx, cancel := k.context()
	defer cancel()
	waited := make(chan error, 1)
	go func() {
		_, err := u.dev.Wait(ctx)
		waited <- err
	}()
	r.samples(100)
	if _, err := u.c.Describe(ctx); err != nil {
		k.Errorf("describe while it streams: %v", err)
	}
	if u.dev.Has(driver.AbilityPing) {
		if err := u.dev.Ping(ctx); err != nil {
			k.Errorf("ping while it streams: %v", err)
		}
	}
	select {
	case err := <-waited:
		k.Fatalf("wait returned while it streams: %v", err)
	default:
	}
	u.end(r)
	if err := <-waited; err != nil {
		k.Errorf("wait: %v", err)
	}
}

// checkGivenUp gives a call no time, and wants the next one to work.
func checkGivenUp(k *kit) {
	u := k.open()
	given, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := u.dev.Configure(given, u.config()); !errors.Is(err, context.Canceled) {
		k.Errorf("a call that was given up: %v", err)
	}
	u.configure(u.config())
}

func checkSilence(k *kit) {
	u := k.open()
	r := u.begin(u.configure(u.config()), time.Second)
	r.samples(100)
	u.end(r)
	u.closeDevice()
	if n := u.c.StrayOutput(); n > 0 {
		k.Errorf("%d bytes on the standard output behind the handshake; text belongs on the standard error", n)
	}
}

// endsIn wants the process to end within a time.
func (u *unit) endsIn(what string, d time.Duration) {
	u.k.Helper()
	began := time.Now()
	select {
	case <-u.c.Done():
		u.k.Logf("ended after %v", time.Since(began).Round(time.Millisecond))
	case <-time.After(d):
		u.k.Errorf("%s: the plugin still runs after %v", what, d)
	}
}

func checkOrderlyEnd(k *kit) {
	u := k.open()
	r := u.begin(u.configure(u.config()), time.Second)
	r.samples(100)
	ctx, cancel := k.context()
	defer cancel()
	if err := u.c.Close(ctx); err != nil {
		k.Errorf("end of a plugin that streams: %v", err)
	}
	r.until("the end of the stream", r.c.EOS)
}

// checkHostDeath breaks all ties while the plugin streams. It has to go on for the orphan time and to end within two
// seconds after it.
func checkHostDeath(k *kit) {
	u := k.open()
	r := u.begin(u.configure(u.config()), 4*time.Second)
	r.samples(100)
	began := time.Now()
	u.c.Abandon()
	u.endsIn("after its host's death", k.wait(orphanTime+4*time.Second))
	if took := time.Since(began); took < orphanTime {
		k.Errorf("the plugin ended %v after its host; it has to wait %v for another one", took, orphanTime)
	}
	r.until("the end of the stream", r.c.EOS)
}
