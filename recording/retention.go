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

// setSealed notes a finished segment; the next save tells of it. It reports false when the segment is not there any more.
func (r *Run) setSealed(device string, segment int, files map[string]FileSum) (found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rd := r.file.Device(device)
	for i := range rd.Segments {
		s := &rd.Segments[i]
		if s.Segment != segment {
			continue
		}
		found = true
		if s.State == StateSealed {
			continue
		}
		rd.Segments = slices.Clone(rd.Segments)
		rd.Segments[i] = RunSegment{Segment: segment, State: StateSealed, Files: files}
		if rd.Segments[i].tells() {
			rd.DroppedEnd = nil
		}
		r.sealed = insertSealed(r.sealed, segmentRef{device, segment})
		r.dirty = true
	}
	return found
}

func sealed(s RunSegment) bool { return s.State == StateSealed }

// insertSealed puts a segment into a list of sealed ones, before later ones of its device: one that was opened once more is not the newest. The list itself
// stays as it is.
func insertSealed(list []segmentRef, ref segmentRef) []segmentRef {
	at := slices.IndexFunc(list, func(s segmentRef) bool { return s.device == ref.device && s.segment > ref.segment })
	if at < 0 {
		return append(list, ref)
	}
	return slices.Insert(slices.Clip(list), at, ref)
}

// DropOldest removes the segment that was sealed first, of all devices, but none behind an open one of its device: first run.json says so, then its
// files go, journal parts and tables included. The samples count as not_kept. A file that cannot be removed now, as it is open elsewhere, is tried again
// by later calls and by Close and is no error. Without such a segment it is [ErrNothingToDrop].
func (r *Run) DropOldest() (DroppedSegment, error) {
	r.dropMu.Lock()
	defer r.dropMu.Unlock()
	r.mu.Lock()
	oldest := slices.IndexFunc(r.sealed, func(ref segmentRef) bool { // one behind a segment that was opened once more has to wait
		rd := r.file.Device(ref.device)
		return rd != nil && len(rd.Segments) > 0 && rd.Segments[0].Segment == ref.segment
	})
	if oldest < 0 {
		r.mu.Unlock()
		return DroppedSegment{}, ErrNothingToDrop
	}
	ref := r.sealed[oldest]
	rd := r.file.Device(ref.device)
	files := rd.Segments[0].Files
	var end *DroppedEnd
	if last := rd.Segments[0]; !slices.ContainsFunc(rd.Segments[1:], RunSegment.tells) {
		was := rd.DroppedEnd
		r.mu.Unlock()
		end = r.endOf(ref.device, &last, was)
		r.mu.Lock()
		rd = r.file.Device(ref.device) // dropMu: nobody else takes it away, or opens it once more
		if slices.ContainsFunc(rd.Segments[1:], RunSegment.tells) {
			end = nil
		}
	}
	before := *rd
	rd.Segments = slices.Clone(rd.Segments[1:])
	rd.Dropped = RunDropped{Segments: rd.Dropped.Segments + 1, Through: max(rd.Dropped.Through, ref.segment)}
	rd.DroppedEnd = end
	rd.NotKept = slices.DeleteFunc(slices.Clone(rd.NotKept), func(n RunNotKept) bool { return n.Last <= ref.segment })
	r.sealed = slices.DeleteFunc(slices.Clone(r.sealed), func(x segmentRef) bool { return x == ref })
	r.dirty = true
	r.mu.Unlock()

	if err := r.save(); err != nil {
		r.mu.Lock()
		rd := r.file.Device(ref.device)
		rd.Dropped, rd.DroppedEnd, rd.NotKept = before.Dropped, before.DroppedEnd, before.NotKept
		rd.Segments = slices.Insert(slices.Clone(rd.Segments), 0, before.Segments[0])
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
