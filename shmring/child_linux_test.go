package shmring

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func init() {
	children["stream"] = func() error { return childProduce(false) }
	children["lossless"] = func() error { return childProduce(true) }
}

// truth is a page of its own in which a child writes down what it does, in a form that outlives SIGKILL. All counts are epoch indexes.
type truth struct {
	offered  [8]atomic.Uint64 // before Begin: end of the batch that comes now
	done     [8]atomic.Uint64 // after Commit: end of the batches that are committed or counted as lost
	finished atomic.Uint32
}

func mapTruth(f *os.File) (*truth, error) {
	b, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return (*truth)(unsafe.Pointer(&b[0])), nil
}

func unmapTruth(tr *truth) { unix.Munmap(unsafe.Slice((*byte)(unsafe.Pointer(tr)), 4096)) }

// childProduce is a plugin: it gets its ring by descriptor 3, works it as hard as it can, and ends when the core drains.
func childProduce(lossless bool) error {
	tr, err := mapTruth(os.NewFile(4, "truth"))
	if err != nil {
		return err
	}
	conn := os.NewFile(3, "handover")
	if _, err := RecvKeys(conn); err != nil {
		return err
	}
	offer, err := RecvRing(conn)
	if err != nil {
		return err
	}
	if spec, err := Inspect(offer.File); err != nil || spec.Generation != offer.Generation || spec.Bytes() != offer.Bytes {
		return fmt.Errorf("offer of generation %d, %d bytes; ring says %d, %d: %w", offer.Generation, offer.Bytes, spec.Generation, spec.Bytes(), err)
	}
	p, err := AttachProducer(offer.File)
	if err != nil {
		return err
	}
	if err := SendAnswer(conn, Answer{Generation: offer.Generation}); err != nil {
		return err
	}
	if err := childLoop(p, tr, lossless); err != nil {
		return err
	}
	if err := p.Finish(nil); err != nil {
		return err
	}
	tr.finished.Store(1)
	return p.Close()
}

func childLoop(p *Producer, tr *truth, lossless bool) error {
	seed, err := strconv.ParseUint(os.Getenv("SHMRING_TEST_SEED"), 10, 64)
	if err != nil {
		return err
	}
	maxBatch, err := strconv.Atoi(os.Getenv("SHMRING_TEST_BATCH"))
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	src := source{p: p}
	counts := make([]int, p.Lanes())
	for {
		if s, _ := p.State(); s != CoreReady {
			return nil
		}
		n := 1 + rng.IntN(maxBatch)
		for i := range counts {
			counts[i] = n
		}
		if lossless {
			if err := p.WaitRoom(context.Background(), counts...); err != nil {
				continue // the core drains: the loop sees it
			}
		}
		for i := range counts {
			tr.offered[i].Store(p.Next(i) + uint64(n))
		}
		if err := src.batch(counts...); err != nil {
			return err
		}
		for i := range counts {
			tr.done[i].Store(p.Next(i))
		}
	}
}

// child is a running test plugin with its ring.
type child struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
	conn   *os.File
	truth  *truth
}

// startChild runs the program and hands the ring over as the core does.
func startChild(t *testing.T, r *Ring, name string, seed uint64, maxBatch int) *child {
	t.Helper()
	page, err := createFile(4096)
	must(t, err)
	defer page.Close()
	c := &child{}
	if c.truth, err = mapTruth(page); err != nil {
		t.Fatal(err)
	}
	conn, theirs, err := NewHandover()
	must(t, err)
	defer theirs.Close()
	c.conn = conn
	c.cmd = exec.Command(os.Args[0])
	// Without the option a program under the race detector takes a second to exit.
	c.cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", childVariable+"="+name, fmt.Sprintf("SHMRING_TEST_SEED=%d", seed), fmt.Sprintf("SHMRING_TEST_BATCH=%d", maxBatch))
	c.cmd.ExtraFiles = []*os.File{theirs, page}
	c.cmd.Stderr = &c.stderr
	must(t, c.cmd.Start())
	t.Cleanup(func() {
		c.cmd.Process.Kill()
		c.cmd.Wait() // an error after the first Wait
		c.conn.Close()
		unmapTruth(c.truth)
	})
	must(t, SendKeys(conn, []byte("-----BEGIN X-----")))
	must(t, SendRing(conn, r))
	a, err := RecvAnswer(conn)
	if err != nil || a.Status != 0 || a.Generation != r.Spec().Generation {
		t.Fatalf("answer %+v, %v; child says %q", a, err, c.stderr.String())
	}
	return c
}

// wait waits for the orderly end.
func (c *child) wait(t *testing.T) {
	t.Helper()
	if err := c.cmd.Wait(); err != nil {
		t.Fatalf("child: %v: %s", err, c.stderr.String())
	}
}

func createRing(t *testing.T, s Spec) *Ring {
	t.Helper()
	r, err := Create(s)
	must(t, err)
	t.Cleanup(func() { r.Close() })
	return r
}
