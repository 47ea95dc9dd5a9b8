//go:build cgo

package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
	"github.com/scopelog/scopelog/shmring"
)

const powerRig = "[unit TE57/0001]\nmodel = 5444D\n"

// TestPower: these units have channels that exist with a supply only, and tell of a change by the status of any call.
func TestPower(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	t.Run("opened without its supply", func(t *testing.T) {
		t.Parallel()
		p := scopetest.Start(t, libraries, powerRig+"power = usb\nusb = 2.0\nhandshake = twice\n")
		_, err := p.C.Open(t.Context(), driver.OpenRequest{Library: scope.Emulated, Power: driver.PowerSupply})
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != "power" || e.Nearest != `"usb"` {
			t.Errorf("asked for the supply: %v", err)
		}
		d := p.Open()
		caps, err := d.Capabilities(t.Context())
		if err != nil || len(caps.Channels) != 2 || d.Info().Power != driver.PowerStateUSB {
			t.Errorf("%d channels on %q power, %v", len(caps.Channels), d.Info().Power, err)
		}
		if _, err := d.Configure(t.Context(), scopetest.Config(100_000, []string{"A", "C"}, nil)); !errors.As(err, &e) || e.Field != "channel.C" {
			t.Errorf("a channel that needs the supply: %v", err)
		}
	})
	t.Run("loses its supply and goes on", func(t *testing.T) {
		t.Parallel()
		p := scopetest.Start(t, libraries, powerRig+"fault = power state=usb run=2 sample=40000\n")
		d := p.Open()
		r := p.Begin(d, scopetest.Config(200_000, []string{"A", "B"}, nil))
		gaps := map[uint16]int{}
		after := uint32(0)
		r.Drain(func(desc shmring.Desc) {
			switch {
			case desc.Type == shmring.DescGap && desc.Code == uint32(shmring.CausePower) && desc.Aux == shmring.UnknownCount:
				gaps[desc.Lane]++
			case desc.Type == shmring.DescGap:
				t.Errorf("another gap: %+v", desc)
			case desc.Type == shmring.DescData && len(gaps) == 2:
				after += desc.Count
			}
		}, func() bool { return after > 10_000 })
		if gaps[0] != 1 || gaps[1] != 1 {
			t.Errorf("gaps %v", gaps)
		}
		for told := ""; !strings.Contains(told, "running again from usb power"); {
			if e := <-d.Events(); e.Kind == driver.EventPower {
				told += e.Text
			}
		}
		if caps, err := d.Capabilities(t.Context()); err != nil || len(caps.Channels) != 2 {
			t.Errorf("%d channels, %v", len(caps.Channels), err)
		}
		if err := d.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.Drain(func(shmring.Desc) {}, scopetest.Never)
		if info, err := d.Wait(t.Context()); err != nil || info.Reason != driver.StopRequested {
			t.Errorf("got %+v, %v", info, err)
		}
	})
	t.Run("loses its supply and gets it back", func(t *testing.T) {
		t.Parallel()
		p := scopetest.Start(t, libraries, powerRig)
		d := p.Open()
		r := p.Begin(d, scopetest.Config(200_000, []string{"A", "B"}, nil))
		changes := []emulator.Power{emulator.USB, emulator.Supply}
		want := []int{2, 4} // channels in that state
		for i, state := range changes {
			if err := p.Rig.SetPower(scopetest.Serial, state); err != nil {
				t.Fatal(err)
			}
			gaps, after := map[uint16]int{}, uint32(0)
			r.Drain(func(desc shmring.Desc) {
				switch {
				case desc.Type == shmring.DescGap && desc.Code == uint32(shmring.CausePower) && desc.Aux == shmring.UnknownCount:
					gaps[desc.Lane]++
				case desc.Type == shmring.DescGap && desc.Code != uint32(shmring.CausePower):
					t.Errorf("another gap: %+v", desc)
				case desc.Type == shmring.DescData && len(gaps) == 2:
					after += desc.Count
				}
			}, func() bool { return after > 10_000 })
			if gaps[0] != 1 || gaps[1] != 1 {
				t.Errorf("%s: gaps %v", state, gaps)
			}
			if caps, err := d.Capabilities(t.Context()); err != nil || len(caps.Channels) != want[i] {
				t.Errorf("%s: %d channels, %v", state, len(caps.Channels), err)
			}
		}
		if err := d.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.Drain(func(shmring.Desc) {}, scopetest.Never)
	})
	t.Run("loses the supply that the plan asks for", func(t *testing.T) {
		t.Parallel()
		p := scopetest.Start(t, libraries, powerRig+"fault = power state=usb run=2 sample=40000\n")
		d := p.Open()
		cfg := scopetest.Config(200_000, []string{"A", "B"}, nil)
		cfg.Power = driver.PowerSupply
		r := p.Begin(d, cfg)
		r.Drain(func(shmring.Desc) {}, scopetest.Never)
		_, err := d.Wait(t.Context())
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindTransient || e.Field != "power" || !strings.Contains(e.Message, "lost its power supply") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("loses channels with its supply", func(t *testing.T) {
		t.Parallel()
		p := scopetest.Start(t, libraries, powerRig+"fault = power state=usb run=2 sample=40000\n")
		d := p.Open()
		r := p.Begin(d, scopetest.Config(200_000, []string{"A", "D"}, nil))
		r.Drain(func(shmring.Desc) {}, scopetest.Never)
		_, err := d.Wait(t.Context())
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindTransient || e.Field != "power" || !strings.Contains(e.Message, "no channel D") {
			t.Errorf("got %v", err)
		}
	})
}
