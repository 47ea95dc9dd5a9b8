package longrun

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// LeakOptions describe how often units are opened and started.
type LeakOptions struct {
	Options
	Times   int      // 0: 1,000
	Drivers []string // empty: all that are there
}

// leakUnits are the units by driver. sim makes its own.
var leakUnits = []struct{ driver, model, serial string }{
	{"sim", "", "LEAKSIM"}, {"ps2000a", "2406B", "LEAK24/1"}, {"ps5000a", "5444D", "LEAK54/1"}, {"ps6000a", "6824E", "LEAK68/1"},
}

// Leaks lets each plugin open its unit again and again, in one process: configure it, start it, deliver, stop, start once more as a block, close.
// What a plugin or its C code keeps of that shows in its memory, descriptors and threads.
func Leaks(ctx context.Context, o LeakOptions) (rep *LeakReport, err error) {
	if o.Times <= 0 {
		o.Times = 1000
	}
	if len(o.Drivers) == 0 {
		o.Drivers = []string{"sim"}
		if o.emulated() {
			o.Drivers = append(o.Drivers, "ps2000a", "ps5000a", "ps6000a")
		}
	}
	conf := ""
	for _, u := range leakUnits {
		if u.model != "" {
			conf += fmt.Sprintf("[unit %s]\nmodel = %s\nhurry = on\nchannel A = proof\nchannel B = proof\n", u.serial, u.model)
		}
	}
	p, err := newPlace(&o.Options, conf)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	rep = &LeakReport{options: o}
	for _, name := range o.Drivers {
		w, err := p.leak(ctx, name, o.Times)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		rep.procs = append(rep.procs, *w)
	}
	return rep, nil
}

// leak runs the cycles of one plugin.
func (p *place) leak(ctx context.Context, name string, times int) (w *watched, err error) {
	in, err := p.host.Start(ctx, name, host.StartOptions{Device: "leak", Library: "emulated"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close(context.WithoutCancel(ctx))) }()
	serial := ""
	for _, u := range leakUnits {
		if u.driver == name {
			serial = u.serial
		}
	}
	w = &watched{name: name, pid: in.Pid(), looks: make([]look, 0, times)}
	for i := range times {
		if err := p.cycle(ctx, in, serial, uint64(2*i)); err != nil {
			return nil, fmt.Errorf("time %d: %w", i+1, err)
		}
		l, err := lookAt(in.Pid())
		if err != nil {
			return nil, err
		}
		w.looks = append(w.looks, l)
	}
	return w, nil
}

// cycle opens the unit, streams a little, captures a block, and closes it.
func (p *place) cycle(ctx context.Context, in *host.Instance, serial string, generation uint64) (err error) {
	req := driver.OpenRequest{Name: "leak", Serial: serial}
	if in.Plugin().Name != "sim" {
		req.Library = "emulated"
	}
	dev, err := in.Client().Open(ctx, req)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dev.Close(context.WithoutCancel(ctx))) }()
	channels := []driver.ChannelConfig{{Channel: "A", Range: 5 * units.Volt, Coupling: driver.CouplingDC}, {Channel: "B", Range: 5 * units.Volt, Coupling: driver.CouplingDC}}
	stream := driver.Config{Channels: channels, Stream: &driver.StreamConfig{Interval: units.Seconds(1, 1_000_000)}}
	block := driver.Config{Channels: channels, Block: &driver.BlockConfig{
		Interval: units.Seconds(64, 1_000_000_000), Pre: driver.Span{Samples: 1000}, Post: driver.Span{Samples: 9000}, Repeat: driver.Repeat{Count: 2},
	}}
	for i, cfg := range []driver.Config{stream, block} {
		applied, err := dev.Configure(ctx, cfg)
		if err != nil {
			return err
		}
		ring, err := recorder.NewRing(applied, p.id, generation+uint64(i), nil, make([]int64, len(applied.Streams)), recorder.MinHold)
		if err != nil {
			return err
		}
		err = dev.HandOver(ctx, ring)
		if err == nil {
			err = dev.Start(ctx, generation+uint64(i))
		}
		if err == nil {
			err = drained(ctx, ring, i == 1)
			err = errors.Join(err, dev.Stop(ctx))
			_, endErr := dev.Wait(ctx)
			err = errors.Join(err, endErr)
		}
		ring.SetState(shmring.CoreClosed, 0)
		if err := errors.Join(err, ring.Close()); err != nil {
			return err
		}
	}
	return nil
}

// leakSamples is how many samples of a stream are waited for.
const leakSamples = 5_000

// drained takes what comes: some samples of a stream, or all up to the end.
func drained(ctx context.Context, ring *shmring.Ring, toTheEnd bool) error {
	con := shmring.NewConsumer(ring)
	samples := uint32(0)
	for end := time.Now().Add(time.Minute); ; {
		descs, err := con.Poll()
		if err != nil {
			return err
		}
		for _, d := range descs {
			if d.Type == shmring.DescData {
				if d.Lane == 0 {
					samples += d.Count
				}
				if err := con.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count)); err != nil {
					return err
				}
			}
			if err := con.ReleaseDesc(d.Seq + 1); err != nil {
				return err
			}
		}
		switch {
		case con.EOS() && len(descs) == 0 && toTheEnd, !toTheEnd && samples >= leakSamples:
			return nil
		case time.Now().After(end) || ctx.Err() != nil:
			return errors.Join(fmt.Errorf("%d samples have come", samples), ctx.Err())
		case len(descs) == 0:
			con.Wait(10 * time.Millisecond)
		}
	}
}

// LeakReport is what the cycles have shown.
type LeakReport struct {
	options LeakOptions
	procs   []watched
}

const (
	// leakFloor is what private memory may come and go by: a collector's heap is not the same size at each look.
	leakFloor = 512 << 10
	// leakEach is by how much it may grow beside that with each time.
	leakEach = 4 << 10
)

// times is how many times lie between the two figures of a growth.
func (p *watched) times() float64 { return float64(len(p.looks)) / 3 }

// Problems lists what grows.
func (r *LeakReport) Problems() (list []string) {
	for i := range r.procs {
		p := &r.procs[i]
		g := p.growth(anonOf)
		if math.IsNaN(g.Change()) {
			list = append(list, fmt.Sprintf("%s: %d looks tell nothing of how it grows", p.name, len(p.looks)))
			continue
		}
		if g.Change() > leakFloor+leakEach*p.times() {
			list = append(list, fmt.Sprintf("%s: private memory grows from %.0f to %.0f KiB, %.0f bytes a time", p.name, g.Early/1024, g.Late/1024, g.Change()/p.times()))
		}
		if g := p.growth(fdsOf); g.Change() != 0 {
			list = append(list, fmt.Sprintf("%s: %.0f descriptors become %.0f", p.name, g.Early, g.Late))
		}
		if g := p.growth(goroutinesOf); g.Change() > 2 {
			list = append(list, fmt.Sprintf("%s: %.0f threads become %.0f", p.name, g.Early, g.Late))
		}
	}
	return list
}

// Print prints what was measured.
func (r *LeakReport) Print(w io.Writer) error {
	t := measure.NewTable(fmt.Sprintf("opened %d times, started twice each", r.options.Times), "private KiB", "a time, bytes", "mapped and resident KiB", "descriptors", "threads")
	for i := range r.procs {
		p := &r.procs[i]
		anon, rss, fds, threads := p.growth(anonOf), p.growth(rssOf), p.growth(fdsOf), p.growth(goroutinesOf)
		t.Add(p.name, fmt.Sprintf("%.0f to %.0f", anon.Early/1024, anon.Late/1024), fmt.Sprintf("%+.0f", anon.Change()/p.times()),
			fmt.Sprintf("%.0f to %.0f", rss.Early/1024, rss.Late/1024), fmt.Sprintf("%.0f to %.0f", fds.Early, fds.Late), fmt.Sprintf("%.0f to %.0f", threads.Early, threads.Late))
	}
	return t.Write(w)
}
