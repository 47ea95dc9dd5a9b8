package recording

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// The pyramid of an overview.
const (
	OverviewLevels   = 6    // levels 0 to 5
	OverviewBin      = 1024 // samples of device index in a bin of level 0
	OverviewFactor   = 16   // bins of one level in a bin of the next
	OverviewNextRows = 4096 // rows of a level from which on the next one exists
)

// OverviewBinSize returns the device indexes that a bin of a level covers.
func OverviewBinSize(level int) int64 { return OverviewBin << (4 * level) }

// OverviewRowSize returns the bytes of an overview row of that type.
func OverviewRowSize(t Datatype) int { return 12 + 2*t.Size() }

// OverviewDescr returns the list of fields of an overview of that type.
func OverviewDescr(t Datatype) string {
	return fmt.Sprintf("[('bin', '<u8'), ('min', '%[1]s'), ('max', '%[1]s'), ('n', '<u4')]", t.Descr())
}

// OverviewRow is one bin with samples. Min and Max hold the stored values exactly, whatever the type; both are NaN when the bin of a float
// stream has no number.
type OverviewRow struct {
	Bin      int64
	Min, Max float64
	N        int64
}

// AppendOverviewRow appends a row to dst.
func AppendOverviewRow(dst []byte, t Datatype, r OverviewRow) []byte {
	le := binary.LittleEndian
	dst = le.AppendUint64(dst, uint64(r.Bin))
	for _, v := range [...]float64{r.Min, r.Max} {
		switch t {
		case Int16:
			dst = le.AppendUint16(dst, uint16(int16(v)))
		case Uint8:
			dst = append(dst, uint8(v))
		case Int8:
			dst = append(dst, uint8(int8(v)))
		case Int32:
			dst = le.AppendUint32(dst, uint32(int32(v)))
		case Float32:
			dst = le.AppendUint32(dst, math.Float32bits(float32(v)))
		}
	}
	return le.AppendUint32(dst, uint32(r.N))
}

// ParseOverviewRow reads a row; b has [OverviewRowSize] bytes or more.
func ParseOverviewRow(b []byte, t Datatype) (OverviewRow, error) {
	size := t.Size()
	if size == 0 || len(b) < OverviewRowSize(t) {
		return OverviewRow{}, fmt.Errorf("read overview row of %q: %d bytes are too short", t, len(b))
	}
	le := binary.LittleEndian
	r := OverviewRow{Bin: int64(le.Uint64(b)), N: int64(le.Uint32(b[8+2*size:]))}
	r.Min, r.Max = storedValue(b[8:], t), storedValue(b[8+size:], t)
	return r, nil
}

// storedValue reads one sample as it stands in a file.
func storedValue(b []byte, t Datatype) float64 {
	switch t {
	case Int16:
		return float64(int16(binary.LittleEndian.Uint16(b)))
	case Uint8:
		return float64(b[0])
	case Int8:
		return float64(int8(b[0]))
	case Int32:
		return float64(int32(binary.LittleEndian.Uint32(b)))
	case Float32:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return 0
}

// overviewFlush is how many bytes of rows wait in memory before they go to the file.
const overviewFlush = 64 << 10

// overview makes the min/max pyramid of one stream in one segment. Rows go to files as they are complete; files are derived, so a failure
// only leaves the overview stale, and sealing makes it again from the data.
type overview struct {
	fsys   FS
	dir    string
	base   string
	typ    Datatype
	size   int64
	kernel func(p []byte) (lo, hi float64, ok bool)
	levels [OverviewLevels]overviewLevel
	stale  bool  // has to be made again from the data
	err    error // why rows could not be written
}

type overviewLevel struct {
	bin  int64 // being filled; valid when n > 0
	n    int64
	lo   float64
	hi   float64
	ok   bool // lo and hi are set
	buf  []byte
	rows int64 // in the file
	f    File
}

func newOverview(fsys FS, dir, base string, t Datatype) *overview {
	return &overview{fsys: fsys, dir: dir, base: base, typ: t, size: int64(t.Size()), kernel: minMaxOf(t)}
}

// add takes whole samples, the first of which has device index at. It does not allocate once buffers have grown.
func (o *overview) add(at int64, p []byte) {
	for len(p) > 0 {
		bin := at / OverviewBin
		count := min((bin+1)*OverviewBin-at, int64(len(p))/o.size)
		lo, hi, ok := o.kernel(p[:count*o.size])
		o.merge(0, bin, count, lo, hi, ok)
		at += count
		p = p[count*o.size:]
		if at%OverviewBin == 0 {
			o.emit(0)
		}
	}
}

// merge adds to the bin of a level; a different bin that was open there is complete.
func (o *overview) merge(level int, bin, n int64, lo, hi float64, ok bool) {
	l := &o.levels[level]
	if l.n > 0 && l.bin != bin {
		o.emit(level)
	}
	if l.n == 0 {
		l.bin, l.ok = bin, false
	}
	l.n += n
	if !ok {
		return
	}
	if !l.ok || lo < l.lo {
		l.lo = lo
	}
	if !l.ok || hi > l.hi {
		l.hi = hi
	}
	l.ok = true
}

// emit writes the open bin of a level and hands it on to the next level.
func (o *overview) emit(level int) {
	l := &o.levels[level]
	if l.n == 0 {
		return
	}
	r := OverviewRow{Bin: l.bin, Min: l.lo, Max: l.hi, N: l.n}
	if !l.ok {
		r.Min, r.Max = math.NaN(), math.NaN()
	}
	l.buf = AppendOverviewRow(l.buf, o.typ, r)
	n, lo, hi, ok := l.n, l.lo, l.hi, l.ok
	l.n = 0
	if level+1 < OverviewLevels {
		o.merge(level+1, r.Bin/OverviewFactor, n, lo, hi, ok)
		if r.Bin%OverviewFactor == OverviewFactor-1 {
			o.emit(level + 1)
		}
	}
	if len(l.buf) >= overviewFlush {
		o.flushLevel(level)
	}
}

// total returns the complete rows of a level.
func (o *overview) total(level int) int64 {
	l := &o.levels[level]
	return l.rows + int64(len(l.buf)/OverviewRowSize(o.typ))
}

func (o *overview) exists(level int) bool {
	return level == 0 || o.exists(level-1) && o.total(level-1) >= OverviewNextRows
}

// flush writes the complete rows of all levels that exist and returns how many each file has.
func (o *overview) flush() (rows [OverviewLevels]int64) {
	for level := range o.levels {
		o.flushLevel(level)
		rows[level] = o.levels[level].rows
	}
	return rows
}

func (o *overview) flushLevel(level int) {
	l := &o.levels[level]
	if len(l.buf) == 0 || !o.exists(level) {
		return
	}
	if o.stale {
		l.rows += int64(len(l.buf) / OverviewRowSize(o.typ))
		l.buf = l.buf[:0]
		return
	}
	if err := o.write(level); err != nil {
		o.stale, o.err = true, err
	}
}

func (o *overview) write(level int) error {
	l := &o.levels[level]
	if l.f == nil {
		f, err := o.fsys.OpenFile(o.path(level), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
		if err != nil {
			return err
		}
		l.f = f
		if _, err := f.WriteAt(NpyHeader(OverviewDescr(o.typ), 0), 0); err != nil {
			return err
		}
	}
	row := int64(OverviewRowSize(o.typ))
	if _, err := l.f.WriteAt(l.buf, NpyDataStart+l.rows*row); err != nil {
		return err
	}
	l.rows += int64(len(l.buf)) / row
	l.buf = l.buf[:0]
	return nil
}

func (o *overview) path(level int) string {
	return filepath.Join(o.dir, OverviewName(o.base, level))
}

// finish completes the bins that are still open, lowest level first.
func (o *overview) finish() {
	for level := range o.levels {
		o.emit(level)
	}
	o.flush()
}

// writeHeaders corrects the shapes of the files, in so far as rows of them were flushed before.
func (o *overview) writeHeaders(rows [OverviewLevels]int64) error {
	for level := range o.levels {
		if f := o.levels[level].f; f != nil {
			if _, err := f.WriteAt(NpyHeader(OverviewDescr(o.typ), rows[level]), 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// close closes the files.
func (o *overview) close() error {
	var errs []error
	for level := range o.levels {
		if f := o.levels[level].f; f != nil {
			errs = append(errs, f.Close())
			o.levels[level].f = nil
		}
	}
	return errors.Join(errs...)
}

// remove closes the files and removes them.
func (o *overview) remove() error {
	err := o.close()
	for level := range o.levels {
		if rmErr := o.fsys.Remove(o.path(level)); rmErr != nil && !errors.Is(rmErr, os.ErrNotExist) {
			err = errors.Join(err, rmErr)
		}
	}
	return err
}
