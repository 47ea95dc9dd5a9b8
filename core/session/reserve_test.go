package session

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// roomFS says how much is free.
type roomFS struct {
	recording.FS
	free int64
}

func (f roomFS) FreeSpace(string) (int64, error) { return f.free, nil }

func TestReserveIsASmallPartOfTheDisk(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		free, keep, want int64
	}{
		{"a large disk", 1 << 40, 1 << 30, reserveBytes},
		{"a small one", 8 << 20, 0, 1 << 20},
		{"a small one that is to be kept free", 8 << 20, 8 << 20, 0},
		{"less than is kept free", 8 << 20, 1 << 30, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "logs")
			r := takeReserve(dir, roomFS{recording.OSFS(), c.free}, c.keep)
			size := int64(0)
			if info, err := os.Stat(r.path); err == nil {
				size = info.Size()
			}
			if size != c.want {
				t.Errorf("%d bytes are reserved, want %d", size, c.want)
			}
			r.lend()
			r.regain(16 << 20)
			if r.have != max(c.want, reserveLeast) {
				t.Errorf("%d bytes are reserved again", r.have)
			}
			r.free()
			if _, err := os.Stat(r.path); err == nil {
				t.Error("the reserve stays")
			}
		})
	}
}
