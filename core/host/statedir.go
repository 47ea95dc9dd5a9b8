package host

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

// stateDirName is the folder's name for a run: the last 12 digits of its identifier.
func stateDirName(runID [16]byte) string {
	return "scopelog-" + hex.EncodeToString(runID[10:])
}

// makeStateDir makes the run's state folder, for the user alone. A folder that is there already, of the same run, is
// used when it is ours alone; anything else by that name is refused.
func makeStateDir(path string) error {
	err := os.Mkdir(path, 0o700)
	if err == nil || !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !ownedByUs(info) {
		return fmt.Errorf("%s is there already and is not a folder of this user alone", path)
	}
	return nil
}

// StateDir is the run's state folder, which is the user's alone, short, and outside the recording: sockets and what a
// later host needs to take plugins over lie there. It is made at the first call, and removed by [Host.Close]. When it
// cannot be made, [Host.Start] says why.
func (h *Host) StateDir() string {
	h.stateOnce.Do(func() {
		if err := makeStateDir(h.statePath); err != nil {
			h.stateErr = fmt.Errorf("make the state folder: %w", err)
		}
	})
	return h.statePath
}

// DefaultRuntime is the folder for a user's sockets: XDG_RUNTIME_DIR where there is one, else the folder for temporary
// files.
func DefaultRuntime() string {
	if info, err := os.Stat(xdg.RuntimeDir); err == nil && info.IsDir() && ownedByUs(info) {
		return xdg.RuntimeDir
	}
	return os.TempDir()
}

func statePath(base string, runID [16]byte) string {
	if base == "" {
		base = os.TempDir()
	}
	return filepath.Join(base, stateDirName(runID))
}
