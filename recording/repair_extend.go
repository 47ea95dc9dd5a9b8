package recording

import "slices"

// extend takes back samples at the end of a stream whose journal lines are lost, but that something else tells of: run.json, which lists a sealed file
// with its checksum; a later segment, which begins behind them; a seal, be it only that of the meta, before which the file got its length. Those
// without a checksum become unverified. After a crash alone none of these tells of more than the journal does.
func (r *repairer) extend(s *streamRepair, m *loadedMeta, segment int) error {
	t := s.t
	point := syncPoint{N: t.n}
	if sum, ok := r.listedData(s, segment); ok && t.start+sum.Bytes/s.size > point.N {
		point = syncPoint{N: t.start + sum.Bytes/s.size, CRC: sum.CRC32C, OK: true}
	}
	next, later := r.nextStart(t.name, segment)
	switch {
	case later && next > point.N:
		point = syncPoint{N: next}
	case !later && !point.OK && (t.lost >= 0 || m != nil && m.global.State == StateSealed):
		point.N = max(point.N, t.start+s.items)
	}
	if point.N <= t.n || point.N-t.start > maxItems {
		return nil
	}
	if !point.OK {
		crc, err := r.extendCRC(s, point.N)
		if err != nil {
			return err
		}
		s.unvouched = span{t.n, point.N}
		point.CRC, point.OK = crc, true
	}
	t.holes = append(t.holes, journalHole{span{t.n, point.N}, t.lost})
	t.points, t.n, t.lost = append(t.points, point), point.N, -1
	s.extended = true
	return nil
}

// listedData returns what run.json says of the samples of a sealed segment.
func (r *repairer) listedData(s *streamRepair, segment int) (FileSum, bool) {
	e := r.entry(s.global.Device, segment)
	if e == nil || e.State != StateSealed {
		return FileSum{}, false
	}
	sum, ok := e.Files[s.base+ExtData]
	return sum, ok && sum.Bytes >= 0
}

// extendCRC goes on with the checksum of the last point up to stream index end, or the end of the file.
func (r *repairer) extendCRC(s *streamRepair, end int64) (Checksum, error) {
	from, crc := s.t.start, Checksum(0)
	if k := len(s.t.points); k > 0 {
		from, crc = s.t.points[k-1].N, s.t.points[k-1].CRC
	}
	items := min(end-s.t.start, s.items)
	if items == 0 {
		return crc, nil
	}
	err := readItems(r.ctx, r.fs, r.path(s.base+ExtData), int(s.size), s.t.start, items, func(at int64, p []byte) {
		skip := min(max(from-at, 0), int64(len(p))/s.size) * s.size
		crc = UpdateChecksum(crc, p[skip:])
	})
	return crc, err
}

// nextStart returns the stream index at which the next segment of a stream begins. ok is false when there is none.
func (r *repairer) nextStart(stream string, segment int) (start int64, ok bool) {
	number := 0
	take := func(n int, first int64) {
		if n > segment && (!ok || n < number) {
			number, start, ok = n, first, true
		}
	}
	for _, m := range r.metas {
		if m.global.Stream == stream {
			take(m.global.Segment, m.global.Start)
		}
	}
	for _, j := range r.journals {
		if j.fold == nil {
			continue
		}
		for n, f := range j.fold.segments {
			if t := f.streams[stream]; t != nil {
				take(n, t.start)
			}
		}
	}
	return start, ok
}

// addLost adds what only the meta knows of the holes in the journal: captures and annotations whose lines are lost.
func (s *streamRepair) addLost(m *loadedMeta) {
	if m == nil || len(s.t.holes) == 0 {
		return
	}
	known := len(s.captures)
	s.captures = addMissing(s.captures, m.captures, s.t.n)
	s.added = slices.Clone(s.captures[known:])
	for _, a := range m.annotations {
		inHole := slices.ContainsFunc(s.t.holes, func(h journalHole) bool { return a.SampleStart < h.To && a.End() > h.From })
		told := slices.ContainsFunc(s.annotations, func(b Annotation) bool {
			return b.Joins(a) && b.SampleStart <= a.SampleStart && b.End() >= a.End()
		})
		if !inHole || told || a.End() > s.t.n {
			continue
		}
		// What the journal knows of it are pieces.
		s.annotations = slices.DeleteFunc(s.annotations, func(b Annotation) bool {
			return a.Joins(b) && a.SampleStart <= b.SampleStart && a.End() >= b.End()
		})
		s.annotations, s.news = append(s.annotations, a), append(s.news, a)
	}
}
