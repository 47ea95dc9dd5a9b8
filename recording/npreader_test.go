package recording

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// readerLine is one line of npreader/reader.py.
type readerLine struct {
	Stream  string   `json:"stream"`
	Segment int      `json:"segment"`
	From    int64    `json:"from"`
	To      int64    `json:"to"`
	File    string   `json:"file"`
	Offset  int64    `json:"offset"`
	Bytes   int64    `json:"bytes"`
	CRC32   uint32   `json:"crc32"`
	First   *float64 `json:"first"`
	Last    *float64 `json:"last"`
	Gap     string   `json:"gap"`
	Lost    int64    `json:"lost"`
}

// numpy returns a Python that has NumPy. Without one the test is skipped, but only where looking for it really fails everywhere.
func numpy(t *testing.T) string {
	t.Helper()
	var tried []string
	for _, name := range []string{"python3", "/usr/bin/python3", "python"} {
		path, err := exec.LookPath(name)
		if err != nil {
			tried = append(tried, err.Error())
			continue
		}
		out, err := exec.Command(path, "-c", "import numpy").CombinedOutput()
		if err == nil {
			return path
		}
		if !bytes.Contains(out, []byte("No module named 'numpy'")) {
			t.Fatalf("%s does not work: %v\n%s", path, err, out)
		}
		tried = append(tried, path+" has no NumPy")
	}
	t.Skipf("the reader in Python is not run: %s", strings.Join(tried, "; "))
	return ""
}

func runReader(t *testing.T, python, dir string) []readerLine {
	t.Helper()
	cmd := exec.Command(python, "npreader/reader.py", dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("reader.py: %v\n%s", err, &stderr)
	}
	var list []readerLine
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l readerLine
		// Python writes NaN, which JSON does not have.
		if err := json.Unmarshal(bytes.ReplaceAll(lines.Bytes(), []byte("NaN"), []byte("null")), &l); err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	return list
}

// goReader says in the same form what the Go reader says.
func goReader(t *testing.T, dir string) []readerLine {
	t.Helper()
	r, err := OpenWith(dir, OpenOptions{Damaged: true})
	if err != nil {
		t.Fatal(err)
	}
	var list []readerLine
	for _, s := range r.Streams() {
		size := int64(s.Global().Datatype.Size())
		stored, values := make([]byte, s.Samples()*size), make([]float64, s.Samples())
		if n, err := s.ReadAt(stored, s.Start()); int64(n) != s.Samples() || err != nil {
			t.Fatalf("%s: read %d of %d samples: %v", s.Name(), n, s.Samples(), err)
		}
		if n, err := s.Values(values, s.Start()); int64(n) != s.Samples() || err != nil {
			t.Fatalf("%s: read %d of %d values: %v", s.Name(), n, s.Samples(), err)
		}
		for _, p := range s.pieces {
			from, to := p.capture.SampleStart-s.Start(), p.end-s.Start()
			l := readerLine{
				Stream: s.Name(), Segment: p.segment.Number, From: p.capture.GlobalIndex, To: p.deviceEnd(), File: p.segment.DataFile(),
				Offset: (p.capture.SampleStart - p.segment.Start) * size, Bytes: (to - from) * size, CRC32: crc32.ChecksumIEEE(stored[from*size : to*size]),
			}
			if g := p.capture.Gap; g != nil {
				l.Gap, l.Lost = g.Cause.String(), g.Lost
			}
			l.First, l.Last = number(values[from]), number(values[to-1])
			list = append(list, l)
		}
	}
	return list
}

// number is nil for what is no number.
func number(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func (l readerLine) String() string {
	value := func(p *float64) string {
		if p == nil {
			return "none"
		}
		return fmt.Sprintf("%.9g", *p)
	}
	return fmt.Sprintf("%s %d [%d,%d) %s @%d+%d crc %08x %s..%s %s %d", l.Stream, l.Segment, l.From, l.To, l.File, l.Offset, l.Bytes, l.CRC32, value(l.First), value(l.Last), l.Gap, l.Lost)
}

func compareReaders(t *testing.T, python, dir string) (lines int) {
	t.Helper()
	var lists [2][]string
	for i, list := range [][]readerLine{goReader(t, dir), runReader(t, python, dir)} {
		for _, l := range list {
			lists[i] = append(lists[i], l.String())
		}
		slices.Sort(lists[i])
	}
	if !slices.Equal(lists[0], lists[1]) {
		k := 0
		for k < min(len(lists[0]), len(lists[1])) && lists[0][k] == lists[1][k] {
			k++
		}
		t.Errorf("the readers differ from line %d on, %d and %d lines:\ngo:    %.3q\nnumpy: %.3q", k, len(lists[0]), len(lists[1]), lists[0][k:], lists[1][k:])
	}
	return len(lists[0])
}

// TestTwoReadersAgree holds the Go reader against one written from the document alone: the same list of stream, device index range, file and
// bytes for every run of the corpus, sealed, cut short and repaired.
func TestTwoReadersAgree(t *testing.T) {
	python := numpy(t)
	for _, tc := range corpus {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := tc.shared(t)
			lines := compareReaders(t, python, c.fs.onDisk(t, c.dir()))
			if lines == 0 && len(c.truth) > 0 {
				t.Error("the readers agree on nothing")
			}
			if testing.Short() || raceEnabled && lines > MaxListed {
				return
			}
			disk := newCrashDisk(c.fs.dirs)
			for _, op := range c.fs.ops[:len(c.fs.ops)*3/5] {
				disk.apply(op)
			}
			dir := disk.materialise(fateAll, nil).onDisk(t, c.dir())
			if _, err := Repair(context.Background(), dir, RepairOptions{}); err != nil {
				t.Fatal(err)
			}
			compareReaders(t, python, dir)
			if left, err := os.ReadDir(dir); err != nil || len(left) == 0 {
				t.Errorf("repaired folder: %v", err)
			}
		})
	}
}
