package recording

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
)

// OverviewReader reads one level of the overview of one segment. It is for one goroutine at a time and holds an open file until Close.
type OverviewReader struct {
	f    File
	name string
	typ  Datatype
	size int64 // bytes of a row
	rows int64
	buf  []byte
}

// overviewRead is how many bytes of rows are read at once.
const overviewRead = 64 << 10

// OpenOverview opens a level of the overview of a segment of the stream. The error is fs.ErrNotExist where the segment has no such level, as
// it always is above a level with fewer than [OverviewNextRows] rows. An overview is derived and not checked against samples: [Verify] does
// that. That of a segment which is being recorded ends before the samples do.
func (s *Stream) OpenOverview(g *Segment, level int) (*OverviewReader, error) {
	name := OverviewName(g.Base, level)
	f, err := s.fs.OpenFile(filepath.Join(s.dir, name), os.O_RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("stream %s: open overview: %w", s.name, err)
	}
	o := &OverviewReader{f: f, name: name, typ: g.Global.Datatype, size: int64(OverviewRowSize(g.Global.Datatype))}
	if err := o.start(); err != nil {
		f.Close()
		return nil, fmt.Errorf("stream %s: %s: %w", s.name, name, err)
	}
	return o, nil
}

func (o *OverviewReader) start() error {
	head := make([]byte, NpyDataStart)
	if _, err := o.f.ReadAt(head, 0); err != nil {
		return fmt.Errorf("read header: %w", err)
	}
	descr, rows, err := ParseNpyHeader(head)
	if err != nil {
		return err
	}
	if want := OverviewDescr(o.typ); descr != want {
		return fmt.Errorf("fields are %s, want %s", descr, want)
	}
	size, err := o.f.Size()
	if err != nil {
		return err
	}
	o.rows = min(rows, (size-NpyDataStart)/o.size)
	return nil
}

// Close closes the file.
func (o *OverviewReader) Close() error { return o.f.Close() }

// Rows returns how many rows the level has.
func (o *OverviewReader) Rows() int64 { return o.rows }

// Each gives visit the rows of the bins from one up to another one, in order. Bins without samples have no row.
func (o *OverviewReader) Each(fromBin, toBin int64, visit func(OverviewRow)) error {
	at, err := o.search(fromBin)
	if err != nil {
		return err
	}
	if o.buf == nil {
		o.buf = make([]byte, overviewRead/o.size*o.size)
	}
	for at < o.rows {
		b := o.buf[:min(int64(len(o.buf)), (o.rows-at)*o.size)]
		if _, err := o.f.ReadAt(b, NpyDataStart+at*o.size); err != nil {
			return fmt.Errorf("read %s: %w", o.name, err)
		}
		for ; len(b) > 0; b, at = b[o.size:], at+1 {
			r, err := ParseOverviewRow(b, o.typ)
			if err != nil {
				return fmt.Errorf("%s: %w", o.name, err)
			}
			if r.Bin >= toBin {
				return nil
			}
			visit(r)
		}
	}
	return nil
}

// search returns the place of the first row whose bin is not below bin.
func (o *OverviewReader) search(bin int64) (int64, error) {
	b := make([]byte, o.size)
	var failed error
	at := sort.Search(int(o.rows), func(i int) bool {
		if _, err := o.f.ReadAt(b, NpyDataStart+int64(i)*o.size); err != nil {
			failed = err
			return true
		}
		r, err := ParseOverviewRow(b, o.typ)
		if err != nil {
			failed = err
		}
		return r.Bin >= bin
	})
	if failed != nil {
		return 0, fmt.Errorf("read %s: %w", o.name, failed)
	}
	return int64(at), nil
}
