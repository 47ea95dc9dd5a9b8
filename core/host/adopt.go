package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
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
	var list []*Instance
	var errs []error
	for _, dir := range found {
		records := recordsOf(dir, runID)
		if len(records) == 0 {
			continue
		}
		if !h.takeDir(ctx, dir) {
			continue // its host lives
		}
		ins, err := h.takeAll(ctx, records)
		list, errs = append(list, ins...), append(errs, err)
	}
	return list, errors.Join(errs...)
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
		if r.RunID == hexRun(runID) && r.BootID != "" && r.OrphanNS > 0 && r.alive() {
			list = append(list, r)
		}
	}
	return list
}

// takeAll takes over plugins at the same time: the time that they wait is short.
func (h *Host) takeAll(ctx context.Context, records []leftRecord) ([]*Instance, error) {
	list, errs := make([]*Instance, len(records)), make([]error, len(records))
	var wg sync.WaitGroup
	for i := range records {
		wg.Go(func() { list[i], errs[i] = h.take(ctx, &records[i]) })
	}
	wg.Wait()
	taken := list[:0]
	for i, in := range list {
		if in == nil {
			rpc.End(records[i].PID, records[i].StartTime) // it would hold its units for its orphan time
			errs[i] = withCleanup(fmt.Errorf("the plugin %s of device %s: %w", records[i].Driver, records[i].Device, errs[i]), os.RemoveAll(records[i].dir))
			continue
		}
		taken = append(taken, in)
	}
	return taken, errors.Join(errs...)
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
