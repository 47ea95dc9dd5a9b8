package analyze

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"

	"github.com/scopelog/scopelog/outfile"
)

// SignalEndings lists the endings of files that a signal can be written to.
func SignalEndings() []string { return []string{".npy", ".csv", ".f32"} }

// signal writes what an operation makes of the samples of one source: a file for each stretch without loss, one for all waveforms. Its values are
// evenly spaced.
type signal struct {
	src      *source
	base     string // name without ending
	ending   string // of the format
	suffix   string // the ending as it is written
	several  bool   // stretches are numbered
	unit     string
	interval float64 // seconds between values
	lead     float64 // samples from the first one of a piece to the first value
	pieces   int
	replace  bool          // files that are there make room
	file     *outfile.File // the one that is being written; nil: none
	piece    piece
	rows     int64 // values written of it, or waveforms
	written  int64 // values of the present piece
	length   int64 // values of each waveform
	done     []signalFile
	complete []string // names of files that were made
	scratch  []byte
	needs    int64 // about how many bytes all files have
}

// signalFile is a file that was written.
type signalFile struct {
	Path     string
	Values   int64   // of each waveform where there are several
	Waves    int64   // 0: no block mode
	Interval float64 // s between values
}

// signalHeader is the room that is kept for the header of an array, whose shape is known at the end. It is as long as any of them.
const signalHeader = 128

// newSignal settles the name of a source's files. alone: it is the only source. replace: files that are there make room.
func newSignal(src *source, to, unit string, alone, replace bool) (*signal, error) {
	base, ending, err := outfile.Split(to, SignalEndings())
	if err != nil {
		return nil, err
	}
	suffix := to[len(base):]
	if !alone {
		base += "." + src.name
	}
	s := &signal{src: src, base: base, ending: ending, suffix: suffix, unit: unit, interval: src.seconds(), replace: replace}
	s.several = src.Waveform() == 0 && len(src.pieces()) > 1
	return s, outfile.Allowed(s.name(1), replace)
}

func (s *signal) name(piece int) string {
	if !s.several {
		return s.base + s.suffix
	}
	return fmt.Sprintf("%s-%04d%s", s.base, piece, s.suffix)
}

// open begins a stretch or a waveform.
func (s *signal) open(p piece) error {
	if err := s.end(); err != nil {
		return err
	}
	s.piece, s.written = p, 0
	s.pieces++
	if s.file != nil {
		return nil
	}
	if s.pieces == 2 && !s.several {
		s.several = true // a gap came while it was followed
	}
	name := s.name(s.pieces)
	f, err := outfile.CreateOr(name, s.replace)
	if err != nil {
		return writing(name, 0, s.needs, err)
	}
	s.file, s.rows = f, 0
	s.done = append(s.done, signalFile{Path: name, Interval: s.interval})
	switch s.ending {
	case ".npy":
		_, err = f.Write(make([]byte, signalHeader))
	case ".csv":
		names, units := []string{"Time", s.src.Stream.Name()}, []string{"(s)", "(" + s.unit + ")"}
		if p.wave != nil {
			names, units = append([]string{"Waveform"}, names...), append([]string{""}, units...)
		}
		err = outfile.WriteHead(f, names, units)
	}
	return writing(name, f.Bytes(), s.needs, err)
}

// valuesAtOnce is how many values are put into bytes at a time: the end of a resampled signal has millions.
const valuesAtOnce = 1 << 14

// write appends values.
func (s *signal) write(x []float64) error {
	for len(x) > 0 {
		n := min(len(x), valuesAtOnce)
		if err := s.writePart(x[:n]); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

func (s *signal) writePart(x []float64) error {
	p := s.scratch[:0]
	for i, v := range x {
		switch s.ending {
		case ".npy":
			p = binary.LittleEndian.AppendUint64(p, math.Float64bits(v))
		case ".f32":
			p = binary.LittleEndian.AppendUint32(p, math.Float32bits(float32(v)))
		default:
			p = s.line(p, s.written+int64(i), v)
		}
	}
	s.written += int64(len(x))
	s.scratch = p
	if _, err := s.file.Write(p); err != nil {
		return writing(s.done[len(s.done)-1].Path, s.file.Bytes(), s.needs, err)
	}
	return nil
}

// line appends a line of a table.
func (s *signal) line(p []byte, k int64, v float64) []byte {
	if w := s.piece.wave; w != nil {
		p = append(strconv.AppendInt(p, w.Number, 10), ',')
	}
	at := s.src.time(s.piece, s.lead) + float64(k)*s.interval
	p = append(strconv.AppendFloat(p, at, 'f', 15, 64), ',')
	if !math.IsNaN(v) {
		p = strconv.AppendFloat(p, v, 'g', 17, 64)
	}
	return append(p, '\n')
}

// end ends the present piece; of a stream its file too.
func (s *signal) end() error {
	if s.file == nil {
		return nil
	}
	if s.piece.wave != nil {
		s.rows++
		s.length = s.written
		return nil
	}
	s.rows = s.written
	return s.commit()
}

// finish ends all.
func (s *signal) finish() error {
	if s.file == nil {
		return nil
	}
	if err := s.end(); err != nil || s.file == nil {
		return err
	}
	return s.commit()
}

// commit gives the present file its header and its name.
func (s *signal) commit() error {
	f, info := s.file, &s.done[len(s.done)-1]
	info.Values = s.rows
	shape := fmt.Sprintf("(%d,)", s.rows)
	if s.piece.wave != nil {
		info.Values, info.Waves = s.length, s.rows
		shape = fmt.Sprintf("(%d, %d)", s.rows, s.length)
	}
	if s.ending == ".npy" {
		if _, err := f.WriteAt(npyHead("'<f8'", shape), 0); err != nil {
			return writing(info.Path, f.Bytes(), s.needs, err)
		}
	}
	s.file = nil
	defer f.Discard()
	if err := f.Commit(); err != nil {
		return writing(info.Path, f.Bytes(), s.needs, err)
	}
	s.complete = append(s.complete, info.Path)
	return nil
}

// files lists what was written, and what is being written with the values that it has so far.
func (s *signal) files() []signalFile {
	list := slices.Clone(s.done)
	if s.file == nil {
		return list
	}
	now := &list[len(list)-1]
	if now.Values = s.written; s.piece.wave != nil {
		now.Values, now.Waves = max(s.length, s.written), s.rows
		if s.written > 0 {
			now.Waves++
		}
	}
	return list
}

// drop leaves out the present piece, of which nothing was written.
func (s *signal) drop() {
	if s.file == nil || s.rows > 0 || s.written > 0 {
		return
	}
	s.file.Discard()
	s.file, s.done = nil, s.done[:len(s.done)-1]
}

// discard removes what was written, but for files that may have replaced others: they are complete.
func (s *signal) discard() {
	if s.file != nil {
		s.file.Discard()
		s.file = nil
	}
	if s.replace {
		return
	}
	for _, name := range s.complete {
		_ = os.Remove(name) // it is of no use to anybody
	}
	s.complete = nil
}
