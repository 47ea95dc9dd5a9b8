package export

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// npyHeader is the length of the header: one that NumPy can map behind.
const npyHeader = 128

// npy writes a NumPy array, format 1.0: one dimension for a stream, waveforms x samples for a block mode.
type npy struct {
	w       *output
	descr   string
	scratch []byte
}

func newNpy(o *Options, h *header, w *output) (encoder, error) {
	c := h.columns[0]
	e := &npy{w: w, descr: "<f8"}
	switch {
	case c.Whole():
		e.descr = c.Global.Datatype.Descr()
		if !h.complete {
			return nil, &FillError{Stream: c.Stream.Name(), Digital: c.Digital()}
		}
	case o.Float32:
		e.descr = "<f4"
	}
	shape := fmt.Sprintf("(%d,)", h.rows)
	if h.waveform > 0 {
		shape = fmt.Sprintf("(%d, %d)", h.rows, h.waveform)
	}
	head := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", e.descr, shape)
	prefix := "\x93NUMPY\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, npyHeader-10))
	_, err := fmt.Fprintf(w, "%s%s%s\n", prefix, head, strings.Repeat(" ", npyHeader-len(prefix)-len(head)-1))
	return e, err
}

func (e *npy) write(b *batch) error {
	p := e.scratch[:0]
	for _, v := range b.values[0] {
		switch e.descr {
		case "<f8":
			p = binary.LittleEndian.AppendUint64(p, math.Float64bits(v))
		case "<f4":
			p = binary.LittleEndian.AppendUint32(p, math.Float32bits(float32(v)))
		case recording.Int16.Descr():
			p = binary.LittleEndian.AppendUint16(p, uint16(int16(v)))
		case recording.Int32.Descr():
			p = binary.LittleEndian.AppendUint32(p, uint32(int32(v)))
		case recording.Int8.Descr():
			p = append(p, byte(int8(v)))
		case recording.Uint8.Descr():
			p = append(p, byte(v))
		}
	}
	e.scratch = p
	_, err := e.w.Write(p)
	return err
}

func (e *npy) end() error { return nil }
