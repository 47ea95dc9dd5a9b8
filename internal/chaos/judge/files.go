package judge

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/internal/chaos/truth"
)

// Run is the part of run.json that is judged.
type Run struct {
	ID       string      `json:"run"`
	State    string      `json:"state"`
	Ended    string      `json:"ended"`
	Reason   string      `json:"end_reason"`
	ExitCode *int        `json:"exit_code"`
	Devices  []RunDevice `json:"devices"`
}

// RunDevice is a device in run.json.
type RunDevice struct {
	Name     string `json:"name"`
	Mode     string `json:"mode"`
	Restarts int    `json:"restarts"`
	Interval struct {
		Num int64 `json:"num"`
		Den int64 `json:"den"`
	} `json:"raw_interval"`
	Epochs []struct {
		Epoch int   `json:"epoch"`
		Base  int64 `json:"base"`
		First struct {
			Index  int64 `json:"index"`
			MonoNS int64 `json:"mono_ns"`
			UTCNS  int64 `json:"utc_ns"`
		} `json:"first"`
	} `json:"epochs"`
	Streams []struct {
		Name     string `json:"name"`
		Recorded int64  `json:"recorded"`
		Lost     int64  `json:"lost"`
		LostMin  int64  `json:"lost_min"`
		LostMax  int64  `json:"lost_max"`
		Gaps     int64  `json:"gaps"`
	} `json:"streams"`
	Dropped struct {
		Segments int `json:"segments"`
	} `json:"dropped"`
}

// Gap is a gap entry.
type Gap struct {
	Cause       string `json:"cause"`
	Lost        int64  `json:"lost"`
	Exact       bool   `json:"exact"`
	Min         int64  `json:"lost_min"`
	Max         int64  `json:"lost_max"`
	PositionMin int64  `json:"position_min"`
	PositionMax int64  `json:"position_max"`
	From        string `json:"from"`
	To          string `json:"to"`
	MonoFromNS  int64  `json:"mono_from_ns"`
	MonoToNS    int64  `json:"mono_to_ns"`
}

// bounds are the least and the most that may be lost.
func (g *Gap) bounds() (lo, hi int64) {
	if g.Exact {
		return g.Lost, g.Lost
	}
	return g.Min, g.Max
}

// Capture is a stretch without a gap inside.
type Capture struct {
	Start  int64 `json:"core:sample_start"`
	Global int64 `json:"core:global_index"`
	Epoch  int   `json:"daq:epoch"`
	Gap    *Gap  `json:"daq:gap"`
}

// Annotation marks samples.
type Annotation struct {
	Start int64  `json:"core:sample_start"`
	Count int64  `json:"core:sample_count"`
	Label string `json:"core:label"`
}

// meta is a file of metadata.
type meta struct {
	Global struct {
		Datatype string  `json:"core:datatype"`
		Offset   int64   `json:"core:offset"`
		Device   string  `json:"daq:device"`
		Channel  string  `json:"daq:channel"`
		Stream   string  `json:"daq:stream"`
		Kind     string  `json:"daq:kind"`
		Mode     string  `json:"daq:mode"`
		Segment  int     `json:"daq:segment"`
		Ratio    int64   `json:"daq:ratio"`
		Waveform int64   `json:"daq:waveform_samples"`
		Codes    []int64 `json:"daq:codes"`
		Bits     int     `json:"daq:resolution_bits"`
		Serial   string  `json:"daq:serial"`
		GapAfter *Gap    `json:"daq:gap_after"`
		Table    any     `json:"daq:captures_table"`
	} `json:"global"`
	Captures    []Capture    `json:"captures"`
	Annotations []Annotation `json:"annotations"`
}

// segment is a data file.
type segment struct {
	path    string
	from, n int64 // stream index of the first sample, samples
}

// Stream is a stream of a recording.
type Stream struct {
	Name, Device, Channel, Kind, Mode, Serial string
	Ratio, Waveform                           int64
	Bits                                      int
	Codes                                     [2]int64
	Captures                                  []Capture
	Unvouched                                 []Annotation // samples that nobody vouches for, as the recording itself says, in their order
	GapAfter                                  *Gap
	size                                      int64 // bytes of a sample
	segments                                  []segment
}

// First is the stream index of the first sample that is there, End the one behind the last.
func (s *Stream) First() int64 { return s.segments[0].from }

// End is the stream index behind the last sample.
func (s *Stream) End() int64 { last := s.segments[len(s.segments)-1]; return last.from + last.n }

// Recording is what the files of a recording say.
type Recording struct {
	Dir     string
	Run     Run
	Streams []*Stream
}

// Open reads a recording that nobody records.
func Open(dir string) (*Recording, error) {
	r := &Recording{Dir: dir}
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &r.Run); err != nil {
		return nil, fmt.Errorf("run.json: %w", err)
	}
	metas, err := filepath.Glob(filepath.Join(dir, "*.sigmf-meta"))
	if err != nil {
		return nil, err
	}
	for _, path := range metas {
		if err := r.add(path); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	for _, s := range r.Streams {
		if err := s.join(); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(r.Streams, func(a, b *Stream) int { return cmp.Compare(a.Name, b.Name) })
	return r, nil
}

var sampleSizes = map[string]int64{"ri16_le": 2, "ri8": 1, "ru8": 1, "ri32_le": 4}

func (r *Recording) add(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var m meta
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	g := &m.Global
	if g.Table != nil {
		return fmt.Errorf("more captures than are judged")
	}
	i := slices.IndexFunc(r.Streams, func(s *Stream) bool { return s.Name == g.Stream })
	if i < 0 {
		s := &Stream{
			Name: g.Stream, Device: g.Device, Channel: g.Channel, Kind: g.Kind, Mode: g.Mode, Serial: g.Serial, Ratio: g.Ratio, Waveform: g.Waveform,
			Bits: g.Bits, size: sampleSizes[g.Datatype],
		}
		if len(g.Codes) == 2 {
			s.Codes = [2]int64(g.Codes)
		}
		if s.size == 0 {
			return fmt.Errorf("datatype %q", g.Datatype)
		}
		r.Streams, i = append(r.Streams, s), len(r.Streams)
	}
	s := r.Streams[i]
	data := strings.TrimSuffix(path, "meta") + "data"
	info, err := os.Stat(data)
	if err != nil {
		return err
	}
	if info.Size()%s.size != 0 {
		return fmt.Errorf("%d bytes are no whole samples", info.Size())
	}
	s.segments = append(s.segments, segment{data, g.Offset, info.Size() / s.size})
	s.Captures = append(s.Captures, m.Captures...)
	for _, a := range m.Annotations {
		if a.Label == "unverified" {
			s.Unvouched = append(s.Unvouched, a)
		}
	}
	if g.GapAfter != nil {
		s.GapAfter = g.GapAfter
	}
	return nil
}

// join puts the segments in order and wants them to follow each other.
func (s *Stream) join() error {
	slices.SortFunc(s.segments, func(a, b segment) int { return cmp.Compare(a.from, b.from) })
	slices.SortStableFunc(s.Captures, func(a, b Capture) int { return cmp.Compare(a.Start, b.Start) })
	slices.SortFunc(s.Unvouched, func(a, b Annotation) int { return cmp.Compare(a.Start, b.Start) })
	for i := 1; i < len(s.segments); i++ {
		if a, b := s.segments[i-1], s.segments[i]; b.from != a.from+a.n {
			return fmt.Errorf("%s: a segment begins at %d behind one that ends at %d", s.Name, b.from, a.from+a.n)
		}
	}
	return nil
}

// Vouched lists the ranges between two stream indexes, each from its first to behind its last sample, without what nobody vouches for.
func (s *Stream) Vouched(from, end int64) (list [][2]int64) {
	for _, a := range s.Unvouched {
		if lo := min(a.Start, end); lo > from {
			list = append(list, [2]int64{from, lo})
		}
		from = max(from, a.Start+a.Count)
	}
	if from < end {
		list = append(list, [2]int64{from, end})
	}
	return list
}

// Samples reads up to n samples from a stream index on; fewer at the end.
func (s *Stream) Samples(from, n int64) ([]int64, error) {
	n = min(n, s.End()-from)
	var values []int64
	for _, g := range s.segments {
		lo, hi := max(from, g.from), min(from+n, g.from+g.n)
		if lo >= hi {
			continue
		}
		f, err := os.Open(g.path)
		if err != nil {
			return nil, err
		}
		raw := make([]byte, (hi-lo)*s.size)
		_, err = f.ReadAt(raw, (lo-g.from)*s.size)
		f.Close()
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < hi-lo; i++ {
			values = append(values, s.value(raw[i*s.size:]))
		}
	}
	return values, nil
}

func (s *Stream) value(b []byte) int64 {
	switch s.size {
	case 1:
		return int64(b[0])
	case 2:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	}
	return int64(int32(binary.LittleEndian.Uint32(b)))
}

// proof is the signal that the stream should hold.
func (s *Stream) proof() (truth.Proof, error) {
	return truth.NewProof(s.Serial, s.Channel, s.Bits, s.Codes[0], s.Codes[1])
}

// device is what run.json says of a device, nil when it is not in it.
func (r *Recording) device(name string) *RunDevice {
	for i := range r.Run.Devices {
		if r.Run.Devices[i].Name == name {
			return &r.Run.Devices[i]
		}
	}
	return nil
}

// lostWaveforms counts the waveforms of a device that are told to be lost.
func (r *Recording) lostWaveforms(device string) (lost int64, err error) {
	text, err := os.ReadFile(filepath.Join(r.Dir, "events.jsonl"))
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		var e struct {
			Kind   string `json:"kind"`
			Device string `json:"device"`
			Count  int64  `json:"count"`
		}
		if err := json.Unmarshal(line, &e); err != nil {
			return 0, fmt.Errorf("events.jsonl: %w", err)
		}
		if e.Kind == "waveform_lost" && e.Device == device {
			lost += e.Count
		}
	}
	return lost, nil
}
