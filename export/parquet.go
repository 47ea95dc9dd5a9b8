package export

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"reflect"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/scopelog/scopelog/recording"
)

// parquetTable writes a Parquet file: a row a sample, a column a stream. Before them stand utc (counted on the device's clock from the first
// sample in the file) and device_index; in block modes utc, waveform (its number), index (of the sample in it) and time_s (since the trigger, or
// since the first sample where there was none). Values are double, with single precision float; whole numbers have their type. What is
// missing, or no number, is null. Units and the sample interval are in the metadata.
type parquetTable struct {
	w        *pq.GenericWriter[any]
	h        *header
	columns  []*pq.ColumnWriter
	index    int // columns before the streams
	kinds    []item
	nullable []bool
	ns       nsClock
	group    int64 // rows of a group
	rows     int64 // in the present one
	scratch  []pq.Value
}

func newParquet(o *Options, h *header, w *output) (encoder, error) {
	e := &parquetTable{h: h, ns: newNSClock(h.interval)}
	whole := reflect.TypeFor[int64]()
	var fields []reflect.StructField
	add := func(name, tag string, t reflect.Type) {
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", len(fields)), Type: t, Tag: reflect.StructTag(`parquet:"` + name + tag + `"`)})
	}
	add("utc", ",timestamp(nanosecond:local),delta", whole)
	if h.waveform > 0 {
		add("waveform", ",delta", whole)
		add("index", ",delta", whole)
		add("time_s", "", reflect.TypeFor[float64]())
	} else {
		add("device_index", ",delta", whole)
	}
	e.index = len(fields)
	options := []pq.WriterOption{
		pq.CreatedBy("scopelog", "1", ""), pq.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		pq.KeyValueMetadata("sample_interval_s", fmt.Sprintf("%d/%d", h.interval.Num, h.interval.Den)),
		pq.KeyValueMetadata("device", h.device), pq.KeyValueMetadata("start", startText(h.start)),
	}
	for _, c := range h.columns {
		k := itemOf(c, o.Float32)
		e.kinds = append(e.kinds, k)
		tag := ""
		if e.nullable = append(e.nullable, parquetNullable(h, c)); e.nullable[len(e.kinds)-1] {
			tag = ",optional"
		}
		add(c.Stream.Name(), tag, parquetTypes[k])
		options = append(options, pq.KeyValueMetadata("unit:"+c.Stream.Name(), c.Unit()))
	}
	group, page := rowGroup(h.rows*max(h.waveform, 1), int64(len(fields)))
	e.group = o.limitOr(group)
	options = append(options, pq.PageBufferSize(int(min(page, 8*e.group))))
	schema := pq.NewSchema("samples", pq.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface()))
	e.w = pq.NewGenericWriter[any](w, append(options, schema)...)
	e.columns = e.w.ColumnWriters()
	return e, nil
}

// parquetTypes are the types of columns, by item.
var parquetTypes = [...]reflect.Type{
	itemFloat64: reflect.TypeFor[float64](), itemFloat32: reflect.TypeFor[float32](),
	itemInt8: reflect.TypeFor[int8](), itemUint8: reflect.TypeFor[uint8](), itemInt16: reflect.TypeFor[int16](), itemInt32: reflect.TypeFor[int32](),
}

func (e *parquetTable) write(b *batch) error {
	n := int64(len(b.values[0]))
	for at := int64(0); at < n; {
		count := min(n-at, e.group-e.rows)
		if err := e.take(b, at, at+count); err != nil {
			return err
		}
		at += count
		if e.rows += count; e.rows == e.group {
			if err := e.w.Flush(); err != nil {
				return err
			}
			e.rows = 0
		}
	}
	return nil
}

// take writes samples of a batch to the columns.
func (e *parquetTable) take(b *batch, from, to int64) error {
	if err := e.places(b, from, to); err != nil {
		return err
	}
	for k, values := range b.values {
		p := parquetValues(e.scratch[:0], e.kinds[k], values[from:to])
		if e.nullable[k] {
			for i, v := range values[from:to] {
				if math.IsNaN(v) {
					p[i] = pq.NullValue().Level(0, 0, e.index+k)
				} else {
					p[i] = p[i].Level(0, 1, e.index+k)
				}
			}
		}
		if err := e.put(e.index+k, p); err != nil {
			return err
		}
	}
	return nil
}

// parquetNullable tells that a column can have values that are none.
func parquetNullable(h *header, c *column) bool {
	return !h.complete || c.Global.Equation != "" || c.Global.Datatype == recording.Float32
}

// parquetValues appends values as a column has them.
func parquetValues(p []pq.Value, k item, values []float64) []pq.Value {
	switch k {
	case itemFloat64:
		for _, v := range values {
			p = append(p, pq.DoubleValue(v))
		}
	case itemFloat32:
		for _, v := range values {
			p = append(p, pq.FloatValue(float32(v)))
		}
	default:
		for _, v := range values {
			p = append(p, pq.Int32Value(int32(v)))
		}
	}
	return p
}

// places writes the columns that tell where samples stand.
func (e *parquetTable) places(b *batch, from, to int64) error {
	fill := func(column int, value func(i int64) pq.Value) error {
		p := e.scratch[:0]
		for i := from; i < to; i++ {
			p = append(p, value(b.index+i))
		}
		return e.put(column, p)
	}
	if b.wave == nil {
		start := int64(e.h.start)
		if err := fill(0, func(i int64) pq.Value { return pq.Int64Value(start + e.ns.at(i-e.h.from)) }); err != nil {
			return err
		}
		return fill(1, pq.Int64Value)
	}
	start, interval := int64(b.wave.Start), float64(e.h.interval.Num)/float64(e.h.interval.Den)
	for column, value := range []func(i int64) pq.Value{
		func(i int64) pq.Value { return pq.Int64Value(start + e.ns.at(i)) },
		func(int64) pq.Value { return pq.Int64Value(b.wave.Number) },
		pq.Int64Value,
		func(i int64) pq.Value {
			return pq.DoubleValue(float64(i-b.wave.Position)*interval - float64(b.wave.OffsetFS)*1e-15)
		},
	} {
		if err := fill(column, value); err != nil {
			return err
		}
	}
	return nil
}

func (e *parquetTable) put(column int, values []pq.Value) error {
	e.scratch = values
	_, err := e.columns[column].WriteRowValues(values)
	return err
}

func (e *parquetTable) end() error { return e.w.Close() }

// nsClock turns numbers of samples into nanoseconds, rounded down.
type nsClock struct{ whole, rest, den uint64 }

func newNSClock(interval recording.Fraction) nsClock {
	ns := new(big.Int).Mul(big.NewInt(interval.Num), big.NewInt(1e9))
	whole, rest := ns.QuoRem(ns, big.NewInt(interval.Den), new(big.Int))
	if !whole.IsInt64() {
		whole = big.NewInt(math.MaxInt64)
	}
	return nsClock{whole.Uint64(), rest.Uint64(), uint64(interval.Den)}
}

// at returns n intervals; n is not negative.
func (c nsClock) at(n int64) int64 {
	hi, lo := bits.Mul64(uint64(n), c.rest)
	part, _ := bits.Div64(hi, lo, c.den) // rest < den, so that it fits
	return int64(uint64(n)*c.whole + part)
}
