package longrun

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// Age says by how much the counters of a recording are put on.
type Age struct {
	Samples   int64 // raw samples of each stream, recorded: stream and device indexes. A multiple of every ratio; of block modes also of a waveform's length
	Lines     int64 // of journals
	Parts     int   // of journals, above 0 like Segments
	Segments  int   // above 0: they count as dropped
	Epochs    int
	Events    int64
	Waveforms int64
	Armings   int64
}

// Apply makes a recording one that has gone on for long: what is left of one whose older segments were dropped, and which was cut off
// now. The run must be rotated, and must have been cut off in its first segment. Nobody may be recording it.
func (a Age) Apply(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		return err
	}
	run, err := recording.ParseRun(text)
	if err != nil {
		return err
	}
	if run.State != recording.StateRecording || a.Segments <= 0 || a.Parts <= 0 {
		return errors.New("only a run that was cut off can be aged, by some segments")
	}
	for i := range run.Devices {
		if err := a.device(dir, &run.Devices[i]); err != nil {
			return fmt.Errorf("device %s: %w", run.Devices[i].Name, err)
		}
	}
	if err := a.events(filepath.Join(dir, recording.FileEvents)); err != nil {
		return err
	}
	if text, err = run.Encode(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, recording.FileRun), text, 0o644)
}

func (a Age) device(dir string, d *recording.RunDevice) error {
	if d.Cut == 0 && !d.Mode.Block() || len(d.Segments) != 1 || d.Segments[0].Segment != 0 {
		return errors.New("it is not rotated, or not in its first segment")
	}
	ratios := map[string]int64{}
	for i := range d.Streams {
		s := &d.Streams[i]
		if a.Samples%s.Ratio != 0 {
			return fmt.Errorf("%d samples are no whole number of groups of %d", a.Samples, s.Ratio)
		}
		ratios[s.Name] = s.Ratio
		s.Recorded += a.Samples / s.Ratio
	}
	for i := range d.Epochs {
		e := &d.Epochs[i]
		e.Epoch += a.Epochs
		e.Base, e.BaseMin, e.BaseMax, e.First.Index = e.Base+a.Samples, e.BaseMin+a.Samples, e.BaseMax+a.Samples, e.First.Index+a.Samples
	}
	d.Segments[0] = recording.RunSegment{Segment: a.Segments, State: recording.StateRecording}
	d.Dropped = recording.RunDropped{Segments: a.Segments, Through: a.Segments - 1}
	j := aging{a, ratios}
	if err := j.journal(dir, d.Name); err != nil {
		return err
	}
	for name := range ratios {
		if err := j.stream(dir, name); err != nil {
			return err
		}
	}
	// Derived, and made again.
	clock := filepath.Join(dir, recording.ClockName(d.Name, 0, true))
	if err := os.Remove(clock); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// aging is an age applied to a device.
type aging struct {
	Age
	ratios map[string]int64 // by stream
}

func (j aging) base(stream string) string { return recording.BaseName(stream, j.Segments, true) }

// stream renames the files of a stream's first segment and puts its meta on.
func (j aging) stream(dir, name string) error {
	old := filepath.Join(dir, recording.BaseName(name, 0, true))
	files, err := filepath.Glob(old + ".*.npy")
	if err != nil {
		return err
	}
	for _, f := range files {
		if strings.HasSuffix(f, recording.ExtCaptures) || strings.HasSuffix(f, recording.ExtAnnotations) {
			return fmt.Errorf("%s: tables cannot be aged", f)
		}
		if err := os.Remove(f); err != nil { // an overview, which is derived
			return err
		}
	}
	text, err := os.ReadFile(old + recording.ExtMeta)
	if err != nil {
		return err
	}
	m, err := recording.ParseMeta(text)
	if err != nil {
		return err
	}
	j.global(&m.Global)
	j.captures(name, m.Captures)
	j.annotations(name, m.Annotations)
	if text, err = m.Encode(); err != nil {
		return err
	}
	now := filepath.Join(dir, j.base(name))
	return errors.Join(os.WriteFile(now+recording.ExtMeta, text, 0o644), os.Remove(old+recording.ExtMeta), os.Rename(old+recording.ExtData, now+recording.ExtData))
}

func (j aging) global(g *recording.Global) {
	g.Segment += j.Segments
	g.Start += j.Samples / j.ratios[g.Stream]
}

func (j aging) captures(stream string, list []recording.Capture) {
	n := j.Samples / j.ratios[stream]
	for i := range list {
		c := &list[i]
		c.SampleStart, c.GlobalIndex, c.Epoch = c.SampleStart+n, c.GlobalIndex+n, c.Epoch+j.Epochs
		if c.Waveform != nil {
			*c.Waveform += j.Waveforms
		}
		if c.Arm != nil {
			*c.Arm += j.Armings
		}
	}
}

func (j aging) annotations(stream string, list []recording.Annotation) {
	for i := range list {
		list[i].SampleStart += j.Samples / j.ratios[stream]
		if e := list[i].Event; e != nil {
			*e += j.Events
		}
	}
}

// journal puts the journal of a device on, which has one part. A torn line at its end is left away.
func (j aging) journal(dir, device string) error {
	old := filepath.Join(dir, recording.PartName(device, 0))
	text, err := os.ReadFile(old)
	if err != nil {
		return err
	}
	var out []byte
	for line := range bytes.Lines(text) {
		l, err := recording.ParseLine(line)
		if err != nil {
			break
		}
		j.line(l)
		b, err := recording.EncodeLine(l)
		if err != nil {
			return err
		}
		out = append(out, b...)
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, recording.PartName(device, j.Parts)), out, 0o644), os.Remove(old))
}

func (j aging) line(l recording.Line) {
	l.Head().Seq += j.Lines
	switch l := l.(type) {
	case *recording.JournalState:
		l.Part, l.Segment, l.Epoch = l.Part+j.Parts, l.Segment+j.Segments, l.Epoch+j.Epochs
		for name, s := range l.Streams {
			n := j.Samples / j.ratios[name]
			s.File, s.Start, s.N, s.Next = j.base(name), s.Start+n, s.N+n, s.Next+n
			l.Streams[name] = s
		}
	case *recording.JournalStream:
		j.global(&l.Global)
		if l.Capture != nil {
			one := []recording.Capture{*l.Capture}
			j.captures(l.Stream, one)
			l.Capture = &one[0]
		}
	case *recording.JournalEpoch:
		l.Epoch += j.Epochs
		l.Base, l.BaseMin, l.BaseMax = l.Base+j.Samples, l.BaseMin+j.Samples, l.BaseMax+j.Samples
	case *recording.JournalSync:
		l.Segment, l.Epoch = l.Segment+j.Segments, l.Epoch+j.Epochs
		for name, s := range l.Streams {
			s.N += j.Samples / j.ratios[name]
			j.captures(name, s.Captures)
			j.annotations(name, s.Annotations)
			l.Streams[name] = s
		}
		if l.Clock != nil {
			l.Clock.Epoch, l.Clock.Index = l.Clock.Epoch+j.Epochs, l.Clock.Index+j.Samples
		}
	case *recording.JournalMore:
		for name, s := range l.Streams {
			j.captures(name, s.Captures)
			j.annotations(name, s.Annotations)
		}
	case *recording.JournalSeal:
		l.Segment += j.Segments
	}
}

// events puts the lines of events.jsonl on.
func (a Age) events(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var out []byte
	for line := range bytes.Lines(text) {
		e, err := recording.ParseEvent(line)
		if err != nil {
			break
		}
		e.Seq += a.Events
		if e.Index != nil {
			*e.Index += a.Samples
		}
		if e.Epoch != nil {
			*e.Epoch += a.Epochs
		}
		b, err := recording.EncodeEvent(*e)
		if err != nil {
			return err
		}
		out = append(out, b...)
	}
	return os.WriteFile(path, out, 0o644)
}
