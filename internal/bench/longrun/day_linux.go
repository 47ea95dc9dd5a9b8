package longrun

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// DayOptions describe an accelerated day.
type DayOptions struct {
	Options
	Length   time.Duration // of the run; 0: as long as a day takes at Speed
	Speed    float64       // how much faster than a day; 0: 144, ten minutes a day
	Emulated bool          // with an emulated PicoScope among the devices
	Keep     int64         // bytes that stay on the disk; 0: 1 GiB
	Profile  string        // a file for a profile of this process's heap, taken near the end; empty: none
	Sync     bool          // syncs reach the disk; else they are left out, as the disk's time cannot be scaled
}

func (o *DayOptions) fill() {
	if o.Speed <= 0 {
		o.Speed = 144
	}
	if o.Length <= 0 {
		o.Length = o.scaled(24 * time.Hour)
	}
	if o.Keep <= 0 {
		o.Keep = 1 << 30
	}
}

// scaled is how long something of a day takes in the run.
func (o *DayOptions) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / o.Speed)
}

// rate is that of the fast devices: a short form is verified more quickly with fewer samples.
func (o *DayOptions) rate() string {
	if o.Length < time.Minute {
		return "200kS/s"
	}
	return "1MS/s"
}

// What a day is made of. All of it is divided by the speed.
const (
	daySync   = time.Second
	dayRotate = 10 * time.Minute
	dayPulse  = 20 * time.Second // mean time between pulses, which are over range and start a block
	dayLine   = 10 * time.Second // between lines that a vendor library prints
	dayStatus = 10 * time.Second // between questions at the control socket
	dayMark   = time.Hour
	dayRapid  = 30 * time.Second // between armings of a rapid block
)

const dayKeepFree = 64 << 20

const dayScope = "DAY54/1"

// plan is the plan of the day; sync and rotate are set behind its parser, which takes no times that short.
func (o *DayOptions) plan() string {
	text := fmt.Sprintf(`
run "day" {
  output   = var.out
  duration = "%s"
  rotate   = "1s"
  disk {
    keep_free = "%dB"
    when_low  = "drop_oldest"
  }
}

device "cell" {
  driver = "sim"
  serial = "DAYCELL"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  channel "B" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream {
    sample_rate = %q
    downsample {
      mode     = "aggregate"
      ratio    = 100
      keep_raw = true
    }
  }
  sim { clock_error_ppm = 20 }
}

device "slow" {
  driver = "sim"
  serial = "DAYSLOW"
  channel "A" {
    range = "1V"
    sim {
      signal        = "random_pulses"
      mean_interval = "%s"
      amplitude     = "3V"
      width         = "500us"
      noise         = "5mV"
    }
  }
  digital "D0-7" {}
  stream { sample_rate = "100kS/s" }
  sim {
    digital "D0-7" { pattern = "proof" }
    fault "print" {
      at     = "%s"
      every  = "%s"
      count  = 1
      output = "stderr"
      text   = "sim: an hour has many such lines"
    }
  }
}

device "shots" {
  driver = "sim"
  serial = "DAYSHOTS"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  rapid_block {
    sample_rate = "10MS/s"
    pre         = 100
    post        = 900
    captures    = 10
    repeat      = "forever"
    every       = "%s"
  }
}

device "gate" {
  driver = "sim"
  serial = "DAYGATE"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  block {
    sample_rate = "1MS/s"
    post        = 1000
  }
}

event "pulse" {
  source     = "slow.A"
  level      = "500mV"
  hysteresis = "100mV"
  start      = ["gate"]
}
`, spell(o.Length), dayKeepFree, o.rate(), spell(o.scaled(dayPulse)), spell(o.scaled(dayLine)), spell(o.scaled(dayLine)), spell(o.scaled(dayRapid)))
	if o.Emulated {
		text += fmt.Sprintf(`
device "scope" {
  driver     = "ps5000a"
  library    = "emulated"
  serial     = %q
  resolution = "14bit"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  stream { sample_rate = %q }
}
`, dayScope, o.rate())
	}
	return text
}

// rig is the emulated units of the day.
func (o *DayOptions) rig() string {
	if !o.Emulated {
		return ""
	}
	return fmt.Sprintf("[unit %s]\nmodel = 5444D\nchannel A = proof\nchannel B = proof\n", dayScope)
}

// spell writes a time for a plan.
func spell(d time.Duration) string { return fmt.Sprintf("%dns", d.Nanoseconds()) }

// tune sets what is too short for the parser of plans.
func (o *DayOptions) tune(p *plan.Plan) {
	p.Run.Sync = o.scaled(daySync)
	p.Run.Rotate.Every = o.scaled(dayRotate)
}

// looks is how many times memory is looked at in a run.
const looks = 240

// Day records what a day brings, faster: all times that a plan sets are divided by the speed. It is judged by what is lost, and by what grows.
func Day(ctx context.Context, o DayOptions) (rep *DayReport, err error) {
	o.fill()
	p, err := newPlace(&o.Options, o.rig())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	pl, err := p.parse(ctx, o.plan())
	if err != nil {
		return nil, err
	}
	o.tune(pl)
	m := newMeter(o.Keep + dayKeepFree)
	m.noSync = !o.Sync
	s, err := p.start(ctx, pl, m)
	if err != nil {
		return nil, err
	}
	d := &day{o: &o, s: s, m: m, w: watchDevices(s)}
	if d.client, err = newClient(s.Dir()); err != nil {
		return nil, abandon(s, err)
	}
	rep = &DayReport{options: o}
	rep.summary, err = p.follow(ctx, s, o.Length/looks, func(now time.Time) { d.tick(now) })
	d.client.close()
	if err := errors.Join(err, d.err); err != nil {
		return nil, err
	}
	rep.seconds = time.Since(d.w.began).Seconds()
	rep.watch, rep.hours = d.w, d.hours
	rep.asked, rep.marks, rep.unanswered = d.client.asked, d.client.marks, d.client.err
	rep.report, err = recording.Verify(ctx, s.Dir(), recording.VerifyOptions{Proof: true})
	return rep, err
}

// day is a day that goes on.
type day struct {
	o      *DayOptions
	s      *session.Session
	m      *meter
	w      *watch
	client *client
	hours  []hour
	err    error

	profiled bool
}

// heapProfile writes what is alive of this process.
func heapProfile(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	runtime.GC()
	return errors.Join(pprof.Lookup("heap").WriteTo(f, 0), f.Close())
}

// hour is what was written up to the end of one hour of the day.
type hour struct {
	vol   [9]volume
	logs  int64 // bytes of the log files
	run   int64 // length of run.json
	files int   // in the folder
}

// watchDevices watches this process and the plugins of all devices.
func watchDevices(s *session.Session) *watch {
	var names []string
	var pids []int
	for _, d := range s.Status().Devices {
		names, pids = append(names, d.Name+" ("+d.Driver+")"), append(pids, d.PluginPID)
	}
	return newWatch(names, pids, looks+8)
}

// tick looks, asks and marks, and closes the books of each hour.
func (d *day) tick(now time.Time) {
	if now.Sub(d.w.began) > d.o.Length*31/32 {
		if d.o.Profile != "" && !d.profiled {
			d.profiled = true
			d.err = errors.Join(d.err, heapProfile(d.o.Profile))
		}
		return // plugins end, each in its time
	}
	d.w.look(now)
	passed := time.Duration(float64(now.Sub(d.w.began)) * d.o.Speed)
	d.client.catchUp(passed)
	for passed >= time.Duration(len(d.hours)+1)*time.Hour {
		h, err := d.books()
		d.err = errors.Join(d.err, err)
		d.hours = append(d.hours, h)
	}
}

// books says what there is now.
func (d *day) books() (h hour, err error) {
	h.vol = d.m.volumes()
	h.logs, _, err = folder(filepath.Join(d.s.Dir(), "logs"))
	if err != nil {
		return h, err
	}
	_, h.files, err = folder(d.s.Dir())
	if err != nil {
		return h, err
	}
	info, err := d.m.Stat(filepath.Join(d.s.Dir(), recording.FileRun))
	if err == nil {
		h.run = info.Size()
	}
	return h, err
}

// folder sums up the files of a folder. One that goes away meanwhile counts nothing.
func folder(dir string) (bytes int64, files int, err error) {
	entries, err := recording.OSFS().ReadDir(dir)
	if err != nil {
		return 0, 0, err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			bytes += info.Size()
			files++
		}
	}
	return bytes, files, nil
}
