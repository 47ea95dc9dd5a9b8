package export

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// npyHeader is the length of the header: one that NumPy can map behind.
const npyHeader = 128

// npy writes a NumPy array, format 1.0: one dimension for a stream, waveforms x samples for a block mode.
type npy struct {
	w    *output
	item item
}

func newNpy(o *Options, h *header, w *output) (encoder, error) {
	items, err := itemsOf(h, o.Float32)
	if err != nil {
		return nil, err
	}
	e := &npy{w: w, item: items[0]}
	shape := fmt.Sprintf("(%d,)", h.rows)
	if h.waveform > 0 {
		shape = fmt.Sprintf("(%d, %d)", h.rows, h.waveform)
	}
	head := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", e.item.descr(), shape)
	prefix := "\x93NUMPY\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, npyHeader-10))
	_, err = fmt.Fprintf(w, "%s%s%s\n", prefix, head, strings.Repeat(" ", npyHeader-len(prefix)-len(head)-1))
	return e, err
}

func (e *npy) write(b *batch) error { return e.w.first.put(e.item, b.values[0]) }

func (e *npy) end() error { return nil }
