package shmring

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/crc32"
	"slices"
	"unsafe"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// geometry is a private copy of everything that is fixed once a ring is ready. Whoever uses a ring goes by this copy and never reads the
// tables a second time.
type geometry struct {
	spec      Spec
	ringBytes uint64
	descOff   uint64
	dataOff   []uint64 // per lane
}

// layOut places queue and lanes behind the first granule.
func layOut(s Spec) (geometry, error) {
	if err := s.check(); err != nil {
		return geometry{}, err
	}
	s.DescCount = s.descCount()
	s.Lanes = slices.Clone(s.Lanes)
	g := geometry{spec: s, descOff: Granule, dataOff: make([]uint64, len(s.Lanes))}
	next := g.descOff + queueBytes(s.DescCount)
	for i, l := range s.Lanes {
		g.dataOff[i] = next
		if next += l.Capacity; next > 1<<46 {
			return geometry{}, fmt.Errorf("%w: ring larger than the address space", ErrSpec)
		}
	}
	g.ringBytes = next
	return g, nil
}

// writeTables fills header and lane table in zeroed memory. The cursors stand at their start, core_state at init.
func (g geometry) writeTables(head []byte, self process) {
	h := headerAt(head)
	copy(h.magic[:], Magic)
	h.abiMajor, h.abiMinor = ABIMajor, ABIMinor
	h.byteOrder = byteOrderMark
	h.headerBytes, h.granule = HeaderBytes, Granule
	h.ringBytes = g.ringBytes
	h.generation, h.runID = g.spec.Generation, g.spec.RunID
	h.createdMonoNS, h.createdRealNS = uint64(MonoNow()), uint64(realNow())
	h.clockID = clockMonotonic
	h.creatorPID, h.creatorStart = self.pid, self.start
	h.laneCount = uint32(len(g.spec.Lanes))
	h.laneTableOff, h.laneStride, h.descStride = laneTableOff, LaneStride, DescStride
	h.descOff, h.descCount = g.descOff, g.spec.DescCount
	h.crc32c = crc32.Checksum(head[:headerCRCBytes], castagnoli)

	h.dWrite.Store(g.spec.StartDesc)
	h.dIntent.Store(g.spec.StartDesc)
	h.dRead.Store(g.spec.StartDesc)
	h.dDurable.Store(g.spec.StartDesc)
	h.corePID, h.coreStart = self.pid, self.start
	h.attachEpoch.Store(1)
	h.coreAliveNS.Store(uint64(MonoNow()))

	for i, s := range g.spec.Lanes {
		g.writeLane(laneAt(head, i), i, s)
	}
}

func (g geometry) writeLane(l *rawLane, i int, s LaneSpec) {
	l.laneID, l.channel = uint32(i), s.Channel
	l.kind, l.sampleType = uint8(s.Kind), uint8(s.SampleType)
	l.dataOff, l.capacity = g.dataOff[i], s.Capacity
	l.sampleBytes = uint32(s.SampleType.Bytes())
	if s.Digital {
		l.flags = laneFlagDigital
	}
	l.intervalNumFS, l.intervalDen, l.ratio = s.IntervalNumFS, s.IntervalDen, s.Ratio
	l.scale, l.offset = s.Scale, s.Offset
	l.startPos = s.StartPos
	copy(l.name[:], s.Name)
	l.crc32c = crc32.Checksum(unsafe.Slice((*byte)(unsafe.Pointer(l)), laneCRCBytes), castagnoli)
	l.wIntent.Store(s.StartPos)
	l.wPos.Store(s.StartPos)
	l.rPos.Store(s.StartPos)
}

// readTables takes the geometry from a private copy of the first tableBytes of a ring whose file has size bytes. It trusts nothing.
func readTables(head []byte, size uint64) (geometry, error) {
	if len(head) < tableBytes {
		return geometry{}, fmt.Errorf("%w: %d bytes are no header", ErrBadRing, len(head))
	}
	h := headerAt(head)
	switch {
	case string(h.magic[:]) != Magic:
		return geometry{}, fmt.Errorf("%w: magic is %q", ErrBadRing, h.magic[:])
	case h.byteOrder != byteOrderMark:
		return geometry{}, fmt.Errorf("%w: byte order %#x", ErrBadRing, h.byteOrder)
	case h.abiMajor != ABIMajor:
		return geometry{}, fmt.Errorf("%w: layout version %d.%d, this program knows %d.%d", ErrBadRing, h.abiMajor, h.abiMinor, ABIMajor, ABIMinor)
	case h.crc32c != crc32.Checksum(head[:headerCRCBytes], castagnoli):
		return geometry{}, fmt.Errorf("%w: header checksum", ErrBadRing)
	case h.features&mandatoryMask&^knownFeatures != 0:
		return geometry{}, fmt.Errorf("%w: needs features %#x", ErrBadRing, h.features&mandatoryMask)
	case h.headerBytes != HeaderBytes || h.granule != Granule || h.laneTableOff != laneTableOff || h.laneStride != LaneStride || h.descStride != DescStride:
		return geometry{}, fmt.Errorf("%w: sizes of header, lane or descriptor", ErrBadRing)
	case h.clockID != clockMonotonic:
		return geometry{}, fmt.Errorf("%w: clock %d", ErrBadRing, h.clockID)
	case h.ringBytes != size:
		return geometry{}, fmt.Errorf("%w: header says %d bytes, file has %d", ErrBadRing, h.ringBytes, size)
	case h.laneCount < 1 || h.laneCount > MaxLanes:
		return geometry{}, fmt.Errorf("%w: %d lanes", ErrBadRing, h.laneCount)
	}
	g := geometry{ringBytes: h.ringBytes, descOff: h.descOff, dataOff: make([]uint64, h.laneCount)}
	g.spec = Spec{RunID: h.runID, Generation: h.generation, DescCount: h.descCount, Lanes: make([]LaneSpec, h.laneCount)}
	if err := checkDescCount(h.descCount, int(h.laneCount)); err != nil {
		return geometry{}, fmt.Errorf("%w: %w", ErrBadRing, err)
	}
	for i := range g.spec.Lanes {
		l := laneAt(head, i)
		if err := g.readLane(l, i); err != nil {
			return geometry{}, fmt.Errorf("%w: lane %d: %w", ErrBadRing, i, err)
		}
	}
	if err := g.checkPlacement(); err != nil {
		return geometry{}, fmt.Errorf("%w: %w", ErrBadRing, err)
	}
	return g, nil
}

func (g *geometry) readLane(l *rawLane, i int) error {
	raw := unsafe.Slice((*byte)(unsafe.Pointer(l)), laneCRCBytes)
	if l.crc32c != crc32.Checksum(raw, castagnoli) {
		return fmt.Errorf("checksum")
	}
	name, rest, _ := bytes.Cut(l.name[:], []byte{0})
	if len(bytes.Trim(rest, "\x00")) != 0 {
		return fmt.Errorf("name %q", l.name)
	}
	s := LaneSpec{
		Channel: l.channel, Kind: Kind(l.kind), SampleType: SampleType(l.sampleType), Digital: l.flags&laneFlagDigital != 0,
		IntervalNumFS: l.intervalNumFS, IntervalDen: l.intervalDen, Ratio: l.ratio,
		Scale: l.scale, Offset: l.offset, StartPos: l.startPos, Capacity: l.capacity, Name: string(name),
	}
	if err := s.check(); err != nil {
		return err
	}
	if l.laneID != uint32(i) || l.sampleBytes != uint32(s.SampleType.Bytes()) {
		return fmt.Errorf("number %d, %d bytes a sample", l.laneID, l.sampleBytes)
	}
	g.spec.Lanes[i], g.dataOff[i] = s, l.dataOff
	return nil
}

// checkPlacement makes sure that queue and lanes lie behind the first granule, inside the ring, aligned and apart.
func (g *geometry) checkPlacement() error {
	type area struct{ off, size uint64 }
	areas := []area{{g.descOff, queueBytes(g.spec.DescCount)}}
	for i, l := range g.spec.Lanes {
		areas = append(areas, area{g.dataOff[i], l.Capacity})
	}
	slices.SortFunc(areas, func(a, b area) int { return cmp.Compare(a.off, b.off) })
	end := uint64(Granule)
	for _, a := range areas {
		if a.off%Granule != 0 || a.off < end || a.off > g.ringBytes || a.size > g.ringBytes-a.off {
			return fmt.Errorf("area of %d bytes at %#x overlaps another or leaves the ring", a.size, a.off)
		}
		end = a.off + a.size
	}
	return nil
}
