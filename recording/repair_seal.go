package recording

import (
	"errors"
	"fmt"
	"os"
	"slices"
)

// seal completes everything that is derived from journal and samples of a segment, and notes the segment for run.json.
func (r *repairer) seal(d *repairDevice, fold *segmentFold, streams []*streamRepair) error {
	for _, s := range streams {
		s.global.GapAfter = nil
		if gap, ok := fold.seal.GapAfter[s.t.name]; ok {
			s.global.GapAfter = &gap
		}
	}
	return r.sealFiles(d, fold.number, streams, fold)
}

// sealFiles writes tables, overviews, clock pairs and metas of a segment. fold is nil when there is no journal.
func (r *repairer) sealFiles(d *repairDevice, n int, streams []*streamRepair, fold *segmentFold) error {
	entry := RunSegment{Segment: n, State: StateSealed, Files: map[string]FileSum{}}
	for _, s := range streams {
		if err := r.sealStream(s); err != nil {
			return fmt.Errorf("seal %s segment %d: %w", s.t.name, n, err)
		}
		for name, sum := range s.files {
			entry.Files[name] = sum
		}
	}
	if fold != nil {
		if err := r.sealClock(d, fold, streams, entry.Files); err != nil {
			return err
		}
	}
	if d.journal != nil {
		for _, p := range d.journal.parts {
			if p.segment != n {
				continue
			}
			sum, err := sumFile(r.fs, r.path(p.name))
			if err != nil {
				return err
			}
			entry.Files[p.name] = sum
		}
	}
	if err := r.fs.SyncDir(r.dir); err != nil {
		return err
	}
	r.report.Changed = true
	r.report.Sealed = append(r.report.Sealed, fmt.Sprintf("%s %d", d.name, n))
	r.done[segmentRef{d.name, n}] = true
	d.seal(r.runNew.Device(d.name), entry)
	r.sealed = append(r.sealed, streams...)
	return nil
}

// seal puts a segment into the list of a device.
func (d *repairDevice) seal(rd *RunDevice, entry RunSegment) {
	i, found := slices.BinarySearchFunc(rd.Segments, entry.Segment, func(s RunSegment, n int) int { return s.Segment - n })
	if found {
		rd.Segments[i] = entry
		return
	}
	rd.Segments = slices.Insert(rd.Segments, i, entry)
}

func (r *repairer) sealStream(s *streamRepair) error {
	s.files[s.base+ExtData] = FileSum{Bytes: (s.end - s.t.start) * s.size, CRC32C: s.crc}
	if s.t.points == nil || s.have < s.end { // no journal, or the file is short for good: it is listed as it is
		sum, err := sumFile(r.fs, r.path(s.base+ExtData))
		if err != nil {
			return err
		}
		s.files[s.base+ExtData] = sum
		if s.listed != nil { // also when the samples are no longer so: verify goes on to tell
			s.files[s.base+ExtData] = *s.listed
		}
	}
	if err := r.sealOverview(s); err != nil { // takes the SHA-512 on its way
		return err
	}
	m := Meta{Global: s.global, Captures: s.captures, Annotations: s.annotations}
	m.Global.State, m.Global.CapturesTable, m.Global.AnnotationsTable = StateSealed, nil, nil
	var err error
	if m.Captures, m.Global.CapturesTable, err = sealTable(r, s, m.Captures, ExtCaptures, CaptureDescr, AppendCaptureRow); err != nil {
		return err
	}
	if m.Annotations, m.Global.AnnotationsTable, err = sealTable(r, s, m.Annotations, ExtAnnotations, AnnotationDescr, AppendAnnotationRow); err != nil {
		return err
	}
	b, err := m.Encode()
	if err != nil {
		return err
	}
	return r.replace(s.files, s.base+ExtMeta, b)
}

// replace writes a derived file durably, unless it is there as it should be, and notes its checksum.
func (r *repairer) replace(files map[string]FileSum, name string, b []byte) error {
	files[name] = FileSum{Bytes: int64(len(b)), CRC32C: UpdateChecksum(0, b)}
	if have, err := sumFile(r.fs, r.path(name)); err == nil && have == files[name] {
		return nil
	}
	if err := writeFile(r.fs, r.dir, name, b, true); err != nil {
		return err
	}
	r.rebuilt(name)
	return nil
}

func (r *repairer) rebuilt(name string) {
	r.report.Rebuilt = append(r.report.Rebuilt, name)
	r.report.Changed = true
}

// sealTable writes the entries that a meta does not list itself to a table, and returns those it lists.
func sealTable[T any](r *repairer, s *streamRepair, list []T, ext, descr string, appendRow func([]byte, T) []byte) ([]T, *TableRef, error) {
	name := s.base + ext
	if len(list) <= MaxListed {
		if r.exists(name) {
			return list, nil, r.remove(name)
		}
		return list, nil, nil
	}
	rest := list[MaxListed:]
	w, err := r.newTable(name)
	if err != nil {
		return nil, nil, err
	}
	var row []byte
	for _, v := range rest {
		row = appendRow(row[:0], v)
		w.row(row)
	}
	if s.files[name], err = w.finish(descr); err != nil {
		return nil, nil, err
	}
	r.rebuilt(name)
	return list[:MaxListed], &TableRef{File: name, Rows: int64(len(rest))}, nil
}

// tableWriter writes a table under a temporary name.
type tableWriter struct {
	r    *repairer
	name string
	f    File
	buf  []byte
	at   int64
	rows int64
	err  error
}

func (r *repairer) newTable(name string) (*tableWriter, error) {
	f, err := r.fs.OpenFile(r.path(TempName(name)), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, err
	}
	return &tableWriter{r: r, name: name, f: f, at: NpyDataStart}, nil
}

func (w *tableWriter) row(b []byte) {
	w.buf = append(w.buf, b...)
	w.rows++
	if len(w.buf) >= 64<<10 {
		w.flush()
	}
}

func (w *tableWriter) flush() {
	if w.err == nil && len(w.buf) > 0 {
		_, w.err = w.f.WriteAt(w.buf, w.at)
	}
	w.at += int64(len(w.buf))
	w.buf = w.buf[:0]
}

// finish gives the table its header and its name.
func (w *tableWriter) finish(descr string) (FileSum, error) {
	w.flush()
	if w.err == nil {
		_, w.err = w.f.WriteAt(NpyHeader(descr, w.rows), 0)
	}
	if w.err == nil {
		w.err = w.f.DataSync()
	}
	var sum FileSum
	if w.err == nil {
		sum, w.err = checksumFile(w.f)
	}
	if err := errors.Join(w.err, w.f.Close()); err != nil {
		return sum, fmt.Errorf("write %s: %w", w.name, err)
	}
	return sum, w.r.fs.Rename(w.r.path(TempName(w.name)), w.r.path(w.name))
}

// drop takes the table back.
func (w *tableWriter) drop() error {
	return errors.Join(w.f.Close(), w.r.fs.Remove(w.r.path(TempName(w.name))))
}

// sealOverview makes the overview of a stream anew.
func (r *repairer) sealOverview(s *streamRepair) error {
	var tables [OverviewLevels]*tableWriter
	var err error
	rows := newOverviewRows(s.global.Datatype, s.captures, func(level int, row []byte) {
		if tables[level] == nil && err == nil {
			tables[level], err = r.newTable(OverviewName(s.base, level))
		}
		if tables[level] != nil {
			tables[level].row(row)
		}
	})
	visits := []func(int64, []byte){rows.visit}
	sha := r.newHash(s)
	if sha != nil {
		visits = append(visits, sha.visit)
	}
	readErr := readItems(r.ctx, r.fs, r.path(s.base+ExtData), int(s.size), s.t.start, min(s.have, s.end)-s.t.start, visits...)
	if sha != nil && readErr == nil {
		s.global.SHA512 = sha.hex()
	}
	levels := rows.end()
	err = firstError(readErr, err)
	for level, w := range tables {
		name := OverviewName(s.base, level)
		switch {
		case w == nil:
			// Of samples that are missing it is all that is left; where there are none it tells of what was cut off.
			if err == nil && r.exists(name) && (rows.rows[0] > 0 || s.end == s.t.start) {
				err = r.remove(name)
			}
		case level >= levels || err != nil:
			err = firstError(err, w.drop())
			if err == nil && r.exists(name) {
				err = r.remove(name)
			}
		default:
			if s.files[name], err = w.finish(OverviewDescr(s.global.Datatype)); err == nil {
				r.rebuilt(name)
			}
		}
	}
	return err
}

// sealClock makes the file of clock pairs anew from the journal.
func (r *repairer) sealClock(d *repairDevice, fold *segmentFold, streams []*streamRepair, files map[string]FileSum) error {
	rotated := fold.number > 0
	for _, s := range streams {
		rotated = rotated || s.base != s.t.name
	}
	name := ClockName(d.name, fold.number, rotated)
	if len(fold.clocks) == 0 {
		if r.exists(name) {
			return r.remove(name)
		}
		return nil
	}
	return r.replace(files, name, encodeClock(fold.clocks))
}
