package analyze

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// roomVariable tells a process of this test which recording it reads and where it writes, with room for too little.
const roomVariable = "SCOPELOG_ANALYZE_ROOM"

// TestNoRoom: an error of writing is told, and nothing is left. The limit is one of a whole process, so another one has it.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	if run := os.Getenv(roomVariable); run != "" {
		writeWithoutRoom(t, run)
		return
	}
	l := gappyRun(t)
	again := exec.Command(os.Args[0], "-test.run=^TestNoRoom$", "-test.v")
	again.Env = append(os.Environ(), roomVariable+"="+l.Dir())
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func writeWithoutRoom(t *testing.T, dir string) {
	r, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, ending := range SignalEndings() {
		for _, c := range []struct {
			name string
			room uint64 // of each file; the first stretch has 17000 values, the last 22000
		}{{"first file", 40_000}, {"last file", map[string]uint64{".npy": 150_000, ".f32": 80_000, ".csv": 720_000}[ending]}} {
			to := filepath.Join(t.TempDir(), "x"+ending)
			was := limitFiles(t, c.room)
			_, err := Run(t.Context(), r, onlyA, &ERes{To: to, Bits: 1})
			limitFiles(t, was)
			if !errors.Is(err, syscall.EFBIG) {
				t.Errorf("%s of %s: %v", c.name, ending, err)
			}
			we := new(WriteError)
			if !errors.As(err, &we) || !strings.HasPrefix(we.Path, strings.TrimSuffix(to, ending)) || we.Needs < int64(c.room) || strings.Count(err.Error(), we.Path) != 1 {
				t.Errorf("%s of %s: %v, %+v", c.name, ending, err, we)
			}
			same(t, "left", []string{}, entries(t, filepath.Dir(to)))
		}
	}
	table := run(t, r, onlyA, &Events{Find: "level", Level: Number(0)})
	for _, ending := range TableEndings() {
		to := filepath.Join(t.TempDir(), "x"+ending)
		was := limitFiles(t, 20_000)
		err = table.Write(t.Context(), to)
		limitFiles(t, was)
		we := new(WriteError)
		if !errors.Is(err, syscall.EFBIG) || !errors.As(err, &we) || we.Path != to || we.Needs <= 20_000 {
			t.Errorf("a table: %v, %+v", err, we)
		}
		same(t, "text", "write "+to+": file too large", err.Error())
		same(t, "left", []string{}, entries(t, filepath.Dir(to)))
	}
}

// limitFiles bounds the length of files, and returns the bound there was.
func limitFiles(t *testing.T, length uint64) uint64 {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	was := limit.Cur
	limit.Cur = length
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	return was
}
