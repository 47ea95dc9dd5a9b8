package recording

import (
	"os"
	"path/filepath"
	"slices"
)

// entryList holds the captures or annotations of one stream and segment: the first MaxListed in memory, for the meta, the others in a
// table. Entries are placed first, which writes table rows, and count once they are applied, behind the journal's sync.
type entryList[T any] struct {
	fsys    FS
	path    string
	descr   string
	rowSize int64
	encode  func([]byte, T) []byte
	start   func(T) int64 // its place in the stream

	listed []T
	count  int64 // entries applied
	f      File
	placed []placedEntry[T]
	added  int64  // entries placed behind count
	cache  []byte // the first cached entries of listed as JSON, sorted by place, without the bracket at the end; nil: none
	cached int
	tail   int64   // place of the last of them
	again  []T     // entries of the table whose rows are lost, from its first on
	unsure bool    // a sync of the table failed, which may have dropped any row
	sum    FileSum // of the complete table, known when bytes of it are
}

type placedEntry[T any] struct {
	at int64
	v  T
}

// add places a new entry at the end and returns its number.
func (l *entryList[T]) add(v T) int64 {
	at := l.count + l.added
	l.added++
	l.set(at, v)
	return at
}

// set places an entry in the room of another one.
func (l *entryList[T]) set(at int64, v T) { l.placed = append(l.placed, placedEntry[T]{at, v}) }

// writeRows writes what was placed beyond the meta's share to the table. Repeating it writes the same rows to the same place.
func (l *entryList[T]) writeRows() error {
	if err := l.writeAgain(); err != nil {
		return err
	}
	var buf []byte
	start, next := int64(0), int64(-1)
	put := func() error {
		if len(buf) == 0 {
			return nil
		}
		_, err := l.f.WriteAt(buf, NpyDataStart+(start-MaxListed)*l.rowSize)
		buf = buf[:0]
		return err
	}
	for _, p := range l.placed {
		if p.at < MaxListed {
			continue
		}
		if l.f == nil {
			if err := l.create(); err != nil {
				return err
			}
		}
		if p.at != next {
			if err := put(); err != nil {
				return err
			}
			start = p.at
		}
		buf = l.encode(buf, p.v)
		next = p.at + 1
	}
	return put()
}

// writeAgain writes rows that are lost.
func (l *entryList[T]) writeAgain() error {
	if len(l.again) == 0 {
		return nil
	}
	if l.f == nil {
		if err := l.create(); err != nil {
			return err
		}
	}
	var buf []byte
	for _, v := range l.again {
		buf = l.encode(buf, v)
	}
	if _, err := l.f.WriteAt(buf, NpyDataStart); err != nil {
		return err
	}
	l.again = nil
	return nil
}

func (l *entryList[T]) create() error {
	f, err := l.fsys.OpenFile(l.path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(NpyHeader(l.descr, 0), 0); err != nil {
		_ = f.Close() // the write's error tells more
		return err
	}
	l.f = f
	return nil
}

// forget takes back what was placed and not applied.
func (l *entryList[T]) forget() { l.placed, l.added = nil, 0 }

// apply lets what was placed count.
func (l *entryList[T]) apply() {
	for _, p := range l.placed {
		if p.at >= MaxListed {
			continue
		}
		if p.at < int64(len(l.listed)) {
			if p.at < int64(l.cached) {
				l.cache, l.cached = nil, 0
			}
			l.listed[p.at] = p.v
		} else {
			l.listed = append(l.listed, p.v)
		}
	}
	l.count += l.added
	l.forget()
}

// encoded returns the list of the meta, sorted by place. What was encoded before is made again only when an entry lies before one of those, which is
// rare.
func (l *entryList[T]) encoded() ([]byte, error) {
	byPlace := func(a, b T) int { return compare(l.start(a), l.start(b)) }
	fresh := l.listed[l.cached:]
	if !slices.IsSortedFunc(fresh, byPlace) || len(fresh) > 0 && l.cached > 0 && l.start(fresh[0]) < l.tail {
		l.cache, l.cached = nil, 0
		fresh = slices.Clone(l.listed)
		slices.SortStableFunc(fresh, byPlace)
	}
	b, err := appendList(l.cache, fresh)
	if err != nil {
		return nil, err
	}
	if l.cache, l.cached = b, len(l.listed); len(fresh) > 0 {
		l.tail = l.start(fresh[len(fresh)-1])
	}
	return append(b[:len(b):len(b)], ']'), nil
}

func (l *entryList[T]) rows() int64 { return max(l.count-MaxListed, 0) }

// writeHeader corrects the shape in the table's header.
func (l *entryList[T]) writeHeader() error {
	if l.f == nil {
		return nil
	}
	_, err := l.f.WriteAt(NpyHeader(l.descr, l.rows()), 0)
	return err
}

// ref is what the meta says of the table, nil without one.
func (l *entryList[T]) ref() *TableRef {
	if l.rows() == 0 {
		return nil
	}
	return &TableRef{File: filepath.Base(l.path), Rows: l.rows()}
}

// seal completes the table, cut to its rows, makes it durable and notes its checksum.
func (l *entryList[T]) seal(sums map[string]FileSum) error {
	if err := l.writeAgain(); err != nil {
		return err
	}
	if l.f == nil {
		return nil
	}
	if err := firstError(l.writeHeader(), l.f.Truncate(NpyDataStart+l.rows()*l.rowSize)); err != nil {
		return err
	}
	if l.sum.Bytes == 0 { // what is read before the sync are the rows as they were written
		sum, err := checksumFile(l.f)
		if err != nil {
			return err
		}
		l.sum = sum
	}
	if err := syncWhole(l.f, l.sum, &l.unsure); err != nil {
		return err
	}
	sums[filepath.Base(l.path)] = l.sum
	return nil
}

func (l *entryList[T]) close() error {
	if l.f == nil {
		return nil
	}
	err := l.f.Close()
	l.f = nil
	return err
}
