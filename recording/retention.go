package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// DroppedSegment tells what [Run.DropOldest] removed.
type DroppedSegment struct {
	Device  string
	Segment int
	Bytes   int64 // of all files
	Samples int64 // bytes of samples among them
}

// segmentRef names a sealed segment.
type segmentRef struct {
	device  string
	segment int
}

// setSealed notes a finished segment; the next save tells of it.
func (r *Run) setSealed(device string, segment int, files map[string]FileSum) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rd := r.file.Device(device)
	for i := range rd.Segments {
		if s := &rd.Segments[i]; s.Segment == segment && s.State != StateSealed {
			rd.Segments = slices.Clone(rd.Segments)
			rd.Segments[i] = RunSegment{Segment: segment, State: StateSealed, Files: files}
			rd.DroppedEnd = nil
			r.sealed = append(r.sealed, segmentRef{device, segment})
			r.dirty = true
		}
	}
}

func sealed(s RunSegment) bool { return s.State == StateSealed }

// DropOldest removes the segment that was sealed first, of all devices: first run.json says so, then its files go, journal parts and tables
// included. The samples count as not_kept. A file that cannot be removed now, as it is open elsewhere, is tried again by later calls and by
// Close and is no error. Without a sealed segment it is [ErrNothingToDrop].
func (r *Run) DropOldest() (DroppedSegment, error) {
	r.dropMu.Lock()
	defer r.dropMu.Unlock()
	r.mu.Lock()
	if len(r.sealed) == 0 {
		r.mu.Unlock()
		return DroppedSegment{}, ErrNothingToDrop
	}
	ref := r.sealed[0]
	rd := r.file.Device(ref.device)
	at := slices.IndexFunc(rd.Segments, func(s RunSegment) bool { return s.Segment == ref.segment })
	files := rd.Segments[at].Files
	var end *DroppedEnd
	if last := rd.Segments[at]; !slices.ContainsFunc(rd.Segments[at+1:], sealed) {
		r.mu.Unlock()
		end = r.endOf(ref.device, &last)
		r.mu.Lock()
		rd = r.file.Device(ref.device) // nobody else takes segments away in front of it
		if slices.ContainsFunc(rd.Segments[at+1:], sealed) {
			end = nil
		}
	}
	before := *rd
	rd.Segments = slices.Delete(slices.Clone(rd.Segments), at, at+1)
	rd.Dropped = RunDropped{Segments: rd.Dropped.Segments + 1, Through: ref.segment}
	rd.DroppedEnd = end
	rd.NotKept = slices.DeleteFunc(slices.Clone(rd.NotKept), func(n RunNotKept) bool { return n.Last <= ref.segment })
	r.sealed = slices.DeleteFunc(slices.Clone(r.sealed), func(x segmentRef) bool { return x == ref })
	r.dirty = true
	r.mu.Unlock()

	if err := r.save(); err != nil {
		r.mu.Lock()
		rd := r.file.Device(ref.device)
		rd.Dropped, rd.DroppedEnd, rd.NotKept = before.Dropped, before.DroppedEnd, before.NotKept
		rd.Segments = slices.Insert(slices.Clone(rd.Segments), 0, before.Segments[at])
		r.sealed = slices.Insert(slices.Clone(r.sealed), 0, ref)
		r.mu.Unlock()
		return DroppedSegment{}, fmt.Errorf("drop segment %d of %s: %w", ref.segment, ref.device, err)
	}
	dropped := DroppedSegment{Device: ref.device, Segment: ref.segment}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		dropped.Bytes += files[name].Bytes
		if strings.HasSuffix(name, ExtData) {
			dropped.Samples += files[name].Bytes
		}
		r.leave(name)
	}
	r.removeLeft()
	err := r.Event(Event{Kind: EventSegmentDropped, Device: ref.device, Text: fmt.Sprintf("segment %d, %d bytes", ref.segment, dropped.Bytes)})
	return dropped, err
}

// leave notes a file that is to be removed.
func (r *Run) leave(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = append(r.left, name)
}

// removeLeft removes noted files; those that resist stay noted.
func (r *Run) removeLeft() {
	r.mu.Lock()
	names := r.left
	r.left = nil
	r.mu.Unlock()
	for _, name := range names {
		if err := r.fsys.Remove(r.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.leave(name)
		}
	}
	if len(names) > 0 {
		// run.json says that they are gone: what a crash brings back is removed at the next start.
		_ = r.fsys.SyncDir(r.dir)
	}
}
