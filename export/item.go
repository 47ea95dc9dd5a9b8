package export

import (
	"encoding/binary"
	"math"

	"github.com/scopelog/scopelog/recording"
)

// item is how a binary file stores one value, little-endian.
type item uint8

const (
	itemFloat64 item = iota
	itemFloat32
	itemInt8
	itemUint8
	itemInt16
	itemInt32
)

// itemOf returns the item for a column: its own type where it holds whole numbers, else a float.
func itemOf(c *column, single bool) item {
	if c.Whole() {
		switch c.Global.Datatype {
		case recording.Int8:
			return itemInt8
		case recording.Uint8:
			return itemUint8
		case recording.Int16:
			return itemInt16
		case recording.Int32:
			return itemInt32
		}
	}
	if single {
		return itemFloat32
	}
	return itemFloat64
}

// size returns the bytes of an item.
func (k item) size() int64 {
	return [...]int64{itemFloat64: 8, itemFloat32: 4, itemInt8: 1, itemUint8: 1, itemInt16: 2, itemInt32: 4}[k]
}

// descr returns NumPy's name of the item.
func (k item) descr() string {
	return [...]string{itemFloat64: "<f8", itemFloat32: "<f4", itemInt8: "|i1", itemUint8: "|u1", itemInt16: "<i2", itemInt32: "<i4"}[k]
}

// float tells that the item has a value for samples that are missing: NaN.
func (k item) float() bool { return k == itemFloat64 || k == itemFloat32 }

// append appends values. Those of whole items have to be whole, and in range.
func (k item) append(p []byte, values []float64) []byte {
	switch k {
	case itemFloat64:
		for _, v := range values {
			p = binary.LittleEndian.AppendUint64(p, math.Float64bits(v))
		}
	case itemFloat32:
		for _, v := range values {
			p = binary.LittleEndian.AppendUint32(p, math.Float32bits(float32(v)))
		}
	case itemInt32:
		for _, v := range values {
			p = binary.LittleEndian.AppendUint32(p, uint32(int32(v)))
		}
	case itemInt16:
		for _, v := range values {
			p = binary.LittleEndian.AppendUint16(p, uint16(int16(v)))
		}
	default:
		for _, v := range values {
			p = append(p, byte(int16(v)))
		}
	}
	return p
}
