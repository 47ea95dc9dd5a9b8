package recording

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// passBytes is how much of a data file is read at once; a multiple of every sample size.
const passBytes = 256 << 10

// readItems reads the first items samples of a data file once, in order, and hands each stretch to all visitors with the stream index of its first
// sample. The bytes are valid during the call. start is the stream index of the file's first sample. A read that fails ends the pass.
func readItems(ctx context.Context, fsys FS, path string, size int, start, items int64, visit ...func(streamIndex int64, p []byte)) error {
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := make([]byte, min(passBytes, max(items, 1)*int64(size)))
	for at := int64(0); at < items; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(int64(len(buf)/size), items-at)
		b := buf[:n*int64(size)]
		if got, err := f.ReadAt(b, at*int64(size)); got < len(b) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("read %s at byte %d: %w", filepath.Base(path), at*int64(size), err)
		}
		for _, v := range visit {
			v(start+at, b)
		}
		at += n
	}
	return nil
}

// crcCheck compares a data file with the points of its journal. It is a visitor of [readItems].
type crcCheck struct {
	size   int64
	points []syncPoint // ascending
	next   int         // point that is reached next
	crc    Checksum    // as the journal has it, continued
	plain  Checksum    // of the file as it is
	bad    []badRange
}

// badRange is a range between two points whose bytes are not what the journal vouches for.
type badRange struct {
	span
	Point  int  // index of the point behind it
	Synced bool // false: the journal itself says that the sync failed
	UTCNS  int64
}

func newCRCCheck(points []syncPoint, size int) *crcCheck {
	c := &crcCheck{size: int64(size), points: points}
	if len(points) > 0 {
		c.crc, c.next = points[0].CRC, 1
	}
	return c
}

func (c *crcCheck) visit(at int64, p []byte) {
	c.plain = UpdateChecksum(c.plain, p)
	if len(c.points) == 0 {
		return
	}
	if from := c.points[0].N; at < from { // what is before the first point that is known cannot be checked
		skip := min((from-at)*c.size, int64(len(p)))
		p, at = p[skip:], at+skip/c.size
	}
	for len(p) > 0 && c.next < len(c.points) {
		point := c.points[c.next]
		n := min((point.N-at)*c.size, int64(len(p)))
		c.crc = UpdateChecksum(c.crc, p[:n])
		p, at = p[n:], at+n/c.size
		if at < point.N {
			return
		}
		c.reach(point)
	}
	c.crc = UpdateChecksum(c.crc, p)
}

func (c *crcCheck) reach(point syncPoint) {
	prev := c.points[c.next-1]
	if c.crc != point.CRC || !point.OK {
		if point.N > prev.N && (c.crc != point.CRC || !point.OK) {
			c.bad = append(c.bad, badRange{span{prev.N, point.N}, c.next, point.OK, point.UTCNS})
		}
		c.crc = point.CRC
	}
	c.next++
}

// end tells that all samples were visited: points without samples of their own are passed.
func (c *crcCheck) end(n int64) {
	for c.next < len(c.points) && c.points[c.next].N <= n {
		c.reach(c.points[c.next])
	}
}
