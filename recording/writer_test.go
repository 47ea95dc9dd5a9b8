package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testStart is when runs of tests begin, and testBoot the boot they are on.
var testStart = time.Date(2026, 11, 20, 8, 0, 0, 310_000, time.UTC)

const testBoot = "6f0d0f52-5a7e-4b11-8a44-0c9e5d6b7a01"

// testClock advances by a millisecond each time it is read.
func testClock() func() Stamp {
	var s Stamp
	return func() Stamp {
		s = s.Add(1e6)
		return Stamp{MonoNS: 8e12 + s.MonoNS, UTCNS: testStart.UnixNano() + s.UTCNS}
	}
}

func testRun(t testing.TB, o Options) *Run {
	t.Helper()
	o.Started, o.BootID, o.Host, o.Program = testStart, testBoot, "lab7", "scopelog 0.1.0"
	if o.Now == nil {
		o.Now = Now
	}
	parent := t.TempDir()
	if _, ok := o.FS.(*sinkFS); ok {
		parent = "/runs"
	}
	r, err := Create(parent, "soak", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(End{}); err != nil && !errors.Is(err, ErrClosed) {
			t.Log("close in cleanup:", err)
		}
	})
	return r
}

func rawInfo(cut int64, channels ...string) DeviceInfo {
	i := DeviceInfo{Name: "cell", Driver: "sim", DriverVersion: "0.1.0", Model: "SIM", Serial: "S1", RawInterval: Fraction{1, 1_000_000}, CutSamples: cut}
	for _, c := range channels {
		i.Streams = append(i.Streams, StreamInfo{Channel: c, Global: Global{Scale: 0.001}})
	}
	return i
}

func testDevice(t testing.TB, r *Run, info DeviceInfo) *DeviceWriter {
	t.Helper()
	d, err := r.AddDevice(info)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.StartEpoch(Epoch{FirstMonoNS: 8e12, FirstUTCNS: testStart.UnixNano()}); err != nil {
		t.Fatal(err)
	}
	return d
}

// ramp16 returns n samples whose value is the low 16 bits of their device index.
func ramp16(at int64, n int) []byte {
	b := make([]byte, 0, 2*n)
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(at+int64(i)))
	}
	return b
}

// stampAt is when the raw sample of that index was taken.
func stampAt(index int64) Stamp {
	return Stamp{MonoNS: 8e12, UTCNS: testStart.UnixNano()}.Add(index * 1000)
}

func appendRamp(t testing.TB, d *DeviceWriter, stream int, at int64, n int) {
	t.Helper()
	if err := d.Append(stream, at, ramp16(at, n), stampAt(at*d.streams[stream].ratio)); err != nil {
		t.Fatal(err)
	}
}

func syncNow(t testing.TB, d *DeviceWriter) SyncResult {
	t.Helper()
	res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	if !res.Synced {
		t.Fatal("not synced")
	}
	return res
}

func finish(t testing.TB, r *Run, d *DeviceWriter) {
	t.Helper()
	if err := d.Finish(context.Background(), SealStop, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(End{Reason: "duration"}); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t testing.TB, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readMetaFile(t testing.TB, dir, base string) *Meta {
	t.Helper()
	m, err := ParseMeta(mustRead(t, dir, base+ExtMeta))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// readLines reads all lines of a device's journal and checks what every journal must keep.
func readLines(t testing.TB, dir, device string) []Line {
	t.Helper()
	var lines []Line
	seq := int64(0)
	for part := 0; ; part++ {
		b, err := os.ReadFile(filepath.Join(dir, PartName(device, part)))
		if errors.Is(err, os.ErrNotExist) {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, raw := range bytes.SplitAfter(b, []byte("\n")) {
			if len(raw) == 0 {
				continue
			}
			l, err := ParseLine(raw)
			if err != nil {
				t.Fatalf("part %d line %d: %v", part, i, err)
			}
			if l.Head().Seq != seq {
				t.Fatalf("part %d line %d has seq %d, want %d", part, i, l.Head().Seq, seq)
			}
			seq++
			if _, ok := l.(*JournalState); ok != (i == 0) {
				t.Fatalf("part %d line %d: a state line is the first one of a part and nothing else", part, i)
			}
			lines = append(lines, l)
		}
	}
}

// checkSealed checks that run.json lists every file of the folder that it must, with the right sums, and returns it.
func checkSealed(t testing.TB, dir string) *RunFile {
	t.Helper()
	run, err := ParseRun(mustRead(t, dir, FileRun))
	if err != nil {
		t.Fatal(err)
	}
	if run.State != StateSealed || run.Events == nil || run.PID != 0 || run.ExitCode == nil {
		t.Fatalf("run.json of a closed run: %+v", run)
	}
	listed := map[string]FileSum{FileEvents: *run.Events}
	for _, d := range run.Devices {
		for _, s := range d.Segments {
			for name, sum := range s.Files {
				listed[name] = sum
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	plain := []string{FileRun, FileLock, FileCollection, FilePlan, FileResolved}
	for _, e := range entries {
		if slices.Contains(plain, e.Name()) {
			continue
		}
		b := mustRead(t, dir, e.Name())
		want, ok := listed[e.Name()]
		if have := (FileSum{int64(len(b)), UpdateChecksum(0, b)}); !ok || have != want {
			t.Errorf("%s: have %+v, run.json lists %+v (%v)", e.Name(), have, want, ok)
		}
		delete(listed, e.Name())
	}
	if len(listed) > 0 {
		t.Errorf("listed and not there: %v", listed)
	}
	return run
}

// checkChain applies the chain rule to the captures of a stream over its segments.
func checkChain(t testing.TB, dir string, bases ...string) (all []Capture) {
	t.Helper()
	end := int64(0)
	for _, base := range bases {
		m := readMetaFile(t, dir, base)
		size := int64(m.Global.Datatype.Size())
		if m.Global.Start != end {
			t.Errorf("%s: core:offset %d, want %d", base, m.Global.Start, end)
		}
		end += int64(len(mustRead(t, dir, base+ExtData))) / size
		if len(m.Captures) > 0 && m.Captures[0].SampleStart != m.Global.Start {
			t.Errorf("%s: first capture at %d, file begins at %d", base, m.Captures[0].SampleStart, m.Global.Start)
		}
		all = append(all, m.Captures...)
	}
	for i := 1; i < len(all); i++ {
		c, d := all[i-1], all[i]
		if want := c.GlobalIndex + d.SampleStart - c.SampleStart + d.Lost(); d.GlobalIndex != want {
			t.Errorf("capture %d has device index %d, the chain rule wants %d", i, d.GlobalIndex, want)
		}
	}
	return all
}

func TestWriteRunAndReadBytesBack(t *testing.T) {
	r := testRun(t, Options{Plan: []byte("run \"soak\" {}\n"), Resolved: []byte("{}\n"), Variables: map[string]string{"serial": "S1"}, Tags: []string{"hppc"}})
	info := rawInfo(0, "A")
	info.Streams = append(info.Streams, StreamInfo{Channel: "A", Kind: KindMin, Ratio: 100, Global: Global{Scale: 0.001}},
		StreamInfo{Channel: "A", Kind: KindMax, Ratio: 100, Global: Global{Scale: 0.001, Label: "<cell> & co"}},
		StreamInfo{Channel: "D0-7", Datatype: Uint8, Global: Global{Scale: 1}})
	d := testDevice(t, r, info)
	if diff := cmp.Diff([]string{"cell.A", "cell.A.min", "cell.A.max", "cell.D0-7"}, d.Streams()); diff != "" {
		t.Fatal(diff)
	}

	appendRamp(t, d, 0, 0, 5000)
	appendRamp(t, d, 1, 0, 50)
	appendRamp(t, d, 2, 0, 50)
	if err := d.Append(3, 0, bytes.Repeat([]byte{7}, 5000), stampAt(0)); err != nil {
		t.Fatal(err)
	}
	d.Annotate(0, Annotation{SampleStart: 1000, SampleCount: 500, Label: LabelOverRange, Exact: new(false)})
	pair := &ClockPair{Epoch: 0, Index: 5000, MonoNS: 8e12 + 5e6, UTCNS: testStart.UnixNano() + 5e6, BracketNS: 410, State: "synchronised", MaxErrorNS: 1800}
	res, err := d.Sync(context.Background(), d.Checkpoint(pair, &RingFacts{Desc: 9, Lanes: map[string]LaneFacts{"cell.A": {Pos: 5000, FirstSample: 5000}}}))
	if err != nil || !res.Synced || !res.RingJournaled {
		t.Fatalf("sync: %+v, %v", res, err)
	}
	gap := Gap{Cause: CauseRingFull, Lost: 1000, Exact: true, From: Timestamp(stampAt(5000).UTCNS), To: Timestamp(stampAt(6000).UTCNS)}
	if err := d.Gap(0, gap); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 6000, 500)
	d.Annotate(0, Annotation{SampleStart: 1500, SampleCount: 100, Label: LabelOverRange, Exact: new(false)}) // touches the piece of the last sync
	finish(t, r, d)

	dir := r.Dir()
	if !strings.HasSuffix(dir, "soak-20261120T080000Z") {
		t.Errorf("folder %s", dir)
	}
	if want := append(ramp16(0, 5000), ramp16(6000, 500)...); !bytes.Equal(mustRead(t, dir, "cell.A"+ExtData), want) {
		t.Error("data of cell.A differ")
	}
	run := checkSealed(t, dir)
	dev := run.Device("cell")
	if diff := cmp.Diff(RunStream{Name: "cell.A", Channel: "A", Kind: KindRaw, Datatype: Int16, Ratio: 1, Recorded: 5500, Lost: 1000, LostMin: 1000, LostMax: 1000, Gaps: 1},
		dev.Streams[0]); diff != "" {
		t.Error(diff)
	}
	if len(dev.Epochs) != 1 || dev.Epochs[0].First.UTCNS != testStart.UnixNano() || dev.Restarts != 0 {
		t.Errorf("epochs %+v", dev.Epochs)
	}
	m := readMetaFile(t, dir, "cell.A")
	wantCaps := []Capture{
		{SampleStart: 0, GlobalIndex: 0, Datetime: Timestamp(testStart.UnixNano())},
		{SampleStart: 5000, GlobalIndex: 6000, Datetime: gap.To, Gap: &Gap{Cause: CauseRingFull, Lost: 1000, Exact: true, LostMin: 1000, LostMax: 1000, From: gap.From, To: gap.To}},
	}
	if diff := cmp.Diff(wantCaps, m.Captures); diff != "" {
		t.Error("captures (-want +got)", diff)
	}
	if diff := cmp.Diff([]Annotation{{SampleStart: 1000, SampleCount: 600, Label: LabelOverRange, Generator: Generator, Exact: new(false)}}, m.Annotations); diff != "" {
		t.Error("annotations (-want +got)", diff)
	}
	g := m.Global
	if g.State != StateSealed || g.Unit != "V" || g.SampleRate != 1e6 || g.HW != "SIM S1" || g.Collection != "run" || g.Run != r.RunID() || g.Segment != 0 {
		t.Errorf("global object %+v", g)
	}
	if g := readMetaFile(t, dir, "cell.A.max").Global; g.SampleInterval != (Fraction{1, 10_000}) || g.Ratio != 100 || g.Label != "<cell> & co" {
		t.Errorf("global object of an aggregate %+v", g)
	}
	if !bytes.Contains(mustRead(t, dir, "cell.A.max"+ExtMeta), []byte(`"<cell> & co"`)) {
		t.Error("text is escaped for HTML")
	}
	if have := string(mustRead(t, dir, "cell.clock.csv")); have != ClockHeader+string(AppendClockLine(nil, *pair)) {
		t.Errorf("clock pairs: %q", have)
	}
	checkJournalOfFirstRun(t, dir)
}

func checkJournalOfFirstRun(t *testing.T, dir string) {
	t.Helper()
	lines := readLines(t, dir, "cell")
	var kinds []string
	for _, l := range lines {
		kinds = append(kinds, string(l.Head().Kind))
	}
	want := "state stream stream stream stream epoch sync sync seal"
	if have := strings.Join(kinds, " "); have != want {
		t.Fatalf("journal lines are %s, want %s", have, want)
	}
	state := lines[0].(*JournalState)
	if diff := cmp.Diff(StreamState{File: "cell.A"}, state.Streams["cell.A"]); diff != "" || state.BootID != testBoot || state.Format != FormatVersion {
		t.Errorf("state line: %+v %s", state, diff)
	}
	data := mustRead(t, dir, "cell.A"+ExtData)
	s := lines[6].(*JournalSync)
	if n := s.Streams["cell.A"]; n.N != 5000 || n.DataCRC != UpdateChecksum(0, data[:10000]) || len(n.Captures) != 1 || len(n.Annotations) != 1 {
		t.Errorf("first sync: %+v", n)
	}
	if s.Clock == nil || s.Ring == nil || s.Ring.Desc != 9 || !s.OK() {
		t.Errorf("first sync: %+v", s)
	}
	s = lines[7].(*JournalSync)
	if n := s.Streams["cell.A"]; n.N != 5500 || n.DataCRC != UpdateChecksum(0, data) || len(n.Captures) != 1 {
		t.Errorf("second sync: %+v", n)
	}
	if _, ok := s.Streams["cell.D0-7"]; ok {
		t.Error("a stream without news is in the sync line")
	}
	if seal := lines[8].(*JournalSeal); seal.Reason != SealStop || seal.Segment != 0 || seal.GapAfter != nil {
		t.Errorf("seal line %+v", seal)
	}
}

func TestMetaAndJournalExistBeforeTheFirstSample(t *testing.T) {
	r := testRun(t, Options{ControlPath: "control.sock"})
	if _, err := r.AddDevice(rawInfo(0, "A", "B")); err != nil {
		t.Fatal(err)
	}
	m := readMetaFile(t, r.Dir(), "cell.B")
	if m.Global.State != StateRecording || m.Captures == nil || len(m.Captures) != 0 {
		t.Errorf("meta of an empty file: %+v", m)
	}
	if lines := readLines(t, r.Dir(), "cell"); len(lines) != 3 {
		t.Errorf("%d journal lines", len(lines))
	}
	run, err := ParseRun(mustRead(t, r.Dir(), FileRun))
	if err != nil {
		t.Fatal(err)
	}
	if run.State != StateRecording || run.PID != os.Getpid() || run.Control != "control.sock" || run.Device("cell").Segments[0].State != StateRecording {
		t.Errorf("run.json while it records: %+v", run)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(mustRead(t, r.Dir(), FileRun), &raw); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"ended", "end_reason", "exit_code", "events"} {
		if _, ok := raw[key]; ok {
			t.Errorf("run.json has %s while it records", key)
		}
	}
}

func TestFolderNameIsNotTakenTwice(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "recordings")
	var dirs []string
	for range 3 {
		r, err := Create(parent, "soak", Options{Started: testStart})
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, filepath.Base(r.Dir()))
		if err := r.Close(End{}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"soak-20261120T080000Z", "soak-20261120T080000Z-2", "soak-20261120T080000Z-3"}, dirs); diff != "" {
		t.Error(diff)
	}
}

func TestLockIsHeldWhileRecording(t *testing.T) {
	r := testRun(t, Options{})
	if _, err := OSFS().Lock(filepath.Join(r.Dir(), FileLock)); !errors.Is(err, ErrLockHeld) {
		t.Fatalf("a second lock: %v", err)
	}
	if err := r.Close(End{}); err != nil {
		t.Fatal(err)
	}
	l, err := OSFS().Lock(filepath.Join(r.Dir(), FileLock))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(End{}); !errors.Is(err, ErrClosed) {
		t.Errorf("second close: %v", err)
	}
}
