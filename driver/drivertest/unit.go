package drivertest

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/units"
)

// unit is an opened device of a rule.
type unit struct {
	k    *kit
	c    *rpc.Client
	d    driver.Description
	dev  *rpc.Device
	caps driver.Capabilities

	generation uint64
}

func (u *unit) closeDevice() {
	u.k.Helper()
	ctx, cancel := u.k.context()
	defer cancel()
	if err := u.dev.Close(ctx); err != nil {
		u.k.Errorf("close: %v", err)
	}
}

// easyInterval is slow enough for every machine, and fast enough for some thousand samples in a moment.
var easyInterval = units.Seconds(1, 200_000)

// stream returns the streaming mode; a rule is skipped where there is none.
func (u *unit) stream() driver.ModeCapabilities {
	u.k.Helper()
	m, ok := u.caps.Mode(driver.ModeStream)
	if !ok || !m.Ready {
		u.k.Skipf("this driver does not stream: %s", m.NotReady)
	}
	return m
}

// config chooses a configuration that the unit must be able to do: up to two channels and one digital port.
func (u *unit) config() driver.Config {
	u.k.Helper()
	return u.base(u.stream())
}

// base is such a configuration with an interval of a mode.
func (u *unit) base(m driver.ModeCapabilities) driver.Config {
	u.k.Helper()
	cfg := driver.Config{Options: u.k.target.Options}
	for _, ch := range u.caps.Channels[:min(2, len(u.caps.Channels))] {
		cfg.Channels = append(cfg.Channels, driver.ChannelConfig{Channel: ch.Name, Range: ch.Ranges[len(ch.Ranges)-1], Coupling: ch.Couplings[0]})
	}
	if len(u.caps.Digital) > 0 {
		p := u.caps.Digital[0]
		cfg.Digital = []driver.DigitalConfig{{Port: p.Name, Thresholds: []units.Voltage{(p.ThresholdMin + p.ThresholdMax) / 2}}}
	}
	cfg.Stream = &driver.StreamConfig{
		Interval: u.nearest(m, cfg, easyInterval), Downsample: driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1},
	}
	if u.k.target.Configure != nil {
		u.k.target.Configure(&cfg)
	}
	return cfg
}

// nearest is the possible interval closest to the wanted one.
func (u *unit) nearest(m driver.ModeCapabilities, cfg driver.Config, want units.Interval) units.Interval {
	u.k.Helper()
	bits := cfg.Resolution
	if bits == 0 && len(u.caps.Resolutions) > 0 {
		bits = u.caps.Resolutions[0]
	}
	limit, ok := m.Limit(len(cfg.Channels), bits, len(cfg.Digital) > 0)
	if !ok {
		u.k.Fatalf("no sample rate is possible with %d channels at %d bits", len(cfg.Channels), bits)
	}
	got, _, ok := limit.Nearest(want)
	if !ok {
		u.k.Fatalf("no sample interval is possible: %q", limit.Limit)
	}
	return got
}

// configure sets the unit up.
func (u *unit) configure(cfg driver.Config) driver.Applied {
	u.k.Helper()
	ctx, cancel := u.k.context()
	defer cancel()
	applied, err := u.dev.Configure(ctx, cfg)
	if err != nil {
		u.k.Fatalf("configure: %v", err)
	}
	return applied
}

// begin makes a ring, hands it over, and starts. The lanes hold this long.
func (u *unit) begin(applied driver.Applied, hold time.Duration) *ring {
	u.k.Helper()
	ctx, cancel := u.k.context()
	defer cancel()
	r := u.k.newRing(applied, u.generation, hold)
	u.generation++
	if err := u.dev.HandOver(ctx, r.shm); err != nil {
		u.k.Fatalf("hand over the ring: %v", err)
	}
	r.began = time.Now()
	if err := u.dev.Start(ctx, r.shm.Spec().Generation); err != nil {
		u.k.Fatalf("start: %v", err)
	}
	return r
}

// end stops the acquisition, drains the ring to its end, and returns what Wait says.
func (u *unit) end(r *ring) driver.StopInfo {
	u.k.Helper()
	ctx, cancel := u.k.context()
	defer cancel()
	r.drain()
	if err := u.dev.Stop(ctx); err != nil {
		u.k.Errorf("stop: %v", err)
	}
	info, err := u.dev.Wait(ctx)
	if err != nil {
		u.k.Errorf("wait: %v", err)
	}
	r.until("the end of the stream after Stop", r.c.EOS)
	return info
}
