package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// keptFile is beside a plugin's record: what the session wants to know again of its device.
const keptFile = "device.json"

// takenDir is a state folder of a host that has died, of which this one has taken plugins over.
type takenDir struct {
	path string
	lock *os.File
}

const (
	takeTries = 50 // somebody may only be looking whether the folder's host lives
	takePause = 20 * time.Millisecond
)

// TakeOver takes over the plugins that work for a run and whose host has died, before their orphan time ends: they go on meanwhile, and belong to this
// host from then on. Those that do not answer are killed. It returns them in no particular order, and why others could not be taken over; without any
// plugin there is no error. The state folder that they live in is removed with this host's own.
func (h *Host) TakeOver(ctx context.Context, runID [16]byte) ([]*Instance, error) {
	found, err := filepath.Glob(filepath.Join(filepath.Dir(h.statesPath()), statePattern))
	if err != nil {
		return nil, nil
	}
	if _, err := h.begin(); err != nil {
		return nil, err
	}
	defer h.starting.Done()
	var records []leftRecord
	for _, dir := range found {
		left := recordsOf(dir, runID)
		if len(left) == 0 {
			continue
		}
		if !h.takeDir(ctx, dir) {
			continue // its host lives
		}
		h.noteKept(dir, runID)
		records = append(records, left...)
	}
	return h.takeAll(ctx, records)
}

// takeDir makes a state folder this host's; false: its host lives.
func (h *Host) takeDir(ctx context.Context, dir string) bool {
	if dir == h.statesPath() { // of a host before with the same number
		_, err := h.stateDir()
		h.mu.Lock()
		defer h.mu.Unlock()
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if n, err := strconv.Atoi(e.Name()); err == nil {
				h.started = max(h.started, n)
			}
		}
		return err == nil
	}
	lock, err := takePatiently(ctx, filepath.Join(dir, lockName))
	if err != nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.taken = append(h.taken, takenDir{dir, lock})
	return true
}

// takePatiently takes a lock that somebody may hold for a moment.
func takePatiently(ctx context.Context, path string) (*os.File, error) {
	for try := 1; ; try++ {
		f, err := takeLock(path, false)
		if err == nil || errors.Is(err, fs.ErrNotExist) || try == takeTries {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(takePause):
		}
	}
}

// leftRecord is the record of a plugin of a host that has died.
type leftRecord struct {
	Record
	dir string
}

// recordsOf lists the plugins of a state folder that work for a run and still live, as far as their numbers tell.
func recordsOf(dir string, runID [16]byte) []leftRecord {
	return slices.DeleteFunc(allRecordsOf(dir, runID), func(r leftRecord) bool { return !r.alive() })
}

// allRecordsOf lists the plugins of a state folder that worked for a run, those that have died too.
func allRecordsOf(dir string, runID [16]byte) []leftRecord {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !ownedByUs(info) {
		return nil
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*", recordFile))
	if err != nil {
		return nil
	}
	var list []leftRecord
	for _, path := range paths {
		r := leftRecord{dir: filepath.Dir(path)}
		b, err := os.ReadFile(path)
		if err != nil || json.Unmarshal(b, &r.Record) != nil {
			continue
		}
		if r.RunID == hexRun(runID) && r.BootID != "" && r.OrphanNS > 0 {
			list = append(list, r)
		}
	}
	return list
}

const (
	// stragglerTime is how long plugins are waited for that do not answer while another has, at least: on a computer that is busy it is three times what
	// that one took.
	stragglerTime = 1500 * time.Millisecond
	// endTime is how long the end of those is waited for, so that their units can be opened.
	endTime = 500 * time.Millisecond
)

var errStraggler = errors.New("it does not answer, and others have whose rings fill up")

// taking is how it went with one plugin.
type taking struct {
	record int
	in     *Instance
	err    error
}

// takeAll takes over plugins at the same time: the time that they wait is short. One that does not answer while others have is killed: it is not waited for
// as long as a single one, since their rings would run over.
func (h *Host) takeAll(ctx context.Context, records []leftRecord) (list []*Instance, err error) {
	limited, kill := context.WithCancelCause(ctx)
	defer kill(nil)
	begun, done, errs := time.Now(), make(chan taking, len(records)), make([]error, len(records))
	for i, r := range records {
		errs[i] = named(&r, errStraggler)
		go func() {
			in, err := h.takeOrEnd(limited, r)
			done <- taking{i, in, err}
		}()
	}
	var late <-chan time.Time // while nobody has answered, each has its own limit only
	for left, killed := len(records), false; left > 0; {
		select {
		case t := <-done:
			left--
			if errs[t.record] = t.err; t.in == nil {
				continue
			}
			if list = append(list, t.in); len(list) == 1 {
				took := time.Since(begun)
				late = time.After(max(h.straggler, 3*took) - took)
			}
		case <-late:
			if killed { // the system holds them; whatever becomes of them, they are not taken over
				go h.endLate(done, left)
				return list, errors.Join(errs...)
			}
			kill(errStraggler)
			killed, late = true, time.After(endTime)
		}
	}
	return list, errors.Join(errs...)
}

// endLate ends plugins that answer when nobody waits for them any more.
func (h *Host) endLate(done <-chan taking, n int) {
	for range n {
		if t := <-done; t.in != nil {
			t.in.Kill()
		}
	}
}

// takeOrEnd takes over a plugin, or ends it: it would hold its units for its orphan time.
func (h *Host) takeOrEnd(ctx context.Context, r leftRecord) (*Instance, error) {
	in, err := h.take(ctx, &r)
	switch {
	case ctx.Err() != nil: // nobody waits for it any more
		if in != nil {
			in.Kill()
		}
		err = context.Cause(ctx)
	case err == nil:
		return in, nil
	}
	rpc.End(r.PID, r.StartTime)
	return nil, withCleanup(named(&r, err), os.RemoveAll(r.dir))
}

// named says of which plugin an error is.
func named(r *leftRecord, err error) error {
	return fmt.Errorf("the plugin %s of device %s: %w", r.Driver, r.Device, err)
}

// take takes over one plugin.
func (h *Host) take(ctx context.Context, r *leftRecord) (*Instance, error) {
	p, err := h.Find(r.Driver)
	if err != nil {
		p = Plugin{Name: r.Driver, Path: r.Driver} // it may have been removed since; it runs all the same
	}
	keys, err := readKeys(r.dir)
	if err != nil {
		return nil, err
	}
	if filepath.Dir(filepath.Dir(filepath.Clean(r.Address))) != filepath.Clean(r.dir) {
		return nil, driver.Errorf(driver.KindPermanent, "take the plugin over", "its socket %s is not in its folder", r.Address)
	}
	in := &Instance{host: h, plugin: p, device: r.Device, dir: r.dir, jailed: r.Confined, adopted: true}
	h.mu.Lock()
	h.started++
	in.number = h.started
	h.mu.Unlock()
	in.log = h.o.Logger.Named(r.Driver).With("device", r.Device)
	if err := h.checkRunning(p, r.PID); err != nil {
		return nil, err
	}
	// The number is written down before it is used, as one that was used is refused.
	r.AttachEpoch++
	if err := in.replace(&r.Record); err != nil {
		return nil, err
	}
	in.client, err = rpc.Adopt(ctx, rpc.AdoptOptions{
		Path: p.Path, Host: h.o.Program, Logger: in.log, RunID: h.run(), Orphan: time.Duration(r.OrphanNS), MinBudget: time.Duration(r.HangAfterNS), Timeout: h.o.Timeout,
		Attachment: rpc.Attachment{Pid: r.PID, StartTime: r.StartTime, Address: r.Address, AttachEpoch: r.AttachEpoch, Keys: keys},
	})
	if err != nil {
		return nil, err
	}
	if err := in.keep(time.Duration(r.OrphanNS), time.Duration(r.HangAfterNS)); err != nil {
		in.client.Kill()
		return nil, err
	}
	h.mu.Lock()
	h.instances[in] = struct{}{}
	h.mu.Unlock()
	h.log.Debug("plugin taken over", "driver", in.client.Program().String(), "pid", in.Pid(), "device", r.Device)
	return in, nil
}

func readKeys(dir string) (k rpc.Keys, err error) {
	for name, to := range map[string]*[]byte{"host.key": &k.Key, "host.crt": &k.Cert, "plugin.crt": &k.Peer} {
		if *to, err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return k, fmt.Errorf("read the keys of a plugin: %w", err)
		}
	}
	return k, nil
}

// checkRunning refuses a plugin that runs another file than the one whose checksum is pinned. Scripts run their interpreter: for them, the file counts.
func (h *Host) checkRunning(p Plugin, pid int) error {
	file, err := h.o.Lock.open(p)
	if file == nil || err != nil {
		return err
	}
	defer file.Close()
	var head [2]byte
	if n, err := file.ReadAt(head[:], 0); err == nil && n == 2 && string(head[:]) == "#!" {
		return nil
	}
	want, err := file.Stat()
	if err != nil {
		return fmt.Errorf("check the plugin that runs: %w", err)
	}
	have, err := os.Stat("/proc/" + strconv.Itoa(pid) + "/exe")
	if err != nil || !os.SameFile(want, have) {
		return driver.Errorf(driver.KindNotPlugin, "take the plugin over", "process %d runs another file than %s, whose checksum is pinned", pid, p.Path)
	}
	return nil
}

// Adopted tells whether the plugin was taken over from a host that has died.
func (in *Instance) Adopted() bool { return in.adopted }

// KeepDevice keeps what a later host needs of the device, beside the plugin's record; without adoption nothing is kept.
func (in *Instance) KeepDevice(b []byte) error {
	if in.orphan <= 0 {
		return nil
	}
	path := filepath.Join(in.dir, keptFile)
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return fmt.Errorf("keep a device: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("keep a device: %w", err)
	}
	return nil
}

// KeptDevice returns what the host before had kept by [Instance.KeepDevice].
func (in *Instance) KeptDevice() ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(in.dir, keptFile))
	if err != nil {
		return nil, fmt.Errorf("read what was kept of a device: %w", err)
	}
	return b, nil
}

// noteKept notes what was kept of the devices of a run in a state folder: plugins may have died, and what does not answer goes with its folder.
func (h *Host) noteKept(dir string, runID [16]byte) {
	latest := map[string]time.Time{}
	for _, r := range allRecordsOf(dir, runID) {
		path := filepath.Join(r.dir, keptFile)
		info, err := os.Stat(path)
		if err != nil || !info.ModTime().After(latest[r.Device]) && !latest[r.Device].IsZero() {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		latest[r.Device] = info.ModTime()
		h.mu.Lock()
		if h.kept == nil {
			h.kept = map[string][]byte{}
		}
		h.kept[r.Device] = b
		h.mu.Unlock()
	}
}

// LastKept returns what was kept by [Instance.KeepDevice] of a device of the run that [Host.TakeOver] was called for, whether its plugin was taken over or
// has died; nil when nothing was.
func (h *Host) LastKept(device string) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.kept[device]
}

// WorkFor says for which run plugins that are started from now on work; before, it is that of [Options].
func (h *Host) WorkFor(runID [16]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.o.RunID = runID
}

func (h *Host) run() [16]byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.o.RunID
}

// freeTaken removes the state folders that were taken over, whose plugins have ended.
func (h *Host) freeTaken() error {
	h.mu.Lock()
	taken := h.taken
	h.taken = nil
	h.mu.Unlock()
	var errs []error
	for _, t := range taken {
		if err := os.RemoveAll(t.path); err != nil {
			errs = append(errs, fmt.Errorf("remove the state folder: %w", err))
		}
		_ = t.lock.Close()
	}
	return errors.Join(errs...)
}
