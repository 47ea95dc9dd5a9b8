package shmring

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

const requiredSeals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW

// access says what a side may do. The first granule is writable for core and producer.
type access int

const (
	accessCore     access = iota // lanes and queue read-only
	accessProducer               // all writable
	accessObserver               // all read-only
)

func (a access) protHead() int {
	if a == accessObserver {
		return unix.PROT_READ
	}
	return unix.PROT_READ | unix.PROT_WRITE
}

func (a access) protData() int {
	if a == accessProducer {
		return unix.PROT_READ | unix.PROT_WRITE
	}
	return unix.PROT_READ
}

// createFile makes an anonymous shared file of the given size with all its blocks, not yet sealed.
func createFile(size uint64) (*os.File, error) {
	if !hostIsLittleEndian {
		return nil, ErrNotSupported
	}
	flags := unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate("scopelog-ring", flags|unix.MFD_NOEXEC_SEAL)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3
		fd, err = unix.MemfdCreate("scopelog-ring", flags)
	}
	if err != nil {
		return nil, fmt.Errorf("create shared memory: %w", err)
	}
	f := os.NewFile(uintptr(fd), "scopelog-ring")
	if err := reserveFile(fd, int64(size)); err != nil {
		f.Close()
		if errors.Is(err, unix.EFBIG) {
			err = ErrFileLimit
		}
		return nil, fmt.Errorf("reserve %d bytes of shared memory: %w", size, err)
	}
	return f, nil
}

func reserveFile(fd int, size int64) error {
	if err := retry(func() error { return unix.Ftruncate(fd, size) }); err != nil {
		return err
	}
	// Without blocks a full system would show as SIGBUS later.
	return retry(func() error { return unix.Fallocate(fd, 0, 0, size) })
}

func retry(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func sealFile(f *os.File) error {
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, requiredSeals); err != nil {
		return fmt.Errorf("seal shared memory: %w", err)
	}
	return nil
}

// readGeometry checks size, seals and tables of a ring and returns what they say.
func readGeometry(f *os.File) (geometry, error) {
	if !hostIsLittleEndian {
		return geometry{}, ErrNotSupported
	}
	info, err := f.Stat()
	if err != nil {
		return geometry{}, fmt.Errorf("open ring: %w", err)
	}
	seals, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0)
	if err != nil || seals&requiredSeals != requiredSeals {
		return geometry{}, fmt.Errorf("%w: size is not sealed", ErrBadRing)
	}
	head := alignedBytes(tableBytes)
	if _, err := f.ReadAt(head, 0); err != nil {
		return geometry{}, fmt.Errorf("%w: read header: %w", ErrBadRing, err)
	}
	return readTables(head, uint64(info.Size()))
}

// mapRing maps a ring whose geometry is known to fit the file.
func mapRing(f *os.File, g geometry, a access) (_ *memory, err error) {
	m := &memory{geo: g}
	var areas [][]byte
	unmap := func() error {
		var first error
		for _, area := range areas {
			if err := unix.MunmapPtr(unsafe.Pointer(&area[0]), uintptr(len(area))); err != nil && first == nil {
				first = fmt.Errorf("unmap ring: %w", err)
			}
		}
		areas = nil
		return first
	}
	defer func() {
		if err != nil {
			unmap()
		}
	}()
	add := func(b []byte, err error) ([]byte, error) {
		if err != nil {
			return nil, fmt.Errorf("map ring: %w", err)
		}
		areas = append(areas, b)
		return b, nil
	}
	fd := int(f.Fd())
	if m.head, err = add(mapArea(fd, 0, Granule, 1, a.protHead())); err != nil {
		return nil, err
	}
	size := queueBytes(g.spec.DescCount)
	if m.queue, err = add(mapArea(fd, g.descOff, size, 1, a.protData())); err != nil {
		return nil, err
	}
	m.queue = m.queue[:g.spec.DescCount*DescStride]
	for i, l := range g.spec.Lanes {
		b, err := add(mapArea(fd, g.dataOff[i], l.Capacity, 2, a.protData()))
		if err != nil {
			return nil, err
		}
		m.lanes = append(m.lanes, b)
	}
	populating := populate(m.lanes, a)
	m.unmap = func() error {
		populating.stop()
		return unmap()
	}
	return m, nil
}

// mapArea maps size bytes of the file at off, times over, back to back.
func mapArea(fd int, off, size uint64, times int, prot int) ([]byte, error) {
	total := uintptr(size) * uintptr(times)
	base, err := unix.MmapPtr(-1, 0, nil, total, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		return nil, fmt.Errorf("reserve %d bytes of address space: %w", total, err)
	}
	for i := range times {
		at := unsafe.Add(base, uintptr(i)*uintptr(size))
		if _, err := unix.MmapPtr(fd, int64(off), at, uintptr(size), prot, unix.MAP_SHARED|unix.MAP_FIXED); err != nil {
			unix.MunmapPtr(base, total)
			return nil, fmt.Errorf("map %d bytes at %#x: %w", size, off, err)
		}
	}
	return unsafe.Slice((*byte)(base), total), nil
}
