package recording

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// RunFormat is the format key of run.json.
const RunFormat = "scopelog-recording"

// RunFile is the content of run.json.
type RunFile struct {
	Format        string             `json:"format"`
	FormatVersion string             `json:"format_version"`
	Run           string             `json:"run"` // UUID version 7
	Name          string             `json:"name"`
	State         State              `json:"state"`
	Program       string             `json:"program"`
	Host          string             `json:"host"`
	BootID        string             `json:"boot_id"`
	Started       Timestamp          `json:"started"`
	Ended         Timestamp          `json:"ended,omitzero"`
	EndReason     string             `json:"end_reason,omitempty"`
	ExitCode      *int               `json:"exit_code,omitempty"`
	PID           int                `json:"pid,omitempty"`       // only while it records
	Control       string             `json:"control,omitempty"`   // only while it records
	PlanPath      string             `json:"plan_path,omitempty"` // where the plan lay: files that it names are relative to its folder
	Plans         map[string]FileSum `json:"plans,omitempty"`     // plan.hcl and plan.resolved.json, by file name
	Variables     map[string]string  `json:"variables"`
	Sensitive     []string           `json:"sensitive"`
	Tags          []string           `json:"tags"`
	Notes         string             `json:"notes"`
	Sync          SyncInterval       `json:"sync"`
	SHA512        bool               `json:"sha512,omitempty"` // data files get their SHA-512 when they are sealed
	Events        *FileSum           `json:"events,omitempty"`
	Devices       []RunDevice        `json:"devices"`
}

// SyncInterval is the sync interval as asked for and as it is now.
type SyncInterval struct {
	AskedNS    int64 `json:"asked_ns"`
	RealisedNS int64 `json:"realised_ns"`
}

// FileSum is length and checksum of a finished file.
type FileSum struct {
	Bytes  int64    `json:"bytes"`
	CRC32C Checksum `json:"crc32c"`
}

// RunDevice is what run.json says of one device.
type RunDevice struct {
	Name          string       `json:"name"`
	Driver        string       `json:"driver"`
	DriverVersion string       `json:"driver_version"`
	Model         string       `json:"model"`
	Serial        string       `json:"serial"`
	Emulated      bool         `json:"emulated"`
	Mode          Mode         `json:"mode"`
	RawInterval   Fraction     `json:"raw_interval"`
	Restarts      int          `json:"restarts"`
	Cut           int64        `json:"cut"` // N, length of a segment in raw samples; 0: not rotated
	Epochs        []RunEpoch   `json:"epochs"`
	Streams       []RunStream  `json:"streams"`
	Dropped       RunDropped   `json:"dropped"`
	DroppedEnd    *DroppedEnd  `json:"dropped_end,omitempty"` // nil: segments are left that tell
	NotKept       []RunNotKept `json:"not_kept,omitempty"`    // ascending
	Segments      []RunSegment `json:"segments"`
}

// RunEpoch is one epoch of a device.
type RunEpoch struct {
	Epoch   int        `json:"epoch"`
	Cause   string     `json:"cause"`
	Base    int64      `json:"base"`
	BaseMin int64      `json:"base_min"`
	BaseMax int64      `json:"base_max"`
	BootID  string     `json:"boot_id"`
	First   EpochFirst `json:"first"`
}

// EpochFirst is raw device index and time of an epoch's first sample.
type EpochFirst struct {
	Index  int64 `json:"index"`
	MonoNS int64 `json:"mono_ns"`
	UTCNS  int64 `json:"utc_ns"`
}

// RunStream is one stream of a device with its totals. Lost, its bounds and Gaps leave out what was not_kept.
type RunStream struct {
	Name     string   `json:"name"`
	Channel  string   `json:"channel"`
	Kind     Kind     `json:"kind"`
	Datatype Datatype `json:"datatype"`
	Ratio    int64    `json:"ratio"`
	Recorded int64    `json:"recorded"`
	Lost     int64    `json:"lost"`
	LostMin  int64    `json:"lost_min"`
	LostMax  int64    `json:"lost_max"`
	Gaps     int64    `json:"gaps"`
}

// RunDropped counts the segments that retention removed.
type RunDropped struct {
	Segments int `json:"segments"`
	Through  int `json:"through"` // number of the last one, -1: none
}

// RunSegment is one segment of a device. Files is nil until it is sealed.
type RunSegment struct {
	Segment int                `json:"segment"`
	State   State              `json:"state"`
	Files   map[string]FileSum `json:"files,omitempty"` // by file name: data, metas, tables, overviews, clock csv, journal parts
}

// Device returns the device of that name, nil if there is none.
func (r *RunFile) Device(name string) *RunDevice {
	for i := range r.Devices {
		if r.Devices[i].Name == name {
			return &r.Devices[i]
		}
	}
	return nil
}

// Encode returns the bytes of run.json, ended by the CRC rule. Nil lists are written as empty ones.
func (r *RunFile) Encode() ([]byte, error) {
	c := *r
	c.Variables, c.Sensitive, c.Tags = orEmptyMap(c.Variables), orEmpty(c.Sensitive), orEmpty(c.Tags)
	c.Devices = make([]RunDevice, len(r.Devices))
	for i, d := range r.Devices {
		d.Epochs, d.Streams, d.Segments = orEmpty(d.Epochs), orEmpty(d.Streams), orEmpty(d.Segments)
		c.Devices[i] = d
	}
	b, err := marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode run.json: %w", err)
	}
	return AppendCRC(b)
}

// ParseRun checks and reads run.json. The errors are [ErrChecksum], [*VersionError], or what is wrong with the JSON.
func ParseRun(b []byte) (*RunFile, error) {
	object, err := VerifyCRC(b)
	if err != nil {
		return nil, fmt.Errorf("read run.json: %w", err)
	}
	r := new(RunFile)
	if err := json.Unmarshal(object, r); err != nil {
		return nil, fmt.Errorf("read run.json: %w", err)
	}
	if r.Format != RunFormat {
		return nil, fmt.Errorf("read run.json: format %q is not %q", r.Format, RunFormat)
	}
	return r, CheckVersion(r.FormatVersion)
}

// VersionError is returned for a recording of a major version above ours, or a version that is no version.
type VersionError struct{ Have string }

func (e *VersionError) Error() string {
	return fmt.Sprintf("format version %q cannot be read by this program, which knows %s", e.Have, FormatVersion)
}

// CheckVersion returns a [*VersionError] unless version, "major.minor", has a major version that this package reads.
func CheckVersion(version string) error {
	major, minor, ok := strings.Cut(version, ".")
	m, err := strconv.Atoi(major)
	if _, err2 := strconv.Atoi(minor); !ok || err != nil || err2 != nil || m != 1 {
		return &VersionError{version}
	}
	return nil
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func orEmptyMap[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}
