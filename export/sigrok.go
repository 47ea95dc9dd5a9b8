package export

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"math"
	"strings"
)

// sigrokChunk is how many bytes an entry of the archive has, at most; names of entries stay in memory until the end.
const sigrokChunk = 4 << 20

// sigrok writes a session file of sigrok, for PulseView: a zip archive of version 2 with the pins of digital ports, by their labels, and the other
// streams as analog channels, float32. Samples that are missing are NaN, and pins have no value for them.
type sigrok struct {
	zip      *zip.Writer
	h        *header
	ports    []int // columns that are digital ports
	analogs  []int // the others
	unit     int   // bytes of the pins of a sample
	firstBit []int // of each port, and behind the last one
	chunks   int
	limit    int64    // samples in a chunk
	buffers  [][]byte // of the pins if there are any, then of each analog stream
	held     int64    // samples in them
}

// sigrokFits refuses more than one waveform, rates that cannot be told, sums as counts, and pins that are missing.
func sigrokFits(_ *Options, h *header) error {
	if err := oneWaveform(".sr", h); err != nil {
		return err
	}
	if err := singleFits(".sr", h); err != nil {
		return err
	}
	for _, c := range h.columns {
		if c.wired() && !h.complete {
			return &FillError{Stream: c.Stream.Name(), Digital: true}
		}
	}
	return rateFits(".sr", h, math.MaxInt64)
}

func newSigrok(o *Options, h *header, w *output) (encoder, error) {
	e := &sigrok{zip: zip.NewWriter(w), h: h}
	e.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	bits, used := 0, usedNames{}
	var meta strings.Builder
	for i, c := range h.columns {
		if !c.wired() {
			e.analogs = append(e.analogs, i)
			continue
		}
		e.ports, e.firstBit = append(e.ports, i), append(e.firstBit, bits)
		for _, p := range pinsOf(c, h.labels) {
			bits++
			fmt.Fprintf(&meta, "probe%d=%s\n", bits, used.take(p.wire()))
		}
	}
	e.firstBit = append(e.firstBit, bits)
	for k, name := range h.variables(".sr", used, e.analogs) {
		fmt.Fprintf(&meta, "analog%d=%s\n", bits+k+1, name)
	}
	head := fmt.Sprintf("[global]\nsigrok version=0.5.2\n\n[device 1]\nsamplerate=%d Hz\n", h.rate(".sr"))
	if bits > 0 {
		e.unit = (bits + 7) / 8
		e.buffers = append(e.buffers, nil)
		head += fmt.Sprintf("capturefile=logic-1\nunitsize=%d\n", e.unit)
	}
	head += fmt.Sprintf("total probes=%d\ntotal analog=%d\n", bits, len(e.analogs))
	e.buffers = append(e.buffers, make([][]byte, len(e.analogs))...)
	e.limit = max(1, o.limitOr(sigrokChunk)/int64(max(4, e.unit)))
	return e, e.entries([]string{"version", "metadata"}, [][]byte{[]byte("2"), []byte(head + meta.String())})
}

// entries adds files to the archive.
func (e *sigrok) entries(names []string, contents [][]byte) error {
	for i, name := range names {
		w, err := e.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: e.h.start.Time().UTC()})
		if err != nil {
			return err
		}
		if _, err := w.Write(contents[i]); err != nil {
			return err
		}
	}
	return nil
}

func (e *sigrok) write(b *batch) error {
	n := int64(len(b.values[0]))
	for at := int64(0); at < n; {
		count := min(n-at, e.limit-e.held)
		e.take(b, at, at+count)
		at += count
		if e.held += count; e.held == e.limit {
			if err := e.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// take appends samples of a batch to the buffers.
func (e *sigrok) take(b *batch, from, to int64) {
	analog := e.buffers
	if e.unit > 0 {
		p := e.buffers[0]
		for i := from; i < to; i++ {
			at := len(p)
			p = append(p, make([]byte, e.unit)...)
			for k, c := range e.ports {
				bit := e.firstBit[k]
				v := uint16(b.values[c][i]) & (1<<(e.firstBit[k+1]-bit) - 1) << (bit % 8)
				p[at+bit/8] |= byte(v)
				if v > 0xff {
					p[at+bit/8+1] |= byte(v >> 8)
				}
			}
		}
		e.buffers[0] = p
		analog = e.buffers[1:]
	}
	for k, c := range e.analogs {
		analog[k] = itemFloat32.append(analog[k], b.values[c][from:to])
	}
}

// flush writes the buffers as the next chunk.
func (e *sigrok) flush() error {
	if e.held == 0 {
		return nil
	}
	e.chunks++
	var names []string
	if e.unit > 0 {
		names = append(names, fmt.Sprintf("logic-1-%d", e.chunks))
	}
	bits := e.firstBit[len(e.ports)]
	for k := range e.analogs {
		names = append(names, fmt.Sprintf("analog-1-%d-%d", bits+k+1, e.chunks))
	}
	err := e.entries(names, e.buffers)
	for i := range e.buffers {
		e.buffers[i] = e.buffers[i][:0]
	}
	e.held = 0
	return err
}

func (e *sigrok) end() error {
	if err := e.flush(); err != nil {
		return err
	}
	return e.zip.Close()
}
