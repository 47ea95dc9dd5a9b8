// Package agree compares what our reader finds in a recording with what an independent one finds, which was written
// in Python from the format's document alone. It is for tests; it does not judge the recording itself.
package agree

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// Python is Debian's, which has NumPy on every machine that runs the tests (make deps).
const Python = "/usr/bin/python3"

// Compare returns an error unless both readers find the same captures in the run, at the same places, with the same
// bytes. reader is the path of recording/npreader/reader.py.
func Compare(reader, dir string) error {
	theirs, err := numpy(reader, dir)
	if err != nil {
		return err
	}
	ours, err := captures(dir)
	if err != nil {
		return err
	}
	slices.Sort(theirs)
	slices.Sort(ours)
	if !slices.Equal(theirs, ours) {
		return fmt.Errorf("%s: the NumPy reader finds\n%s\nours finds\n%s", dir, strings.Join(theirs, "\n"), strings.Join(ours, "\n"))
	}
	return nil
}

// CompareAll compares every sealed run below root that is not damaged, and returns how many there were.
func CompareAll(reader, root string) (runs int, err error) {
	walkErr := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != recording.FileRun {
			return nil // folders that scripts made unreadable are none of ours
		}
		dir := filepath.Dir(path)
		rec, err := recording.Open(dir)
		if err != nil || rec.Run() == nil || rec.Run().State == recording.StateRecording || len(rec.Problems()) > 0 {
			return nil
		}
		report, err := recording.Verify(context.Background(), dir, recording.VerifyOptions{})
		if err != nil || !report.OK() {
			return nil
		}
		runs++
		return Compare(reader, dir)
	})
	return runs, errors.Join(walkErr, err)
}

func numpy(reader, dir string) ([]string, error) {
	cmd := exec.Command(Python, reader, dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the NumPy reader on %s: %w\n%s", dir, err, &stderr)
	}
	var list []string
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		var c struct {
			Stream         string
			From, To, Lost int64
			CRC32          uint32
		}
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("what the NumPy reader says of %s: %w", dir, err)
		}
		list = append(list, line(c.Stream, c.From, c.To, c.Lost, c.CRC32))
	}
	return list, nil
}

func line(stream string, from, to, lost int64, crc uint32) string {
	return fmt.Sprintf("%s %d-%d lost %d crc %08x", stream, from, to, lost, crc)
}

// captures lists, segment by segment, what our reader finds.
func captures(dir string) ([]string, error) {
	rec, err := recording.Open(dir)
	if err != nil {
		return nil, err
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
					return nil, err
				}
				list = append(list, line(st.Name(), c.GlobalIndex, c.GlobalIndex+end-c.SampleStart, c.Lost(), crc32.ChecksumIEEE(data)))
			}
		}
	}
	return list, nil
}
