package main

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// TestBlocksThroughAPluginProcess takes rapid blocks over a ring that is much smaller than what is captured, with the orders
// that a host can give meanwhile.
func TestBlocksThroughAPluginProcess(t *testing.T) {
	t.Parallel()
	const n, captures = 150_000, 12
	cfg := rapid(captured(50_000, n-50_000), captures)
	cfg.Trigger = rising(1500 * units.Millivolt) // the signal comes to 1 V, the generator's to 2 V
	cfg.Channels[0].Options = opts("signal", "loopback")
	cfg.Generator = wave("sine")
	cfg.RapidBlock.Interval = units.Seconds(1, 1e7)
	c := startPlugin(t)
	d, ring := launch(t, c, cfg, 1<<19)
	if e := <-d.Events(); e.Kind != driver.EventTriggerWait {
		t.Errorf("event %+v", e)
	}
	strong := wave("triangle")
	strong.Amplitude, strong.Frequency = 3*units.Volt, units.Hertz(100, 1)
	if a, err := d.SetGenerator(t.Context(), strong); err != nil || a.Amplitude != 3*units.Volt {
		t.Fatalf("%+v, %v", a, err)
	}
	var begun, ended, triggers int
	var recorded [2]int64
	consumer := shmring.NewConsumer(ring)
	want := make([]byte, 2*n)
	err := drain(t, consumer, func(desc shmring.Desc) {
		switch desc.Type {
		case shmring.DescWaveBegin:
			if int(desc.Waveform) != begun || desc.Aux != n || desc.Status != uint32(begun) {
				t.Fatalf("waveform %d begins as %+v", begun, desc)
			}
			begun++
		case shmring.DescWaveEnd:
			if ended++; desc.Aux != 0 || recorded[0] != int64(ended*n) || recorded[1] != recorded[0] {
				t.Fatalf("waveform %d ends behind %v samples", ended, recorded)
			}
		case shmring.DescTrigger:
			triggers++
		case shmring.DescGap:
			t.Fatalf("samples were lost: %+v", desc)
		case shmring.DescData:
			data := consumer.Data(int(desc.Lane), desc.Pos, desc.Count)
			if desc.Lane == 1 {
				for i, code := range proof(t, "S", "B", int64(desc.FirstSample), int64(desc.Count)) {
					binary.LittleEndian.PutUint16(want[2*i:], uint16(int16(code)))
				}
				if string(want[:2*desc.Count]) != string(data) {
					t.Fatalf("samples from %d on are not the proof signal's", desc.FirstSample)
				}
			}
			recorded[desc.Lane] += int64(desc.Count)
		}
	}, never)
	if err != nil {
		t.Fatal(err)
	}
	info, err := d.Wait(t.Context())
	if err != nil || info.Reason != driver.StopCompleted || info.Waveforms != captures || begun != captures || ended != captures || triggers != captures {
		t.Errorf("%+v, %v; %d begun, %d ended, %d triggers", info, err, begun, ended, triggers)
	}
	if err := d.SoftwareTrigger(t.Context()); err == nil {
		t.Error("a unit that has ended can be triggered")
	}
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSoftwareTriggerThroughAPluginProcess fires a trigger that never comes by itself.
func TestSoftwareTriggerThroughAPluginProcess(t *testing.T) {
	t.Parallel()
	cfg := captured(100, 900)
	cfg.Trigger = rising(1500 * units.Millivolt)
	c := startPlugin(t)
	d, ring := launch(t, c, cfg, 1<<18)
	if e := <-d.Events(); e.Kind != driver.EventTriggerWait {
		t.Errorf("event %+v", e)
	}
	asked := time.Now()
	if err := d.SoftwareTrigger(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := uint32(0)
	if err := drain(t, shmring.NewConsumer(ring), func(desc shmring.Desc) { got += desc.Count }, never); err != nil {
		t.Fatal(err)
	}
	info, err := d.Wait(t.Context())
	if err != nil || info.Waveforms != 1 || got != 2000 || time.Since(asked) > 10*time.Second {
		t.Errorf("%+v, %v, %d samples after %v", info, err, got, time.Since(asked))
	}
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
