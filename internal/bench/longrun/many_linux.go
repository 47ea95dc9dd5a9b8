package longrun

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/recording"
)

// ManyOptions describe a run of many plugins.
type ManyOptions struct {
	Options
	Plugins int           // 0: 8
	Rate    int64         // samples a second of each; 0: 10 MS/s
	Length  time.Duration // 0: ten minutes
	Keep    int64         // bytes that stay on the disk; 0: 8 GiB
}

func (o *ManyOptions) fill() {
	if o.Plugins <= 0 {
		o.Plugins = 8
	}
	if o.Rate <= 0 {
		o.Rate = 10_000_000
	}
	if o.Length <= 0 {
		o.Length = 10 * time.Minute
	}
	if o.Keep <= 0 {
		o.Keep = 8 << 30
	}
}

func (o *ManyOptions) plan() string {
	var b strings.Builder
	fmt.Fprintf(&b, `
run "many" {
  output   = var.out
  duration = "%s"
  rotate   = "10s"
  disk {
    keep_free = "%dB"
    when_low  = "drop_oldest"
  }
}
`, spell(o.Length), dayKeepFree)
	for i := range o.Plugins {
		fmt.Fprintf(&b, `
device "dev%d" {
  driver = "sim"
  serial = "MANY%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "%dS/s" }
}
`, i, i, o.Rate)
	}
	return b.String()
}

// Many records many plugins at once, each in its own process, and accounts for every sample.
func Many(ctx context.Context, o ManyOptions) (rep *ManyReport, err error) {
	o.fill()
	p, err := newPlace(&o.Options, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	pl, err := p.parse(ctx, o.plan())
	if err != nil {
		return nil, err
	}
	s, err := p.start(ctx, pl, newMeter(o.Keep+dayKeepFree))
	if err != nil {
		return nil, err
	}
	rep = &ManyReport{options: o}
	var pids []int
	names := []string{}
	for _, d := range s.Status().Devices {
		pids, names = append(pids, d.PluginPID), append(names, d.Name)
	}
	own, err := measure.Self()
	if err != nil {
		return nil, abandon(s, err)
	}
	plugins := make([]time.Duration, len(pids))
	rep.watch = newWatch(names, pids, looks+8)
	last, every := rep.watch.began, max(o.Length/looks, 100*time.Millisecond)
	rep.summary, err = p.follow(ctx, s, every, func(now time.Time) {
		rep.pause = max(rep.pause, now.Sub(last)-every)
		last = now
		if now.Sub(rep.watch.began) > o.Length*31/32 {
			return // plugins end, each in its time
		}
		rep.watch.look(now)
		for i, d := range s.Status().Devices {
			rep.fill = max(rep.fill, d.RingMax)
			if t, err := measure.CPU(pids[i]); err == nil {
				plugins[i] = t
			}
		}
	})
	rep.seconds = time.Since(rep.watch.began).Seconds()
	if err != nil {
		return nil, err
	}
	now, err := measure.Self()
	if err != nil {
		return nil, err
	}
	rep.core = now - own
	for _, t := range plugins {
		rep.plugins += t
	}
	rep.load = measure.Load()
	rep.report, err = recording.Verify(ctx, s.Dir(), recording.VerifyOptions{Proof: true})
	return rep, err
}

// ManyReport is what a run of many plugins has shown.
type ManyReport struct {
	options       ManyOptions
	seconds       float64
	summary       *session.Summary
	report        recording.Report
	watch         *watch
	fill          float64       // of the fullest ring
	pause         time.Duration // by which this program's ticks came late at most: the machine was busy
	core, plugins time.Duration
	load          float64
}

// Lost is how many samples of all streams were lost.
func (r *ManyReport) Lost() int64 {
	n, _ := lost(r.summary)
	return n
}

// Problems lists what is not as it should be.
func (r *ManyReport) Problems() []string {
	list := judge(r.summary, &r.report)
	want := int64(r.options.Length.Seconds() * float64(r.options.Rate))
	for _, d := range r.summary.Devices {
		for _, s := range d.Streams {
			if s.Recorded+s.Lost != want {
				list = append(list, fmt.Sprintf("%s: %d samples recorded and %d lost are not %d", s.Name, s.Recorded, s.Lost, want))
			}
		}
	}
	for i := range r.watch.procs {
		list = append(list, r.watch.procs[i].problems(1)...)
	}
	return list
}

// Print prints what was measured, with an account of each loss.
func (r *ManyReport) Print(w io.Writer) error {
	o := &r.options
	share := func(d time.Duration) string { return fmt.Sprintf("%.1f %%", 100*d.Seconds()/r.seconds) }
	samples, proof := proven(&r.report)
	n, gaps := lost(r.summary)
	t := measure.NewTable(fmt.Sprintf("%d plugins x %g MS/s, proof signal", o.Plugins, float64(o.Rate)/1e6), "", "target")
	t.Add("length", fmt.Sprintf("%.0f s", r.seconds), "")
	t.Add("recorded", fmt.Sprintf("%.1f GB at %.1f MB/s", float64(r.summary.Bytes)/1e9, float64(r.summary.Bytes)/r.seconds/1e6), "")
	t.Add("lost", fmt.Sprintf("%d in %d gaps", n, gaps), measure.AtMost(0).Judge(float64(n), "%.0f"))
	t.Add("fullest ring", fmt.Sprintf("%.0f %%", 100*r.fill), "")
	t.Add("latest of this program's ticks", r.pause.Round(time.Millisecond).String(), "")
	t.Add("core, of a core", share(r.core), "")
	t.Add("all plugins, of a core", share(r.plugins), "")
	t.Add("load of the machine at the end", fmt.Sprintf("%.1f", r.load), "")
	t.Add("verified of what is left", fmt.Sprintf("%d samples, %d proven", samples, proof), "")
	core := &r.watch.procs[0]
	t.Add("growth of the core's memory in the second half", fmt.Sprintf("%+.2f %%", core.growth(rssOf).Percent()), measure.AtMost(mostGrowth).Judge(core.growth(rssOf).Percent(), "%.0f %%"))
	if err := t.Write(w); err != nil {
		return err
	}
	for _, d := range r.summary.Devices {
		for _, g := range d.Gaps {
			fmt.Fprintf(w, "lost: %s %s %s %d (%d to %d)\n", g.Stream, g.When.Format(time.TimeOnly), g.Cause, g.Lost, g.LostMin, g.LostMax)
		}
		if d.More > 0 {
			fmt.Fprintf(w, "lost: %s in %d more gaps\n", d.Name, d.More)
		}
	}
	return nil
}
