package recording

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAppendRefusesWhatDoesNotFollow(t *testing.T) {
	r := testRun(t, Options{})
	d, err := r.AddDevice(rawInfo(0, "A"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Append(0, 0, ramp16(0, 1), Stamp{}); err == nil {
		t.Error("samples before the first epoch are accepted")
	}
	if err := d.StartEpoch(Epoch{Base: 100, BaseMax: 100, BaseMin: 99}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 100, 10)
	var index *IndexError
	for _, at := range []int64{0, 109, 111} {
		if err := d.Append(0, at, ramp16(at, 1), Stamp{}); !errors.As(err, &index) || index.Want != 110 || index.Have != at {
			t.Errorf("device index %d: %v", at, err)
		}
	}
	if err := d.Append(0, 110, []byte{1, 2, 3}, Stamp{}); err == nil {
		t.Error("half a sample is accepted")
	}
	if err := d.Append(1, 110, ramp16(110, 1), Stamp{}); err == nil {
		t.Error("a stream that is not there is accepted")
	}
	if err := d.Gap(0, Gap{Cause: CauseUSB, Lost: 5, LostMin: 3, LostMax: 9}); err != nil {
		t.Fatal(err)
	}
	if err := d.Append(0, 110, ramp16(110, 1), Stamp{}); !errors.As(err, &index) || index.Want != 115 {
		t.Errorf("behind a gap: %v", err)
	}
	if n, next := d.Next(0); n != 10 || next != 115 {
		t.Errorf("next %d, %d", n, next)
	}
	for name, g := range map[string]Gap{
		"no cause": {Lost: 1, Exact: true}, "negative": {Cause: CauseUSB, Lost: -1, Exact: true},
		"outside of bounds": {Cause: CauseUSB, Lost: 5, LostMin: 6, LostMax: 7}, "out of range": {Cause: CauseUSB, Lost: 1<<63 - 1, Exact: true},
	} {
		if err := d.Gap(0, g); err == nil {
			t.Errorf("gap with %s is accepted", name)
		}
	}
	if err := d.StartEpoch(Epoch{Base: 10, BaseMin: 11, BaseMax: 12}); err == nil {
		t.Error("a base outside of its bounds is accepted")
	}
	finish(t, r, d)
	if err := d.Append(0, 115, ramp16(115, 1), Stamp{}); !errors.Is(err, ErrClosed) {
		t.Errorf("append to a finished device: %v", err)
	}
	if err := d.Finish(context.Background(), SealStop, nil, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("second finish: %v", err)
	}
}

func TestGapsThatTouchAreOne(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 10)
	for _, g := range []Gap{{Cause: CauseRingFull, Lost: 5, Exact: true, From: 1, To: 2}, {Cause: CauseRestart, Lost: 20, LostMin: 10, LostMax: 30, From: 3, To: 4}} {
		if err := d.Gap(0, g); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Gap(0, Gap{Cause: CauseUSB, Exact: true}); err != nil { // nothing
		t.Fatal(err)
	}
	if err := d.StartEpoch(Epoch{Cause: CauseRestart.String(), Base: 35, BaseMin: 25, BaseMax: 45}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 35, 10)
	finish(t, r, d)
	caps := checkChain(t, r.Dir(), "cell.A")
	want := Gap{Cause: CauseRestart, Lost: 25, LostMin: 15, LostMax: 35, From: 1, To: 4}
	if len(caps) != 2 || caps[1].Epoch != 1 {
		t.Fatalf("captures %+v", caps)
	}
	if diff := cmp.Diff(want, *caps[1].Gap); diff != "" {
		t.Error("(-want +got)", diff)
	}
	run := checkSealed(t, r.Dir())
	if dev := run.Device("cell"); dev.Restarts != 1 || len(dev.Epochs) != 2 || dev.Streams[0].LostMax != 35 || dev.Streams[0].Gaps != 1 {
		t.Errorf("run.json: %+v", dev)
	}
	var kinds []LineKind
	for _, l := range readLines(t, r.Dir(), "cell") {
		kinds = append(kinds, l.Head().Kind)
	}
	if diff := cmp.Diff([]LineKind{LineState, LineStream, LineEpoch, LineEpoch, LineSync, LineSeal}, kinds); diff != "" {
		t.Error("journal (-want +got)", diff)
	}
}

func TestLossBehindTheLastSample(t *testing.T) {
	for _, c := range []struct {
		name    string
		samples int
		sync    bool
		base    string
	}{
		{"inside a segment", 500, true, "cell.A-000000"},
		{"at a cut that is not sealed", 1000, false, "cell.A-000000"},
		{"behind a sealed segment", 1000, true, "cell.A-000001"},
		{"without any sample", 0, true, "cell.A-000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := testRun(t, Options{})
			d := testDevice(t, r, rawInfo(1000, "A", "B"))
			if c.samples > 0 {
				appendRamp(t, d, 0, 0, c.samples)
				appendRamp(t, d, 1, 0, c.samples)
			}
			if c.sync {
				syncNow(t, d)
			}
			gap := Gap{Cause: CauseNotKept, Lost: 77, LostMin: 77, LostMax: 77, Exact: true}
			if err := d.Gap(0, gap); err != nil {
				t.Fatal(err)
			}
			finish(t, r, d)
			run := checkSealed(t, r.Dir())
			m := readMetaFile(t, r.Dir(), c.base)
			if m.Global.GapAfter == nil {
				t.Fatal("no daq:gap_after")
			}
			if diff := cmp.Diff(gap, *m.Global.GapAfter); diff != "" {
				t.Error("(-want +got)", diff)
			}
			if s := run.Device("cell").Streams[0]; s.Lost != 0 || s.Gaps != 0 {
				t.Errorf("what is not kept counts as loss: %+v", s)
			}
			lines := readLines(t, r.Dir(), "cell")
			seal, ok := lines[len(lines)-1].(*JournalSeal)
			if !ok || len(seal.GapAfter) != 1 {
				t.Errorf("last line %+v", lines[len(lines)-1])
			}
		})
	}
}

func TestInferredGapIsEnteredAtItsPlace(t *testing.T) {
	gap := Gap{Cause: CauseInferred, Lost: 50, LostMin: 40, LostMax: 60, PositionMin: 500, PositionMax: 1500}
	for _, c := range []struct {
		name string
		at   int64 // place asked for
		want int64 // place of the capture
		caps int
		gap  Gap
	}{
		{"inside", 500, 500, 3, gap},
		{"not back over a capture", 50, 200, 2, Gap{Cause: CauseInferred, Lost: 57, LostMin: 47, LostMax: 67, PositionMin: 500, PositionMax: 1500}},
		{"at the end", 2000, 2000, 3, gap},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := testRun(t, Options{})
			d := testDevice(t, r, rawInfo(0, "A"))
			appendRamp(t, d, 0, 0, 200)
			if err := d.Gap(0, Gap{Cause: CauseRingFull, Lost: 7, Exact: true}); err != nil {
				t.Fatal(err)
			}
			appendRamp(t, d, 0, 207, 1000)
			syncNow(t, d)
			appendRamp(t, d, 0, 1207, 800)
			if err := d.GapAt(0, c.at, gap, stampAt(c.at)); err != nil {
				t.Fatal(err)
			}
			if n, next := d.Next(0); n != 2000 || next != 2057 {
				t.Errorf("next %d, %d", n, next)
			}
			appendRamp(t, d, 0, 2057, 100)
			finish(t, r, d)
			run := checkSealed(t, r.Dir())
			caps := checkChain(t, r.Dir(), "cell.A")
			if len(caps) != c.caps {
				t.Fatalf("captures %+v", caps)
			}
			last := caps[len(caps)-1]
			if last.SampleStart != c.want || last.GlobalIndex != c.want+57 {
				t.Errorf("capture %+v", last)
			}
			if diff := cmp.Diff(c.gap, *last.Gap); diff != "" {
				t.Error("(-want +got)", diff)
			}
			if s := run.Device("cell").Streams[0]; s.Lost != 57 || s.LostMin != 47 || s.LostMax != 67 || s.Gaps != int64(c.caps-1) {
				t.Errorf("totals %+v", s)
			}
			checkOverview(t, r.Dir(), "cell.A")
		})
	}
}

func TestRescaledSamplesHaveACaptureOfTheirOwn(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(2000, "A"))
	appendRamp(t, d, 0, 0, 500)
	if err := d.Rescale(0, Scaling{Scale: 0.01, Offset: 1, Range: &[2]float64{-20, 20}}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 500, 500)
	if err := d.Gap(0, Gap{Cause: CauseRingFull, Lost: 10, Exact: true}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 1010, 2000)
	if err := d.Rescale(0, Scaling{}); err == nil {
		t.Error("a scale of zero is accepted")
	}
	finish(t, r, d)
	m := readMetaFile(t, r.Dir(), "cell.A-000000")
	if len(m.Captures) != 3 || m.Captures[0].Scale != nil || *m.Captures[1].Scale != 0.01 || *m.Captures[2].Offset != 1 || m.Captures[2].Range[1] != 20 {
		t.Errorf("captures %+v", m.Captures)
	}
	m = readMetaFile(t, r.Dir(), "cell.A-000001")
	if m.Global.Scale != 0.01 || m.Global.Offset != 1 || m.Global.Range[0] != -20 || m.Captures[0].Scale != nil {
		t.Errorf("next segment %+v %+v", m.Global, m.Captures)
	}
}

func TestAnnotationsAreSplitAtTheEndOfAFile(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(1000, "A"))
	appendRamp(t, d, 0, 0, 900)
	d.Annotate(0, Annotation{SampleStart: 800, SampleCount: 300, Label: LabelOverRange, Exact: new(false)}) // 200 of them are still to come
	seq, err := r.NoteEvent(Event{Kind: EventMark, Device: "cell", Text: "here"})
	if err != nil {
		t.Fatal(err)
	}
	d.Annotate(0, Annotation{SampleStart: 2500, SampleCount: 1, Label: LabelMark, Comment: "here", Event: &seq})
	syncNow(t, d)
	appendRamp(t, d, 0, 900, 600)
	d.Annotate(0, Annotation{SampleStart: -1, SampleCount: 5, Label: LabelMark})
	d.Annotate(0, Annotation{SampleStart: 5, Label: LabelMark})
	appendRamp(t, d, 0, 1500, 400)
	finish(t, r, d)
	checkSealed(t, r.Dir())
	want := [][]Annotation{
		{{SampleStart: 800, SampleCount: 200, Label: LabelOverRange, Generator: Generator, Exact: new(false)}},
		{
			{SampleStart: 1000, SampleCount: 100, Label: LabelOverRange, Generator: Generator, Exact: new(false)},
			{SampleStart: 1899, SampleCount: 1, Label: LabelMark, Generator: Generator, Comment: "here", Event: &seq},
		},
	}
	for i, base := range []string{"cell.A-000000", "cell.A-000001"} {
		if diff := cmp.Diff(want[i], readMetaFile(t, r.Dir(), base).Annotations); diff != "" {
			t.Errorf("%s (-want +got) %s", base, diff)
		}
	}
}

func TestReconfigureGoesOnInTheNextSegment(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(0, "A", "B"))
	appendRamp(t, d, 0, 0, 1000)
	appendRamp(t, d, 1, 0, 1000)
	cp := d.Checkpoint(nil, nil)
	if err := d.Gap(0, Gap{Cause: CausePower, Lost: 100, LostMin: 50, LostMax: 150}); err != nil {
		t.Fatal(err)
	}
	if err := d.Gap(1, Gap{Cause: CausePower, Lost: 100, LostMin: 50, LostMax: 150}); err != nil {
		t.Fatal(err)
	}
	next := []StreamInfo{{Channel: "C", Datatype: Int32, Global: Global{Scale: 1}}, {Channel: "A", Global: Global{Scale: 0.002}}}
	if err := d.Reconfigure(Fraction{1, 1_000_000}, next); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Sync(context.Background(), cp); err != nil {
		t.Fatal(err)
	}
	if err := d.StartEpoch(Epoch{Cause: "power", Base: 1100, BaseMin: 1050, BaseMax: 1150}); err != nil {
		t.Fatal(err)
	}
	if err := d.Append(0, 1100, bytes.Repeat([]byte{1, 0, 0, 0}, 10), stampAt(1100)); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 1, 1100, 10)
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	checkChain(t, r.Dir(), "cell.A", "cell.A-000001")
	if g := readMetaFile(t, r.Dir(), "cell.B").Global.GapAfter; g == nil || g.Lost != 100 {
		t.Errorf("gap behind a stream that ends: %+v", g)
	}
	if m := readMetaFile(t, r.Dir(), "cell.C-000001"); m.Global.Datatype != Int32 || m.Global.Start != 0 || m.Captures[0].GlobalIndex != 1100 {
		t.Errorf("new stream %+v", m)
	}
	var names []string
	for _, s := range run.Device("cell").Streams {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"cell.C", "cell.A", "cell.B"}, names); diff != "" {
		t.Error("streams in run.json (-want +got)", diff)
	}
}
