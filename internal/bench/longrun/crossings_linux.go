package longrun

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"syscall"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

const crossRun = `
run "cross" {
  output = "out"
  sync   = "200ms"
  adopt  = "0s"
  rotate = "1h"
  disk { keep_free = "1MiB" }
}
`

// streams is a device that streams the proof signal at 100 kS/s: raw, the smallest and largest of each four, and a port.
func streams(name, serial, options string) string {
	return fmt.Sprintf(`
device %q {
  driver = "sim"
  serial = %q
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  digital "D0-7" {}
  sim {
    digital "D0-7" { pattern = "proof" }
    %s
  }
  stream {
    sample_rate = "100kS/s"
    downsample {
      mode     = "aggregate"
      ratio    = %d
      keep_raw = true
    }
  }
}
`, name, serial, options, crossRatio)
}

const (
	crossRatio  = 4
	crossBefore = 40_000 // raw samples before the number
	crossTotal  = 160_000
	crossPeriod = 1e-5 // seconds a sample
)

// blocks is a device that takes waveforms of 1,000 samples.
func blocks(name, serial, options string) string {
	return fmt.Sprintf(`
device %q {
  driver = "sim"
  serial = %q
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  sim {
    %s
  }
  rapid_block {
    sample_rate = "10MS/s"
    pre         = 100
    post        = %d
    captures    = 4
    repeat      = "forever"
    every       = "20ms"
  }
}
`, name, serial, options, crossWave-100)
}

const crossWave = 1000

// FirstSample records a unit whose counter is about to pass the number, beside one that begins: by raw samples, and by those of an aggregate.
// What lies before is told as lost; every sample around the number is read, verified, exported and placed in time.
func FirstSample(ctx context.Context, o CrossOptions) (rep *CrossReport, err error) {
	rep = &CrossReport{name: "sample counters of a unit", at: o.At}
	for _, of := range []struct {
		stream string
		ratio  int64
	}{{"left.A", 1}, {"left.A.max", crossRatio}} {
		if o.At > (mostIndex-crossTotal)/of.ratio {
			continue // that far no run counts
		}
		if err := rep.firstSample(ctx, &o, of.stream, of.ratio); err != nil {
			return nil, fmt.Errorf("%s: %w", of.stream, err)
		}
	}
	return rep, nil
}

// mostIndex is up to where a run counts raw samples.
const mostIndex = 1 << 61

func (r *CrossReport) firstSample(ctx context.Context, o *CrossOptions, stream string, ratio int64) (err error) {
	d, err := newDesk(&o.Options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	from := o.At*ratio - crossBefore
	if err := d.plan(crossRun + streams("left", "CROSSL", fmt.Sprintf("first_sample = %d", from)) + streams("right", "CROSSR", "")); err != nil {
		return err
	}
	run, err := d.start(ctx, "run", "plan.hcl")
	if err != nil {
		return err
	}
	enough := func(st session.Status) bool {
		return every(st, func(s session.StreamStatus) bool { return s.Recorded >= crossTotal/crossRatio })
	}
	if err := errors.Join(d.until(ctx, run, "enough is recorded", enough), run.end(syscall.SIGINT, session.ExitLoss)); err != nil {
		return err
	}
	c := &crossing{CrossReport: r, ctx: ctx, desk: d}
	if c.dir, err = d.recording(); err != nil {
		return err
	}
	rec, err := recording.Open(c.dir)
	if err != nil {
		return err
	}
	for _, s := range rec.Streams() {
		g := s.Global()
		want := int64(0)
		if s.Name()[:4] == "left" {
			want = (from + g.Ratio - 1) / g.Ratio
		}
		if first, ok := s.DeviceIndex(0); !ok || first != want {
			c.problem("%s begins at index %d, want %d", s.Name(), first, want)
		}
		if gaps := s.Gaps(); want > 0 && (len(gaps) != 1 || !gaps[0].Exact || gaps[0].Lost != want) || want == 0 && len(gaps) != 0 {
			c.problem("%s: gaps %+v, want one of %d samples", s.Name(), gaps, want)
		}
	}
	if err := errors.Join(c.samplesAround(rec, stream, o.At), c.verified(o.Check), c.exported(stream, o.At)); err != nil {
		return err
	}
	if from < 1<<53 { // behind that a double of seconds has no place for microseconds
		if err := c.aligned("left", "right", -crossPeriod*float64(from)); err != nil {
			return err
		}
	}
	_, err = d.run(ctx, 0, "inspect", c.dir)
	r.did(stream)
	return err
}

// every tells whether something holds for each stream of a run.
func every(st session.Status, ok func(session.StreamStatus) bool) bool {
	for _, d := range st.Devices {
		for _, s := range d.Streams {
			if !ok(s) {
				return false
			}
		}
	}
	return len(st.Devices) > 0
}

// FirstWaveform records a unit in block mode whose numbers of waveforms and armings, of 32 bits, are about to pass the number.
func FirstWaveform(ctx context.Context, o CrossOptions) (rep *CrossReport, err error) {
	rep = &CrossReport{name: "numbers of a unit's waveforms", at: o.At}
	d, err := newDesk(&o.Options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.plan(crossRun + blocks("left", "CROSSW", fmt.Sprintf("first_waveform = %d", o.At-10))); err != nil {
		return nil, err
	}
	run, err := d.start(ctx, "run", "plan.hcl")
	if err != nil {
		return nil, err
	}
	enough := func(st session.Status) bool {
		return every(st, func(s session.StreamStatus) bool { return s.Recorded >= 60*crossWave })
	}
	if err := errors.Join(d.until(ctx, run, "enough is recorded", enough), run.end(syscall.SIGINT, session.ExitDone)); err != nil {
		return nil, err
	}
	c := &crossing{CrossReport: rep, ctx: ctx, desk: d}
	if c.dir, err = d.recording(); err != nil {
		return nil, err
	}
	if err := c.verified(o.Check); err != nil {
		return nil, err
	}
	return rep, c.waveforms(0, 60)
}

// waveforms checks that at least so many follow each other, from a number on.
func (c *crossing) waveforms(first int64, least int) error {
	rec, err := recording.Open(c.dir)
	if err != nil {
		return err
	}
	for _, s := range rec.Streams() {
		list := s.Captures()
		if s.Global().WaveformSamples == 0 {
			continue
		}
		if len(list) < least {
			c.problem("%s: %d waveforms", s.Name(), len(list))
		}
		for i, w := range list {
			if w.Waveform == nil || w.Arm == nil || *w.Waveform != first+int64(i) {
				c.problem("%s: waveform %d is not number %d", s.Name(), i, first+int64(i))
				break
			}
			if i > 0 && *w.Arm != *list[i-1].Arm && *w.Arm != *list[i-1].Arm+1 {
				c.problem("%s: arming %d follows %d", s.Name(), *w.Arm, *list[i-1].Arm)
				break
			}
		}
	}
	c.did("numbers of waveforms and armings")
	return nil
}

// Aged records, is killed, and goes on twice in a run whose every counter was put on meanwhile, so that all of them are about to pass the number:
// recorded samples and device indexes, lines of journals and of events, waveforms and armings; parts, segments and epochs where they
// can be so many.
func Aged(ctx context.Context, o CrossOptions) (rep *CrossReport, err error) {
	rep = &CrossReport{name: "counters of a recording", at: o.At}
	d, err := newDesk(&o.Options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.plan(crossRun + streams("left", "CROSSL", "") + blocks("right", "CROSSR", "")); err != nil {
		return nil, err
	}
	c := &crossing{CrossReport: rep, ctx: ctx, desk: d}
	first := func(st session.Status) bool {
		return every(st, func(s session.StreamStatus) bool { return s.Recorded >= 60*crossWave/ratioOf(s.Name) }) // three syncs
	}
	if err := c.killed(first, "run", "plan.hcl"); err != nil {
		return nil, err
	}
	if c.dir, err = d.recording(); err != nil {
		return nil, err
	}
	age := ageFor(o.At)
	if err := age.Apply(c.dir); err != nil {
		return nil, err
	}
	passed := func(st session.Status) bool {
		return every(st, func(s session.StreamStatus) bool { return s.Recorded >= (o.At+crossBefore)/ratioOf(s.Name) })
	}
	if err := c.killed(passed, "resume", c.dir); err != nil {
		return nil, err
	}
	run, err := d.start(ctx, "resume", c.dir)
	if err != nil {
		return nil, err
	}
	more := func(st session.Status) bool {
		return every(st, func(s session.StreamStatus) bool { return s.Recorded >= (o.At+2*crossBefore)/ratioOf(s.Name) })
	}
	if err := errors.Join(d.until(ctx, run, "it goes on", more), run.end(syscall.SIGINT, session.ExitLoss)); err != nil {
		return nil, err
	}
	if err := errors.Join(c.verified(o.Check), c.counted(&age), c.waveforms(age.Waveforms, 5)); err != nil {
		return nil, err
	}
	_, err = d.run(ctx, 0, "inspect", c.dir)
	return rep, err
}

func ratioOf(stream string) int64 {
	if stream == "left.A.min" || stream == "left.A.max" || stream == "left.D0-7.min" || stream == "left.D0-7.max" {
		return crossRatio
	}
	return 1
}

// killed starts a command, waits for a state of its run, and kills it.
func (c *crossing) killed(ok func(session.Status) bool, args ...string) error {
	run, err := c.desk.start(c.ctx, args...)
	if err != nil {
		return err
	}
	return errors.Join(c.desk.until(c.ctx, run, "enough is recorded", ok), run.end(syscall.SIGKILL, -1))
}

// ageBefore is how many raw samples there are before the number when a recording was aged, those included that it has already.
const ageBefore = 100_000

// ageFor puts counters on so that they pass a number soon.
func ageFor(at int64) Age {
	small := int(min(at, math.MaxInt32))  // of files and epochs there are never more than 32 bits can count
	waves := min(at, mostIndex/crossWave) // as many as all their samples can be counted
	return Age{
		Samples: (at - ageBefore) / crossWave * crossWave, Lines: at - 10, Parts: small - 1, Segments: small - 1, Epochs: small - 2, Events: at - 5,
		Waveforms: waves - 20, Armings: waves - 10,
	}
}

// counted checks that the counters of an aged recording have passed the number.
func (c *crossing) counted(age *Age) error {
	rec, err := recording.Open(c.dir)
	if err != nil {
		return err
	}
	for _, s := range rec.Streams() {
		ratio := s.Global().Ratio
		if want := age.Samples / ratio; s.Start() != want {
			c.problem("%s begins at stream index %d, want %d", s.Name(), s.Start(), want)
		}
		if at, ok := s.DeviceIndex(c.at / ratio); !ok || at < c.at/ratio {
			c.problem("%s: stream index %d has device index %d", s.Name(), c.at/ratio, at)
		}
		segments := s.Segments()
		if last := segments[len(segments)-1]; last.Number != age.Segments+2 || last.Start <= s.Start() {
			c.problem("%s: the last segment is %d", s.Name(), last.Number)
		}
	}
	for _, d := range rec.Run().Devices {
		if last := d.Epochs[len(d.Epochs)-1]; last.Epoch != age.Epochs+2 {
			c.problem("%s: the last epoch is %d", d.Name, last.Epoch)
		}
	}
	events, err := rec.Events()
	if err != nil {
		return err
	}
	if last := events[len(events)-1]; last.Seq <= c.at {
		c.problem("the last event is line %d", last.Seq)
	}
	c.did(fmt.Sprintf("segments up to %d, epochs up to %d, events, lines of journals", age.Segments+2, age.Epochs+2))
	return nil
}

// CountedOut records a unit that counts up to the number behind which no run can count. It ends by itself, in order; everything before the end is
// recorded, and a text says why. What counts beyond it at once is refused.
func CountedOut(ctx context.Context, o CrossOptions) (rep *CrossReport, err error) {
	rep = &CrossReport{name: "the end of counting", at: o.At}
	d, err := newDesk(&o.Options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.plan(crossRun + streams("left", "CROSSE", fmt.Sprintf("first_sample = %d", o.At-crossBefore))); err != nil {
		return nil, err
	}
	text, err := d.run(ctx, session.ExitLoss, "run", "plan.hcl") // which ends by itself
	if err != nil {
		return nil, err
	}
	if want := fmt.Sprintf("it has counted %d samples, more than one run can", o.At); !strings.Contains(text, want) {
		rep.problem("nothing says %q:\n%s", want, text)
	}
	c := &crossing{CrossReport: rep, ctx: ctx, desk: d}
	if c.dir, err = d.recording(); err != nil {
		return nil, err
	}
	rec, err := recording.Open(c.dir)
	if err != nil {
		return nil, err
	}
	for _, s := range rec.Streams() {
		ratio := s.Global().Ratio
		if last, ok := s.DeviceIndex(s.End() - 1); !ok || last != o.At/ratio-1 || s.Samples() != crossBefore/ratio {
			c.problem("%s: %d samples, the last has index %d", s.Name(), s.Samples(), last)
		}
	}
	if run := rec.Run(); run.State != recording.StateSealed || len(run.Devices[0].Epochs) != 1 {
		c.problem("the run is %s, with %d epochs", run.State, len(run.Devices[0].Epochs))
	}
	rep.did("the end")
	return rep, c.verified(o.Check)
}
