package judge

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/internal/chaos/truth"
)

// What the bounds of an estimated gap may be at most: three times what a time on the host's clock may be wrong by, and one delivery.
const (
	lateness   = 100e6  // ns: how late a delivery may be on a healthy machine
	clockApart = 150e-6 // of a gap's length: a unit's clock against the host's
)

// Expect is what one device should have done.
type Expect struct {
	Name string
	Unit *truth.Unit
	// Causes that its gaps may have. None: it may lose nothing at all.
	Causes []string
	// NoProof lists channels that see another signal than the proof signal.
	NoProof []string
	// DeliveryNS is the longest time between two deliveries of the healthy device.
	DeliveryNS float64
	// Limit is the device index at which the run ends by itself; 0: it is stopped.
	Limit int64
	// SlackNS is how much of what was handed over may be missing behind the last sample of a run of the unit that was stopped in order, DeadNS likewise
	// of one whose process died or was ended. ApartNS comes to SlackNS in all streams but the first: some libraries hand over unequal numbers.
	SlackNS, DeadNS, ApartNS float64
	// UntoldNS is of how much time waveforms may be missing of which nobody tells, beside the last arming of each epoch: what was not synced is gone with
	// the recorder, and where the disk fails none can be told of.
	UntoldNS float64
	// Wide allows bounds that are wider than the clocks demand, where the recorder cannot know better; 0: it does not. In ns.
	Wide float64
	// Exact: all gaps must be.
	Exact bool
	// Unjudged: nothing is compared with the unit's own account, only that the recording is sound.
	Unjudged bool
}

// Loss is what one device has lost, by what is true and by what the recording says, in raw samples of one stream.
type Loss struct {
	Device           string
	Told, True       int64
	Min, Max         int64
	Gaps             int
	Milliseconds     float64 // of Told
	WaveformsLost    int64
	WaveformsHave    int64
	WidestMS         float64 // of the bounds of any of its gaps
	RecoveredSeconds []float64
}

// Judgement is what came out.
type Judgement struct {
	Wrong  []string // what is wrong; none: all is as it should be
	Losses []Loss
}

func (j *Judgement) wrong(format string, args ...any) {
	const most = 40 // what is more does not help
	if len(j.Wrong) < most {
		j.Wrong = append(j.Wrong, fmt.Sprintf(format, args...))
	}
}

// Recorded compares a recording with what its devices should have done.
func Recorded(dir string, devices []Expect) *Judgement {
	j := &Judgement{}
	r, err := Open(dir)
	if err != nil {
		j.wrong("the recording cannot be read: %v", err)
		return j
	}
	for i := range devices {
		j.device(r, &devices[i])
	}
	return j
}

func (j *Judgement) device(r *Recording, e *Expect) {
	d := r.device(e.Name)
	if d == nil {
		j.wrong("%s is not in run.json", e.Name)
		return
	}
	loss := Loss{Device: e.Name}
	var raw []*Stream
	counted := "" // the stream that the unit's truth counts: its first
	for _, s := range r.Streams {
		if s.Device != e.Name || s.Kind != "raw" {
			continue
		}
		counted = cmp.Or(counted, s.Name)
		if !slices.Contains(e.NoProof, s.Channel) {
			raw = append(raw, s)
		}
	}
	if len(raw) == 0 {
		j.wrong("%s has no stream that could be judged", e.Name)
		return
	}
	j.totals(r, d, e, &loss)
	if d.Mode != "stream" {
		j.waveforms(r, d, e, &loss)
		j.Losses = append(j.Losses, loss)
		return
	}
	for i, s := range raw {
		w := &walk{j: j, r: r, d: d, e: e, s: s, others: s.Name != counted}
		w.stream()
		if i == 0 {
			loss.True, loss.WidestMS = w.lost, w.widest
		}
	}
	j.Losses = append(j.Losses, loss)
}

// totals compares the sums in run.json with the files and the gaps.
func (j *Judgement) totals(r *Recording, d *RunDevice, e *Expect, loss *Loss) {
	for _, t := range d.Streams {
		i := slices.IndexFunc(r.Streams, func(s *Stream) bool { return s.Name == t.Name })
		if i < 0 {
			if t.Recorded > 0 {
				j.wrong("%s: %d samples are recorded, and there is no file", t.Name, t.Recorded)
			}
			continue
		}
		s := r.Streams[i]
		if s.End() != t.Recorded {
			j.wrong("%s: the files end at sample %d, run.json tells of %d recorded", t.Name, s.End(), t.Recorded)
		}
		told, lo, hi, gaps := sumGaps(s)
		whole := d.Dropped.Segments == 0
		if whole && (told != t.Lost || lo != t.LostMin || hi != t.LostMax || gaps != t.Gaps) {
			j.wrong("%s: the gaps tell of %d lost, %d to %d in %d gaps, run.json of %d, %d to %d in %d", t.Name, told, lo, hi, gaps, t.Lost, t.LostMin, t.LostMax, t.Gaps)
		}
		if len(e.Causes) == 0 && (t.Lost != 0 || t.Gaps != 0) {
			j.wrong("%s: %d samples are lost in %d gaps, none should be", t.Name, t.Lost, t.Gaps)
		}
		if s.Ratio == 1 && loss.Gaps == 0 {
			loss.Told, loss.Min, loss.Max, loss.Gaps = t.Lost, t.LostMin, t.LostMax, int(t.Gaps)
			loss.Milliseconds = float64(t.Lost) * float64(d.Interval.Num) / float64(d.Interval.Den) * 1e3
		}
		j.chain(s, e)
	}
}

func sumGaps(s *Stream) (lost, lo, hi, gaps int64) {
	add := func(g *Gap) {
		if g == nil || g.Cause == "not_kept" {
			return
		}
		a, b := g.bounds()
		lost, lo, hi, gaps = lost+g.Lost, lo+a, hi+b, gaps+1
	}
	for _, c := range s.Captures {
		add(c.Gap)
	}
	add(s.GapAfter)
	return lost, lo, hi, gaps
}

// chain checks that the device indexes of a stream jump by what its gaps say, and their causes.
func (j *Judgement) chain(s *Stream, e *Expect) {
	for i, c := range s.Captures {
		lost := int64(0)
		if c.Gap != nil {
			lost = c.Gap.Lost
			j.cause(s, c.Gap, e)
		}
		if i == 0 {
			if s.Mode == "stream" && c.Start == 0 && c.Global != lost {
				j.wrong("%s: the first sample has the device index %d", s.Name, c.Global)
			}
			continue
		}
		p := s.Captures[i-1]
		if c.Global != p.Global+c.Start-p.Start+lost {
			j.wrong("%s: sample %d has the device index %d, by the capture before it would be %d", s.Name, c.Start, c.Global, p.Global+c.Start-p.Start+lost)
		}
	}
	if s.GapAfter != nil {
		j.cause(s, s.GapAfter, e)
	}
}

func (j *Judgement) cause(s *Stream, g *Gap, e *Expect) {
	if g.Cause != "not_kept" && !slices.Contains(e.Causes, g.Cause) {
		j.wrong("%s: a gap of %d samples has the cause %s; allowed are %v", s.Name, g.Lost, g.Cause, e.Causes)
	}
	if e.Exact && !g.Exact {
		j.wrong("%s: a gap of %d samples (%s) is not exact", s.Name, g.Lost, g.Cause)
	}
	lo, hi := g.bounds()
	if lo > g.Lost || hi < g.Lost || lo < 0 {
		j.wrong("%s: a gap of %d samples has the bounds %d to %d", s.Name, g.Lost, lo, hi)
	}
}
