package host

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// lockName is a file in the state folder that the living host holds a lock on. The lock falls with the process.
const lockName = "host.lock"

// unfinished is the age from which on an empty folder without a lock is nobody's that is just making it.
const unfinished = time.Hour

// sweep removes state folders whose hosts have died and whose plugins have ended. Folders of living hosts, those
// whose plugins wait for another host, and those that are not ours are left alone.
func sweep(base, except string) {
	found, err := filepath.Glob(filepath.Join(base, statePattern))
	if err != nil {
		return
	}
	for _, dir := range found {
		info, err := os.Lstat(dir)
		if dir == except || err != nil || !info.IsDir() || !ownedByUs(info) {
			continue
		}
		if anyAlive(dir) {
			continue // no lock is taken: whoever waits for these plugins would believe that they had found another host
		}
		lock, err := takeLock(filepath.Join(dir, lockName), false)
		if errors.Is(err, fs.ErrNotExist) && time.Since(info.ModTime()) > unfinished {
			_ = os.Remove(filepath.Join(dir, lockName+".new"))
			_ = os.Remove(dir) // only when nothing is in it: its host died before it had come so far as to lock it
		}
		if err != nil {
			continue // its host lives, or is just making it
		}
		if !anyAlive(dir) { // again: their host may have lived a moment ago
			_ = os.RemoveAll(dir) // a later host will try again
		}
		_ = lock.Close()
	}
}

// anyAlive tells whether a plugin on record in a state folder still runs. What cannot be read counts as alive.
func anyAlive(dir string) bool {
	records, err := filepath.Glob(filepath.Join(dir, "*", recordFile))
	if err != nil {
		return true
	}
	for _, path := range records {
		b, err := os.ReadFile(path)
		if err != nil {
			return true
		}
		var r Record
		if json.Unmarshal(b, &r) != nil || r.alive() {
			return true
		}
	}
	return false
}
