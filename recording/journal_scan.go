package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// BadLine is a stretch of a journal part that is no valid line.
type BadLine struct {
	File   string
	Offset int64 // first byte in the file
	Bytes  int64
	Torn   bool // nothing valid follows it in its part
	Err    error
}

// partScan is what one pass over a journal part found.
type partScan struct {
	name  string
	size  int64
	valid int   // number of valid lines
	end   int64 // offset behind the last valid line
	bad   []BadLine
}

// torn reports that invalid bytes stand behind the last valid line.
func (p *partScan) torn() bool { return p.end < p.size }

// maxSeq bounds the number of a line, so that there is always a next one.
const maxSeq = 1 << 62

// maxBadLines bounds what is remembered of one part: damage beyond it is counted in the last entry.
const maxBadLines = 1000

var (
	errSeq        = errors.New("line number does not ascend")
	partName      = regexp.MustCompile(`^(.+)\.journal-([0-9]{6,18})\.jsonl$`)
	errLineTooBig = fmt.Errorf("line is longer than %d bytes", MaxLineBytes)
)

// parsePartName splits the name of a journal part. The prefix tells parts of two devices apart before their state lines are read.
func parsePartName(name string) (prefix string, part int, ok bool) {
	m := partName.FindStringSubmatch(name)
	if m == nil {
		return "", 0, false
	}
	n, err := strconv.Atoi(m[2])
	return m[1], n, err == nil
}

// scanPart goes through one journal part and calls take for each valid line. lastSeq is the number of the last valid line of the parts
// before, -1 at the start, and is moved on. A line that take refuses with an error counts as invalid. Lines of an unknown kind are skipped
// and keep their number.
func scanPart(fsys FS, dir, name string, lastSeq *int64, take func(Line) error) (*partScan, error) {
	f, err := fsys.OpenFile(filepath.Join(dir, name), os.O_RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, fmt.Errorf("read journal %s: %w", name, err)
	}
	p := &partScan{name: name, size: size}
	err = eachLine(f, size, func(b []byte, off, n int64) {
		err := error(errLineTooBig)
		if b != nil {
			err = p.line(b, lastSeq, take)
		}
		if err == nil {
			p.valid++
			p.end = off + n
			return
		}
		p.addBad(BadLine{File: name, Offset: off, Bytes: n, Err: err})
	})
	if err != nil {
		return nil, fmt.Errorf("read journal %s: %w", name, err)
	}
	for i := range p.bad {
		p.bad[i].Torn = p.bad[i].Offset >= p.end
	}
	return p, nil
}

func (p *partScan) line(b []byte, lastSeq *int64, take func(Line) error) error {
	l, err := ParseLine(b)
	if errors.Is(err, ErrLineKind) {
		l, err = parseUnknown(b)
	}
	if err != nil {
		return err
	}
	if l.Head().Seq <= *lastSeq || l.Head().Seq > maxSeq {
		return fmt.Errorf("line %d behind line %d: %w", l.Head().Seq, *lastSeq, errSeq)
	}
	if err := take(l); err != nil {
		return err
	}
	*lastSeq = l.Head().Seq
	return nil
}

// unknownLine is a valid line of a later minor version.
type unknownLine struct{ LineHead }

func parseUnknown(b []byte) (Line, error) {
	object, err := VerifyCRC(b)
	if err != nil {
		return nil, err
	}
	l := new(unknownLine)
	return l, json.Unmarshal(object, l)
}

// addBad joins neighbours, so that a run of zeros or garbage is one entry.
func (p *partScan) addBad(b BadLine) {
	if n := len(p.bad); n > 0 {
		last := &p.bad[n-1]
		if last.Offset+last.Bytes == b.Offset && p.end <= last.Offset || n >= maxBadLines {
			last.Bytes = b.Offset + b.Bytes - last.Offset
			return
		}
	}
	p.bad = append(p.bad, b)
}

// eachLine calls line for each stretch of r that ends in a newline, newline included, and for what is left at the end. A stretch above
// [MaxLineBytes] comes as nil with its place only. The bytes are valid during the call.
func eachLine(r io.ReaderAt, size int64, line func(b []byte, off, n int64)) error {
	buf := make([]byte, 64<<10)
	var off int64 // of buf[0] in the file
	have := 0
	for off+int64(have) < size || have > 0 {
		n, err := r.ReadAt(buf[have:min(int64(len(buf)), size-off)], off+int64(have))
		if err != nil && err != io.EOF {
			return err
		}
		last := n == 0 || off+int64(have+n) >= size
		have += n
		used := 0
		for {
			i := bytes.IndexByte(buf[used:have], '\n')
			if i < 0 {
				break
			}
			line(buf[used:used+i+1], off+int64(used), int64(i+1))
			used += i + 1
		}
		have = copy(buf, buf[used:have])
		off += int64(used)
		switch {
		case have > MaxLineBytes:
			n, err := skipLine(r, off, size)
			if err != nil {
				return err
			}
			line(nil, off, n)
			off, have = off+n, 0
		case last:
			if have > 0 {
				line(buf[:have], off, int64(have))
			}
			return nil
		case have == len(buf):
			buf = append(buf, make([]byte, len(buf))...)
		}
	}
	return nil
}

// skipLine returns the length of the line at off, newline included.
func skipLine(r io.ReaderAt, off, size int64) (int64, error) {
	buf := make([]byte, 64<<10)
	for pos := off; ; {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-pos)], pos)
		if err != nil && err != io.EOF {
			return 0, err
		}
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return pos + int64(i) + 1 - off, nil
		}
		pos += int64(n)
		if n == 0 || pos >= size {
			return pos - off, nil
		}
	}
}
