package host

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

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
// cannot be made, [Host.Start] says why. When it was removed meanwhile, by a logout or by who tidies temporary files up, it is made
// again, among the temporary files where its parent is gone too.
func (h *Host) StateDir() string {
	dir, _ := h.stateDir()
	return dir
}

// stateDir is [Host.StateDir] that says why there is none.
func (h *Host) stateDir() (string, error) {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	if h.stateOver {
		return h.statePath, ErrClosed
	}
	if h.stateLock != nil {
		if stillThere(h.stateLock, filepath.Join(h.statePath, lockName)) {
			return h.statePath, nil
		}
		h.log.Warn("the state folder was removed by somebody else: the plugins that run cannot be taken over by a later host", "path", h.statePath)
		_ = h.stateLock.Close()
		h.stateLock = nil
	}
	if _, err := os.Stat(filepath.Dir(h.statePath)); errors.Is(err, fs.ErrNotExist) {
		h.statePath = statePath("", h.o.RunID)
	}
	lock, err := claimStateDir(h.statePath)
	if err != nil {
		return h.statePath, fmt.Errorf("make the state folder: %w", err)
	}
	h.stateLock = lock
	sweep(filepath.Dir(h.statePath), h.statePath)
	return h.statePath, nil
}

// statesPath is where the state folder lies, or would.
func (h *Host) statesPath() string {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	return h.statePath
}

// freeState removes the state folder; there is none any more.
func (h *Host) freeState() error {
	h.stateMu.Lock()
	defer h.stateMu.Unlock()
	h.stateOver = true
	if h.stateLock == nil {
		return nil
	}
	var err error
	if err = os.RemoveAll(h.statePath); err != nil {
		err = fmt.Errorf("remove the state folder: %w", err)
	}
	_ = h.stateLock.Close()
	h.stateLock = nil
	return err
}

const (
	lockTries = 25 // another host may be looking whether this one lives
	lockPause = 10 * time.Millisecond
)

// claimStateDir makes and locks a state folder. Another host may hold its lock for a moment, and may remove it then as one that is nobody's.
func claimStateDir(dir string) (*os.File, error) {
	for try := 1; ; try++ {
		err := makeStateDir(dir)
		if err == nil {
			var f *os.File
			if f, err = lockStateDir(dir); err == nil {
				if stillThere(f, filepath.Join(dir, lockName)) {
					return f, nil
				}
				_ = f.Close()
				err = fmt.Errorf("%s was removed by another host", dir)
			}
		}
		if try == lockTries {
			return nil, err
		}
		time.Sleep(lockPause)
	}
}

// stillThere tells whether the open file is the one at a path.
func stillThere(f *os.File, path string) bool {
	have, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(have, there)
}

// lockStateDir locks the folder for this host. The lock comes into being under another name: a folder without a lock
// file is left alone by other hosts, one with a file that nobody has locked is not.
func lockStateDir(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	if f, err := takeLock(path, false); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return f, err // of a host of the same run before us; or it still lives, or somebody looks whether it does
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
