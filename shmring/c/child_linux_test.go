package c

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/shmring"
)

// child is a running C producer.
type child struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
	page   *os.File
	ended  chan struct{} // closed when the process has ended, with err
	err    error
}

// truth is what the producer wrote down: testdata/producer.c has the same struct.
type truth struct {
	Offered, Done, Unknown [8]uint64
	Finished               uint64
}

func producer(t *testing.T) string {
	return program(t, "producer", "-O2", "producer.c")
}

// start runs a C program with the ring as descriptor 3 and its page of truth as descriptor 4.
func start(t *testing.T, r *shmring.Ring, path string, args ...string) *child {
	t.Helper()
	fd, err := unix.MemfdCreate("truth", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	c := &child{page: os.NewFile(uintptr(fd), "truth"), cmd: exec.Command(path, args...), ended: make(chan struct{})}
	t.Cleanup(func() { c.page.Close() })
	if err := c.page.Truncate(4096); err != nil {
		t.Fatal(err)
	}
	c.cmd.ExtraFiles = []*os.File{r.File(), c.page}
	c.cmd.Stderr = &c.stderr
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		c.cmd.Process.Kill() // an error if it has ended
		<-c.ended
	})
	return c
}

// kill ends the child at once; all that it stored is visible afterwards.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		<-c.ended
		t.Fatalf("kill: %v; the child said %q", err, c.stderr.String())
	}
	<-c.ended
}

// failed reports if the child ended with an error, and fails the test then.
func (c *child) failed(t *testing.T) bool {
	t.Helper()
	select {
	case <-c.ended:
		if c.err != nil {
			t.Errorf("child: %v: %s", c.err, c.stderr.String())
		}
		return c.err != nil
	default:
		return false
	}
}

// wait waits for an orderly end.
func (c *child) wait(t *testing.T) {
	t.Helper()
	<-c.ended
	if c.failed(t) {
		t.FailNow()
	}
}

// truth reads what a child that has ended wrote down.
func (c *child) truth(t *testing.T) truth {
	t.Helper()
	var b [4096]byte
	if _, err := c.page.ReadAt(b[:], 0); err != nil {
		t.Fatal(err)
	}
	var tr truth
	if _, err := binary.Decode(b[:], binary.LittleEndian, &tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

// spec is a ring of int16 lanes.
func spec(lanes int, capacity uint64, descs uint32) shmring.Spec {
	s := shmring.Spec{Generation: 3, DescCount: descs}
	for i := range lanes {
		s.Lanes = append(s.Lanes, shmring.LaneSpec{
			Channel: uint16(i), SampleType: shmring.I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: 1, Scale: 1, Capacity: capacity, Name: fmt.Sprint("ch", i),
		})
	}
	return s
}

// startingAt moves the start of all cursors.
func startingAt(s shmring.Spec, pos, desc uint64) shmring.Spec {
	for i := range s.Lanes {
		s.Lanes[i].StartPos = pos
	}
	s.StartDesc = desc
	return s
}

// withRatio makes a lane one of aggregates.
func withRatio(s shmring.Spec, lane int, ratio uint32) shmring.Spec {
	s.Lanes[lane].Kind, s.Lanes[lane].Ratio = shmring.Average, ratio
	return s
}

func create(t *testing.T, s shmring.Spec) *shmring.Ring {
	t.Helper()
	r, err := shmring.Create(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// pattern is the sample at an epoch index of a lane; testdata/pattern.h has the same function.
func pattern(lane int, epochIndex uint64) uint16 {
	z := epochIndex*0x9e3779b97f4a7c15 + uint64(lane+1)*0xbf58476d1ce4e5b9
	z = (z ^ z>>29) * 0x94d049bb133111eb
	return uint16(z >> 48)
}
