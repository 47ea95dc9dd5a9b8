package recording

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wave is a waveform's capture for tests.
func wave(number, start int64, change func(*Capture)) Capture {
	c := Capture{
		SampleStart: start, GlobalIndex: start + 7, Datetime: Timestamp(testEpochUTC + 1000*start), Epoch: 1,
		Waveform: &number, Arm: new(number / 10), MemorySegment: new(number % 10),
	}
	if change != nil {
		change(&c)
	}
	return c
}

func TestWaveformsInTheJournal(t *testing.T) {
	trigger := func(c *Capture) {
		c.TriggerPosition, c.TriggerOffsetFS, c.DeadTimeNS = new(int64(200)), new(-*c.Waveform), new(int64(5000))
	}
	for _, c := range []struct {
		name string
		list []Capture
		runs int
	}{
		{"none", nil, 0},
		{"one", []Capture{wave(4, 100, trigger)}, 1},
		{"a few", []Capture{wave(0, 0, nil), wave(1, 50, trigger), wave(2, 100, nil), wave(3, 150, trigger)}, 1},
		{"a number is missing", []Capture{wave(0, 0, nil), wave(1, 50, nil), wave(3, 100, trigger), wave(4, 150, nil)}, 2},
		{"another epoch", []Capture{wave(0, 0, nil), wave(1, 50, func(c *Capture) { c.Epoch = 2 })}, 2},
		{"another scale", []Capture{wave(0, 0, nil), wave(1, 50, func(c *Capture) { c.Scale, c.Offset = new(2.0), new(0.5) }),
			wave(2, 100, func(c *Capture) { c.Scale, c.Offset = new(2.0), new(0.5) })}, 2},
		{"one is shorter", []Capture{wave(0, 0, nil), wave(1, 50, nil), wave(2, 90, nil)}, 2},
		{"the device went on", []Capture{wave(0, 0, nil), wave(1, 50, func(c *Capture) { c.GlobalIndex += 3 })}, 2},
		{"not all are waveforms", []Capture{wave(0, 0, nil), {SampleStart: 50, GlobalIndex: 57}}, 0},
		{"with a gap", []Capture{wave(0, 0, nil), wave(1, 50, func(c *Capture) { c.Gap = &Gap{Cause: CauseDisk, Lost: 1, Exact: true, LostMin: 1, LostMax: 1} })}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			news := StreamNews{N: 200, DataCRC: 0x1234, Captures: c.list, Annotations: []Annotation{{SampleStart: 1, SampleCount: 2, Label: LabelMark, Generator: Generator}}}
			b, err := json.Marshal(news)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), `"first":`); n != c.runs {
				t.Errorf("%d runs, want %d: %s", n, c.runs, b)
			}
			var got StreamNews
			if err := json.Unmarshal(b, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(news, got); diff != "" {
				t.Error("(-want +got)", diff)
			}
			cost := newsCost{short: allWaves(c.list)}
			most := 200 // what is not captures
			for i := range c.list {
				most += cost.capture(&c.list[i], false)
			}
			if len(b) > most+annotationBytes(&news.Annotations[0]) {
				t.Errorf("%d bytes, reckoned with %d", len(b), most)
			}
		})
	}
}

func TestImpossibleWaveformsInTheJournal(t *testing.T) {
	first := `{"core:sample_start":0,"core:global_index":0,"core:datetime":"2026-11-20T08:00:00.000000000Z","daq:epoch":0,"daq:waveform":0,"daq:arm":0,"daq:memory_segment":0}`
	for _, c := range []struct{ name, run string }{
		{"no waveform", `{"first":{"core:sample_start":0,"core:global_index":0,"core:datetime":"2026-11-20T08:00:00.000000000Z","daq:epoch":0}}`},
		{"no length", `{"first":` + first + `,"next":[[1,0,0,null,null,null]]}`},
		{"a length below 0", `{"first":` + first + `,"samples":-4,"next":[[1,0,0,null,null,null]]}`},
		{"beyond all indexes", `{"first":` + first + `,"samples":9223372036854775807,"next":[[1,0,0,null,null,null],[1,0,0,null,null,null]]}`},
		{"no time", `{"first":` + first + `,"samples":4,"next":[[null,0,0,1,2,3]]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n MoreNews
			if err := json.Unmarshal([]byte(`{"waveforms":[`+c.run+`]}`), &n); err == nil {
				t.Errorf("read as %+v", n)
			}
		})
	}
}

// TestTheJournalOfManyWaveforms: a waveform takes some tens of bytes of the journal, and few lines.
func TestTheJournalOfManyWaveforms(t *testing.T) {
	const waves = 30_000
	r := testRun(t, Options{})
	info := rawInfo(0, "A")
	info.Mode, info.Streams[0].Global.WaveformSamples = ModeRapidBlock, 2
	d := testDevice(t, r, info)
	for n := range int64(waves) {
		if err := d.BeginWaveform(Waveform{Number: n, Arm: n / 1000, MemorySegment: n % 1000, DeadTimeNS: new(5000 + n%7)}); err != nil {
			t.Fatal(err)
		}
		appendRamp(t, d, 0, 2*n, 2)
		if err := d.SetTrigger(0, 1, new(n*333)); err != nil {
			t.Fatal(err)
		}
		if err := d.EndWaveform(); err != nil {
			t.Fatal(err)
		}
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
	bytes := len(mustRead(t, r.Dir(), PartName("cell", 0)))
	lines := len(readLines(t, r.Dir(), "cell"))
	if bytes > 60*waves || lines > 10 {
		t.Errorf("%d bytes and %d lines for %d waveforms", bytes, lines, waves)
	}
	report := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{})
	if !report.OK() {
		t.Errorf("%+v", report)
	}
}

// TestASegmentHoldsSoManyWaveforms, in a run that is not rotated too.
func TestASegmentHoldsSoManyWaveforms(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, blockInfo(0))
	d.maxWaves = 10
	for n := range int64(25) {
		waveform(t, d, n)
		if n%7 == 0 {
			syncNow(t, d)
		}
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
	caps := checkChain(t, r.Dir(), "cell.A", "cell.A-000001", "cell.A-000002")
	if len(caps) != 25 {
		t.Errorf("%d captures", len(caps))
	}
	for i, want := range []int{3000, 3000, 1500} {
		if have := len(mustRead(t, r.Dir(), BaseName("cell.A", i, false)+ExtData)) / 2; have != want {
			t.Errorf("segment %d has %d samples, want %d", i, have, want)
		}
	}
	if report := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{}); !report.OK() {
		t.Errorf("%+v", report)
	}
}
