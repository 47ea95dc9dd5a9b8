package recording

import (
	"fmt"
	"maps"
	"slices"
)

// RunNotKept is a row of segments of a device that were removed again, as the plan keeps what lies around events only. It is no loss.
type RunNotKept struct {
	First   int                      `json:"first"` // number of the first one
	Last    int                      `json:"last"`  // and of the last
	From    Timestamp                `json:"from,omitzero"`
	To      Timestamp                `json:"to,omitzero"` // of the first sample, and behind the last one
	Streams map[string]NotKeptStream `json:"streams"`     // by name
}

// NotKeptStream is what a [RunNotKept] had of one stream. Lost is what was lost between its samples, as it is told of gaps.
type NotKeptStream struct {
	Start   int64 `json:"offset"`  // stream index of the first sample that was removed
	Samples int64 `json:"samples"` // that were removed
	Index   int64 `json:"index"`   // device index that followed from what was before
	Next    int64 `json:"next"`    // device index that followed from them
	Lost    int64 `json:"lost"`
	LostMin int64 `json:"lost_min"`
	LostMax int64 `json:"lost_max"`
	Gaps    int64 `json:"gaps"`
}

// join returns the row made of n and m, whose segments follow those of n.
func (n RunNotKept) join(m RunNotKept) RunNotKept {
	all := RunNotKept{First: n.First, Last: m.Last, From: n.From, To: m.To, Streams: maps.Clone(n.Streams)}
	if all.From == 0 {
		all.From = m.From
	}
	if all.To == 0 {
		all.To = n.To
	}
	for name, b := range m.Streams {
		if a, ok := all.Streams[name]; ok {
			b = NotKeptStream{
				Start: a.Start, Samples: a.Samples + b.Samples, Index: a.Index, Next: b.Next,
				Lost: a.Lost + b.Lost, LostMin: a.LostMin + b.LostMin, LostMax: a.LostMax + b.LostMax, Gaps: a.Gaps + b.Gaps,
			}
		}
		all.Streams[name] = b
	}
	return all
}

// addNotKept adds a row to an ascending list and joins what touches. The list is a new one.
func addNotKept(list []RunNotKept, n RunNotKept) []RunNotKept {
	at, _ := slices.BinarySearchFunc(list, n.First, func(o RunNotKept, first int) int { return o.First - first })
	list = slices.Insert(slices.Clone(list), at, n)
	if at+1 < len(list) && list[at+1].First == n.Last+1 {
		list[at] = list[at].join(list[at+1])
		list = slices.Delete(list, at+1, at+2)
	}
	if at > 0 && list[at-1].Last+1 == list[at].First {
		list[at-1] = list[at-1].join(list[at])
		list = slices.Delete(list, at, at+1)
	}
	return list
}

// Removed tells whether a segment was removed again, by a rule of the plan.
func (d *RunDevice) Removed(segment int) bool {
	if d.Dropped.Segments > 0 && segment <= d.Dropped.Through {
		return true
	}
	i, found := slices.BinarySearchFunc(d.NotKept, segment, func(n RunNotKept, segment int) int { return n.First - segment })
	return found || i > 0 && segment <= d.NotKept[i-1].Last
}

// removedAny tells whether any segment was removed.
func (d *RunDevice) removedAny() bool { return d.Dropped.Segments > 0 || len(d.NotKept) > 0 }

// NotKeptSamples adds up the samples of a stream that were removed as the plan keeps what lies around events only.
func (d *RunDevice) NotKeptSamples(stream string) int64 {
	var sum int64
	for i := range d.NotKept {
		sum += d.NotKept[i].Streams[stream].Samples
	}
	return sum
}

// SealedSegment is a segment of a run that is being recorded, once it is complete. See [Run.OnSealed].
type SealedSegment struct {
	Device   string
	Segment  int
	From, To int64 // raw device indexes of its first sample and behind its last one; equal: it has none
	// Block modes: monotonic times of its first waveform's first sample and behind the last one's last, as well as the driver could tell; 0: there is
	// none, or it is not known.
	FirstNS, LastNS int64
	Bytes           int64 // of its samples

	row RunNotKept // as it will be told when it is not kept
}

// Samples are how many samples of each stream it has.
func (s *SealedSegment) Samples() map[string]int64 {
	all := make(map[string]int64, len(s.row.Streams))
	for name, k := range s.row.Streams {
		all[name] = k.Samples
	}
	return all
}

// OnSealed lets a function know of each segment that is complete from now on, once run.json lists it. It is called by whoever syncs the device,
// and must return at once. Call it before the first device is added or resumed.
func (r *Run) OnSealed(f func(SealedSegment)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.onSealed = f
}

// tellSealed makes known that a segment is complete.
func (d *DeviceWriter) tellSealed(seg *segment) {
	d.run.mu.Lock()
	f := d.run.onSealed
	d.run.mu.Unlock()
	if f == nil || seg.sync.told {
		return
	}
	s, err := d.describe(seg)
	if err != nil {
		return // its captures cannot be read back: it stays for good
	}
	seg.sync.told = true
	f(s)
}

// describe says what a finished segment holds, before its files are closed.
func (d *DeviceWriter) describe(seg *segment) (SealedSegment, error) {
	s := SealedSegment{Device: d.info.Name, Segment: seg.number, row: RunNotKept{First: seg.number, Last: seg.number, Streams: map[string]NotKeptStream{}}}
	for _, f := range seg.sync.files {
		caps, err := f.sync.allCaptures()
		if err != nil {
			return s, &StreamError{f.name, "read captures", err}
		}
		done, g := f.sync.done, &f.sync.meta.Global
		k := NotKeptStream{Start: f.start, Samples: done.n - f.start, Index: f.startNext, Next: done.next}
		for i := range caps {
			k.count(caps[i].Gap)
		}
		if g.GapAfter != nil {
			k.count(g.GapAfter)
			k.Next += g.GapAfter.Lost
		}
		s.row.Streams[f.name] = k
		s.Bytes += k.Samples * f.itemSize
		if len(caps) > 0 && k.Samples > 0 {
			s.extend(caps, done, f.stream.ratio, g.SampleInterval)
		}
	}
	return s, nil
}

// extend takes the samples of one stream into account.
func (s *SealedSegment) extend(caps []Capture, done fileMark, ratio int64, interval Fraction) {
	first, last := &caps[0], &caps[len(caps)-1]
	from, to := first.GlobalIndex*ratio, done.next*ratio
	if s.From == s.To {
		s.From, s.To = from, to
	}
	s.From, s.To = min(s.From, from), max(s.To, to)
	length := interval.NS(done.next - last.GlobalIndex)
	if end := last.Datetime + Timestamp(length); s.row.From == 0 || first.Datetime < s.row.From {
		s.row.From, s.row.To = first.Datetime, max(s.row.To, end)
	} else {
		s.row.To = max(s.row.To, end)
	}
	if first.Waveform == nil || first.MonoNS == 0 || last.MonoNS == 0 {
		return
	}
	if s.FirstNS == 0 || first.MonoNS < s.FirstNS {
		s.FirstNS = first.MonoNS
	}
	s.LastNS = max(s.LastNS, last.MonoNS+length)
}

func (k *NotKeptStream) count(g *Gap) {
	if g == nil || !g.Cause.Loss() {
		return
	}
	lo, hi := g.Bounds()
	k.Lost, k.LostMin, k.LostMax, k.Gaps = k.Lost+g.Lost, k.LostMin+lo, k.LostMax+hi, k.Gaps+1
}

// lastStay is how many segments of each device are never removed by [Run.NotKeep]: the last ones. They say how it recorded and how far it had come,
// and a run that goes on later goes on behind them.
const lastStay = 2

// NotKeep removes sealed segments that are not to be kept: first run.json says so, then their files go, journal parts and tables included. The last two
// of each device stay for now; what is not there any more is passed over. A file that cannot be removed now is tried again by later calls and by Close, and
// is no error. After an error nothing was removed.
func (r *Run) NotKeep(segments []SealedSegment) (removed, staying []SealedSegment, err error) {
	r.dropMu.Lock()
	defer r.dropMu.Unlock()
	r.mu.Lock()
	before := slices.Clone(r.file.Devices)
	sealed := r.sealed
	gone := map[segmentRef]bool{}
	var names []string
	for _, s := range segments {
		rd := r.file.Device(s.Device)
		if rd == nil {
			continue
		}
		at := slices.IndexFunc(rd.Segments, func(x RunSegment) bool { return x.Segment == s.Segment })
		switch {
		case at < 0:
			continue
		case at >= len(rd.Segments)-lastStay || rd.Segments[at].State != StateSealed:
			staying = append(staying, s)
			continue
		}
		names = append(names, slices.Sorted(maps.Keys(rd.Segments[at].Files))...)
		rd.Segments = slices.Delete(slices.Clone(rd.Segments), at, at+1)
		rd.NotKept = addNotKept(rd.NotKept, s.row)
		gone[segmentRef{s.Device, s.Segment}] = true
		removed = append(removed, s)
	}
	if len(removed) == 0 {
		r.mu.Unlock()
		return nil, staying, nil
	}
	r.sealed = slices.DeleteFunc(slices.Clone(sealed), func(ref segmentRef) bool { return gone[ref] })
	r.dirty = true
	r.mu.Unlock()

	if err := r.save(); err != nil {
		r.takeBack(before, sealed, gone)
		return nil, nil, fmt.Errorf("remove %d segments that are not kept: %w", len(removed), err)
	}
	for _, name := range names {
		r.leave(name)
	}
	r.removeLeft()
	return removed, staying, nil
}

// takeBack undoes what NotKeep has noted and could not save; what was noted meanwhile stays.
func (r *Run) takeBack(before []RunDevice, sealed []segmentRef, gone map[segmentRef]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := map[segmentRef]bool{}
	for _, ref := range sealed {
		known[ref] = true
	}
	now := r.sealed
	r.sealed = slices.Clone(sealed)
	for _, ref := range now {
		if !known[ref] {
			r.sealed = insertSealed(r.sealed, ref)
		}
	}
	for i := range before {
		rd := r.file.Device(before[i].Name)
		if rd == nil {
			continue
		}
		rd.NotKept = before[i].NotKept
		segments := slices.Clone(rd.Segments)
		for _, s := range before[i].Segments {
			if gone[segmentRef{rd.Name, s.Segment}] {
				segments = append(segments, s)
			}
		}
		slices.SortFunc(segments, func(a, b RunSegment) int { return a.Segment - b.Segment })
		rd.Segments = segments
	}
}
