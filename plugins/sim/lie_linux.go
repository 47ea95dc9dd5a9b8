package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

var errNoRing = errors.New("this process holds no ring")

// lie writes an untruth into the newest ring that this process holds, behind the back of the sink: as a hostile plugin
// would, it looks for the ring among its open descriptors.
func lie(what string, random *rand.Rand) error {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("look for the ring: %w", err)
	}
	var newest []byte
	for _, e := range entries {
		ring := mapRing(e.Name())
		if ring == nil {
			continue
		}
		if newest != nil && generation(ring) < generation(newest) {
			newest, ring = ring, newest
		}
		if newest != nil {
			err = errors.Join(err, unix.Munmap(newest))
		}
		newest = ring
	}
	if newest == nil {
		return errors.Join(errNoRing, err)
	}
	return errors.Join(writeLie(newest, what, random), unix.Munmap(newest), err)
}

func generation(ring []byte) uint64 { return binary.LittleEndian.Uint64(ring[ringGeneration:]) }

// mapRing maps a descriptor of this process if it is a ring that runs; nil: it is not.
func mapRing(number string) []byte {
	target, err := os.Readlink("/proc/self/fd/" + number)
	if err != nil || !strings.HasPrefix(target, "/memfd:") {
		return nil
	}
	fd, err := strconv.Atoi(number)
	if err != nil {
		return nil
	}
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil || st.Size < ringLaneTable+laneEntry {
		return nil
	}
	ring, err := unix.Mmap(fd, 0, int(st.Size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	if string(ring[:len(ringMagic)]) != ringMagic || binary.LittleEndian.Uint32(ring[ringProducerState:]) != ringRunning {
		_ = unix.Munmap(ring) // what was just mapped can be unmapped
		return nil
	}
	return ring
}
