package recording

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func blockInfo(cut int64) DeviceInfo {
	i := rawInfo(cut, "A")
	i.Mode = ModeRapidBlock
	i.Streams = append(i.Streams, StreamInfo{Channel: "A", Kind: KindMin, Ratio: 10, Global: Global{Scale: 1, WaveformSamples: 30}})
	i.Streams[0].Global.WaveformSamples = 300
	return i
}

// waveform writes one whole waveform behind what is there.
func waveform(t testing.TB, d *DeviceWriter, number int64) {
	t.Helper()
	if err := d.BeginWaveform(Waveform{Number: number, Arm: number / 4, MemorySegment: number % 4}); err != nil {
		t.Fatal(err)
	}
	for part := range 3 {
		for s, n := range []int{100, 10} {
			_, next := d.Next(s)
			appendRamp(t, d, s, next, n)
		}
		if part == 0 {
			if err := d.SetTrigger(0, 20, new(int64(-333))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if number > 0 {
		if err := d.SetDeadTime(1000 * number); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.EndWaveform(); err != nil {
		t.Fatal(err)
	}
}

func TestWaveforms(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, blockInfo(0))
	for n := range int64(5) {
		waveform(t, d, n)
	}
	if err := d.StartEpoch(Epoch{Cause: "restart", Base: 1500, BaseMin: 1500, BaseMax: 1500}); err != nil {
		t.Fatal(err)
	}
	waveform(t, d, 5)
	finish(t, r, d)
	checkSealed(t, r.Dir())
	if have := mustRead(t, r.Dir(), "cell.A"+ExtData); !bytes.Equal(have, ramp16(0, 1800)) {
		t.Error("data differ")
	}
	caps := checkChain(t, r.Dir(), "cell.A")
	if len(caps) != 6 {
		t.Fatalf("%d captures", len(caps))
	}
	want := Capture{
		SampleStart: 600, GlobalIndex: 600, Datetime: Timestamp(stampAt(600).UTCNS), Waveform: new(int64(2)), Arm: new(int64(0)), MemorySegment: new(int64(2)),
		TriggerPosition: new(int64(20)), TriggerOffsetFS: new(int64(-333)), DeadTimeNS: new(int64(2000)),
	}
	if diff := cmp.Diff(want, caps[2]); diff != "" {
		t.Error("(-want +got)", diff)
	}
	if caps[0].DeadTimeNS != nil || caps[5].Epoch != 1 || caps[5].Gap != nil {
		t.Errorf("captures %+v", caps)
	}
	if c := readMetaFile(t, r.Dir(), "cell.A.min").Captures[3]; c.SampleStart != 90 || c.TriggerPosition != nil || *c.Waveform != 3 {
		t.Errorf("capture of the aggregate %+v", c)
	}
	checkOverview(t, r.Dir(), "cell.A")
}

func TestOnlyWholeWaveformsAreJournalled(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, blockInfo(0))
	waveform(t, d, 0)
	if err := d.BeginWaveform(Waveform{Number: 1}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 300, 200)
	syncNow(t, d)
	syncs := func() (n int64, captures int) {
		for _, l := range readLines(t, r.Dir(), "cell") {
			if s, ok := l.(*JournalSync); ok {
				n = s.Streams["cell.A"].N
				captures += len(s.Streams["cell.A"].Captures)
			}
		}
		return n, captures
	}
	if n, captures := syncs(); n != 300 || captures != 1 {
		t.Errorf("journal covers %d samples and %d captures", n, captures)
	}
	var we *WaveformError
	if err := d.EndWaveform(); !errors.As(err, &we) || we.Have != 200 || we.Want != 300 {
		t.Errorf("end of a short waveform: %v", err)
	}
	if err := d.DropWaveform("test"); err != nil {
		t.Fatal(err)
	}
	if n, next := d.Next(0); n != 300 || next != 300 {
		t.Errorf("behind the dropped waveform: %d, %d", n, next)
	}
	waveform(t, d, 2)
	if err := d.BeginWaveform(Waveform{Number: 3}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 600, 250)
	appendRamp(t, d, 1, 60, 30)
	finish(t, r, d) // drops what is open
	run := checkSealed(t, r.Dir())
	if have := mustRead(t, r.Dir(), "cell.A"+ExtData); !bytes.Equal(have, ramp16(0, 600)) {
		t.Error("data differ")
	}
	if n, captures := syncs(); n != 600 || captures != 2 {
		t.Errorf("journal covers %d samples and %d captures", n, captures)
	}
	if s := run.Device("cell").Streams; s[0].Recorded != 600 || s[1].Recorded != 60 {
		t.Errorf("totals %+v", s)
	}
	checkOverview(t, r.Dir(), "cell.A")
	checkOverview(t, r.Dir(), "cell.A.min")
	if !bytes.Contains(mustRead(t, r.Dir(), FileEvents), []byte(`"kind":"waveform_lost","device":"cell","index":300,"epoch":0,"count":2`)) {
		t.Errorf("events: %s", mustRead(t, r.Dir(), FileEvents))
	}
}

func TestBlockSegmentsEndBehindAWholeWaveform(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, blockInfo(1000))
	for n := range int64(9) {
		waveform(t, d, n)
		if n == 5 {
			syncNow(t, d)
		}
	}
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	if n := len(run.Device("cell").Segments); n != 3 {
		t.Errorf("%d segments", n)
	}
	checkChain(t, r.Dir(), "cell.A-000000", "cell.A-000001", "cell.A-000002")
	for i, want := range []int{1200, 1200, 300} {
		if have := len(mustRead(t, r.Dir(), BaseName("cell.A", i, true)+ExtData)) / 2; have != want {
			t.Errorf("segment %d has %d samples, want %d", i, have, want)
		}
	}
}

func TestBlockModeRefusals(t *testing.T) {
	r := testRun(t, Options{})
	info := blockInfo(0)
	info.Streams[1].Global.WaveformSamples = 0
	if _, err := r.AddDevice(info); err == nil {
		t.Error("a stream without waveform length is accepted")
	}
	d := testDevice(t, r, blockInfo(0))
	if err := d.Append(0, 0, ramp16(0, 1), Stamp{}); err == nil {
		t.Error("samples outside of a waveform are accepted")
	}
	if err := d.Gap(0, Gap{Cause: CauseRingFull, Lost: 1, Exact: true}); err == nil {
		t.Error("a gap is accepted")
	}
	if err := d.SetTrigger(0, 1, nil); err == nil {
		t.Error("a trigger without a waveform is accepted")
	}
	if err := d.EndWaveform(); err == nil {
		t.Error("the end of nothing is accepted")
	}
	if err := d.BeginWaveform(Waveform{}); err != nil {
		t.Fatal(err)
	}
	if err := d.BeginWaveform(Waveform{}); err == nil {
		t.Error("a waveform inside of another is accepted")
	}
	if err := d.StartEpoch(Epoch{}); err == nil {
		t.Error("an epoch inside of a waveform is accepted")
	}
	stream := testDevice(t, testRun(t, Options{}), rawInfo(0, "A"))
	if err := stream.BeginWaveform(Waveform{}); err == nil {
		t.Error("a waveform in streaming mode is accepted")
	}
}

func TestCapturesBeyondTheMetaGoToATable(t *testing.T) {
	const waves = MaxListed + 1234
	now := Now()
	r := testRun(t, Options{Now: func() Stamp { return now }})
	info := rawInfo(0, "A")
	info.Mode, info.Streams[0].Global.WaveformSamples = ModeRapidBlock, 4
	d := testDevice(t, r, info)
	for n := range int64(waves) {
		if err := d.BeginWaveform(Waveform{Number: n, Arm: 7}); err != nil {
			t.Fatal(err)
		}
		appendRamp(t, d, 0, 4*n, 4)
		if err := d.EndWaveform(); err != nil {
			t.Fatal(err)
		}
		d.Annotate(0, Annotation{SampleStart: 4*n + 1, SampleCount: 1, Label: LabelTrigger, Exact: new(true)})
		if n == 4000 || n == MaxListed+10 || n == MaxListed+11 {
			syncNow(t, d)
		}
		if n == MaxListed+11 {
			// It is large: until some time has passed it stays as it is.
			if have := len(readMetaFile(t, r.Dir(), "cell.A").Captures); have != 4001 {
				t.Fatalf("%d captures in a meta that was replaced a moment ago", have)
			}
			now = now.Add(10e9)
			syncNow(t, d)
			m := readMetaFile(t, r.Dir(), "cell.A")
			if ref := m.Global.CapturesTable; ref == nil || ref.Rows != 12 || ref.File != "cell.A"+ExtCaptures {
				t.Fatalf("table while recording: %+v", ref)
			}
		}
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
	m := readMetaFile(t, r.Dir(), "cell.A")
	if len(m.Captures) != MaxListed || len(m.Annotations) != MaxListed || *m.Global.CapturesTable != (TableRef{"cell.A" + ExtCaptures, 1234}) || m.Global.AnnotationsTable.Rows != 1234 {
		t.Fatalf("%d captures, %d annotations, %+v, %+v", len(m.Captures), len(m.Annotations), m.Global.CapturesTable, m.Global.AnnotationsTable)
	}
	b := mustRead(t, r.Dir(), "cell.A"+ExtCaptures)
	if _, rows, err := ParseNpyHeader(b); err != nil || rows != 1234 || len(b) != NpyDataStart+1234*CaptureRowSize {
		t.Fatalf("%d rows in %d bytes, %v", rows, len(b), err)
	}
	notes := mustRead(t, r.Dir(), "cell.A"+ExtAnnotations)[NpyDataStart:]
	for i := range int64(1234) {
		n := MaxListed + i
		c, err := ParseCaptureRow(b[NpyDataStart+i*CaptureRowSize:])
		if err != nil || c.SampleStart != 4*n || *c.Waveform != n || *c.Arm != 7 {
			t.Fatalf("row %d: %+v, %v", i, c, err)
		}
		a, err := ParseAnnotationRow(notes[i*AnnotationRowSize:])
		if err != nil || a.SampleStart != 4*n+1 || a.Label != LabelTrigger || !*a.Exact {
			t.Fatalf("row %d: %+v, %v", i, a, err)
		}
	}
	// What one line could not hold came in lines before it.
	var captures, more int
	for _, l := range readLines(t, r.Dir(), "cell") {
		switch l := l.(type) {
		case *JournalMore:
			more++
			captures += len(l.Streams["cell.A"].Captures)
		case *JournalSync:
			captures += len(l.Streams["cell.A"].Captures)
		}
	}
	if captures != waves || more < 3 {
		t.Errorf("journal tells of %d captures, %d more lines", captures, more)
	}
}

func TestInferredGapsOverTheTable(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(0, "A"))
	at := int64(0)
	for range MaxListed + 50 {
		appendRamp(t, d, 0, at, 2)
		if err := d.Gap(0, Gap{Cause: CauseDriver, Lost: 3, Exact: true}); err != nil {
			t.Fatal(err)
		}
		at += 5
	}
	appendRamp(t, d, 0, at, 10)
	syncNow(t, d)
	n, next := d.Next(0)
	for _, start := range []int64{n - 5, n - 5, n - 50} { // inside; at the capture just made; before it
		if err := d.GapAt(0, start, Gap{Cause: CauseInferred, Lost: 2, LostMin: 1, LostMax: 3}, Stamp{}); err != nil {
			t.Fatal(err)
		}
		syncNow(t, d)
		next += 2
	}
	appendRamp(t, d, 0, next, 10)
	if err := d.Finish(context.Background(), SealStop, nil, nil); err != nil {
		t.Fatal(err)
	}
	m := readMetaFile(t, r.Dir(), "cell.A")
	if ref := m.Global.CapturesTable; ref == nil || ref.Rows != 52 {
		t.Fatalf("table %+v", ref)
	}
	b := mustRead(t, r.Dir(), "cell.A"+ExtCaptures)[NpyDataStart:]
	prev := m.Captures[MaxListed-1]
	for i := 0; i < len(b); i += CaptureRowSize {
		c, err := ParseCaptureRow(b[i:])
		if err != nil {
			t.Fatal(err)
		}
		if want := prev.GlobalIndex + c.SampleStart - prev.SampleStart + c.Lost(); c.GlobalIndex != want {
			t.Errorf("row %d: device index %d, want %d", i/CaptureRowSize, c.GlobalIndex, want)
		}
		prev = c
	}
	if prev.Gap.Lost != 6 || prev.SampleStart != n-5 {
		t.Errorf("last capture %+v %+v", prev, prev.Gap)
	}
}
