package shmring

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestFileLimit: a ring that is larger than the process may make files says so.
func TestFileLimit(t *testing.T) {
	const child = "SHMRING_FILE_LIMIT"
	if os.Getenv(child) != "" {
		if _, err := Create(spec16(1, 16*Granule, 64)); !errors.Is(err, ErrFileLimit) || !strings.Contains(err.Error(), "bytes of shared memory") {
			t.Errorf("%v, want ErrFileLimit", err)
		}
		return
	}
	cmd := exec.Command("sh", "-c", `ulimit -f 8 && exec "$0" -test.run='^TestFileLimit$'`, os.Args[0])
	cmd.Env = append(os.Environ(), child+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS") {
		t.Errorf("%v: %s", err, out)
	}
}
