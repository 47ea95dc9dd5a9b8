//go:build cgo

package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
	"github.com/scopelog/scopelog/shmring"
)

// TestPowerInBlocks: a change of power costs a block mode the arming that it falls into.
func TestPowerInBlocks(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	t.Run("loses its supply and gets it back", func(t *testing.T) {
		t.Parallel()
		p := scopetest.Start(t, libraries, powerRig)
		d := p.Open()
		r := p.Begin(d, scopetest.CaptureConfig(1_000_000, 1000, 3, driver.Repeat{Forever: true}, []string{"A", "B"}, nil))
		whole := 0
		count := func(desc shmring.Desc) {
			if desc.Type == shmring.DescWaveEnd && desc.Aux == 0 {
				whole++
			}
		}
		for i, state := range []emulator.Power{emulator.USB, emulator.Supply} {
			if err := p.Rig.SetPower(scopetest.Serial, state); err != nil {
				t.Fatal(err)
			}
			again := false
			r.Drain(count, func() bool {
				select {
				case e := <-d.Events():
					again = again || strings.Contains(e.Text, "running again from "+string(state)+" power")
				default:
				}
				return again
			})
			more := whole + 6
			r.Drain(count, func() bool { return whole >= more })
			if caps, err := d.Capabilities(t.Context()); err != nil || len(caps.Channels) != 2+2*i {
				t.Errorf("%s: %d channels, %v", state, len(caps.Channels), err)
			}
		}
		if err := d.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.Drain(count, scopetest.Never)
		if info, err := d.Wait(t.Context()); err != nil || info.Reason != driver.StopRequested || int(info.Waveforms) != whole {
			t.Errorf("got %+v, %v, %d waveforms", info, err, whole)
		}
	})
	for _, call := range []string{"GetValues*", "SetDataBuffer*", "GetTriggerInfoBulk", "GetNoOfCaptures"} {
		t.Run("loses its supply in "+call, func(t *testing.T) {
			t.Parallel()
			const captures = 3
			p := scopetest.Start(t, libraries, powerRig+"fault = power state=usb function=ps5000a"+call+" call=5\n")
			d := p.Open()
			r := p.Begin(d, scopetest.CaptureConfig(100_000, 1000, captures, driver.Repeat{Count: 5}, []string{"A", "B"}, nil))
			whole, lost := 0, 0
			r.Drain(func(desc shmring.Desc) {
				switch {
				case desc.Type == shmring.DescWaveEnd && desc.Aux == 0:
					whole++
				case desc.Type == shmring.DescWaveEnd:
					lost++
				}
			}, scopetest.Never)
			info, err := d.Wait(t.Context())
			if err != nil || info.Reason != driver.StopCompleted || int(info.Waveforms) != whole || whole < 5*captures || lost > captures {
				t.Errorf("got %+v, %v, %d waveforms and %d lost", info, err, whole, lost)
			}
			if caps, err := d.Capabilities(t.Context()); err != nil || len(caps.Channels) != 2 {
				t.Errorf("%d channels, %v", len(caps.Channels), err)
			}
		})
	}
	t.Run("loses channels with its supply", func(t *testing.T) {
		t.Parallel()
		p := scopetest.Start(t, libraries, powerRig+"fault = power state=usb function=ps5000aIsReady call=5\n")
		d := p.Open()
		r := p.Begin(d, scopetest.CaptureConfig(1_000_000, 1000, 1, driver.Repeat{Forever: true}, []string{"A", "D"}, nil))
		r.Drain(func(shmring.Desc) {}, scopetest.Never)
		_, err := d.Wait(t.Context())
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindTransient || e.Field != "power" || !strings.Contains(e.Message, "no channel D") {
			t.Errorf("got %v", err)
		}
	})
}
