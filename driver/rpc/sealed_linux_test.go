package rpc

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestRingIsSealed: what the plugin holds cannot be made smaller under the host's feet, nor larger, nor opened for that
// again: a shorter ring would end the host by SIGBUS.
func TestRingIsSealed(t *testing.T) {
	t.Parallel()
	c := startFake(t, "ok")
	running(t, c, 4)
	held := make(chan HeldRing, 1)
	c.OnHeld(func(list []HeldRing, _ []string) {
		if len(list) == 1 {
			select {
			case held <- list[0]:
			default:
			}
		}
	})
	var ring HeldRing
	select {
	case ring = <-held:
	case <-time.After(20 * time.Second):
		t.Fatal("the plugin does not tell which ring it holds")
	}
	f, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/%d", c.Pid(), ring.Descriptor), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{0, info.Size() - 1, info.Size() + 1} {
		if err := f.Truncate(size); !errors.Is(err, unix.EPERM) {
			t.Errorf("truncated from %d to %d bytes: %v", info.Size(), size, err)
		}
	}
	const want = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW
	if seals, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0); err != nil || seals&want != want {
		t.Errorf("seals %#x, %v, want %#x", seals, err, want)
	}
}
