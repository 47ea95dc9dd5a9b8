package recording

import (
	"fmt"
	"slices"
)

// DamageKind says what is wrong with a range of samples.
type DamageKind string

// The kinds of damage.
const (
	DamageChecksum   DamageKind = "checksum"   // the bytes are not those that were synced
	DamageMissing    DamageKind = "missing"    // the file ends before them
	DamageUnverified DamageKind = "unverified" // their sync had failed, nothing vouches for them
	DamageProof      DamageKind = "proof"      // checksum right, but not the proof signal
)

// Damage is one damaged range of one stream, inside one segment. It is no longer than one sync interval, except where only the checksum of a
// whole file is left.
type Damage struct {
	Kind                 DamageKind
	Stream               string
	Segment              int
	File                 string
	From, To             int64     // stream indexes [From, To)
	DeviceFrom, DeviceTo int64     // device indexes [DeviceFrom, DeviceTo), gaps inside included
	Start, End           Timestamp // of the first sample and behind the last one
	Known                bool      // annotated as damaged or unverified, so readers do not hand it out
	Proof                *ProofFault
}

// ProofFault is the first sample of a range that is not the proof signal.
type ProofFault struct {
	StreamIndex, DeviceIndex int64
	EpochIndex               int64 // samples since the start of the epoch
	Have                     int64 // the stored value
	Want                     int64 // what the signal has there; only for raw streams
	// Shift is not 0 where the signal goes on unbroken at another place from this sample on: by so many raw samples the stored ones are later in the
	// signal than they should be (lost and not counted), or earlier when it is negative (stored twice).
	Shift int64
}

// String names the range for people.
func (d Damage) String() string {
	s := fmt.Sprintf("%s segment %d: samples %d to %d (device index %d to %d, %s to %s): %s", d.Stream, d.Segment, d.From, d.To,
		d.DeviceFrom, d.DeviceTo, d.Start, d.End, d.Kind)
	switch {
	case d.Proof != nil && d.Proof.Shift != 0:
		s += shiftText(d.Proof)
	case d.Proof != nil:
		s += fmt.Sprintf(", first wrong sample at stream index %d, device index %d", d.Proof.StreamIndex, d.Proof.DeviceIndex)
	}
	if d.Known {
		s += " (known)"
	}
	return s
}

// shifted tells whether the range is one from which on the proof signal goes on elsewhere.
func (d *Damage) shifted() bool { return d.Proof != nil && d.Proof.Shift != 0 }

// shiftText says from where on samples are not where they should be.
func shiftText(f *ProofFault) string {
	n, way := f.Shift, "later"
	if n < 0 {
		n, way = -n, "earlier"
	}
	return fmt.Sprintf(", from stream index %d (device index %d) on the samples are %d %s than they should be", f.StreamIndex, f.DeviceIndex, n, way)
}

// JoinDamage returns the ranges of list as people want to read them: neighbours of one kind in one file are one range. Wrong samples of the proof
// signal are neighbours when less than a range of them is right in between, which happens by chance; the first wrong one is told.
func JoinDamage(list []Damage) []Damage {
	var joined []Damage
	for _, d := range list {
		i := slices.IndexFunc(joined, func(a Damage) bool {
			room := int64(0)
			if d.Kind == DamageProof {
				room = proofRange
			}
			return a.Kind == d.Kind && a.Stream == d.Stream && a.Segment == d.Segment && a.Known == d.Known && a.From <= d.From && d.From-a.To <= room && !a.shifted() && !d.shifted()
		})
		if i < 0 {
			joined = append(joined, d)
			continue
		}
		if a := &joined[i]; d.To > a.To {
			a.To, a.DeviceTo, a.End = d.To, d.DeviceTo, d.End
		}
	}
	return joined
}

// Problem is something wrong with a file other than the samples themselves.
type Problem struct {
	File string // name in the run's folder
	Text string
}

// String is file and text.
func (p Problem) String() string { return p.File + ": " + p.Text }

// StreamReport is what [Verify] found in one stream.
type StreamReport struct {
	Name      string
	Segments  int
	Samples   int64 // in the files
	Bytes     int64
	Checked   int64 // bytes whose checksum was compared with the journal or run.json
	Gaps      int64 // with loss
	Lost      int64 // samples, best estimate; not_kept is no loss
	LostMin   int64
	LostMax   int64
	NotKept   int64 // samples that were recorded and removed again, by a rule of the plan; no loss
	Waveforms int64 // of block modes
	Proven    int64 // samples that are those of the proof signal, in their place or behind a shift
	Wrong     int64 // samples that are not
	Truncated bool  // Damage has the first 100 ranges of wrong samples of a segment, and there are more
	Damage    []Damage
}

// Report is the result of [Verify].
type Report struct {
	Dir      string
	Run      string
	State    State // of run.json; "" when it cannot be read
	Streams  []StreamReport
	Problems []Problem
	Notes    []string // nothing wrong: what could not be checked, and what is unfinished
}

// OK reports that nothing is damaged or missing. Loss that is stored as gaps is not damage.
func (r *Report) OK() bool {
	for i := range r.Streams {
		if len(r.Streams[i].Damage) > 0 {
			return false
		}
	}
	return len(r.Problems) == 0
}

// Damage returns all damaged ranges of all streams.
func (r *Report) Damage() []Damage {
	var list []Damage
	for i := range r.Streams {
		list = append(list, r.Streams[i].Damage...)
	}
	return list
}

func (r *Report) problem(file, format string, a ...any) {
	r.Problems = append(r.Problems, Problem{file, fmt.Sprintf(format, a...)})
}

func (r *Report) note(format string, a ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, a...))
}
