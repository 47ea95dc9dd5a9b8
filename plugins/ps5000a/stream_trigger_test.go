//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// TestStreamTrigger checks triggers in streams against what the emulated unit says of them.
func TestStreamTrigger(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	scopetest.StreamTrigger(t, libraries, scopetest.Unit{Model: "5444D", Channels: []string{"A", "B"}}, family.VagueTrigger)
	t.Run("its power changes behind the trigger", func(t *testing.T) { t.Parallel(); overPower(t, libraries) })
}

// overPower: a trigger before a change of power stays the one that counts, though the unit sees others behind it: there is one mark,
// and the stream ends as many samples behind it as was asked for.
func overPower(t *testing.T, libraries string) {
	const post, second = 40_000, 200_000
	p := scopetest.Start(t, libraries, powerRig+"channel A = pulses period=50ms width=1ms amplitude=2V\nfault = power state=usb run=2 sample=30000\n")
	d := p.Open()
	cfg := scopetest.Config(second, []string{"A", "B"}, nil)
	cfg.Stream.StopAfterTrigger, cfg.Stream.Pre, cfg.Stream.Post = true, driver.Span{Samples: 2000}, driver.Span{Samples: post}
	cfg.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{Name: "A", Source: "A", Direction: driver.DirectionRising, Threshold: units.Volt}}}
	r := p.Begin(d, cfg)
	var counts, gaps [2]int64
	var marks []int64
	r.Drain(func(desc shmring.Desc) {
		switch desc.Type {
		case shmring.DescTrigger:
			const step = 1_000_000_000_000_000 / second // femtoseconds
			marks = append(marks, int64(desc.FirstSample)+int64(desc.Aux)/step)
		case shmring.DescGap:
			gaps[desc.Lane]++
		case shmring.DescData:
			counts[desc.Lane] += int64(desc.Count)
		}
	}, scopetest.Never)
	info, err := d.Wait(t.Context())
	if err != nil || info.Reason != driver.StopTriggered || gaps != [2]int64{1, 1} {
		t.Fatalf("got %+v, %v, gaps %v", info, err, gaps)
	}
	if len(marks) != 1 || marks[0] >= 30_000 || counts[0] != marks[0]+post || counts[1] != counts[0] || info.Delivered != counts[0] {
		t.Errorf("triggers at %v, %v samples, %+v", marks, counts, info)
	}
}
