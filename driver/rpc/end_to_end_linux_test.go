package rpc

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// drainer reads a ring as a recorder does, and checks every sample of the test driver.
type drainer struct {
	t       testing.TB
	c       *shmring.Consumer
	samples uint64
	lost    uint64
}

// until drains until the condition holds, at most 20 s.
func (d *drainer) until(what string, cond func() bool) {
	d.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !cond() {
		if time.Now().After(deadline) {
			d.t.Fatalf("no %s after %d samples", what, d.samples)
		}
		descs, err := d.c.Poll()
		if err != nil {
			d.t.Fatal(err)
		}
		for _, desc := range descs {
			d.take(desc)
		}
		if len(descs) == 0 {
			d.c.Wait(20 * time.Millisecond)
		}
	}
}

func (d *drainer) take(desc shmring.Desc) {
	d.t.Helper()
	switch desc.Type {
	case shmring.DescData:
		b := d.c.Data(int(desc.Lane), desc.Pos, desc.Count)
		for i := range int(desc.Count) {
			if got, want := binary.LittleEndian.Uint16(b[2*i:]), uint16(desc.FirstSample+uint64(i)); got != want {
				d.t.Fatalf("sample %d is %d, want %d", desc.FirstSample+uint64(i), got, want)
			}
		}
		d.samples += uint64(desc.Count)
		if err := d.c.ReleaseData(int(desc.Lane), desc.Pos+uint64(desc.Count)); err != nil {
			d.t.Fatal(err)
		}
	case shmring.DescGap:
		d.lost += desc.Aux
	}
	if err := d.c.ReleaseDesc(desc.Seq + 1); err != nil {
		d.t.Fatal(err)
	}
}

func TestStreamEndToEnd(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := startFake(t, "ok")
	desc, err := c.Describe(ctx)
	if err != nil || desc.Name != "fake" || c.Program() != (Program{"fake", "1.2.3"}) {
		t.Fatalf("describe: %v, %v, %v", desc.Name, c.Program(), err)
	}
	dev, ring := running(t, c, 0)
	d := &drainer{t: t, c: shmring.NewConsumer(ring)}
	d.until("samples", func() bool { return d.samples >= 50_000 })
	select {
	case e := <-dev.Events():
		if e.Kind != driver.EventWarning || e.Text != "batch 20" || e.Index != -1 {
			t.Errorf("event %+v", e)
		}
	case <-time.After(10 * time.Second):
		t.Error("no event")
	}
	ring.SetState(shmring.CoreDraining, 0)
	if err := dev.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	info, err := dev.Wait(ctx)
	if err != nil || info.Reason != driver.StopRequested || info.Delivered != -1 {
		t.Errorf("wait: %+v, %v", info, err)
	}
	d.until("end of the stream", d.c.EOS)
	if d.lost != 0 {
		t.Errorf("%d samples lost", d.lost)
	}
	// The next acquisition has a ring of its own.
	second := makeRing(t, 1)
	if err := dev.HandOver(ctx, second); err != nil {
		t.Fatal(err)
	}
	if err := dev.Start(ctx, 1); err != nil {
		t.Fatal(err)
	}
	d2 := &drainer{t: t, c: shmring.NewConsumer(second)}
	d2.until("samples", func() bool { return d2.samples >= 10_000 })
	closing, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := c.Close(closing); err != nil {
		t.Error(err)
	}
	d2.until("end of the stream", d2.c.EOS)
	if err := c.ExitError(); err != nil {
		t.Errorf("wanted end: %v", err)
	}
	// What the second acquisition reported may still be queued; then the channel is closed.
	for e := range dev.Events() {
		if e.Kind != driver.EventWarning || e.Text != "batch 20" {
			t.Errorf("event %+v", e)
		}
	}
}
