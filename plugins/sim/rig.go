package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// rig is the folder that all simulated units of a user share, over all plugin processes: a lock file per unit says "in use"
// and falls with the process, a state file per unit remembers which faults it had.
type rig struct {
	dir   string
	owner string // who this process works for; states of another owner are forgotten
}

// defaultRig returns the rig's folder when none is named: private to the user, in the folder for temporary files.
func defaultRig() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("scopelog-sim-%d", os.Getuid()))
}

// prepare makes the folder and makes sure that nobody else can write there.
func (r *rig) prepare() error {
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return fmt.Errorf("folder of simulated units: %w", err)
	}
	info, err := os.Lstat(r.dir)
	if err != nil {
		return fmt.Errorf("folder of simulated units: %w", err)
	}
	if !info.IsDir() || !private(info) {
		return fmt.Errorf("folder of simulated units: %s must be a folder of this user with mode 0700: remove it, or name another one in SCOPELOG_RIG", r.dir)
	}
	return nil
}

func (r *rig) file(serial, ending string) string {
	return filepath.Join(r.dir, url.PathEscape(serial)+ending)
}

const (
	lockEnding  = ".lock"
	stateEnding = ".state"
	// exclusiveName is the lock that is held, for microseconds, while units are looked at or taken. No serial begins
	// with a point.
	exclusiveName = ".units"
	// exclusiveWait is how long it is waited for.
	exclusiveWait = 3 * time.Second
)

// exclusively runs f while no other process looks at units or takes one.
func (r *rig) exclusively(ctx context.Context, f func() error) error {
	if err := r.prepare(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, exclusiveWait)
	defer cancel()
	l := flock.New(filepath.Join(r.dir, exclusiveName), flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, 2*time.Millisecond); err != nil {
		return fmt.Errorf("lock the folder of simulated units: %w", err)
	}
	err := f()
	return errors.Join(err, l.Close())
}

// take locks a unit; nil when it is in use. Call it inside exclusively.
func (r *rig) take(serial string) (*flock.Flock, error) {
	l := flock.New(r.file(serial, lockEnding), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock unit %s: %w", serial, err)
	}
	if !ok {
		return nil, nil
	}
	return l, nil
}

// inUse lists the units that are open somewhere. Call it inside exclusively.
func (r *rig) inUse() (serials []string, err error) {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return nil, fmt.Errorf("list simulated units: %w", err)
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), lockEnding)
		if !ok {
			continue
		}
		serial, err := url.PathUnescape(name)
		if err != nil {
			continue
		}
		l, err := r.take(serial)
		if err != nil {
			return nil, err
		}
		if l == nil {
			serials = append(serials, serial)
			continue
		}
		if err := l.Close(); err != nil {
			return nil, fmt.Errorf("unlock unit %s: %w", serial, err)
		}
	}
	return serials, nil
}

// unitState is what a unit remembers beyond the process that has it open.
type unitState struct {
	Owner string        `json:"owner"`
	Fired map[int]int64 `json:"fired,omitempty"`         // per fault, by its number
	Away  int64         `json:"away_until_ns,omitempty"` // unplugged until then, on the monotonic clock
}

// left tells how often a fault may still happen; -1: always.
func (s unitState) left(f *fault) int64 {
	if f.times == 0 {
		return -1
	}
	return max(f.times-s.Fired[f.number], 0)
}

// state reads what a unit remembers; it begins anew for each owner.
func (r *rig) state(serial string) unitState {
	fresh := unitState{Owner: r.owner, Fired: map[int]int64{}}
	data, err := os.ReadFile(r.file(serial, stateEnding))
	if err != nil {
		return fresh
	}
	var s unitState
	if json.Unmarshal(data, &s) != nil || s.Owner != r.owner {
		return fresh
	}
	if s.Fired == nil {
		s.Fired = map[int]int64{}
	}
	return s
}

// remember stores the state so that it survives the process's death at any point.
func (r *rig) remember(serial string, s unitState) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("state of unit %s: %w", serial, err)
	}
	path := r.file(serial, stateEnding)
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return fmt.Errorf("state of unit %s: %w", serial, err)
	}
	if err := os.Rename(path+".new", path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("state of unit %s: %w", serial, err)
	}
	return nil
}
