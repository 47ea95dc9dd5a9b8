package recording

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// deviceJournal is the journal of one device as found on disk.
type deviceJournal struct {
	prefix string // of the names of its parts
	parts  []*partInfo
	fold   *journalFold
	// whole is called for a segment when all of its parts have been read, where that is known before the end; nil: nobody wants to know.
	whole func(*segmentFold)
	// removed tells of segments of which nothing is there any more, with their parts; nil: there are none.
	removed func(segment int) bool
}

// partInfo is one journal part.
type partInfo struct {
	name    string
	number  int
	state   *JournalState // first line; nil when it is damaged
	scan    *partScan     // nil when the part was not read
	segment int           // -1 when no line tells
}

// groupParts finds the journal parts among the names of a folder, by prefix and in order.
func groupParts(names []string) []*deviceJournal {
	var list []*deviceJournal
	for _, name := range names {
		prefix, number, ok := parsePartName(name)
		if !ok || name[0] == '.' {
			continue
		}
		i := slices.IndexFunc(list, func(d *deviceJournal) bool { return d.prefix == prefix })
		if i < 0 {
			i = len(list)
			list = append(list, &deviceJournal{prefix: prefix})
		}
		list[i].parts = append(list[i].parts, &partInfo{name: name, number: number, segment: -1})
	}
	for _, d := range list {
		slices.SortFunc(d.parts, func(a, b *partInfo) int { return cmp.Compare(a.number, b.number) })
	}
	return list
}

// peek reads the first line of each part, so that only the parts that matter are read whole. A first line that contradicts the ones before counts
// as damaged.
func (d *deviceJournal) peek(fsys FS, dir string) error {
	fold := newJournalFold(d.prefix)
	for _, p := range slices.Clone(d.parts) {
		b, err := readHead(fsys, filepath.Join(dir, p.name))
		if missing(err) { // dropped meanwhile
			d.parts = slices.DeleteFunc(d.parts, func(q *partInfo) bool { return q == p })
			continue
		}
		if err != nil {
			return fmt.Errorf("read journal: %w", err)
		}
		l, err := ParseLine(b)
		if s, ok := l.(*JournalState); err == nil && ok {
			if err := CheckVersion(s.Format); err != nil {
				return fmt.Errorf("journal %s: %w", p.name, err)
			}
			fold.beginPart(p.number, false)
			if fold.checkState(s) == nil {
				fold.state(s)
				p.state, p.segment = s, s.Segment
			}
		}
	}
	return nil
}

// readHead returns the first line of a file, newline included, or what there is of one.
func readHead(fsys FS, path string) ([]byte, error) {
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for n := 4 << 10; ; n *= 4 {
		b := make([]byte, min(n, MaxLineBytes))
		k, err := f.ReadAt(b, 0)
		if err != nil && err != io.EOF {
			return nil, err
		}
		b = b[:k]
		if i := slices.Index(b, '\n'); i >= 0 {
			return b[:i+1], nil
		}
		if k < min(n, MaxLineBytes) || n >= MaxLineBytes {
			return b, nil
		}
	}
}

// read goes through the parts whose first line want accepts, and through parts whose first line is damaged, and folds them. After peek.
func (d *deviceJournal) read(fsys FS, dir string, want func(*JournalState) bool) error {
	d.fold = newJournalFold(d.prefix)
	lastSeq, skipped := int64(-1), true
	for i, p := range d.parts {
		if i > 0 && d.removedBetween(d.parts[i-1], p) {
			lastSeq, skipped = -1, true
		}
		if p.state != nil && !want(p.state) {
			lastSeq, skipped = -1, true
			d.fold.run = p.state.Run
			continue
		}
		d.fold.beginPart(p.number, skipped)
		scan, err := scanPart(fsys, dir, p.name, &lastSeq, d.fold.take)
		if missing(err) { // dropped meanwhile
			lastSeq, skipped = -1, true
			continue
		}
		if err != nil {
			return err
		}
		p.scan, skipped = scan, false
		if d.fold.cur != nil {
			p.segment = d.fold.cur.number
		}
		if d.whole != nil {
			d.tellWhole(p)
		}
	}
	return nil
}

// tellWhole tells of the segment of a part that was read when no part behind it can be of the same segment.
func (d *deviceJournal) tellWhole(p *partInfo) {
	seg := d.fold.segments[p.segment]
	if i := slices.Index(d.parts, p); seg == nil || slices.ContainsFunc(d.parts[i+1:], func(q *partInfo) bool { return q.state == nil || q.segment == p.segment }) {
		return
	}
	d.whole(seg)
}

// removedBetween tells whether the parts between two were removed with their segments: then the numbers of lines jump.
func (d *deviceJournal) removedBetween(a, b *partInfo) bool {
	if d.removed == nil || b.number == a.number+1 || a.segment < 0 || b.segment < 0 {
		return false
	}
	for n := a.segment + 1; n < b.segment; n++ {
		if d.removed(n) {
			return true
		}
	}
	return false
}
