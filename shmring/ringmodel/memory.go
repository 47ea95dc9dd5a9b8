package ringmodel

// Memory is a memory model.
type Memory uint8

// The memory models, from strong to weak.
const (
	SC    Memory = iota // every store takes effect at once
	AMD64               // stores wait in a buffer and leave it in order
	ARM64               // stores leave the buffer in any order that releases and fences allow
)

// Memories lists all of them.
var Memories = []Memory{SC, AMD64, ARM64}

func (m Memory) String() string { return [...]string{"sc", "amd64", "arm64"}[m] }

// loc is a place in shared memory.
type loc uint8

const (
	locDWrite loc = iota
	locDIntent
	locDoorbell
	locDRead
	locWaiting
	locWakeAt
	locRoomBell
	locProducerWaiting
	locWIntent // one per lane, as the next three
	locWPos    = locWIntent + maxLanes
	locLost    = locWPos + maxLanes
	locRPos    = locLost + maxLanes
	locCell    = locRPos + maxLanes        // samples: maxCap per lane
	locDesc    = locCell + maxLanes*maxCap // descriptors: maxQueue
	numLocs    = int(locDesc) + maxQueue
)

// Who owns a store buffer.
const (
	byProducer = iota
	byRecorder
	numWriters
)

// Kinds of entries in a store buffer.
const (
	plainStore   = iota
	releaseStore // takes effect after everything before it
	fenceMark    // nothing behind it takes effect before everything in front of it
)

// bufCap is the longest store buffer. A process whose buffer is full waits until something has left it.
const bufCap = 8

// entry is a store that has not taken effect: kind, place and value.
type entry uint64

func newEntry(kind uint8, l loc, v uint32) entry {
	return entry(kind)<<40 | entry(l)<<32 | entry(v)
}

func (e entry) kind() uint8   { return uint8(e >> 40) }
func (e entry) loc() loc      { return loc(e >> 32) }
func (e entry) value() uint32 { return uint32(e) }

// isRead reports if anybody ever reads the place in this case. Stores to other places are left out.
func (m *model) isRead(l loc) bool {
	switch {
	case l == locWIntent || l == locWPos:
		return m.c.Watch == Samples
	case l == locDIntent:
		return m.c.Watch == Descriptors
	case l > locWIntent && l < locLost:
		return false
	case l >= locLost && l < locRPos:
		return m.c.KillProducer
	}
	return true
}

// store lets a process write. It is false when the buffer is full: the step has to wait.
func (m *model) store(n *state, who int, kind uint8, l loc, v uint32) bool {
	if !m.isRead(l) {
		return true
	}
	if m.mem == SC {
		n.mem[l] = v
		return true
	}
	return m.enqueue(n, who, newEntry(kind, l, v))
}

func (m *model) enqueue(n *state, who int, e entry) bool {
	if n.queued[who] == bufCap {
		return false
	}
	n.buf[who][n.queued[who]] = e
	n.queued[who]++
	return true
}

// storeStore is the fence between stores: no later store takes effect before an earlier one.
func (m *model) storeStore(n *state, who int) bool {
	if m.mem != ARM64 || n.queued[who] == 0 {
		return true
	}
	return m.enqueue(n, who, newEntry(fenceMark, 0, 0))
}

// drained reports if all stores of a process have taken effect: what a full fence, a read-modify-write and a futex call wait for.
func (n *state) drained(who int) bool { return n.queued[who] == 0 }

// load reads what the process itself sees: its own newest store, else memory.
func (n *state) load(who int, l loc) uint32 {
	for i := int(n.queued[who]) - 1; i >= 0; i-- {
		if e := n.buf[who][i]; e.kind() != fenceMark && e.loc() == l {
			return e.value()
		}
	}
	return n.mem[l]
}

// mayLeave reports if entry i of the buffer can take effect next.
func (m *model) mayLeave(n *state, who, i int) bool {
	if i == 0 {
		return true // fence marks are never in front, see leave
	}
	e := n.buf[who][i]
	if m.mem == AMD64 || e.kind() != plainStore {
		return false
	}
	for _, earlier := range n.buf[who][:i] {
		if earlier.kind() == fenceMark || earlier.loc() == e.loc() {
			return false
		}
	}
	return true
}

// leave makes entry i take effect.
func (n *state) leave(who, i int) {
	b, count := &n.buf[who], int(n.queued[who])
	e := b[i]
	n.mem[e.loc()] = e.value()
	n.cut(b, i, &count)
	for count > 0 && b[0].kind() == fenceMark {
		n.cut(b, 0, &count)
	}
	n.queued[who] = uint8(count)
}

func (n *state) cut(b *[bufCap]entry, i int, count *int) {
	copy(b[i:*count], b[i+1:*count])
	*count--
	b[*count] = 0
}
