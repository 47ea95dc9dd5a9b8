package session

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os/exec"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// agree compares what the independent NumPy reader finds in a recording with what ours finds: the same captures, at the
// same places, with the same bytes. Debian's Python has NumPy on every machine that runs the tests (make deps).
func (l *lab) agree(dir string) {
	l.t.Helper()
	cmd := exec.Command("/usr/bin/python3", "../../recording/npreader/reader.py", dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		l.t.Fatalf("the NumPy reader: %v\n%s", err, &stderr)
	}
	var theirs []string
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		var c struct {
			Stream         string
			From, To, Lost int64
			CRC32          uint32
		}
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			l.t.Fatal(err)
		}
		theirs = append(theirs, fmt.Sprintf("%s %d-%d lost %d crc %08x", c.Stream, c.From, c.To, c.Lost, c.CRC32))
	}
	ours := l.captures(dir)
	slices.Sort(theirs)
	slices.Sort(ours)
	if !slices.Equal(theirs, ours) {
		l.t.Errorf("the NumPy reader finds\n%s\nours finds\n%s", strings.Join(theirs, "\n"), strings.Join(ours, "\n"))
	}
}

// captures lists, segment by segment, what our reader finds.
func (l *lab) captures(dir string) []string {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	var list []string
	for _, st := range rec.Streams() {
		size := int64(st.Global().Datatype.Size())
		for _, seg := range st.Segments() {
			caps := seg.Captures()
			for i, c := range caps {
				end := seg.End()
				if i+1 < len(caps) {
					end = caps[i+1].SampleStart
				}
				data := make([]byte, (end-c.SampleStart)*size)
				if len(data) == 0 {
					continue
				}
				if _, err := st.ReadAt(data, c.SampleStart); err != nil {
					l.t.Fatal(err)
				}
				list = append(list, fmt.Sprintf("%s %d-%d lost %d crc %08x", st.Name(), c.GlobalIndex, c.GlobalIndex+end-c.SampleStart, c.Lost(), crc32.ChecksumIEEE(data)))
			}
		}
	}
	return list
}
