package recording

import (
	"fmt"
	"regexp"
	"strings"
)

// Endings and names of the files of a run.
const (
	ExtData        = ".sigmf-data"
	ExtMeta        = ".sigmf-meta"
	ExtCaptures    = ".captures.npy"
	ExtAnnotations = ".annotations.npy"
	ExtUnverified  = ".unverified" // behind the name of a data file: a tail that repair was asked to keep
	FileRun        = "run.json"
	FilePlan       = "plan.hcl"
	FileResolved   = "plan.resolved.json"
	FileEvents     = "events.jsonl"
	FileLock       = "run.lock"
	FileCollection = "run.sigmf-collection"
	DirLogs        = "logs"
	FileReserve    = "reserve" // in DirLogs: room on the disk for sealing, of no content
)

// StreamName returns the name of a stream, <device>.<channel> or <device>.<channel>.<kind>. The kind is part of it for min and max, and for
// another downsampled kind when the same channel has a raw stream beside it (besideRaw).
func StreamName(device, channel string, kind Kind, besideRaw bool) string {
	name := device + "." + channel
	if kind == KindMin || kind == KindMax || kind != KindRaw && besideRaw {
		name += "." + string(kind)
	}
	return name
}

// BaseName returns the name of a segment's files without ending: the stream alone for segment 0 of a run that is not rotated.
func BaseName(stream string, segment int, rotated bool) string {
	if segment == 0 && !rotated {
		return stream
	}
	return fmt.Sprintf("%s-%06d", stream, segment)
}

// OverviewName returns the name of an overview file.
func OverviewName(base string, level int) string { return fmt.Sprintf("%s.ov%d.npy", base, level) }

// ClockName returns the name of a segment's file of clock pairs.
func ClockName(device string, segment int, rotated bool) string {
	return BaseName(device+".clock", segment, rotated) + ".csv"
}

// PartName returns the name of a journal part.
func PartName(device string, part int) string {
	return fmt.Sprintf("%s.journal-%06d.jsonl", device, part)
}

// TempName returns the name under which a file is written before it is renamed.
func TempName(name string) string { return "." + name + ".tmp" }

var (
	deviceName  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
	channelName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)
	runName     = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)
	windowsName = regexp.MustCompile(`^(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])$`)
)

// CheckDeviceName returns an error for a name that a device may not have.
func CheckDeviceName(name string) error {
	if !deviceName.MatchString(name) {
		return fmt.Errorf("device name %q: want a small letter, then up to 31 of a-z, 0-9, _ and -", name)
	}
	return checkWindows("device", name)
}

// CheckChannelName returns an error for a name that a channel may not have.
func CheckChannelName(name string) error {
	if !channelName.MatchString(name) {
		return fmt.Errorf("channel name %q: want 1 to 32 of A-Z, a-z, 0-9, _ and -", name)
	}
	return checkWindows("channel", name)
}

// CheckRunName returns an error for a name that a run may not have.
func CheckRunName(name string) error {
	if !runName.MatchString(name) {
		return fmt.Errorf("run name %q: want 1 to 64 of A-Z, a-z, 0-9, -, . and _, beginning with none of - and the point", name)
	}
	base, _, _ := strings.Cut(name, ".")
	return checkWindows("run", base)
}

func checkWindows(what, name string) error {
	if windowsName.MatchString(name) {
		return fmt.Errorf("%s name %q: it is the name of a device in Windows", what, name)
	}
	return nil
}
