package export

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// Messages of object headers of HDF5.
const (
	h5Dataspace   = 0x01
	h5Datatype    = 0x03
	h5FillValue   = 0x05
	h5DataLayout  = 0x08
	h5AttributeID = 0x0c
	h5SymbolTable = 0x11
)

const (
	h5SuperblockSize = 96
	h5EntrySize      = 40             // of a symbol table
	h5InternalK      = 16             // half of the children of a node of a tree
	h5Undefined      = math.MaxUint64 // an address that is none
	h5DataAlignment  = 4096
)

// h5File is an HDF5 file of the first version of everything: a root group with attributes and datasets that are stored in one piece.
type h5File struct {
	attributes []h5Attribute
	datasets   []*h5Dataset
}

// h5Dataset is one dataset.
type h5Dataset struct {
	name       string
	datatype   []byte // as in the file
	itemSize   int64
	dims       []int64
	attributes []h5Attribute
	content    []byte // of a small one; nil: written by somebody else
	at         int64  // address of its first item
}

// h5Attribute is one attribute: a single value.
type h5Attribute struct {
	name     string
	datatype []byte
	value    []byte
}

func h5Text(name, text string) h5Attribute {
	if text == "" {
		text = "\x00" // a text has a size
	}
	const nullPadded, utf8 = 1, 1 << 4
	datatype := binary.LittleEndian.AppendUint32([]byte{1<<4 | 3, nullPadded | utf8, 0, 0}, uint32(len(text)))
	return h5Attribute{name, datatype, []byte(text)}
}

func h5Integer(name string, v int64) h5Attribute {
	return h5Attribute{name, h5Fixed(8, true), binary.LittleEndian.AppendUint64(nil, uint64(v))}
}

func h5Float(name string, v float64) h5Attribute {
	return h5Attribute{name, h5Item(itemFloat64), binary.LittleEndian.AppendUint64(nil, math.Float64bits(v))}
}

// h5Fixed is the type of whole numbers.
func h5Fixed(size int, signed bool) []byte {
	p := []byte{1 << 4, 0, 0, 0}
	if signed {
		p[1] = 0x08
	}
	p = binary.LittleEndian.AppendUint32(p, uint32(size))
	p = binary.LittleEndian.AppendUint16(p, 0)
	return binary.LittleEndian.AppendUint16(p, uint16(8*size))
}

// h5Item is the type of an item.
func h5Item(k item) []byte {
	if !k.float() {
		return h5Fixed(int(k.size()), k != itemUint8)
	}
	const impliedBit = 2 << 4
	sign, exponentAt, exponentBits, bias := byte(63), byte(52), byte(11), uint32(1023)
	if k == itemFloat32 {
		sign, exponentAt, exponentBits, bias = 31, 23, 8, 127
	}
	p := binary.LittleEndian.AppendUint32([]byte{1<<4 | 1, impliedBit, sign, 0}, uint32(k.size()))
	p = binary.LittleEndian.AppendUint16(p, 0)
	p = binary.LittleEndian.AppendUint16(p, uint16(8*k.size()))
	p = append(p, exponentAt, exponentBits, 0, exponentAt)
	return binary.LittleEndian.AppendUint32(p, bias)
}

// layOut settles where everything stands and returns what comes before the data. The last item of the file has to be written by somebody.
func (f *h5File) layOut() []byte {
	sorted := slices.Clone(f.datasets)
	slices.SortFunc(sorted, func(a, b *h5Dataset) int { return cmp.Compare(a.name, b.name) })
	leafK := max(4, (len(sorted)+1)/2) // half of what one node holds: it holds all
	heap, offsets := h5Names(sorted)
	// Sizes first: addresses follow from them.
	root := len(f.root(0, 0))
	tree := uint64(h5SuperblockSize + root)
	heapAt := tree + uint64(24+8*(2*2*h5InternalK+1))
	node := heapAt + 32 + uint64(len(heap))
	headers := node + 8 + uint64(h5EntrySize*2*leafK)
	at := headers
	for _, d := range f.datasets {
		at += uint64(len(d.header()))
	}
	data := int64(at+h5DataAlignment-1) / h5DataAlignment * h5DataAlignment
	end := data
	for _, d := range f.datasets {
		d.at = end
		end += d.bytes() + (-d.bytes() & 7)
	}
	last := f.datasets[len(f.datasets)-1]
	end = last.at + last.bytes()

	p := h5Superblock(uint16(leafK), uint64(end), tree, heapAt)
	p = append(p, f.root(tree, heapAt)...)
	p = append(p, h5Tree(node, offsets[len(offsets)-1])...)
	p = append(p, h5Heap(uint64(len(heap)), heapAt+32)...)
	p = append(p, heap...)
	address := map[*h5Dataset]uint64{}
	at = headers
	var objects []byte
	for _, d := range f.datasets {
		address[d] = at + uint64(len(objects))
		objects = append(objects, d.header()...)
	}
	p = append(p, h5Node(sorted, offsets, address, leafK)...)
	p = append(p, objects...)
	return append(p, make([]byte, data-int64(len(p)))...)
}

// bytes returns the size of the data.
func (d *h5Dataset) bytes() int64 {
	n := d.itemSize
	for _, k := range d.dims {
		n *= k
	}
	return n
}

// h5Names returns the content of the heap of names, and where each name stands in it. The first one is the empty name.
func h5Names(list []*h5Dataset) (heap []byte, offsets []uint64) {
	heap = make([]byte, 8)
	for _, d := range list {
		offsets = append(offsets, uint64(len(heap)))
		heap = h5Pad(append(append(heap, d.name...), 0))
	}
	return heap, offsets
}

func h5Superblock(leafK uint16, end, tree, heap uint64) []byte {
	p := []byte("\x89HDF\r\n\x1a\n\x00\x00\x00\x00\x00\x08\x08\x00")
	p = binary.LittleEndian.AppendUint16(p, leafK)
	p = binary.LittleEndian.AppendUint16(p, h5InternalK)
	p = binary.LittleEndian.AppendUint32(p, 0)
	for _, address := range [...]uint64{0, h5Undefined, end, h5Undefined, 0, h5SuperblockSize} { // the last two begin the entry of the root group
		p = binary.LittleEndian.AppendUint64(p, address)
	}
	p = append(p, 1, 0, 0, 0, 0, 0, 0, 0) // what follows is known of it: its tree and its heap
	p = binary.LittleEndian.AppendUint64(p, tree)
	return binary.LittleEndian.AppendUint64(p, heap)
}

// root returns the object header of the root group.
func (f *h5File) root(tree, heap uint64) []byte {
	table := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, tree), heap)
	return h5Object(append([][]byte{h5Message(h5SymbolTable, table)}, h5AttributeMessages(f.attributes)...))
}

// h5Tree returns the tree of the group: one node with one child, the node of symbols.
func h5Tree(node, lastName uint64) []byte {
	p := []byte("TREE\x00\x00\x01\x00")
	for _, v := range [...]uint64{h5Undefined, h5Undefined, 0, node, lastName} {
		p = binary.LittleEndian.AppendUint64(p, v)
	}
	return append(p, make([]byte, 24+8*(2*2*h5InternalK+1)-len(p))...)
}

func h5Heap(size, content uint64) []byte {
	const noFree = 1
	p := []byte("HEAP\x00\x00\x00\x00")
	for _, v := range [...]uint64{size, noFree, content} {
		p = binary.LittleEndian.AppendUint64(p, v)
	}
	return p
}

// h5Node returns the node that lists all datasets in the order of their names.
func h5Node(list []*h5Dataset, offsets []uint64, address map[*h5Dataset]uint64, leafK int) []byte {
	p := binary.LittleEndian.AppendUint16([]byte("SNOD\x01\x00"), uint16(len(list)))
	for i, d := range list {
		p = binary.LittleEndian.AppendUint64(p, offsets[i])
		p = binary.LittleEndian.AppendUint64(p, address[d])
		p = append(p, make([]byte, h5EntrySize-16)...)
	}
	return append(p, make([]byte, h5EntrySize*(2*leafK-len(list)))...)
}

// header returns the dataset's object header.
func (d *h5Dataset) header() []byte {
	const undefined = "\x02\x01\x01\x00" // space from the start, and nothing written into it
	layout := binary.LittleEndian.AppendUint64([]byte{3, 1}, uint64(d.at))
	layout = binary.LittleEndian.AppendUint64(layout, uint64(d.bytes()))
	list := [][]byte{
		h5Message(h5Dataspace, h5Space(d.dims)), h5Message(h5Datatype, d.datatype),
		h5Message(h5FillValue, []byte(undefined)), h5Message(h5DataLayout, layout),
	}
	return h5Object(append(list, h5AttributeMessages(d.attributes)...))
}

// h5Space returns a dataspace; without dimensions that of a single value.
func h5Space(dims []int64) []byte {
	p := []byte{1, byte(len(dims)), 0, 0, 0, 0, 0, 0}
	for _, n := range dims {
		p = binary.LittleEndian.AppendUint64(p, uint64(n))
	}
	return p
}

func h5AttributeMessages(list []h5Attribute) [][]byte {
	out := make([][]byte, len(list))
	for i, a := range list {
		space := h5Space(nil)
		p := []byte{1, 0}
		for _, n := range [...]int{len(a.name) + 1, len(a.datatype), len(space)} {
			p = binary.LittleEndian.AppendUint16(p, uint16(n))
		}
		p = append(p, h5Pad(append([]byte(a.name), 0))...)
		p = append(p, h5Pad(slices.Clone(a.datatype))...)
		p = append(append(p, space...), a.value...)
		out[i] = h5Message(h5AttributeID, p)
	}
	return out
}

// h5Message returns a message of an object header.
func h5Message(kind uint16, content []byte) []byte {
	content = h5Pad(slices.Clone(content))
	p := binary.LittleEndian.AppendUint16(nil, kind)
	p = binary.LittleEndian.AppendUint16(p, uint16(len(content)))
	return append(append(p, 0, 0, 0, 0), content...)
}

// h5Object returns an object header.
func h5Object(messages [][]byte) []byte {
	body := bytes.Join(messages, nil)
	p := binary.LittleEndian.AppendUint16([]byte{1, 0}, uint16(len(messages)))
	p = binary.LittleEndian.AppendUint32(p, 1)
	p = binary.LittleEndian.AppendUint32(p, uint32(len(body)))
	return append(append(p, 0, 0, 0, 0), body...)
}

// h5Pad fills up to a multiple of 8.
func h5Pad(p []byte) []byte { return append(p, make([]byte, -len(p)&7)...) }
