package recording

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// holeFS leaves zeros at the ends of data files to the file system, so that large ones take no room.
type holeFS struct{ FS }

func (h holeFS) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	f, err := h.FS.OpenFile(path, flag, perm)
	if err == nil && strings.HasSuffix(path, ExtData) {
		f = holeFile{f}
	}
	return f, err
}

type holeFile struct{ File }

var holeZeros [1 << 20]byte

func (f holeFile) WriteAt(p []byte, off int64) (int, error) {
	if len(p) > len(holeZeros) || !bytes.Equal(p, holeZeros[:len(p)]) {
		return f.File.WriteAt(p, off)
	}
	return len(p), f.Truncate(off + int64(len(p)))
}

func (holeFile) Preallocate(int64, int64) error     { return ErrNotSupported }
func (holeFile) WriteBack(int64, int64, bool) error { return nil }

// TestFilesBeyond32Bits writes one file past byte 2^31, in the long form past byte 2^32 too, with a sample of its own on both sides, and reads it again.
func TestFilesBeyond32Bits(t *testing.T) {
	marks, last := []int64{1<<30 - 1, 1 << 30}, int64(1<<30) // in samples of two bytes
	if os.Getenv("SCOPELOG_LONG") == "1" {
		marks, last = append(marks, 1<<31-1, 1<<31), 1<<31
	}
	const chunk = int64(len(holeZeros)) / 2
	r := testRun(t, Options{FS: holeFS{OSFS()}})
	d := testDevice(t, r, rawInfo(0, "A"))
	value := func(at int64) int16 { return int16(at%1000 + 7) }
	piece := make([]byte, len(holeZeros))
	for at := int64(0); at < last+chunk; at += chunk {
		clear(piece)
		for _, m := range marks {
			if m >= at && m < at+chunk {
				piece[2*(m-at)], piece[2*(m-at)+1] = byte(value(m)), byte(value(m)>>8)
			}
		}
		if err := d.Append(0, at, piece, Stamp{}); err != nil {
			t.Fatal(err)
		}
	}
	if base, length := d.FilePosition(0); base != 0 || length != 2*(last+chunk) {
		t.Errorf("the next sample goes to byte %d behind sample %d", length, base)
	}
	finish(t, r, d)
	checkVerified(t, r.Dir())
	rec, err := Open(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	s := rec.Stream("cell.A")
	if s.End() != last+chunk {
		t.Fatalf("%d samples", s.End())
	}
	buf := make([]byte, 8)
	for _, m := range marks {
		if n, err := s.ReadAt(buf, m-1); err != nil || n != 4 {
			t.Fatalf("around sample %d: %d samples, %v", m, n, err)
		}
		for i := range int64(4) {
			at, want := m-1+i, int16(0)
			for _, other := range marks {
				if at == other {
					want = value(at)
				}
			}
			if have := int16(uint16(buf[2*i]) | uint16(buf[2*i+1])<<8); have != want {
				t.Errorf("sample %d is %d, want %d", at, have, want)
			}
		}
	}
}
