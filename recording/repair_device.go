package recording

import (
	"cmp"
	"slices"
)

// repairDevice is one device with what is known of it.
type repairDevice struct {
	name     string
	journal  *deviceJournal // nil when it has none
	fold     *journalFold
	segments []int // all that have a meta, a journal or samples, ascending
	nextPart int
	nextSeq  int64
}

// devices groups what the folder holds by device. The journal parts of open segments and of those that run.json does not vouch for are read.
func (r *repairer) devices() []*repairDevice {
	var list []*repairDevice
	find := func(name string) *repairDevice {
		i := slices.IndexFunc(list, func(d *repairDevice) bool { return d.name == name })
		if i < 0 {
			i = len(list)
			list = append(list, &repairDevice{name: name, fold: newJournalFold(name)})
		}
		return list[i]
	}
	for _, j := range r.journals {
		d := find(j.prefix)
		d.journal = j
		for _, p := range j.parts {
			d.nextPart = max(d.nextPart, p.number+1)
		}
	}
	for _, m := range r.metas {
		find(m.global.Device)
	}
	for _, rd := range r.runNew.Devices {
		find(rd.Name)
	}
	slices.SortFunc(list, func(a, b *repairDevice) int { return cmp.Compare(a.name, b.name) })
	return list
}

// device repairs one device.
func (r *repairer) device(d *repairDevice) error {
	if err := r.readJournal(d); err != nil {
		return err
	}
	if err := r.trimJournal(d); err != nil {
		return err
	}
	r.deviceEntry(d)
	if r.runNew.Device(d.name) == nil {
		return nil
	}
	r.listSegments(d)
	if err := r.removeUnborn(d); err != nil {
		return err
	}
	for _, n := range d.segments {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if r.segmentDone(d, n) {
			r.report.NotRead++
			continue
		}
		if err := r.segment(d, n); err != nil {
			return err
		}
	}
	r.tellDevice(d)
	return nil
}

// readJournal reads the parts of all segments that are not done, and the last part, which tells the next line's number.
func (r *repairer) readJournal(d *repairDevice) error {
	if d.journal == nil {
		return nil
	}
	last := -1
	for _, p := range d.journal.parts {
		if p.state != nil {
			last = p.number
		}
	}
	err := d.journal.read(r.fs, r.dir, func(s *JournalState) bool {
		return s.Part >= last || !r.segmentDone(d, s.Segment)
	})
	if err != nil {
		return err
	}
	d.fold = d.journal.fold
	d.nextSeq = d.fold.lastSeq + 1
	if d.fold.run != "" && r.runID == "" {
		r.runID = d.fold.run
	}
	return nil
}

// trimJournal cuts torn ends off journal parts, removes parts without a valid line, and reports damage in the middle.
func (r *repairer) trimJournal(d *repairDevice) error {
	if d.journal == nil {
		return nil
	}
	kept := d.journal.parts[:0]
	for i, p := range d.journal.parts {
		last := i == len(d.journal.parts)-1
		switch {
		case p.scan == nil || p.scan.valid > 0 && !p.scan.torn():
		case p.scan.valid == 0 && (last || p.scan.size == 0):
			if err := r.remove(p.name); err != nil {
				return err
			}
			continue
		case !last:
			// Another part follows, so this end was written whole once.
		default:
			if err := r.truncate(p.name, p.scan.end); err != nil {
				return err
			}
		}
		if p.scan != nil {
			for _, b := range p.scan.bad {
				if !b.Torn || !last || r.wasSealed(d.name, p.segment) {
					r.report.Lines = append(r.report.Lines, b)
				}
			}
		}
		kept = append(kept, p)
	}
	d.journal.parts = kept
	return nil
}

// wasSealed tells whether run.json or the metas say that a segment was sealed: then the end of its journal was whole.
func (r *repairer) wasSealed(device string, segment int) bool {
	e := r.entry(device, segment)
	return e != nil && e.State == StateSealed || r.segmentSealed(device, segment)
}

// truncate cuts a file and makes that durable.
func (r *repairer) truncate(name string, size int64) error {
	f, err := r.openRW(name)
	if err != nil {
		return err
	}
	r.report.Changed = true
	if err := firstError(f.Truncate(size), f.DataSync()); err != nil {
		_ = f.Close() // the first error tells more
		return err
	}
	r.sizes[name] = size
	return f.Close()
}

// listSegments finds all segments of a device.
func (r *repairer) listSegments(d *repairDevice) {
	seen := map[int]bool{}
	for n := range d.fold.segments {
		seen[n] = true
	}
	for _, m := range r.metas {
		if m.global.Device == d.name {
			seen[m.global.Segment] = true
		}
	}
	if rd := r.runNew.Device(d.name); rd != nil {
		for _, s := range rd.Segments {
			seen[s.Segment] = true
		}
	}
	for n := range seen {
		if !r.dropped(d.name, n) {
			d.segments = append(d.segments, n)
		}
	}
	slices.Sort(d.segments)
}

// removeUnborn removes the files of segments that no journal line tells of and whose metas describe nothing: the recording ended before the
// first sync of the segment. A meta that describes samples stays: then a journal was there once.
func (r *repairer) removeUnborn(d *repairDevice) error {
	kept := d.segments[:0]
	for _, n := range d.segments {
		if d.fold.segments[n] != nil || r.journalSkipped(d, n) || r.described(d, n) {
			kept = append(kept, n)
			continue
		}
		for _, m := range slices.Clone(r.metas) {
			if m.global.Device != d.name || m.global.Segment != n {
				continue
			}
			if err := r.removeBase(m); err != nil {
				return err
			}
		}
		if rd := r.runNew.Device(d.name); rd != nil {
			rd.Segments = slices.DeleteFunc(rd.Segments, func(s RunSegment) bool { return s.Segment == n })
		}
	}
	d.segments = kept
	return nil
}

// journalSkipped tells whether a segment has a journal that was not read, as there is nothing to repair.
func (r *repairer) journalSkipped(d *repairDevice, segment int) bool {
	if d.journal == nil {
		return false
	}
	return slices.ContainsFunc(d.journal.parts, func(p *partInfo) bool { return p.segment == segment && p.scan == nil })
}

// described tells whether the metas of a segment tell of samples, or run.json vouches for it.
func (r *repairer) described(d *repairDevice, segment int) bool {
	if e := r.entry(d.name, segment); e != nil && e.State == StateSealed {
		return true
	}
	return slices.ContainsFunc(r.metas, func(m *loadedMeta) bool {
		return m.global.Device == d.name && m.global.Segment == segment && (len(m.captures) > 0 || m.global.State == StateSealed)
	})
}

// removeBase removes the files of one stream in one segment; with KeepTail its samples are kept.
func (r *repairer) removeBase(m *loadedMeta) error {
	data := m.base + ExtData
	if size, ok := r.size(data); ok {
		cut := RepairCut{Stream: m.global.Stream, Segment: m.global.Segment, File: data, Bytes: size, Samples: size / int64(m.global.Datatype.Size())}
		if r.o.KeepTail && size > 0 {
			cut.Saved = data + ExtUnverified
			if err := r.fs.Rename(r.path(data), r.path(cut.Saved)); err != nil {
				return err
			}
			r.names = slices.DeleteFunc(r.names, func(n string) bool { return n == data })
			r.report.Changed = true
		} else if err := r.remove(data); err != nil {
			return err
		}
		if size > 0 {
			r.report.Cut = append(r.report.Cut, cut)
		}
	}
	names := []string{m.base + ExtMeta, m.base + ExtCaptures, m.base + ExtAnnotations}
	for level := range OverviewLevels {
		names = append(names, OverviewName(m.base, level))
	}
	for _, name := range names {
		if _, ok := r.size(name); ok {
			if err := r.remove(name); err != nil {
				return err
			}
		}
	}
	r.metas = slices.DeleteFunc(r.metas, func(x *loadedMeta) bool { return x == m })
	return nil
}

// entry returns what run.json says of a segment, nil when nothing.
func (r *repairer) entry(device string, segment int) *RunSegment {
	if r.run == nil {
		return nil
	}
	rd := r.run.Device(device)
	if rd == nil {
		return nil
	}
	for i := range rd.Segments {
		if rd.Segments[i].Segment == segment {
			return &rd.Segments[i]
		}
	}
	return nil
}

// segmentDone tells whether run.json lists a segment as sealed and every listed file is as listed. Samples are not read for that: what is
// damaged in a sealed segment is for [Verify] to tell, only their length is looked at. Of a run that goes on, only the last segments' other files
// are read: the time that this takes is lost, and must not grow with the run.
func (r *repairer) segmentDone(d *repairDevice, segment int) bool {
	if done, ok := r.done[segmentRef{d.name, segment}]; ok {
		return done
	}
	done := r.checkDone(d, segment)
	r.done[segmentRef{d.name, segment}] = done
	return done
}

func (r *repairer) checkDone(d *repairDevice, segment int) bool {
	e := r.entry(d.name, segment)
	if e == nil || e.State != StateSealed {
		return false
	}
	if !r.listsOverviews(d.name, e) {
		return false
	}
	trusted := r.keepOpen && segment < r.lastSegment(d.name)-1
	for name, want := range e.Files {
		size, ok := r.size(name)
		if !plainName(name) || !ok || size != want.Bytes {
			return false
		}
		if isData(name) || trusted {
			continue
		}
		if have, err := sumFile(r.fs, r.path(name)); err != nil || have != want {
			return false
		}
	}
	return true
}

// lastSegment is the last one that run.json lists of a device; -1: none.
func (r *repairer) lastSegment(device string) int {
	last := -1
	if rd := r.run.Device(device); rd != nil {
		for _, s := range rd.Segments {
			last = max(last, s.Segment)
		}
	}
	return last
}

// listsOverviews tells whether run.json lists the overview of all samples that it lists: when the disk was full it could not be made.
func (r *repairer) listsOverviews(device string, e *RunSegment) bool {
	for _, m := range r.metas {
		if m.global.Device != device || m.global.Segment != e.Segment {
			continue
		}
		items := e.Files[m.base+ExtData].Bytes / int64(m.global.Datatype.Size())
		if len(m.captures) == 0 || m.captures[0].SampleStart >= m.global.Start+items {
			continue
		}
		for level, rows := 0, int64(OverviewNextRows); level < OverviewLevels && rows >= OverviewNextRows; level++ {
			sum, ok := e.Files[OverviewName(m.base, level)]
			if !ok {
				return false
			}
			rows = (sum.Bytes - NpyDataStart) / int64(OverviewRowSize(m.global.Datatype))
		}
	}
	return true
}
