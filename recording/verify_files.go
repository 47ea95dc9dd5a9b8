package recording

import (
	"bytes"
	"os"
	"slices"
	"strings"
)

// sealedFiles checks what run.json lists, and what is derived for a whole device or run.
func (v *verifier) sealedFiles() {
	v.clockFiles()
	if v.run == nil {
		return
	}
	for i := range v.run.Devices {
		d := &v.run.Devices[i]
		if len(d.Segments) > 0 {
			v.segmentList(d)
		}
	}
	v.eventsFile()
	if v.run.State != StateRecording {
		v.collection()
	}
}

// segmentList checks the files of a device's sealed segments against their checksums.
func (v *verifier) segmentList(d *RunDevice) {
	for _, s := range d.Segments {
		if d.Removed(s.Segment) {
			continue
		}
		if s.State != StateSealed {
			if v.run.State != StateRecording {
				v.report.problem(FileRun, "device %s: segment %d is not sealed, but the run is", d.Name, s.Segment)
			}
			continue
		}
		for _, name := range slices.Sorted(keysOf(s.Files)) {
			v.listedFile(name, s.Files[name])
		}
		for _, t := range v.rec.streams {
			for _, g := range t.segments {
				if g.Global.Device != d.Name || g.Number != s.Segment {
					continue
				}
				if _, ok := s.Files[g.DataFile()]; !ok {
					v.report.problem(FileRun, "segment %d is sealed, but %s is not in its list", s.Segment, g.DataFile())
				}
				if g.Source != SourceMeta && v.metaErrs[g.Base+ExtMeta] == nil {
					v.report.problem(g.Base+ExtMeta, "segment %d is sealed, but this meta is missing or not", s.Segment)
				}
			}
		}
	}
}

// listedFile compares one file with length and checksum in run.json. Damage of sample files is told range by range elsewhere; here they
// only have to agree with the list.
func (v *verifier) listedFile(name string, want FileSum) {
	if !plainName(name) {
		v.report.problem(FileRun, "%q is no name of a file", name)
		return
	}
	if strings.HasSuffix(name, ExtData) {
		have, ok := v.sums[name]
		if !ok && !v.has(name) {
			return // told as missing samples, or as a stream without meta
		}
		if ok && have.Bytes == want.Bytes && have.CRC32C == want.CRC32C {
			return
		}
		if ok && v.damagedFile(name) {
			return
		}
		v.report.problem(name, "%d bytes with checksum %s are not the %d bytes with checksum %s in %s", have.Bytes, have.CRC32C, want.Bytes, want.CRC32C, FileRun)
		return
	}
	have, err := sumFile(v.fs, v.path(name))
	switch {
	case missing(err):
		v.report.problem(name, "the file is missing")
	case err != nil:
		v.report.problem(name, "%v", err)
	case have != want:
		v.report.problem(name, "%d bytes with checksum %s are not the %d bytes with checksum %s in %s", have.Bytes, have.CRC32C, want.Bytes, want.CRC32C, FileRun)
	}
}

func (v *verifier) damagedFile(name string) bool {
	return slices.ContainsFunc(v.report.Damage(), func(d Damage) bool { return d.File == name && d.Kind != DamageProof })
}

// sumFile returns length and checksum of a file.
func sumFile(fsys FS, path string) (FileSum, error) {
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return FileSum{}, err
	}
	defer f.Close()
	return checksumFile(f)
}

// encodeClock returns the content of a file of clock pairs.
func encodeClock(pairs []ClockPair) []byte {
	b := []byte(ClockHeader)
	for _, p := range pairs {
		b = AppendClockLine(b, p)
	}
	return b
}

// clockFiles compares the clock pairs of sealed segments with their journals.
func (v *verifier) clockFiles() {
	for _, d := range v.journals {
		for _, n := range slices.Sorted(keysOf(d.fold.segments)) {
			seg := d.fold.segments[n]
			if seg.seal == nil || !v.segmentSealed(d.fold.device, n) || segmentHoles(seg) {
				continue
			}
			name := ClockName(d.fold.device, n, seg.rotated())
			want := encodeClock(seg.clocks)
			have, err := v.fs.ReadFile(v.path(name))
			switch {
			case missing(err) && len(seg.clocks) == 0:
			case err != nil:
				v.report.problem(name, "%v", err)
			case !bytes.Equal(have, want):
				v.report.problem(name, "its clock pairs are not the %d of the journal", len(seg.clocks))
			}
		}
	}
}

func segmentHoles(seg *segmentFold) bool {
	for _, t := range seg.streams {
		if len(t.holes) > 0 {
			return true
		}
	}
	return false
}

// segmentSealed tells whether all metas of a segment of a device are sealed.
func (v *inventory) segmentSealed(device string, segment int) bool {
	found := false
	for _, m := range v.metas {
		if m.global.Device == device && m.global.Segment == segment {
			if m.global.State != StateSealed {
				return false
			}
			found = true
		}
	}
	return found
}

// rotated tells from the names of its files whether a segment belongs to a rotated run.
func (s *segmentFold) rotated() bool {
	for _, t := range s.streams {
		if t.file != "" {
			return t.file != t.name
		}
	}
	return s.number > 0
}

// eventsFile checks the lines of events.jsonl.
func (v *verifier) eventsFile() {
	b, err := v.fs.ReadFile(v.path(FileEvents))
	if err != nil {
		v.report.problem(FileEvents, "%v", err)
		return
	}
	_, bad := parseEvents(b)
	for i, e := range bad {
		if i == len(bad)-1 && e.Torn && v.run.Events == nil {
			v.report.note("%s: %d bytes at the end are no complete line", FileEvents, e.Bytes)
			continue
		}
		v.report.problem(FileEvents, "%d bytes at byte %d are no valid line: %v", e.Bytes, e.Offset, e.Err)
	}
	if sum := v.run.Events; sum != nil {
		have := FileSum{Bytes: int64(len(b)), CRC32C: UpdateChecksum(0, b)}
		if have != *sum {
			v.report.problem(FileEvents, "%d bytes with checksum %s are not the %d bytes with checksum %s in %s", have.Bytes, have.CRC32C, sum.Bytes, sum.CRC32C, FileRun)
		}
	}
}

// parseEvents returns the valid lines of events.jsonl and what is none.
func parseEvents(b []byte) (events []Event, bad []BadLine) {
	end, seq := int64(0), int64(-1)
	// A reader over memory does not fail.
	_ = eachLine(bytes.NewReader(b), int64(len(b)), func(line []byte, off, n int64) {
		err := error(errLineTooBig)
		var e *Event
		if line != nil {
			e, err = ParseEvent(line)
		}
		if err == nil && (e.Seq <= seq || e.Seq > maxSeq) {
			err = errSeq
		}
		if err != nil {
			bad = append(bad, BadLine{File: FileEvents, Offset: off, Bytes: n, Err: err})
			return
		}
		events, end, seq = append(events, *e), off+n, e.Seq
	})
	for i := range bad {
		bad[i].Torn = bad[i].Offset >= end
	}
	return events, bad
}

// totals compares the totals of run.json with the streams, once the run is sealed.
func (v *verifier) totals() {
	if v.run == nil || v.run.State == StateRecording {
		return
	}
	for i := range v.run.Devices {
		d := &v.run.Devices[i]
		for _, t := range d.Streams {
			s := v.rec.Stream(t.Name)
			if s == nil {
				if t.Recorded > 0 && !d.removedAny() {
					v.report.problem(FileRun, "stream %s of %d samples is missing", t.Name, t.Recorded)
				}
				continue
			}
			if have := s.End() + s.segments[len(s.segments)-1].Missing; have < t.Recorded {
				v.lostEnd(s, have, t)
			} else if have > t.Recorded {
				v.report.problem(FileRun, "stream %s has %d samples, but %d are told of", t.Name, have, t.Recorded)
			}
		}
	}
}

// lostEnd reports that a stream ends before run.json says, unless that is told already.
func (v *verifier) lostEnd(s *Stream, have int64, t RunStream) {
	for i := range v.report.Streams {
		if r := &v.report.Streams[i]; r.Name == s.name {
			if slices.ContainsFunc(r.Damage, func(d Damage) bool { return d.Kind == DamageMissing && d.To >= t.Recorded }) {
				return
			}
		}
	}
	v.report.problem(FileRun, "stream %s has %d samples, but %d are told of", t.Name, have, t.Recorded)
}

// collection checks that the collection names all metas as they are.
func (v *verifier) collection() {
	metas := map[string][]byte{}
	for _, m := range v.metas {
		b, err := v.fs.ReadFile(v.path(m.base + ExtMeta))
		if err != nil {
			return // told by the list of files
		}
		metas[m.base+ExtMeta] = b
	}
	want, err := NewCollection(metas).Encode()
	if err != nil {
		v.report.problem(FileCollection, "%v", err)
		return
	}
	have, err := v.fs.ReadFile(v.path(FileCollection))
	switch {
	case err != nil:
		v.report.problem(FileCollection, "%v", err)
	case !bytes.Equal(have, want):
		v.report.problem(FileCollection, "it does not name the recordings as they are")
	}
}
