package recording

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
)

// errNotAdoptable is within errors that say why a device cannot be adopted.
var errNotAdoptable = errors.New("its journal does not allow to go on without a gap")

func notAdoptable(format string, a ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errNotAdoptable}, a...)...)
}

// adoptable reads the end of a device's journal: up to the latest line with facts of its ring that go with the counts of its streams. What later lines
// say is found again by whoever goes on behind that line.
func (v *inventory) adoptable(rd *RunDevice, boot string) (*Adoptable, error) {
	i := slices.IndexFunc(v.journals, func(j *deviceJournal) bool { return j.prefix == rd.Name })
	if i < 0 {
		return nil, notAdoptable("there is none")
	}
	parts, err := v.lastParts(v.journals[i], rd)
	if err != nil {
		return nil, err
	}
	last, s, err := v.foldRing(rd.Name, parts, math.MaxInt64)
	if err == nil && last.line >= 0 && last.news { // lines behind it are not to count
		end := s
		last, s, err = v.foldRing(rd.Name, parts, last.line)
		if err == nil {
			s.nextSeq, s.parts = end.nextSeq, end.parts
			s.takeUpRest(end, last)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case last.line < 0:
		return nil, notAdoptable("no line tells of a ring")
	case s.fold.bootID != boot || boot == "":
		return nil, notAdoptable("the computer has started anew")
	}
	s.segment, s.line, s.epoch, s.nextPart = last.segment, last.line, last.epoch, parts[len(parts)-1].number+1
	a := &Adoptable{Name: rd.Name, Serial: rd.Serial, Facts: *last.facts, MonoNS: last.monoNS, Streams: map[string]AdoptableStream{}, state: s}
	if err := v.checkAdoptable(a, rd); err != nil {
		return nil, err
	}
	for _, n := range slices.Sorted(keysOf(s.fold.segments)) {
		a.Clocks = append(a.Clocks, s.fold.segments[n].clocks...)
	}
	for _, e := range mergeEpochs(slices.Clone(rd.Epochs), s.fold.epochs) {
		if e.Epoch > last.facts.epoch() {
			continue
		}
		a.Epochs = append(a.Epochs, e)
		if len(a.Epochs) == 1 {
			a.Begun = Timestamp(e.First.UTCNS)
		}
	}
	return a, nil
}

// settled tells whether nothing is left to do for a segment: run.json lists it as sealed, or says that a rule of the plan has removed it. One that it
// does not tell of is not: its lines were safe before run.json was.
func (d *RunDevice) settled(segment int) bool {
	return d.Removed(segment) || slices.ContainsFunc(d.Segments, func(s RunSegment) bool { return s.Segment == segment && sealed(s) })
}

// lastParts finds the parts of the last segment that has any, of the one before it, and of all others that are not settled.
func (v *inventory) lastParts(j *deviceJournal, rd *RunDevice) ([]*partInfo, error) {
	var list []*partInfo
	newest, oldest := -1, math.MaxInt
	for _, s := range rd.Segments {
		if s.State != StateSealed {
			oldest = min(oldest, s.Segment)
		}
	}
	for _, p := range slices.Backward(j.parts) {
		b, err := readHead(v.fs, filepath.Join(v.dir, p.name))
		if err != nil {
			return nil, fmt.Errorf("read journal: %w", err)
		}
		l, err := ParseLine(b)
		s, ok := l.(*JournalState)
		if err != nil || !ok || s.Segment < 0 {
			return nil, notAdoptable("%s does not begin with a state", p.name)
		}
		if err := CheckVersion(s.Format); err != nil {
			return nil, err
		}
		p.state, p.segment = s, s.Segment
		if newest < 0 {
			newest = s.Segment
		}
		if s.Segment < min(newest-1, oldest) && rd.settled(s.Segment) {
			break
		}
		list = append(list, p)
	}
	slices.Reverse(list)
	if len(list) == 0 {
		return nil, notAdoptable("it has no part")
	}
	return list, nil
}

// ringLine is a journal line with facts of the ring.
type ringLine struct {
	line    int64 // its seq; -1: there is none
	segment int
	epoch   int
	monoNS  int64
	facts   *RingFacts
	news    bool // lines behind it tell of more than the end of its segment
}

// foldRing folds parts up to the line of that number, and finds the last line whose ring facts go with what the lines up to it say.
func (v *inventory) foldRing(device string, parts []*partInfo, until int64) (ringLine, *adoptState, error) {
	s := &adoptState{fold: newJournalFold(device), parts: parts}
	last, lastSeq := ringLine{line: -1}, int64(-1)
	for i, p := range parts {
		s.fold.beginPart(p.number, i == 0)
		scan, err := scanPart(v.fs, v.dir, p.name, &lastSeq, func(l Line) error {
			if l.Head().Seq > until {
				return nil
			}
			if err := s.fold.take(l); err != nil {
				return err
			}
			if r, ok := ringFactsOf(l); ok && s.fold.matches(r.segment, r.facts) {
				last = r
				return nil
			}
			switch l := l.(type) {
			case *JournalStream: // what was found out when it was sealed
			case *JournalSeal:
				last.news = last.news || l.Segment != last.segment
			default:
				last.news = true
			}
			return nil
		})
		if err != nil {
			return last, nil, err
		}
		p.scan = scan
		for _, b := range scan.bad {
			if !b.Torn || i < len(parts)-1 {
				return last, nil, notAdoptable("%s is damaged at byte %d", p.name, b.Offset)
			}
		}
	}
	s.nextSeq = lastSeq + 1
	return last, s, nil
}

// ringFactsOf returns the ring facts of a line.
func ringFactsOf(l Line) (ringLine, bool) {
	switch l := l.(type) {
	case *JournalState:
		return ringLine{l.Seq, l.Segment, l.Epoch, l.MonoNS, l.Ring, false}, l.Ring != nil
	case *JournalSync:
		return ringLine{l.Seq, l.Segment, l.Epoch, l.MonoNS, l.Ring, false}, l.Ring != nil && l.OK()
	}
	return ringLine{}, false
}

// matches tells whether ring facts speak of the very samples that the journal has counted so far. Those in the state line of a part may be older.
func (f *journalFold) matches(segment int, facts *RingFacts) bool {
	s := f.segments[segment]
	if s == nil || len(facts.Lanes) != len(s.streams) {
		return false
	}
	for name, t := range s.streams {
		lane, ok := facts.Lanes[name]
		if !ok || t.global == nil && t.n > t.start {
			return false
		}
		size := int64(1)
		if t.global != nil {
			size = int64(t.global.Datatype.Size())
		}
		// At the end of a file the position is the beginning of the next one.
		if at := lane.Pos*size - lane.FileBase; at != (t.n-t.start)*size && at != 0 {
			return false
		}
	}
	return true
}

// checkAdoptable tells what keeps a device from being adopted although its journal tells of its ring.
func (v *inventory) checkAdoptable(a *Adoptable, rd *RunDevice) error {
	s := a.state
	for n, seg := range s.fold.segments {
		sealed := rd.settled(n)
		switch {
		case n > s.segment:
			delete(s.fold.segments, n) // it is written again, from its own samples
			continue
		case n == s.segment && sealed && seg.seal == nil:
			return notAdoptable("segment %d is sealed, and no line tells of the ring since", n)
		case n < s.segment && seg.seal == nil && !sealed:
			return notAdoptable("segment %d has no end", n)
		}
		if sealed && n < s.segment {
			delete(s.fold.segments, n)
			continue
		}
		s.sealed = s.sealed || sealed
		for _, t := range seg.streams {
			if err := v.checkFile(a, seg, t); err != nil {
				return err
			}
		}
	}
	for _, x := range rd.Segments {
		if x.Segment > s.segment && x.State == StateSealed {
			return notAdoptable("segment %d is sealed, and no line tells of the ring since", x.Segment)
		}
	}
	return nil
}

// takeUpRest keeps of the lines behind the one to go on from what stays true: clock pairs, also of segments that are written again.
func (s *adoptState) takeUpRest(end *adoptState, last ringLine) {
	s.again = map[int][]ClockPair{}
	for n, seg := range end.fold.segments {
		switch {
		case n > last.segment:
			s.again[n] = seg.clocks
		case s.fold.segments[n] != nil:
			s.fold.segments[n].clocks = seg.clocks
		}
	}
}

// checkFile looks at one stream of a segment that is not sealed, and notes where that of the last one stands.
func (v *inventory) checkFile(a *Adoptable, seg *segmentFold, t *streamFold) error {
	switch {
	case t.global == nil || t.file == "" || checkGlobal(t.global) != nil || t.firstNext < 0 || len(t.holes) > 0 || t.lost >= 0:
		return notAdoptable("lines of stream %s are missing", t.name)
	case len(t.points) == 0 || t.points[len(t.points)-1].N != t.n:
		return notAdoptable("stream %s has no checksum at its end", t.name)
	}
	have, err := v.fileSize(t.file + ExtData)
	if err != nil {
		return err
	}
	if want := (t.n - t.start) * int64(t.global.Datatype.Size()); have < want {
		return notAdoptable("%s has %d of %d bytes", t.file+ExtData, have, want)
	}
	slices.SortStableFunc(t.captures, func(x, y Capture) int { return cmp.Compare(x.SampleStart, y.SampleStart) })
	if seg.number == a.state.segment {
		a.Streams[t.name] = AdoptableStream{Samples: t.n, Next: deviceIndexAt(t.captures, t.n, t), Captures: t.captures}
	}
	return nil
}

// Epoch is the device's latest epoch; -1: none has begun.
func (a *Adoptable) Epoch() int { return a.Facts.epoch() }

// epoch is the device's latest epoch at these facts; -1: none has begun.
func (r *RingFacts) epoch() int {
	if r.Epoch == nil {
		return -1
	}
	return *r.Epoch
}
