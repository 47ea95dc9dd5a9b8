package recording

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// withSums ends every line that is a JSON object by the CRC rule, so that what is fuzzed gets past the checksum.
func withSums(text []byte) []byte {
	var out []byte
	for _, l := range bytes.Split(text, []byte("\n")) {
		if line, err := AppendCRC(l); err == nil {
			out = append(out, line...)
			continue
		}
		out = append(append(out, l...), '\n')
	}
	return out
}

// withoutSums is the reverse, for seeds.
func withoutSums(text []byte) []byte {
	var out []byte
	for _, l := range bytes.SplitAfter(text, []byte("\n")) {
		if len(l) > crcSuffixLen {
			out = append(append(out, l[:len(l)-crcSuffixLen]...), "}\n"...)
		}
	}
	return out
}

// checkHostile opens, reads, verifies and repairs a folder that may hold anything. Nothing may panic or read out of bounds, and a repaired run needs no
// second repair.
func checkHostile(t *testing.T, m *memFS, dir string) {
	t.Helper()
	ctx := context.Background()
	if r, err := OpenWith(dir, OpenOptions{FS: m, Damaged: true}); err == nil {
		readAll(t, r)
	}
	if _, err := Verify(ctx, dir, VerifyOptions{FS: m, Proof: true}); err != nil && !isRefusal(err) {
		t.Fatalf("verify: %v", err)
	}
	if _, err := Repair(ctx, dir, RepairOptions{FS: m, KeepTail: true, Now: fixedNow}); err != nil {
		if !isRefusal(err) {
			t.Fatalf("repair: %v", err)
		}
		return
	}
	again, err := Repair(ctx, dir, RepairOptions{FS: m, Now: fixedNow})
	if err != nil || again.Changed {
		t.Fatalf("a second repair changed something: %+v, %v", again, err)
	}
	r, err := OpenWith(dir, OpenOptions{FS: m, Damaged: true})
	if err != nil {
		t.Fatalf("a repaired run cannot be opened: %v", err)
	}
	readAll(t, r)
}

// isRefusal tells errors that a hostile file may bring about from those of a bug.
func isRefusal(err error) bool {
	var version *VersionError
	return errors.As(err, &version) || errors.Is(err, errContent) || errors.Is(err, ErrNotRecording)
}

func readAll(t *testing.T, r *Recording) {
	t.Helper()
	if _, err := r.Summarise(); err != nil {
		t.Fatalf("summary: %v", err)
	}
	for _, s := range r.Streams() {
		for _, g := range s.Segments() {
			size := g.Global.Datatype.Size()
			if g.Samples < 0 || g.Samples > 1<<20 {
				t.Fatalf("%s: a segment of %d samples", s.Name(), g.Samples)
			}
			b := make([]byte, (g.Samples+1)*int64(size))
			if n, _ := s.ReadAt(b, g.Start); int64(n) > g.Samples+1 {
				t.Fatalf("%s: %d samples read of %d", s.Name(), n, g.Samples)
			}
		}
		for _, x := range s.Ranges(-1<<62, 1<<62) {
			if x.To <= x.From {
				t.Fatalf("%s: range %+v", s.Name(), x)
			}
		}
		s.Gaps()
		if _, err := s.Values(make([]float64, 10), s.Start()); err == nil && s.Samples() < 10 {
			t.Fatalf("%s: ten values of %d samples", s.Name(), s.Samples())
		}
	}
}

// fuzzSeed is a small crashed run with everything in its journal.
func fuzzSeed(f testing.TB) *corpusRun {
	c := newCorpusRun(f, corpusInfo(150, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.epoch(0, "start")
	for i := range 4 {
		c.addAll(60)
		if i == 1 {
			c.gap(CauseRestart, 40, false)
			c.dev.Annotate(0, Annotation{SampleStart: 30, SampleCount: 10, Label: LabelOverRange, Exact: new(false)})
		}
		c.sync()
	}
	return c
}

func FuzzJournal(f *testing.F) { fuzzJournal(f, fuzzSeed(f)) }

// FuzzWaveJournal is [FuzzJournal] for the journal of a block mode: short forms of captures, in several lines a sync.
func FuzzWaveJournal(f *testing.F) {
	c := newCorpusRun(f, corpusBlocks(0))
	c.wavesInLines()
	fuzzJournal(f, c)
}

func fuzzJournal(f *testing.F, c *corpusRun) {
	for _, part := range []string{PartName("cell", 0), PartName("cell", 1)} {
		f.Add(withoutSums(c.fs.nodes[c.fs.names[filepath.Join(c.dir(), part)]].data), part == PartName("cell", 1))
	}
	f.Fuzz(func(t *testing.T, text []byte, second bool) {
		if len(text) > 64<<10 {
			return
		}
		m, name := c.crashed(), PartName("cell", 0)
		if second {
			name = PartName("cell", 1)
		}
		m.edit(filepath.Join(c.dir(), name), func([]byte) []byte { return withSums(text) })
		checkHostile(t, m, c.dir())
	})
}

func FuzzMeta(f *testing.F) {
	c := fuzzSeed(f)
	sealed := corpusNamed(f, "more captures than a meta lists").shared(f) // with tables
	f.Add(c.fs.nodes[c.fs.names[filepath.Join(c.dir(), "cell.A-000001.sigmf-meta")]].data, true)
	f.Add(c.fs.nodes[c.fs.names[filepath.Join(c.dir(), "cell.A-000000.sigmf-meta")]].data, false)
	f.Add([]byte(`{"global":{"core:datatype":"ri16_le","core:offset":0,"daq:stream":"cell.A","daq:device":"cell","daq:segment":0,"daq:state":"sealed",`+
		`"daq:sample_interval":{"num":1,"den":2},"daq:ratio":1,"daq:captures_table":{"file":"cell.A.captures.npy","rows":300}},"captures":[],"annotations":[]}`), true)
	tables := [][]byte{}
	for _, ext := range []string{ExtCaptures, ExtAnnotations} {
		tables = append(tables, sealed.fs.nodes[sealed.fs.names[filepath.Join(sealed.dir(), "cell.A"+ext)]].data)
	}
	f.Fuzz(func(t *testing.T, meta []byte, alone bool) {
		if len(meta) > 64<<10 {
			return
		}
		m := c.crashed()
		m.edit(filepath.Join(c.dir(), "cell.A-000001.sigmf-meta"), func([]byte) []byte { return meta })
		m.add(filepath.Join(c.dir(), "cell.A"+ExtCaptures), tables[0])
		m.add(filepath.Join(c.dir(), "cell.A"+ExtAnnotations), tables[1])
		if alone { // nothing but the meta and its samples
			for p := range m.names {
				if name := filepath.Base(p); name != "cell.A-000001.sigmf-meta" && name != "cell.A-000001.sigmf-data" && filepath.Ext(name) != ".npy" {
					delete(m.names, p)
				}
			}
		}
		checkHostile(t, m, c.dir())
	})
}

func FuzzRunFile(f *testing.F) {
	c := damageRun(f, 250, true)
	f.Add(withoutSums(c.fs.nodes[c.fs.names[filepath.Join(c.dir(), FileRun)]].data))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 64<<10 {
			return
		}
		m := c.crashed()
		m.edit(filepath.Join(c.dir(), FileRun), func([]byte) []byte {
			b, err := AppendCRC(text)
			if err != nil {
				return text
			}
			return b
		})
		checkHostile(t, m, c.dir())
		if _, err := List(m, "/rec"); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzTables(f *testing.F) {
	c := corpusNamed(f, "more captures than a meta lists").shared(f)
	for _, ext := range []string{ExtCaptures, ExtAnnotations} {
		f.Add(c.fs.nodes[c.fs.names[filepath.Join(c.dir(), "cell.A"+ext)]].data, int64(300))
	}
	f.Add(NpyHeader(CaptureDescr, 1<<60), int64(1<<60))
	f.Fuzz(func(t *testing.T, table []byte, rows int64) {
		m := newMemFS()
		m.add("/t.npy", table)
		for _, k := range []struct {
			descr string
			size  int
			row   func([]byte) error
		}{
			{CaptureDescr, CaptureRowSize, func(b []byte) error {
				c, err := ParseCaptureRow(b)
				if again, err2 := ParseCaptureRow(AppendCaptureRow(nil, c)); err == nil && (err2 != nil || again.SampleStart != c.SampleStart || again.Lost() != c.Lost()) {
					t.Fatalf("a row does not survive: %+v, %+v", c, again)
				}
				return err
			}},
			{AnnotationDescr, AnnotationRowSize, func(b []byte) error { _, err := ParseAnnotationRow(b); return err }},
		} {
			n := int64(0)
			err := readTable(m, "/", TableRef{File: "t.npy", Rows: rows}, k.descr, k.size, func(b []byte) error { n++; return k.row(b) })
			if err == nil && n != rows || n > int64(len(table)/k.size) {
				t.Fatalf("%d rows of %d read from %d bytes, %v", n, rows, len(table), err)
			}
		}
	})
}

var integers = regexp.MustCompile(`-?\b[0-9]+\b`)

// FuzzNumbers replaces one number of one file by another one; texts stay as they are, so that this gets further than [FuzzJournal].
func FuzzNumbers(f *testing.F) {
	c := fuzzSeed(f)
	names := []string{PartName("cell", 0), PartName("cell", 1), "cell.A-000000.sigmf-meta", "cell.A-000001.sigmf-meta", FileRun, FileEvents}
	for i, v := range []int64{-1, 0, 1, 1 << 31, 1<<63 - 1, -1 << 63} {
		f.Add(uint8(i), uint16(31*i), v)
	}
	f.Fuzz(func(t *testing.T, file uint8, nth uint16, value int64) {
		m, name := c.crashed(), names[int(file)%len(names)]
		m.edit(filepath.Join(c.dir(), name), func(b []byte) []byte {
			isMeta := filepath.Ext(name) == ExtMeta
			if !isMeta {
				b = withoutSums(b)
			}
			places := integers.FindAllIndex(b, -1)
			at := places[int(nth)%len(places)]
			b = slices.Concat(b[:at[0]], strconv.AppendInt(nil, value, 10), b[at[1]:])
			if !isMeta {
				b = withSums(b)
			}
			return b
		})
		checkHostile(t, m, c.dir())
	})
}
