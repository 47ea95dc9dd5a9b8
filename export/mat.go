package export

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Types of data elements, and classes of arrays, of MAT-files.
const (
	matInt8   = 1
	matUint16 = 4
	matInt32  = 5
	matUint32 = 6
	matDouble = 9
	matMatrix = 14

	matClassChar   = 4
	matClassDouble = 6
)

// matTypes are the type and the class of items.
var matTypes = [...]struct{ element, class uint32 }{
	itemFloat64: {matDouble, matClassDouble}, itemFloat32: {7, 7},
	itemInt8: {matInt8, 8}, itemUint8: {2, 9}, itemInt16: {3, 10}, itemInt32: {matInt32, 12},
}

// matLimit is how many bytes a variable may have: readers take less than 2 GiB.
const matLimit = 2_000_000_000

// matNames are the variables that are no channel.
var matNames = []string{"Tstart", "Tinterval", "Length", "RequestedLength", "ExtraSamples", "Version", "Waveform", "StartUTC"}

// matUnit stands behind the name of a channel in that of its unit.
const matUnit = "_unit"

// mat writes a MAT-file of version 5, not compressed, with the names of PicoScope's own: an array for each channel (A, B), single precision, and Tstart,
// Tinterval, Length, RequestedLength, ExtraSamples, Version. Streams that are not a whole channel have their kind behind it (A_min), digital
// ports are D0_7. Block modes are samples x waveforms; Tstart has a value each where they differ, and Waveform their numbers. A_unit is the unit,
// StartUTC when the first sample was taken.
type mat struct {
	items []item
	lanes []*lane // of each column
}

// matMost returns how many samples, or waveforms, fit into variables of the limit; 0: not even one waveform does.
func matMost(o *Options, t *table) int64 {
	limit := o.limitOr(matLimit)
	most := int64(math.MaxInt32)
	for _, c := range t.columns {
		most = min(most, limit/itemOf(c, true).size()/max(t.waveform, 1))
	}
	if t.waveform > 0 {
		most = min(most, limit/itemFloat64.size()) // Tstart has a value for each
	}
	return most
}

// matFits refuses single waveforms that are too large, and whole numbers that are missing.
func matFits(o *Options, h *header) error {
	limit := o.limitOr(matLimit)
	for _, c := range h.columns {
		if size := itemOf(c, true).size(); h.waveform > limit/size {
			return &UnfitError{
				Ending: ".mat", Stream: c.Stream.Name(), Advice: ".h5 has no such limit, and MATLAB reads it",
				Reason: fmt.Sprintf("a variable has at most 2 GB, which is %s of it, and its waveforms have more", plural(limit/size, "sample")),
			}
		}
	}
	_, err := itemsOf(h, true)
	return err
}

func newMat(_ *Options, h *header, w *output) (encoder, error) {
	items, err := itemsOf(h, true)
	if err != nil {
		return nil, err
	}
	e := &mat{items: items}
	p := fmt.Appendf(nil, "%-116s", "MATLAB 5.0 MAT-file, created by scopelog")
	p = append(p, make([]byte, 8)...)
	p = append(p, 0, 1, 'I', 'M')
	p = matScalars(p, h)
	names := matVariables(h)
	for i, c := range h.columns {
		p = matText(p, names[i]+matUnit, c.Unit())
	}
	at := int64(0)
	rows, columns := h.rows, int64(1)
	if h.waveform > 0 {
		rows, columns = h.waveform, h.rows
	}
	for i, name := range names {
		t := matTypes[items[i]]
		size := rows * columns * items[i].size()
		p = matHead(p, name, t.class, t.element, rows, columns, size)
		if err := w.writeAt(p, at); err != nil {
			return nil, err
		}
		at += int64(len(p))
		e.lanes = append(e.lanes, w.lane(at))
		at += size
		p = make([]byte, -size&7)
	}
	return e, w.writeAt(p, at)
}

// matVariables names the arrays of channels. No name is that of another variable.
func matVariables(h *header) []string {
	used, columns := usedNames{}, make([]int, len(h.columns))
	for _, name := range matNames {
		used[name] = true
	}
	for i := range columns {
		columns[i] = i
	}
	return h.variables(".mat", used, columns, matUnit)
}

// matScalars appends the variables that tell of time.
func matScalars(p []byte, h *header) []byte {
	interval := float64(h.interval.Num) / float64(h.interval.Den)
	start := []float64{float64(h.from) * interval}
	length := float64(h.rows)
	if h.waveform > 0 {
		length = float64(h.waveform)
		start = start[:0]
		var numbers []float64
		for _, w := range h.waves {
			numbers = append(numbers, float64(w.Number))
			start = append(start, -float64(w.Position)*interval-float64(w.OffsetFS)*1e-15)
		}
		if start[0] == slices.Min(start) && start[0] == slices.Max(start) {
			start = start[:1]
		}
		p = matNumbers(p, "Waveform", numbers...)
	}
	p = matNumbers(p, "Tstart", start...)
	p = matNumbers(p, "Tinterval", interval)
	p = matNumbers(p, "Length", length)
	p = matNumbers(p, "RequestedLength", length)
	p = matNumbers(p, "ExtraSamples", 0)
	p = matText(p, "StartUTC", startText(h.start))
	return matText(p, "Version", "scopelog")
}

// matHead appends what stands before the values of an array.
func matHead(p []byte, name string, class, element uint32, rows, columns, size int64) []byte {
	padded := size + (-size & 7)
	nameLength := len(name) + (-len(name) & 7)
	p = matElement(p, matMatrix, 16+16+8+int64(nameLength)+8+padded)
	p = matElement(p, matUint32, 8)
	p = binary.LittleEndian.AppendUint32(p, class)
	p = binary.LittleEndian.AppendUint32(p, 0)
	p = matElement(p, matInt32, 8)
	p = binary.LittleEndian.AppendUint32(p, uint32(rows))
	p = binary.LittleEndian.AppendUint32(p, uint32(columns))
	p = matElement(p, matInt8, int64(len(name)))
	p = append(p, name...)
	p = append(p, make([]byte, nameLength-len(name))...)
	return matElement(p, element, size)
}

func matElement(p []byte, kind uint32, size int64) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(p, kind), uint32(size))
}

// matNumbers appends a row of numbers.
func matNumbers(p []byte, name string, values ...float64) []byte {
	p = matHead(p, name, matClassDouble, matDouble, 1, int64(len(values)), int64(8*len(values)))
	return itemFloat64.append(p, values)
}

// matText appends a text.
func matText(p []byte, name, text string) []byte {
	var body []byte
	for _, r := range text {
		if r > math.MaxUint16 {
			r = '?'
		}
		body = binary.LittleEndian.AppendUint16(body, uint16(r))
	}
	p = matHead(p, name, matClassChar, matUint16, 1, int64(len(body)/2), int64(len(body)))
	return append(append(p, body...), make([]byte, -len(body)&7)...)
}

func (e *mat) write(b *batch) error {
	for i, values := range b.values {
		if err := e.lanes[i].put(e.items[i], values); err != nil {
			return err
		}
	}
	return nil
}

func (e *mat) end() error { return nil }
