package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The three lines are those of docs/format/journal.md, section 7.
const (
	lineState = `{"k":"state","seq":603,"mono_ns":8701279100000,"utc_ns":1795162200030660000,"format":"1.0","run":"0193f1c2-7a40-7c11-9d52-3e0f6a1b2c3d","device":"cell","part":1,"segment":1,"epoch":0,"boot_id":"6f0d0f52-5a7e-4b11-8a44-0c9e5d6b7a01","streams":{"cell.A":{"file":"cell.A-000001","offset":600002560,"n":600002560,"data_crc":"00000000","next":600002560}},"crc":"fd1af165"}` + "\n"
	lineEpoch = `{"k":"epoch","seq":818,"mono_ns":8915489900000,"utc_ns":1795162414241460000,"epoch":1,"cause":"restart","base":814239500,"base_min":814238350,"base_max":814240650,"boot_id":"6f0d0f52-5a7e-4b11-8a44-0c9e5d6b7a01","crc":"74faaeb0"}` + "\n"
	lineSync  = `{"k":"sync","seq":819,"mono_ns":8916254100000,"utc_ns":1795162415005660000,"segment":1,"epoch":1,"streams":{"cell.A":{"n":813108992,"data_crc":"9c41d07e","captures":[{"core:sample_start":812345600,"core:global_index":814239500,"core:datetime":"2026-11-20T08:13:34.241060000Z","daq:epoch":1,"daq:gap":{"cause":"restart","lost":1873420,"exact":false,"lost_min":1872270,"lost_max":1874570,"from":"2026-11-20T08:13:32.367640000Z","to":"2026-11-20T08:13:34.241060000Z","mono_from_ns":8913616080000,"mono_to_ns":8915489500000}}],"annotations":[]}},"clock":{"epoch":1,"index":815002892,"mono_ns":8916253872000,"utc_ns":1795162415005432000,"bracket_ns":410,"suspended_ns":0,"state":"synchronised","max_error_ns":1800000},"crc":"0f3a3624"}` + "\n"
)

func TestJournalLinesOfTheSpecification(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		same bool // encoding it gives the same bytes
	}{"state": {lineState, true}, "epoch": {lineEpoch, true}, "sync": {lineSync, false}} {
		t.Run(name, func(t *testing.T) {
			l, err := ParseLine([]byte(c.line))
			if err != nil {
				t.Fatal(err)
			}
			b, err := EncodeLine(l)
			if err != nil {
				t.Fatal(err)
			}
			if c.same {
				if diff := cmp.Diff(c.line, string(b)); diff != "" {
					t.Error("(-want +got)", diff)
				}
			}
			again, err := ParseLine(b)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(l, again, cmpopts.EquateEmpty()); diff != "" {
				t.Error("encoded and parsed again (-want +got)", diff)
			}
		})
	}
}

func TestCRCRule(t *testing.T) {
	if c := UpdateChecksum(0, []byte("123456789")); c.String() != "e3069283" {
		t.Errorf("check value %s", c)
	}
	b, err := AppendCRC([]byte(`{"a":1}`))
	if err != nil || !bytes.HasPrefix(b, []byte(`{"a":1,"crc":"`)) || len(b) != 6+crcSuffixLen {
		t.Fatalf("%q, %v", b, err)
	}
	if obj, err := VerifyCRC(b); err != nil || !json.Valid(obj) {
		t.Errorf("%q, %v", obj, err)
	}
	for i := range b {
		bad := slices.Clone(b)
		bad[i] ^= 0x20
		if _, err := VerifyCRC(bad); !errors.Is(err, ErrChecksum) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	for n := range b {
		if _, err := VerifyCRC(b[:n]); !errors.Is(err, ErrChecksum) {
			t.Errorf("torn at %d: %v", n, err)
		}
	}
	for _, bad := range []string{"", "{}", "[1]", `{"a":1`, " "} {
		if b, err := AppendCRC([]byte(bad)); err == nil {
			t.Errorf("%q becomes %q", bad, b)
		}
	}
}

func TestParseLineRefuses(t *testing.T) {
	line := func(object string) []byte {
		b, err := AppendCRC([]byte(object))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if _, err := ParseLine(line(`{"k":"later","seq":1}`)); !errors.Is(err, ErrLineKind) {
		t.Errorf("unknown kind: %v", err)
	}
	if _, err := ParseLine(line(`{"k":"sync","seq":"x"}`)); err == nil || errors.Is(err, ErrChecksum) {
		t.Errorf("text for a number: %v", err)
	}
	if _, err := ParseLine(line(`{"k":"sync","seq":1,"notes":"` + strings.Repeat("x", MaxLineBytes) + `"}`)); err == nil {
		t.Error("a line above the limit is accepted")
	}
	if l, err := ParseLine(line(`{"k":"sync","seq":9223372036854775807,"later_key":[1],"streams":{"a.b":{"n":9223372036854775807,"data_crc":"00000000"}}}`)); err != nil ||
		l.Head().Seq != math.MaxInt64 || l.(*JournalSync).Streams["a.b"].N != math.MaxInt64 {
		t.Errorf("integers up to 2^63-1: %+v, %v", l, err)
	}
}

func TestGapJSON(t *testing.T) {
	for _, c := range []struct {
		name string
		gap  Gap
		json string
	}{
		{"exact", Gap{Cause: CauseRingFull, Lost: 7, Exact: true, LostMin: 7, LostMax: 7}, `{"cause":"ring_full","lost":7,"exact":true}`},
		{"bounds of zero", Gap{Cause: CauseRestart, LostMax: 5}, `{"cause":"restart","lost":0,"exact":false,"lost_min":0,"lost_max":5}`},
		{
			"inferred",
			Gap{Cause: CauseInferred, Lost: 3, LostMin: 2, LostMax: 4, PositionMax: 9, From: 1, To: 1_000_000_000, MonoFromNS: 1, MonoToNS: 2},
			`{"cause":"inferred","lost":3,"exact":false,"lost_min":2,"lost_max":4,"position_min":0,"position_max":9,"from":"1970-01-01T00:00:00.000000001Z","to":"1970-01-01T00:00:01.000000000Z","mono_from_ns":1,"mono_to_ns":2}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := json.Marshal(c.gap)
			if err != nil || string(b) != c.json {
				t.Errorf("have %s, %v\nwant %s", b, err, c.json)
			}
			var g Gap
			if err := json.Unmarshal(b, &g); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.gap, g); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
	var g Gap
	if err := json.Unmarshal([]byte(`{"cause":"from a later version","lost":1,"exact":true}`), &g); err != nil || g.Cause != CauseUnknown {
		t.Errorf("a cause that is not known: %+v, %v", g, err)
	}
}

func TestMergedGaps(t *testing.T) {
	exact := Gap{Cause: CauseRingFull, Lost: 10, Exact: true, From: 1, To: 2, MonoFromNS: 1, MonoToNS: 2}
	guess := Gap{Cause: CauseRestart, Lost: 100, LostMin: 90, LostMax: 120, From: 3, To: 4}
	want := Gap{Cause: CauseRestart, Lost: 110, LostMin: 100, LostMax: 130, From: 1, To: 4, MonoFromNS: 1}
	if diff := cmp.Diff(want, exact.Merge(guess)); diff != "" {
		t.Error("(-want +got)", diff)
	}
	order := []Cause{CausePower, CauseUSB, CauseReboot, CauseCore, CauseRestart, CauseDisk, CauseDriver, CauseInferred, CauseRingFull, CauseUnknown, CauseNotKept}
	for i, a := range order {
		for j, b := range order {
			if want := order[min(i, j)]; MergeCauses(a, b) != want {
				t.Errorf("%v and %v make %v, want %v", a, b, MergeCauses(a, b), want)
			}
		}
		if a.Loss() == (a == CauseNotKept) || !a.Valid() || ParseCause(a.String()) != a {
			t.Errorf("cause %v", a)
		}
	}
}

func TestTimestamps(t *testing.T) {
	var ts Timestamp
	for text, want := range map[string]Timestamp{
		"2026-11-20T08:10:00.00412Z": 1795162200004120000, "2026-11-20T08:10:00Z": 1795162200000000000,
		"2026-11-20T09:10:00.000000001+01:00": 1795162200000000001,
	} {
		if err := ts.UnmarshalText([]byte(text)); err != nil || ts != want {
			t.Errorf("%s: %d, %v; want %d", text, ts, err, want)
		}
	}
	for _, bad := range []string{"", "yesterday", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"} {
		if err := ts.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestBandwidthJSON(t *testing.T) {
	for text, want := range map[string]Bandwidth{`{"daq:bandwidth_hz":20000000}`: {true, 2e7}, `{"daq:bandwidth_hz":null}`: {true, 0}, `{}`: {}} {
		var g Global
		if err := json.Unmarshal([]byte(text), &g); err != nil || g.Bandwidth != want {
			t.Errorf("%s: %+v, %v", text, g.Bandwidth, err)
		}
		b, err := json.Marshal(g)
		if err != nil || strings.Contains(string(b), "bandwidth") != want.Known || want.Known && !strings.Contains(string(b), text[1:len(text)-1]) {
			t.Errorf("%s is written as %s, %v", text, b, err)
		}
	}
}

func TestFractions(t *testing.T) {
	third := Fraction{1, 3_000_000_000}
	if f, err := third.Times(12); err != nil || f != (Fraction{1, 250_000_000}) {
		t.Errorf("12 thirds: %v, %v", f, err)
	}
	if _, err := (Fraction{math.MaxInt64, 1}).Times(2); err == nil {
		t.Error("an interval out of range is accepted")
	}
	for n, want := range map[int64]int64{0: 0, 3: 1, 4: 1, 3e9: 1e9, -1: -1, math.MaxInt64: 3074457345618258602} {
		if have := third.NS(n); have != want {
			t.Errorf("%d samples: %d ns, want %d", n, have, want)
		}
	}
	if have := (Fraction{1, 1}).NS(math.MaxInt64); have != math.MaxInt64 {
		t.Errorf("out of range: %d", have)
	}
}

func TestNpyHeader(t *testing.T) {
	for descr, size := range map[string]int{CaptureDescr: CaptureRowSize, AnnotationDescr: AnnotationRowSize, OverviewDescr(Int16): OverviewRowSize(Int16)} {
		h := NpyHeader(descr, math.MaxInt64)
		if len(h) != NpyDataStart || h[len(h)-1] != '\n' {
			t.Fatalf("header of %d bytes", len(h))
		}
		d, rows, err := ParseNpyHeader(h)
		if err != nil || d != descr || rows != math.MaxInt64 {
			t.Errorf("%s, %d, %v", d, rows, err)
		}
		sum := 0
		for _, f := range []struct {
			name string
			size int
		}{{"8')", 8}, {"4')", 4}, {"2')", 2}, {"1')", 1}} {
			sum += f.size * strings.Count(descr, f.name)
		}
		if sum != size {
			t.Errorf("fields of %s have %d bytes, a row %d", descr, sum, size)
		}
		for n := range []int{0, 5, 9, 100, NpyDataStart - 1} {
			if _, _, err := ParseNpyHeader(h[:n]); err == nil {
				t.Errorf("%d bytes are accepted", n)
			}
		}
	}
}

func TestRowsRoundTrip(t *testing.T) {
	caps := map[string]Capture{
		"plain": {SampleStart: 1, GlobalIndex: 2, Datetime: 3, Epoch: 4},
		"all": {
			SampleStart: math.MaxInt64, GlobalIndex: math.MaxInt64, Datetime: math.MaxInt64, MonoNS: 5, Epoch: math.MaxUint32,
			Gap:   &Gap{Cause: CauseInferred, Lost: 10, LostMin: 9, LostMax: 11, PositionMin: 7, PositionMax: 8, From: 20, To: 30},
			Scale: new(0.5), Offset: new(-1.0), Range: &[2]float64{-5, 5}, Waveform: new(int64(0)), Arm: new(int64(1)), MemorySegment: new(int64(2)),
			TriggerPosition: new(int64(100)), TriggerOffsetFS: new(int64(-5)), DeadTimeNS: new(int64(0)),
		},
		"exact gap":         {Gap: &Gap{Cause: CauseNotKept, Lost: 4, LostMin: 4, LostMax: 4, Exact: true}},
		"scale, no range":   {Scale: new(2.0), Offset: new(0.0)},
		"block, no trigger": {Waveform: new(int64(3)), Arm: new(int64(0)), MemorySegment: new(int64(0))},
	}
	for name, c := range caps {
		b := AppendCaptureRow(nil, c)
		if len(b) != CaptureRowSize {
			t.Fatalf("%s: %d bytes", name, len(b))
		}
		have, err := ParseCaptureRow(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, have); diff != "" {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
	}
	for _, a := range []Annotation{
		{SampleStart: 1, SampleCount: 2, Label: LabelOverRange, Generator: Generator, Exact: new(false)},
		{SampleCount: 1, Label: LabelTrigger, Generator: Generator, Exact: new(true)},
		{SampleStart: math.MaxInt64, Label: LabelMark, Generator: Generator, Event: new(int64(0))},
		{Label: LabelUnverified, Generator: Generator},
	} {
		b := AppendAnnotationRow(nil, a)
		have, err := ParseAnnotationRow(b)
		if err != nil || len(b) != AnnotationRowSize {
			t.Fatal(len(b), err)
		}
		if diff := cmp.Diff(a, have); diff != "" {
			t.Error("(-want +got)", diff)
		}
	}
	if _, err := ParseCaptureRow(make([]byte, CaptureRowSize-1)); err == nil {
		t.Error("a short captures row is accepted")
	}
	if _, err := ParseAnnotationRow(make([]byte, AnnotationRowSize-1)); err == nil {
		t.Error("a short annotations row is accepted")
	}
	// Fixed places of the document.
	b := AppendCaptureRow(nil, caps["all"])
	if b[164] != 5 || b[165] != 1|4|8 || b[152] != 0xff {
		t.Errorf("cause, flags or epoch are not where the document has them: % x", b[150:])
	}
}

func TestRunFile(t *testing.T) {
	r := &RunFile{Format: RunFormat, FormatVersion: "1.7", Run: "id", State: StateRecording, Devices: []RunDevice{{Name: "cell"}}}
	b, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"variables":{}`, `"sensitive":[]`, `"tags":[]`, `"epochs":[]`, `"segments":[]`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %s in %s", want, b)
		}
	}
	if have, err := ParseRun(b); err != nil || have.Device("cell") == nil || have.Device("other") != nil {
		t.Errorf("%+v, %v", have, err)
	}
	for _, v := range []string{"2.0", "0.9", "1", "", "x.y", "1.x"} {
		r.FormatVersion = v
		b, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		var ve *VersionError
		if _, err := ParseRun(b); !errors.As(err, &ve) || ve.Have != v {
			t.Errorf("version %q: %v", v, err)
		}
	}
	b[10] ^= 1
	if _, err := ParseRun(b); !errors.Is(err, ErrChecksum) {
		t.Errorf("damaged: %v", err)
	}
}

func TestNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"cell": true, "a-1_b": true, "": false, "Cell": false, "1a": false, "a.b": false, "a:b": false, "con": false, "com1": false,
		strings.Repeat("a", 33): false,
	} {
		if err := CheckDeviceName(name); (err == nil) != ok {
			t.Errorf("device %q: %v", name, err)
		}
	}
	for name, ok := range map[string]bool{"A": true, "D0-7": true, "": false, "A.B": false, "NUL": false, "lpt9": false, strings.Repeat("A", 32): true} {
		if err := CheckChannelName(name); (err == nil) != ok {
			t.Errorf("channel %q: %v", name, err)
		}
	}
	for name, ok := range map[string]bool{"soak": true, "2026.test-1": true, ".hidden": false, "a/b": false, "": false, "aux.1": false} {
		if err := CheckRunName(name); (err == nil) != ok {
			t.Errorf("run %q: %v", name, err)
		}
	}
	have := []string{
		BaseName("cell.A", 0, false), BaseName("cell.A", 0, true), BaseName("cell.A", 1, false), BaseName("cell.A", 1_234_567, true), ClockName("cell", 0, false),
		ClockName("cell", 2, true), PartName("cell", 3), OverviewName("cell.A-000001", 5), TempName("run.json"), StreamName("cell", "A", KindDecimate, false),
		StreamName("cell", "A", KindDecimate, true), StreamName("cell", "A", KindMin, false),
	}
	want := []string{
		"cell.A", "cell.A-000000", "cell.A-000001", "cell.A-1234567", "cell.clock.csv", "cell.clock-000002.csv", "cell.journal-000003.jsonl", "cell.A-000001.ov5.npy",
		".run.json.tmp", "cell.A", "cell.A.decimate", "cell.A.min",
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error("(-want +got)", diff)
	}
}
