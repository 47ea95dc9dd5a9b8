package recording

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
)

// crashDisk replays the operations of a memFS and knows what of them is sure to be on the disk.
type crashDisk struct {
	dirs    map[string]bool
	names   map[string]int // folder entries that are durable
	pending []memOp        // folder operations since the last sync of the folder
	nodes   map[int]*crashNode
}

// crashNode is the content of a file.
type crashNode struct {
	durable []byte
	pending []memOp // writes and truncations since its last sync
}

func newCrashDisk(dirs map[string]bool) *crashDisk {
	return &crashDisk{dirs: dirs, names: map[string]int{}, nodes: map[int]*crashNode{}}
}

// apply lets one more operation happen.
func (d *crashDisk) apply(op memOp) {
	switch op.kind {
	case "create", "rename", "remove":
		if op.kind == "create" {
			d.nodes[op.node] = &crashNode{}
		}
		d.pending = append(d.pending, op)
	case "syncdir":
		rest := d.pending[:0:0]
		for _, p := range d.pending {
			if filepath.Dir(p.path) == op.path {
				applyName(d.names, p)
			} else {
				rest = append(rest, p)
			}
		}
		d.pending = rest
	case "write", "truncate":
		n := d.nodes[op.node]
		n.pending = append(n.pending, op)
	case "sync":
		n := d.nodes[op.node]
		for _, p := range n.pending {
			n.durable = applyData(n.durable, p)
		}
		n.pending = nil
	}
}

func applyName(names map[string]int, op memOp) {
	switch op.kind {
	case "create":
		names[op.path] = op.node
	case "rename":
		delete(names, op.path)
		names[op.to] = op.node
	case "remove":
		delete(names, op.path)
	}
}

func applyData(data []byte, op memOp) []byte {
	if op.kind == "truncate" {
		return memTruncate(data, op.off)
	}
	return memWrite(data, op.off, op.data)
}

// crashFate says what becomes of what was not synced.
type crashFate int

const (
	fateAll     crashFate = iota // all of it is there: the process was killed
	fateTorn                     // all but the end of the last write: killed in the middle of it
	fateNone                     // nothing is there
	fateZeros                    // lengths are there, content is zeros
	fateGarbage                  // lengths are there, content is random
	fateScatter                  // any of it in pieces, folder operations up to some point
	fateNoNames                  // content is there, folder operations are not
	fateNoData                   // folder operations are there, content is not
	fateCount
)

func (f crashFate) String() string {
	return [...]string{"all", "torn", "none", "zeros", "garbage", "scatter", "no names", "no data"}[f]
}

// materialise returns what the disk holds after a crash.
func (d *crashDisk) materialise(f crashFate, rng *rand.Rand) *memFS {
	m := newMemFS()
	for dir := range d.dirs {
		m.dirs[dir] = true
	}
	names := map[string]int{}
	for p, n := range d.names {
		names[p] = n
	}
	keep := len(d.pending)
	switch f {
	case fateNone, fateNoNames:
		keep = 0
	case fateScatter, fateGarbage, fateZeros:
		keep = rng.IntN(len(d.pending) + 1)
	}
	for _, op := range d.pending[:keep] {
		applyName(names, op)
	}
	for p, n := range names {
		m.add(p, d.nodes[n].content(f, rng))
	}
	return m
}

// content returns what a file holds after a crash.
func (n *crashNode) content(f crashFate, rng *rand.Rand) []byte {
	data := bytes.Clone(n.durable)
	for i, op := range n.pending {
		switch f {
		case fateNone, fateNoData:
			return data
		case fateTorn:
			if i == len(n.pending)-1 && op.kind == "write" {
				op.data = op.data[:rng.IntN(len(op.data)+1)]
			}
			data = applyData(data, op)
		case fateZeros, fateGarbage:
			data = applyData(data, op.spoilt(f, rng))
		case fateScatter:
			data = scatter(data, op, rng)
		default:
			data = applyData(data, op)
		}
	}
	return data
}

// spoilt returns the operation with its bytes lost, and perhaps only half of its length.
func (op memOp) spoilt(f crashFate, rng *rand.Rand) memOp {
	if op.kind != "write" {
		return op
	}
	n := len(op.data)
	if rng.IntN(3) == 0 {
		n = rng.IntN(n + 1)
	}
	op.data = make([]byte, n)
	if f == fateGarbage {
		for i := range op.data {
			op.data[i] = byte(rng.Uint32())
		}
	}
	return op
}

// scatter lets some pieces of a write reach the disk and others not, as blocks are written back in any order.
func scatter(data []byte, op memOp, rng *rand.Rand) []byte {
	if op.kind == "truncate" {
		if rng.IntN(2) == 0 {
			return data
		}
		return applyData(data, op)
	}
	piece := 1 + rng.IntN(600)
	for at := 0; at < len(op.data); at += piece {
		if rng.IntN(2) == 0 {
			data = memWrite(data, op.off+int64(at), op.data[at:min(at+piece, len(op.data))])
		}
	}
	return data
}
