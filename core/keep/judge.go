package keep

import (
	"math"
	"slices"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
)

const (
	// lateNS is how long it may take until what has come to light is told here, and what an event without any clock pair may be off by more than once.
	lateNS = int64(2 * time.Second)
	// blockNS is what times of waveforms may be off by: they are as exact as the driver could tell when they ended.
	blockNS = int64(time.Second)
	// unsureNS is what the time of an event may be off by as long as nothing is known of the device's clock.
	unsureNS = int64(5 * time.Second)
	// mostWindows bounds the stretches of time around events that are remembered. They are needed until all devices have been judged up to there.
	mostWindows = 4096
	// mostFound bounds the events of one look.
	mostFound = 1 << 16
	// mostOwn bounds the places of a device that keep their own segment.
	mostOwn = 4096
)

// Judge decides for all devices of a run. All methods, those of its devices too, may be called from any goroutine.
type Judge struct {
	before int64 // the longest of any event

	mu      sync.Mutex // guards what follows, and the devices
	devices []*Device
	found   []finding
	last    map[source]int // of found, by where it comes from
	windows spans          // of monotonic time, around events
	kept    int
}

// New returns a judge. before is the longest stretch that any event keeps before it.
func New(before time.Duration) *Judge {
	return &Judge{before: int64(before), last: map[source]int{}}
}

// source is where events come from: those of one source are joined where what they keep overlaps anyway.
type source struct {
	device        *Device // nil: times are the host's
	before, after int64
}

// finding is one event, or several of one source.
type finding struct {
	source
	rawFrom, rawTo int64
	from, to       int64 // monotonic ns, as they came
}

// Device is one device of a run. Paired, Moved and Broken are for what its samples are drained by.
type Device struct {
	j    *Judge
	name string
	// Block modes have no clock pairs: their times are those of waveforms.
	block bool
	all   bool

	// guarded by the judge's lock
	axis      axis
	pending   []*Segment
	own       spans // of raw indexes
	told      int64 // raw index behind the segments that were told of
	keepUntil int64 // segments that begin before that monotonic time stay
	judged    int64 // monotonic time up to which its samples were in segments that were told of
	ended     bool
}

// Add adds a device with a raw sample interval in nanoseconds. block: it captures waveforms; all: everything of it stays.
func (j *Judge) Add(name string, intervalNS float64, block, all bool) *Device {
	d := &Device{j: j, name: name, block: block, all: all, keepUntil: math.MinInt64, judged: math.MinInt64}
	d.axis.intervalNS = intervalNS
	j.mu.Lock()
	defer j.mu.Unlock()
	j.devices = append(j.devices, d)
	return d
}

// Segment is a complete segment of a device. The caller fills in the first part.
type Segment struct {
	Number   int
	From, To int64 // raw indexes of the first sample and behind the last one; equal: it has none
	// Block modes: monotonic times of the first waveform's beginning and the last one's end; 0: not known.
	FirstNS, LastNS int64
	ToldNS          int64 // when it was told of, monotonic
	Value           any   // the caller's

	device   *Device
	placed   bool
	from, to int64 // monotonic ns, with all that is not sure
}

// Sealed tells of a segment that is complete. They come in order.
func (d *Device) Sealed(s Segment) {
	d.j.mu.Lock()
	defer d.j.mu.Unlock()
	s.device = d
	d.pending = append(d.pending, &s)
	d.told = max(d.told, s.To)
}

// Own keeps the segment that holds a raw sample, of this device alone.
func (d *Device) Own(raw int64) {
	d.j.mu.Lock()
	defer d.j.mu.Unlock()
	if n := len(d.own.list); n >= mostOwn {
		d.own.list[n-1].To = max(d.own.list[n-1].To, raw)
		return
	}
	d.own.add(raw, raw)
}

// Found tells of an event at a raw sample of the device, which came at a monotonic time: so much before and after it is kept of all devices.
func (d *Device) Found(raw, ns int64, before, after time.Duration) {
	d.j.note(finding{source{d, int64(before), int64(after)}, raw, raw, ns, ns})
}

// FoundAt is Found for a stretch of the host's monotonic time.
func (j *Judge) FoundAt(fromNS, toNS int64, before, after time.Duration) {
	j.note(finding{source{nil, int64(before), int64(after)}, 0, 0, fromNS, max(fromNS, toNS)})
}

// FoundBetween is Found for all that lies between two raw samples.
func (d *Device) FoundBetween(rawFrom, rawTo, fromNS, toNS int64, before, after time.Duration) {
	d.j.note(finding{source{d, int64(before), int64(after)}, rawFrom, max(rawFrom, rawTo), fromNS, max(fromNS, toNS)})
}

func (j *Judge) note(f finding) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if i, ok := j.last[f.source]; ok {
		if last := &j.found[i]; f.from <= addNS(last.to, f.before, f.after) && f.to >= last.from || len(j.found) >= mostFound {
			last.rawFrom, last.rawTo = min(last.rawFrom, f.rawFrom), max(last.rawTo, f.rawTo)
			last.from, last.to = min(last.from, f.from), max(last.to, f.to)
			return
		}
	}
	j.last[f.source] = len(j.found)
	j.found = append(j.found, f)
}

// Paired tells that so many raw samples had arrived at a monotonic time.
func (d *Device) Paired(epoch int, p clock.Pair) {
	d.j.mu.Lock()
	defer d.j.mu.Unlock()
	d.axis.paired(epoch, p)
}

// Moved tells that samples from a raw index on are higher by lost than was told before, give or take doubt.
func (d *Device) Moved(raw, lost, doubt int64) {
	d.j.mu.Lock()
	defer d.j.mu.Unlock()
	d.axis.moved(raw, lost, doubt)
	for i := range d.j.found {
		if f := &d.j.found[i]; f.device == d {
			if f.rawTo >= raw {
				f.rawTo += lost
			}
			if f.rawFrom >= raw {
				f.rawFrom += lost
			}
		}
	}
}

// Broken tells that the length of what is missing before a raw index is an estimate.
func (d *Device) Broken(raw int64) {
	d.j.mu.Lock()
	defer d.j.mu.Unlock()
	d.axis.breakAt(raw)
}

// End tells that nothing more comes of the device.
func (d *Device) End() {
	d.j.mu.Lock()
	defer d.j.mu.Unlock()
	d.ended = true
}

// Heard says up to when events of a source have come to light: what comes later lies behind. NS, a monotonic time, wins; else it is the raw sample of the
// device.
type Heard struct {
	Device *Device
	Raw    int64
	NS     int64
}

// Look decides. heard has one entry for each source of events, as it was before the call; final says that nothing more comes at all. It returns the
// segments that nothing can need any more, also those of earlier calls that [Judge.Gone] was not told of.
func (j *Judge) Look(nowNS int64, heard []Heard, final bool) []Segment {
	j.mu.Lock()
	defer j.mu.Unlock()
	horizon := j.horizon(nowNS, heard)
	horizon = min(horizon, j.place(final))
	if final {
		horizon = math.MaxInt64
	}
	var list []Segment
	for _, d := range j.devices {
		d.pending = slices.DeleteFunc(d.pending, func(s *Segment) bool {
			if !d.placeSegment(s, final) {
				if final { // nothing is known of its time
					j.kept++
				}
				return final
			}
			if d.all || s.from <= d.keepUntil || j.windows.touches(s.from, s.to) || s.From < s.To && d.own.touches(s.From, s.To-1) {
				j.kept++
				return true
			}
			if addNS(s.to, j.before) < horizon {
				list = append(list, *s)
			}
			return false
		})
	}
	j.forget()
	return list
}

// horizon is the monotonic time before which no event comes to light any more.
func (j *Judge) horizon(nowNS int64, heard []Heard) int64 {
	horizon := nowNS
	for _, h := range heard {
		ns := h.NS
		if ns == 0 {
			from, _, ok := h.Device.axis.at(h.Raw)
			if !ok {
				return math.MinInt64
			}
			ns = from
		}
		horizon = min(horizon, ns)
	}
	return addNS(horizon, -lateNS)
}

// place brings what was found to the axis of time, and returns the time before which that which could not be placed yet has nothing.
func (j *Judge) place(final bool) int64 {
	open, least := j.found[:0], int64(math.MaxInt64)
	clear(j.last)
	for _, f := range j.found {
		from, to, ok := f.place(final)
		if !ok {
			least = min(least, addNS(f.from, -unsureNS))
			j.last[f.source] = len(open)
			open = append(open, f)
			continue
		}
		j.windows.add(addNS(from, -f.before), addNS(to, f.after))
	}
	j.found = open
	return least
}

// place gives a finding its stretch of time, with all that is not sure.
func (f *finding) place(final bool) (from, to int64, ok bool) {
	switch {
	case f.device == nil:
		return f.from, f.to, true
	case f.device.block:
		return addNS(f.from, -blockNS), addNS(f.to, blockNS), true
	}
	from, _, first := f.device.axis.at(f.rawFrom)
	_, to, last := f.device.axis.at(f.rawTo)
	if !first || !last {
		return addNS(f.from, -unsureNS), addNS(f.to, unsureNS), final
	}
	return from, to, true
}

// placeSegment gives a segment its stretch of time, with all that is not sure; false: nothing is known yet.
func (d *Device) placeSegment(s *Segment, final bool) bool {
	if s.placed {
		return true
	}
	switch {
	case s.From == s.To:
		s.from, s.to = s.ToldNS, s.ToldNS
	case d.block && s.LastNS == 0:
		s.from, s.to = d.judged, s.ToldNS
	case d.block: // waveforms of an arming may have come long before the driver could tell
		s.from, s.to = min(d.judged, addNS(s.FirstNS, -blockNS)), addNS(s.LastNS, blockNS)
	default:
		from, _, ok := d.axis.at(s.From)
		_, to, too := d.axis.at(s.To)
		if !ok || !too {
			return false
		}
		s.from, s.to = from, to
	}
	s.placed = true
	d.judged = max(d.judged, s.to)
	return true
}

// forget lets go of what no segment can need that is still to come.
func (j *Judge) forget() {
	at := int64(math.MaxInt64)
	for _, d := range j.devices {
		if d.ended {
			continue
		}
		// What comes next begins about where the last one ended, as well as that is known.
		at = min(at, addNS(d.judged, -unsureNS))
	}
	for _, lost := range j.windows.cut(at, mostWindows) {
		for _, d := range j.devices {
			if lost.To >= addNS(d.judged, -unsureNS) {
				d.keepUntil = max(d.keepUntil, lost.To)
			}
		}
	}
	for _, d := range j.devices {
		needed := d.told
		for _, s := range d.pending {
			if !s.placed {
				needed = min(needed, s.From)
			}
		}
		d.own.cut(needed, mostOwn)
	}
}

// Gone tells that segments which [Judge.Look] has returned are removed.
func (j *Judge) Gone(list []Segment) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range list {
		d := s.device
		d.pending = slices.DeleteFunc(d.pending, func(p *Segment) bool { return p.Number == s.Number })
	}
}

// Kept adds segments to those that were kept for good.
func (j *Judge) Kept(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.kept += n
}

// Figures are how many segments were kept for good, and how many wait for what may still come to light.
func (j *Judge) Figures() (kept, waiting int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, d := range j.devices {
		waiting += len(d.pending)
	}
	return j.kept, waiting
}

// addNS adds times without overflow.
func addNS(t int64, more ...int64) int64 {
	for _, m := range more {
		switch sum := t + m; {
		case m > 0 && sum < t:
			return math.MaxInt64
		case m < 0 && sum > t:
			return math.MinInt64
		default:
			t = sum
		}
	}
	return t
}
