package recording

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestTruncateGivesThePreallocationBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	f, err := OSFS().OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(make([]byte, 5000), 0); err != nil {
		t.Fatal(err)
	}
	blocks := func() int64 {
		var st syscall.Stat_t
		if err := syscall.Stat(path, &st); err != nil {
			t.Fatal(err)
		}
		if st.Size != 5000 {
			t.Errorf("size %d", st.Size)
		}
		return st.Blocks * 512
	}
	if err := f.Preallocate(0, 8<<20); errors.Is(err, ErrNotSupported) {
		t.Skip("this file system says that it cannot preallocate")
	} else if err != nil {
		t.Fatal(err)
	}
	if have := blocks(); have < 8<<20 {
		t.Errorf("%d bytes are taken, 8 MiB are asked for", have)
	}
	if err := f.Truncate(5000); err != nil {
		t.Fatal(err)
	}
	if err := f.DataSync(); err != nil {
		t.Fatal(err)
	}
	if have := blocks(); have > 64<<10 {
		t.Errorf("%d bytes are still taken", have)
	}
	if err := f.WriteBack(0, 5000, false); err != nil {
		t.Error(err)
	}
	if err := f.WriteBack(0, 5000, true); err != nil {
		t.Error(err)
	}
}
