package longrun

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/recording"
)

// FarOptions describe a run that really records so many samples.
type FarOptions struct {
	Options
	Samples int64         // 0: a little more than 2^33
	Keep    int64         // bytes that stay on the disk; 0: 8 GiB
	Model   string        // of an emulated PicoScope, "5444D" or "6824E", at 31.25 MS/s; empty: a simulated unit, as fast as it is recorded
	Holes   bool          // of a simulated unit: a signal that is zero most of the time, whose zeros are left to the file system as holes; then nothing is dropped
	One     bool          // one file, not rotated; only with Holes where 8 GiB are not enough
	Numbers []int64       // of samples, around which is read when they were passed; empty: 2^30 to 2^33
	Limit   time.Duration // 0: an hour; a machine that has no time for it ends sooner, and says so
}

func (o *FarOptions) fill() {
	if o.Samples <= 0 {
		o.Samples = 1<<33 + farBehind
	}
	if o.Keep <= 0 {
		o.Keep = 8 << 30
	}
	if len(o.Numbers) == 0 {
		o.Numbers = []int64{1 << 30, 1 << 31, 1 << 32, 1 << 33}
	}
	if o.Limit <= 0 {
		o.Limit = time.Hour
	}
}

const (
	farBehind = 1 << 22 // samples behind the last number that is passed
	farPulse  = 1 << 22 // samples from one pulse to the next, with Holes
	farSerial = "FAR/1"
)

// device is the device block of an emulated unit.
func (o *FarOptions) device() string {
	driver, more := "ps6000a", ""
	if o.Model == "5444D" {
		driver, more = "ps5000a", "resolution = \"14bit\""
	}
	return fmt.Sprintf(`
device "dev" {
  driver  = %q
  library = "emulated"
  serial  = %q
  %s
  channel "A" { range = "5V" }
  stream { sample_interval = "32ns" }
}
`, driver, farSerial, more)
}

// rig is the emulated unit.
func (o *FarOptions) rig() string {
	if o.Model == "" {
		return ""
	}
	return fmt.Sprintf("[unit %s]\nmodel = %s\nusb = 3.0\npower = supply\nchannel A = proof\n", farSerial, o.Model)
}

func (o *FarOptions) plan() string {
	signal := `signal = "proof"`
	if o.Holes { // one sample that is not zero, in so many
		signal = fmt.Sprintf("signal = \"pulses\"\n      amplitude = \"2V\"\n      width = \"1us\"\n      interval = \"%dus\"", farPulse)
	}
	rotate := fmt.Sprintf("rotate = \"%dB\"", o.Keep/16)
	if o.One {
		rotate = ""
	}
	text := fmt.Sprintf(`
run "far" {
  output  = var.out
  samples = %d
  %s
  disk {
    keep_free = "%dB"
    when_low  = "%s"
  }
}
`, o.Samples, rotate, dayKeepFree, map[bool]string{false: "drop_oldest", true: "stop"}[o.One])
	if o.Model != "" {
		return text + o.device()
	}
	return text + fmt.Sprintf(`
device "dev" {
  driver = "sim"
  serial = %q
  channel "A" {
    range = "5V"
    sim {
      %s
    }
  }
  sim { pace = "fast" }
  stream { sample_rate = "1MS/s" }
}
`, farSerial, signal)
}

// Far records as many samples as there are, and reads what lies around 2^31, 2^32 and 2^33 while it is recorded and
// when it has just passed: numbers of samples and, with one file, of bytes.
func Far(ctx context.Context, o FarOptions) (rep *FarReport, err error) {
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
	m := newMeter(o.Keep + dayKeepFree)
	if m.holes = o.Holes; o.One {
		m.size = 0
	}
	ctx, cancel := context.WithTimeout(ctx, o.Limit)
	defer cancel()
	s, err := p.start(ctx, pl, m)
	if err != nil {
		return nil, err
	}
	rep = &FarReport{options: o}
	f := &far{FarReport: rep, dir: s.Dir()}
	began := time.Now()
	var problem error
	rep.summary, err = p.follow(ctx, s, 100*time.Millisecond, func(time.Time) {
		problem = errors.Join(problem, f.look(s.Status().Devices[0].Streams[0].Recorded))
	})
	rep.seconds = time.Since(began).Seconds()
	if err := errors.Join(err, problem); err != nil {
		return nil, err
	}
	rep.report, err = recording.Verify(context.WithoutCancel(ctx), s.Dir(), recording.VerifyOptions{Proof: !o.Holes})
	if err != nil {
		return nil, err
	}
	return rep, f.look(rep.summary.Devices[0].Streams[0].Recorded)
}

// FarReport is what such a run has shown.
type FarReport struct {
	options  FarOptions
	seconds  float64
	summary  *session.Summary
	report   recording.Report
	passed   []string
	problems []string
}

// far is such a run that goes on.
type far struct {
	*FarReport
	dir  string
	next int // of Numbers
}

// look reads what lies around each number once, when it was passed a little ago: the journal has to vouch for it.
func (f *far) look(recorded int64) error {
	numbers := f.options.Numbers
	for f.next < len(numbers) && recorded > numbers[f.next]+2*around {
		rec, err := recording.Open(f.dir)
		if err != nil {
			return err
		}
		s := rec.Stream("dev.A")
		if s == nil || s.End() < numbers[f.next]+around {
			return nil // not yet durable
		}
		g := s.Global()
		proof, err := recording.NewProof(farSerial, "A", g.ResolutionBits, g.Codes[0], g.Codes[1])
		if err != nil {
			return err
		}
		f.read(s, proof, numbers[f.next])
		f.next++
	}
	return nil
}

func (f *far) read(s *recording.Stream, proof recording.Proof, number int64) {
	buf := make([]byte, 4*around)
	if _, err := s.ReadAt(buf, number-around); err != nil {
		f.problems = append(f.problems, fmt.Sprintf("around sample %s: %v", spellPower(number), err))
		return
	}
	for i := range int64(2 * around) {
		at := number - around + i
		have := int64(int16(binary.LittleEndian.Uint16(buf[2*i:])))
		good := have == proof.At(at)
		if f.options.Holes {
			good = (have != 0) == (at%farPulse == 0)
		}
		if !good {
			f.problems = append(f.problems, fmt.Sprintf("sample %d is wrong", at))
			return
		}
	}
	what := "sample " + spellPower(number)
	if f.options.One {
		what += " at byte " + spellPower(2*number)
	}
	f.passed = append(f.passed, what)
}

// Lost is how many samples were lost.
func (r *FarReport) Lost() int64 {
	n, _ := lost(r.summary)
	return n
}

// Problems lists what is not as it should be.
func (r *FarReport) Problems() []string {
	var other []string
	if r.options.Holes {
		other = []string{"dev.A"} // which is no proof signal
	}
	list := append(judge(r.summary, &r.report, other...), r.problems...)
	if n := r.summary.Devices[0].Streams[0].Recorded; n != r.options.Samples {
		list = append(list, fmt.Sprintf("%d samples are recorded of %d: %s", n, r.options.Samples, r.summary.EndReason))
	}
	due := 0
	for _, n := range r.options.Numbers {
		if n+2*around < r.options.Samples {
			due++
		}
	}
	if len(r.passed) < due {
		list = append(list, fmt.Sprintf("of %d numbers that were passed %d were read: %v", due, len(r.passed), r.passed))
	}
	return list
}

// Print prints what was measured.
func (r *FarReport) Print(w io.Writer) error {
	n := r.summary.Devices[0].Streams[0].Recorded
	t := measure.NewTable("as many samples as there are", "", "target")
	t.Add("recorded", fmt.Sprintf("%d samples in %.0f s, %.0f MB/s", n, r.seconds, float64(r.summary.Bytes)/r.seconds/1e6), "")
	t.Add("lost", fmt.Sprint(r.Lost()), measure.AtMost(0).Judge(float64(r.Lost()), "%.0f"))
	t.Add("read behind its passing", strings.Join(r.passed, ", "), "")
	samples, proof := proven(&r.report)
	t.Add("verified of what is left", fmt.Sprintf("%d samples, %d proven", samples, proof), "")
	return t.Write(w)
}
