package host

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"

	"github.com/scopelog/scopelog/driver/rpc"
)

// stateDirName is the folder's name for a run: the last 12 digits of its identifier.
func stateDirName(runID [16]byte) string {
	return "scopelog-" + hex.EncodeToString(runID[10:])
}

// statePattern matches the names that stateDirName gives.
const statePattern = "scopelog-????????????"

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
		err := makeStateDir(h.statePath)
		if err == nil {
			h.stateLock, err = lockStateDir(h.statePath)
		}
		if err != nil {
			h.stateErr = fmt.Errorf("make the state folder: %w", err)
			return
		}
		sweep(filepath.Dir(h.statePath), h.statePath)
	})
	return h.statePath
}

// lockStateDir locks the folder for this host. The lock comes into being under another name: a folder without a lock
// file is left alone by other hosts, one with a file that nobody has locked is not.
func lockStateDir(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	if f, err := takeLock(path, false); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return f, err // of a host of the same run before us; or it still lives
	}
	f, err := takeLock(path+".new", true)
	if err != nil {
		return nil, err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// DefaultRuntime is the folder for a user's sockets: XDG_RUNTIME_DIR where there is one, else the folder for temporary
// files.
func DefaultRuntime() string {
	if info, err := os.Stat(xdg.RuntimeDir); err == nil && info.IsDir() && ownedByUs(info) {
		return xdg.RuntimeDir
	}
	return os.TempDir()
}

// statePath is where a run's state folder lies: in base, or among the temporary files where base is empty or so long
// that no socket could be made in it.
func statePath(base string, runID [16]byte) string {
	name := stateDirName(runID)
	if base == "" || len(filepath.Join(base, name, longestNumber)) > rpc.MaxSocketDir {
		base = os.TempDir()
	}
	return filepath.Join(base, name)
}

// longestNumber stands for the longest name of an instance's folder: a run that starts a plugin each second has seven
// digits after four months.
const longestNumber = "9999999"
