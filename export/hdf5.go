package export

import (
	"encoding/binary"
	"math"
)

// hdf5 writes an HDF5 file with a dataset for each stream, named as the stream and stored in one piece without compression: one dimension, in block modes
// waveforms x samples. Attributes tell unit, interval and start. A block mode has three more datasets: waveform (numbers), start_ns (UTC of the first
// samples, in nanoseconds) and trigger_s (seconds from the first sample to the trigger, NaN where there was none).
type hdf5 struct {
	items []item
	lanes []*lane // of each column
}

func newHDF5(o *Options, h *header, w *output) (encoder, error) {
	items, err := itemsOf(h, o.Float32)
	if err != nil {
		return nil, err
	}
	e := &hdf5{items: items}
	f := &h5File{attributes: []h5Attribute{h5Text("created_by", "scopelog"), h5Text("device", h.device)}}
	for i, c := range h.columns {
		d := &h5Dataset{name: c.Stream.Name(), datatype: h5Item(items[i]), itemSize: items[i].size(), dims: []int64{h.rows}, attributes: h5Attributes(o, h, c)}
		if h.waveform > 0 {
			d.dims = append(d.dims, h.waveform)
		}
		f.datasets = append(f.datasets, d)
	}
	if h.waveform > 0 {
		f.datasets = append(f.datasets, h5Waves(h)...)
	}
	if _, err := w.Write(f.layOut()); err != nil {
		return nil, err
	}
	for i, d := range f.datasets {
		if i < len(items) {
			e.lanes = append(e.lanes, w.lane(d.at))
		} else if err := w.writeAt(d.content, d.at); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// h5Attributes tell of a stream.
func h5Attributes(o *Options, h *header, c *column) []h5Attribute {
	list := []h5Attribute{
		h5Text("unit", c.Unit()), h5Text("quantity", o.Quantity.String()), h5Text("channel", c.Global.Channel), h5Text("kind", string(c.Global.Kind)),
		h5Float("sample_interval_s", float64(h.interval.Num)/float64(h.interval.Den)),
		h5Integer("sample_interval_num", h.interval.Num), h5Integer("sample_interval_den", h.interval.Den),
		h5Text("start", startText(h.start)), h5Integer("start_ns", int64(h.start)),
	}
	if h.waveform == 0 {
		list = append(list, h5Integer("device_index", h.from))
	}
	for _, text := range [...]struct{ name, value string }{{"label", c.Stream.Label()}, {"model", c.Global.Model}, {"serial", c.Global.Serial}, {"run", c.Global.Run}} {
		if text.value != "" {
			list = append(list, h5Text(text.name, text.value))
		}
	}
	return list
}

// h5Waves are the datasets that tell of waveforms.
func h5Waves(h *header) []*h5Dataset {
	var numbers, starts, triggers []byte
	for _, w := range h.waves {
		numbers = binary.LittleEndian.AppendUint64(numbers, uint64(w.Number))
		starts = binary.LittleEndian.AppendUint64(starts, uint64(w.Start))
		at := math.NaN()
		if w.Triggered {
			at = float64(w.Position)*float64(h.interval.Num)/float64(h.interval.Den) + float64(w.OffsetFS)*1e-15
		}
		triggers = binary.LittleEndian.AppendUint64(triggers, math.Float64bits(at))
	}
	one := func(name string, datatype, content []byte) *h5Dataset {
		return &h5Dataset{name: name, datatype: datatype, itemSize: 8, dims: []int64{int64(len(h.waves))}, content: content}
	}
	return []*h5Dataset{one("waveform", h5Fixed(8, true), numbers), one("start_ns", h5Fixed(8, true), starts), one("trigger_s", h5Item(itemFloat64), triggers)}
}

func (e *hdf5) write(b *batch) error {
	for i, values := range b.values {
		if err := e.lanes[i].put(e.items[i], values); err != nil {
			return err
		}
	}
	return nil
}

func (e *hdf5) end() error { return nil }
