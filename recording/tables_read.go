package recording

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// readTable calls row for the first rows rows of a table file of the run.
func readTable(fsys FS, dir string, ref TableRef, descr string, rowSize int, row func(b []byte) error) error {
	if !plainName(ref.File) || ref.Rows < 0 {
		return impossible("table %q of %d rows", ref.File, ref.Rows)
	}
	f, err := fsys.OpenFile(filepath.Join(dir, ref.File), os.O_RDONLY, 0)
	if err != nil {
		return fmt.Errorf("read table: %w", err)
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return fmt.Errorf("read table %s: %w", ref.File, err)
	}
	head := make([]byte, NpyDataStart)
	if n, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return fmt.Errorf("read table %s: %w", ref.File, err)
	} else if have, _, err := ParseNpyHeader(head[:n]); err != nil || have != descr {
		return fmt.Errorf("read table %s: fields are %.60q: %w", ref.File, have, errContent)
	}
	if room := (size - NpyDataStart) / int64(rowSize); ref.Rows > room {
		return impossible("table %s has %d rows of %d", ref.File, room, ref.Rows)
	}
	buf := make([]byte, rowSize*int(min(ref.Rows, 4096)))
	for at := int64(0); at < ref.Rows; {
		b := buf[:int64(rowSize)*min(ref.Rows-at, 4096)]
		if n, err := f.ReadAt(b, NpyDataStart+at*int64(rowSize)); n < len(b) {
			return fmt.Errorf("read table %s: %w", ref.File, err)
		}
		for ; len(b) > 0; b = b[rowSize:] {
			if err := row(b[:rowSize]); err != nil {
				return fmt.Errorf("read table %s, row %d: %w", ref.File, at, err)
			}
			at++
		}
	}
	return nil
}

// loadedMeta is a meta with the rows of its tables, both lists sorted by SampleStart.
type loadedMeta struct {
	base        string
	global      Global
	captures    []Capture
	annotations []Annotation
}

// loadMeta reads X.sigmf-meta and the tables it names, and refuses what cannot be.
func loadMeta(fsys FS, dir, name string) (*loadedMeta, error) {
	b, err := fsys.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("read meta: %w", err)
	}
	m, err := ParseMeta(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := checkGlobal(&m.Global); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	l := &loadedMeta{base: name[:len(name)-len(ExtMeta)], global: m.Global, captures: m.Captures, annotations: m.Annotations}
	if t := m.Global.CapturesTable; t != nil {
		var fields []waveFields
		l.captures = slices.Grow(l.captures, int(min(max(t.Rows, 0), 1<<17)))
		err := readTable(fsys, dir, *t, CaptureDescr, CaptureRowSize, func(b []byte) error {
			if len(fields) == 0 {
				fields = make([]waveFields, 1024)
			}
			c, err := parseCaptureRow(b, &fields[0])
			fields = fields[1:]
			l.captures = append(l.captures, c)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if t := m.Global.AnnotationsTable; t != nil {
		err := readTable(fsys, dir, *t, AnnotationDescr, AnnotationRowSize, func(b []byte) error {
			a, err := ParseAnnotationRow(b)
			l.annotations = append(l.annotations, a)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	sortLists(l.captures, l.annotations)
	if err := checkNews(m.Global.Start, m.Global.Start+maxItems, l.captures, l.annotations); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

func sortLists(captures []Capture, annotations []Annotation) {
	slices.SortStableFunc(captures, func(a, b Capture) int { return compare(a.SampleStart, b.SampleStart) })
	slices.SortStableFunc(annotations, func(a, b Annotation) int { return compare(a.SampleStart, b.SampleStart) })
}

func checkGlobal(g *Global) error {
	for _, e := range g.Extensions {
		if e.Name == "daq" {
			if err := checkExtension(e.Version); err != nil {
				return err
			}
		}
	}
	switch {
	case g.Datatype.Size() == 0:
		return impossible("data type %q", g.Datatype)
	case !plainName(g.Stream) || !plainName(g.Device) || g.Segment < 0 || g.Start < 0 || g.Start > math.MaxInt64-maxItems:
		return impossible("stream %q of device %q, segment %d, offset %d", g.Stream, g.Device, g.Segment, g.Start)
	case !g.SampleInterval.Valid() || g.Ratio < 1:
		return impossible("interval %d/%d s, ratio %d", g.SampleInterval.Num, g.SampleInterval.Den, g.Ratio)
	case g.WaveformSamples < 0:
		return impossible("waveforms of %d samples", g.WaveformSamples)
	}
	return nil
}

func checkExtension(version string) error {
	var major, minor, patch int
	if n, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil || n != 3 || major != 1 {
		return &VersionError{Have: "daq " + version}
	}
	return nil
}
