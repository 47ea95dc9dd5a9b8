package pythontest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/internal/agree"
	"github.com/scopelog/scopelog/recording"
)

// dump is what python/tests/dump.py prints of a run.
type dump struct {
	State   string
	Epochs  map[string]int
	Clock   map[string]int
	Events  []string
	Streams []dumpStream
}

type dumpStream struct {
	Name        string
	Start, Stop int64
	Samples     int64
	Stretches   []dumpStretch
	Gaps        []dumpGap
	Notes       []dumpNote
	Waveforms   []dumpWave
	Overview    dumpOverview
}

type dumpStretch struct {
	Start, Stop, Index, UTCNS int64
	Epoch                     int
	CRC                       uint32
	First, Last               float64
}

type dumpGap struct {
	Cause             string
	Lost, Least, Most int64
	Exact             bool
	Position, Index   int64
	SinceNS, UntilNS  int64
}

type dumpNote struct {
	Label       string
	Start, Stop int64
	Exact       *bool
	Event       *int64
	Comment     string
}

type dumpWave struct {
	Number, Arm, Memory, Start, UTCNS, Position int64
	TriggerS, DeadS                             float64
}

type dumpOverview struct {
	Samples  int64
	Min, Max float64
}

// dumpOf lists what our reader finds.
func dumpOf(t *testing.T, dir string) dump {
	t.Helper()
	rec := open(t, dir)
	d := dump{State: string(rec.Run().State), Epochs: map[string]int{}, Clock: map[string]int{}}
	for _, dev := range rec.Run().Devices {
		d.Epochs[dev.Name] = len(rec.Epochs(dev.Name))
		d.Clock[dev.Name] = clockPairs(t, dir, dev.Name)
	}
	for _, e := range events(t, dir) {
		d.Events = append(d.Events, fmt.Sprintf("%d %s %s", e.Seq, e.Kind, e.Device))
	}
	for _, s := range rec.Streams() {
		d.Streams = append(d.Streams, dumpOfStream(t, s))
	}
	return d
}

func dumpOfStream(t *testing.T, s *recording.Stream) dumpStream {
	t.Helper()
	d := dumpStream{Name: s.Name(), Start: s.Start(), Stop: s.End(), Samples: s.Samples()}
	from, to := s.DeviceRange()
	d.Overview = dumpOverview{Samples: s.Samples(), Min: math.Inf(1), Max: math.Inf(-1)}
	for _, r := range s.Ranges(from, to) {
		n := r.To - r.From
		data, values := make([]byte, n*int64(s.Global().Datatype.Size())), make([]float64, n)
		if _, err := s.ReadAt(data, r.StreamIndex); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Values(values, r.StreamIndex); err != nil {
			t.Fatal(err)
		}
		at, _ := s.TimeOf(r.StreamIndex)
		d.Stretches = append(d.Stretches, dumpStretch{
			Start: r.StreamIndex, Stop: r.StreamIndex + n, Index: r.From, UTCNS: int64(at), Epoch: r.Epoch,
			CRC: crc32.ChecksumIEEE(data), First: values[0], Last: values[n-1],
		})
		d.Overview.Min, d.Overview.Max = min(d.Overview.Min, slices.Min(values)), max(d.Overview.Max, slices.Max(values))
	}
	for _, g := range s.Gaps() {
		least, most := g.Bounds()
		d.Gaps = append(d.Gaps, dumpGap{g.Cause.String(), g.Lost, least, most, g.Exact, g.StreamIndex, g.DeviceIndex, int64(g.From), int64(g.To)})
	}
	for _, a := range s.Annotations() {
		d.Notes = append(d.Notes, dumpNote{string(a.Label), a.SampleStart, a.End(), a.Exact, a.Event, a.Comment})
	}
	d.Waveforms = dumpOfWaves(s)
	return d
}

func dumpOfWaves(s *recording.Stream) []dumpWave {
	var list []dumpWave
	g := s.Global()
	for _, c := range s.Captures() {
		if c.Waveform == nil || c.SampleStart+g.WaveformSamples > s.End() {
			continue
		}
		w := dumpWave{*c.Waveform, *c.Arm, *c.MemorySegment, c.SampleStart, int64(c.Datetime), -1, -1, -1}
		if c.TriggerPosition != nil {
			w.Position = *c.TriggerPosition
			w.TriggerS = float64(w.Position) * float64(g.SampleInterval.Num) / float64(g.SampleInterval.Den)
			if c.TriggerOffsetFS != nil {
				w.TriggerS += float64(*c.TriggerOffsetFS) * 1e-15
			}
		}
		if c.DeadTimeNS != nil {
			w.DeadS = float64(*c.DeadTimeNS) * 1e-9
		}
		list = append(list, w)
	}
	return list
}

// theirs lists what the Python package finds; with follow once for each refresh until the run has ended.
func theirs(t *testing.T, dir string, args ...string) []dump {
	t.Helper()
	cmd := command(t.Context(), t.TempDir(), agree.Python, append([]string{absolute(t, filepath.Join(root, "python", "tests", "dump.py")), dir}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("dump.py: %v\n%s", err, &stderr)
	}
	var list []dump
	for _, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var d dump
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		list = append(list, d)
	}
	return list
}

// near compares numbers that are computed in another order in both languages.
var near = cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b), 1) })

func compare(t *testing.T, dir string) {
	t.Helper()
	if diff := cmp.Diff(dumpOf(t, dir), theirs(t, dir)[0], near); diff != "" {
		t.Errorf("%s (-Go +Python)\n%s", filepath.Base(dir), diff)
	}
}

// TestSameAsGo compares all that the package tells of recordings of all kinds with what the Go reader tells.
func TestSameAsGo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		run  func() (string, error)
	}{
		{"plain stream and digital port", plainRun},
		{"rotated, with gaps, a restart, over-range and an aggregate", gapsRun},
		{"two devices", twoRun},
		{"rapid block with an aggregate and a digital port", rapidRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			compare(t, made(t, c.run))
		})
	}
}

// TestWhileItRecords follows a run with refresh(): what is shown at any time ends at a sync and is in the sealed recording, sample for sample.
func TestWhileItRecords(t *testing.T) {
	t.Parallel()
	l := startLive(t, "live", livePlan)
	cmd := command(t.Context(), t.TempDir(), agree.Python, absolute(t, filepath.Join(root, "python", "tests", "dump.py")), l.dir, "--follow")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var seen []dump
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var d dump
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, d)
		switch {
		case len(seen) == 2:
			l.logger("mark", l.dir, "here it is")
		case len(seen) > 2 && d.State == string(recording.StateRecording) && len(d.Streams) == 2 && d.Streams[0].Samples >= 150_000:
			if l.cmd.Process.Signal(syscall.SIGINT) == nil {
				continue
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	<-l.done
	compare(t, l.dir)
	rec := open(t, l.dir)
	for _, d := range seen {
		for _, s := range d.Streams {
			checkSeen(t, rec, s, d.State)
		}
	}
	last := seen[len(seen)-1]
	if len(seen) < 3 || last.State != string(recording.StateSealed) || !slices.ContainsFunc(last.Streams[0].Notes, func(n dumpNote) bool { return n.Comment == "here it is" }) {
		t.Errorf("%d looks, the last one at a %s run", len(seen), last.State)
	}
}

// checkSeen compares what was seen of a stream while it was recorded with the sealed recording.
func checkSeen(t *testing.T, rec *recording.Recording, s dumpStream, state string) {
	t.Helper()
	st := rec.Stream(s.Name)
	if state == string(recording.StateRecording) && s.Samples > 0 && !synced(t, rec.Dir(), st.Global().Device, s.Stop) {
		t.Errorf("%s was seen up to %d, where no sync ended", s.Name, s.Stop)
	}
	for _, r := range s.Stretches {
		data := make([]byte, (r.Stop-r.Start)*int64(st.Global().Datatype.Size()))
		if _, err := st.ReadAt(data, r.Start); err != nil {
			t.Fatal(err)
		}
		if crc32.ChecksumIEEE(data) != r.CRC {
			t.Errorf("%s: samples %d to %d are others now", s.Name, r.Start, r.Stop)
		}
		if index, ok := st.DeviceIndex(r.Start); !ok || index != r.Index {
			t.Errorf("%s: sample %d was seen at device index %d, and is at %d", s.Name, r.Start, r.Index, index)
		}
	}
}

// TestKilled compares what is there of a run whose recorder was killed, before and after it was repaired.
func TestKilled(t *testing.T) {
	t.Parallel()
	l := startLive(t, "killed", livePlan)
	await(t, "the second segment", func() bool {
		part, err := os.ReadFile(filepath.Join(l.dir, "bench.journal-000001.jsonl"))
		return err == nil && bytes.Contains(part, []byte(`"k":"sync"`))
	})
	l.end(syscall.SIGKILL)
	compare(t, l.dir)
	l.logger("repair", l.dir)
	compare(t, l.dir)
}

// TestUnit runs the package's own tests, on recordings that they write.
func TestUnit(t *testing.T) {
	t.Parallel()
	cmd := command(t.Context(), absolute(t, filepath.Join(root, "python")), agree.Python, "-m", "unittest", "discover", "-s", "tests")
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("\nOK")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestStyle keeps the package within reach of a reader: no file is long, and each has a docstring.
func TestStyle(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "python", "*", "*.py"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(b, []byte("\n")); n >= 450 {
			t.Errorf("%s has %d lines", f, n)
		}
		if text := strings.TrimPrefix(string(b), "#!/usr/bin/env python3\n"); !strings.HasPrefix(text, `"""`) {
			t.Errorf("%s does not begin with what is in it", f)
		}
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	p, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func events(t *testing.T, dir string) []recording.Event {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, recording.FileEvents))
	if err != nil {
		t.Fatal(err)
	}
	var list []recording.Event
	for _, line := range bytes.SplitAfter(b, []byte("\n")) {
		if e, err := recording.ParseEvent(line); err == nil {
			list = append(list, *e)
		}
	}
	return list
}

// clockPairs counts the clock pairs that the journal of a device has.
func clockPairs(t *testing.T, dir, device string) int {
	t.Helper()
	n := 0
	for _, l := range journal(t, dir, device) {
		if s, ok := l.(*recording.JournalSync); ok && s.Clock != nil {
			n++
		}
	}
	return n
}

func journal(t *testing.T, dir, device string) (list []recording.Line) {
	t.Helper()
	parts, err := filepath.Glob(filepath.Join(dir, device+".journal-*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range bytes.SplitAfter(b, []byte("\n")) {
			if l, err := recording.ParseLine(line); err == nil {
				list = append(list, l)
			}
		}
	}
	return list
}

// synced tells whether a sync, or the beginning of a segment, ended at a stream index.
func synced(t *testing.T, dir, device string, n int64) bool {
	t.Helper()
	return slices.ContainsFunc(journal(t, dir, device), func(l recording.Line) bool {
		switch l := l.(type) {
		case *recording.JournalState:
			for _, s := range l.Streams {
				if s.N == n {
					return true
				}
			}
		case *recording.JournalSync:
			for _, s := range l.Streams {
				if s.N == n {
					return true
				}
			}
		}
		return false
	})
}

// extremes returns the smallest and the largest of the stored int16 samples from stream index from up to to.
func extremes(t *testing.T, s *recording.Stream, from, to int64) (low, high int64) {
	t.Helper()
	data := make([]byte, 2*(to-from))
	if _, err := s.ReadAt(data, from); err != nil {
		t.Fatal(err)
	}
	low, high = math.MaxInt16, math.MinInt16
	for i := 0; i < len(data); i += 2 {
		v := int64(int16(binary.LittleEndian.Uint16(data[i:])))
		low, high = min(low, v), max(high, v)
	}
	return low, high
}
