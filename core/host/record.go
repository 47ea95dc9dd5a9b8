package host

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/scopelog/scopelog/driver/rpc"
)

// Record is what a later host needs to take a plugin over. It is kept in the instance's folder within the state
// folder as plugin.json, beside host.key, host.crt and plugin.crt, all for the user alone.
type Record struct {
	BootID          string       `json:"boot_id"`
	PID             int          `json:"pid"`
	StartTime       uint64       `json:"start_time"` // field 22 of /proc/<pid>/stat
	Address         string       `json:"addr"`       // path of the socket
	SocketDir       string       `json:"socket_dir"`
	Rings           []RecordRing `json:"rings"`
	RunID           string       `json:"run_id"` // 32 hex digits
	ProtocolVersion int          `json:"protocol_version"`
	AttachEpoch     uint64       `json:"attach_epoch"` // of the host that wrote it
	Driver          string       `json:"driver"`
	Device          string       `json:"device"`
	Units           []string     `json:"units"`     // serial numbers of those that it has open; none: not known
	OrphanNS        int64        `json:"orphan_ns"` // how long it goes on without a host
	HangAfterNS     int64        `json:"hang_after_ns,omitempty"`
	Confined        bool         `json:"confined"` // it runs in a sandbox
}

// alive tells whether the plugin of the record still runs.
func (r *Record) alive() bool { return r.BootID == bootID() && isRunning(r.PID, r.StartTime) }

// RecordRing is a ring that the plugin holds.
type RecordRing struct {
	Generation uint64 `json:"generation"`
	FD         int    `json:"fd"` // its number in the plugin
}

const recordFile = "plugin.json"

// keep writes the record, and again whenever the plugin's rings or units change. Without adoption there is none.
func (in *Instance) keep(orphan, hangAfter time.Duration) error {
	if in.orphan = orphan; orphan <= 0 {
		return nil
	}
	a := in.client.Attachment()
	for name, text := range map[string][]byte{"host.key": a.Keys.Key, "host.crt": a.Keys.Cert, "plugin.crt": a.Keys.Peer} {
		if in.adopted {
			break // they are there, and must be whole whenever this process dies
		}
		if err := os.WriteFile(filepath.Join(in.dir, name), text, 0o600); err != nil {
			return fmt.Errorf("keep the keys of a plugin: %w", err)
		}
	}
	r := Record{
		BootID: bootID(), PID: a.Pid, StartTime: a.StartTime, Address: a.Address, SocketDir: filepath.Dir(a.Address),
		RunID: hexRun(in.host.run()), ProtocolVersion: rpc.ProtocolVersion, AttachEpoch: a.AttachEpoch,
		Driver: in.plugin.Name, Device: in.device, OrphanNS: int64(orphan), HangAfterNS: int64(hangAfter), Confined: in.jailed,
	}
	if err := in.write(r, nil, nil); err != nil {
		return err
	}
	in.client.OnHeld(func(held []rpc.HeldRing, units []string) {
		// Without the folder the instance is over, and so is what its record is for.
		if err := in.write(r, held, units); err != nil && !errors.Is(err, fs.ErrNotExist) {
			in.log.Warn("a later host could not take this plugin over", "error", err)
		}
	})
	return nil
}

// write replaces the record as a whole: it is read after a crash.
func (in *Instance) write(r Record, held []rpc.HeldRing, units []string) error {
	r.Units = append([]string{}, units...)
	r.Rings = make([]RecordRing, 0, len(held))
	for _, h := range held {
		r.Rings = append(r.Rings, RecordRing{Generation: h.Generation, FD: h.Descriptor})
	}
	return in.replace(&r)
}

func hexRun(id [16]byte) string { return hex.EncodeToString(id[:]) }

// replace writes the record's file anew.
func (in *Instance) replace(r *Record) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("plugin record: %w", err)
	}
	path := filepath.Join(in.dir, recordFile)
	if err := os.WriteFile(path+".new", append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("plugin record: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("plugin record: %w", err)
	}
	return nil
}

// bootID tells one boot from another; empty where the system has no such thing.
func bootID() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
