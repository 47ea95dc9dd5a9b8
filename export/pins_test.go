package export

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

func TestPins(t *testing.T) {
	t.Parallel()
	var plan series.Labels
	must(t, json.Unmarshal([]byte(`{"devices": [{"name": "cell", "digital": [{"name": "D0-2", "labels": {"D0": "clock", "D1": "\u202e\u00a0日\u0085", "D2": "$end of\n\"line\" \\a,b=ü"}}]}]}`), &plan))
	for _, c := range []struct {
		name, device, port string
		kind               recording.Kind
		plan               *series.Labels
		want               []string
	}{
		{"labels", "cell", "D0-2", recording.KindRaw, &plan, []string{"clock", "__日_", `_end_of_"line"__a_b_ü`}},
		{"aggregate", "cell", "D0-2", recording.KindMin, &plan, []string{"clock.min", "__日_.min", `_end_of_"line"__a_b_ü.min`}},
		{"another device", "bus", "D0-2", recording.KindRaw, &plan, []string{"D0", "D1", "D2"}},
		{"no plan", "cell", "D8-9", recording.KindRaw, nil, []string{"D8", "D9"}},
		{"another form of name", "cell", "port", recording.KindRaw, nil, []string{"port.0", "port.1", "port.2", "port.3", "port.4", "port.5", "port.6", "port.7"}},
		{"no range", "cell", "D3", recording.KindRaw, nil, []string{"D3.0", "D3.1", "D3.2", "D3.3", "D3.4", "D3.5", "D3.6", "D3.7"}},
		{"range that is none", "cell", "D7-0", recording.KindRaw, nil, []string{"D7-0.0", "D7-0.1", "D7-0.2", "D7-0.3", "D7-0.4", "D7-0.5", "D7-0.6", "D7-0.7"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range pinsOf(&column{Series: &series.Series{Global: recording.Global{Device: c.device, Channel: c.port, Kind: c.kind}}}, c.plan) {
				got = append(got, p.wire())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestPlanThatIsNone: labels are left out where the plan of a recording is not there or cannot be read.
func TestPlanThatIsNone(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(port("D0-7")))
	l.Add(3)
	r := l.Open()
	for _, text := range []string{"", "{", `{"devices": 3}`, `{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D0": 1}}]}]}`} {
		if text != "" {
			must(t, os.WriteFile(filepath.Join(r.Dir(), recording.FileResolved), []byte(text), 0o600))
		}
		for _, p := range series.PinsOf("cell", "D0-7", series.ReadLabels(r.Dir())) {
			if p.Label != "" {
				t.Errorf("%q: label %q", text, p.Label)
			}
		}
		export(t, r, Options{To: filepath.Join(t.TempDir(), "x.vcd")})
	}
}

// TestLabelsThatAreTheSame: pins and channels have names of their own in a file, whatever the plan calls them.
func TestLabelsThatAreTheSame(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), port("D0-7")))
	l.Add(10)
	must(t, os.WriteFile(filepath.Join(l.Dir(), recording.FileResolved), []byte(
		`{"devices": [{"name": "cell", "digital": [{"name": "D0-7", "labels": {"D0": "A", "D1": "clock", "D2": "clock", "D3": "D7"}}]}]}`), 0o600))
	r := l.Open()
	to := filepath.Join(t.TempDir(), "x.vcd")
	res := export(t, r, Options{To: to})
	var names []string
	for line := range strings.Lines(text(t, to)) {
		if words := strings.Fields(line); words[0] == "$var" {
			names = append(names, words[4])
		}
	}
	if diff := cmp.Diff([]string{"A", "clock", "clock_2", "D7", "D4", "D5", "D6", "D7_2", "A_2"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := []string{"cell.A is called A_2 in .vcd files, since A is taken"}; !slices.Equal(res.Notes, want) {
		t.Errorf("notes %q", res.Notes)
	}
}

// TestExportOfPins: single pins are columns of 0 and 1, of bytes where whole numbers are stored, and wires where formats have some.
func TestExportOfPins(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	of := []string{"cell.clock", "cell.D6", "cell.D9"}
	port := stored(t, r, "cell.D0-7", 1)
	want := levels(port, 6)
	dir := t.TempDir()
	res := export(t, r, Options{To: filepath.Join(dir, "x.npy"), Streams: of})
	var names []string
	for _, f := range res.Files {
		names = append(names, filepath.Base(f.Path))
	}
	if diff := cmp.Diff([]string{"x.cell.D0.npy", "x.cell.D6.npy", "x.cell.D9.npy"}, names); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	descr, _, got := array(t, res.Files[1].Path)
	if diff := cmp.Diff(want, got); diff != "" || descr != "|u1" {
		t.Errorf("%s (-want +got)\n%s", descr, diff)
	}
	for _, name := range []string{"x.csv", "x.h5", "x.mat", "x.parquet", "x.wav", "x.sr", "x.vcd"} {
		if res := export(t, r, Options{To: filepath.Join(dir, name), Streams: of}); len(res.Files) != 1 || !slices.Equal(res.Files[0].Streams, []string{"cell.D0", "cell.D6", "cell.D9"}) {
			t.Errorf("%s: %+v", name, res.Files)
		}
	}
	lines := slices.Collect(strings.Lines(text(t, filepath.Join(dir, "x.csv"))))
	if lines[0] != "Time,cell.D0,cell.D6,cell.D9\n" || lines[1] != "(s),,,\n" || len(lines) != 3+len(port) {
		t.Errorf("%d lines, %q", len(lines), lines[:2])
	}
	var wires []string
	changes := 0
	for line := range strings.Lines(text(t, filepath.Join(dir, "x.vcd"))) {
		if words := strings.Fields(line); words[0] == "$var" {
			wires = append(wires, strings.Join(words[1:], " "))
		} else if strings.HasSuffix(line, "\"\n") {
			changes++
		}
	}
	if diff := cmp.Diff([]string{"wire 1 ! clock $end", `wire 1 " D6 $end`, "wire 1 # D9 $end"}, wires); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	edges := 1
	for i := 1; i < len(want); i++ {
		if want[i] != want[i-1] {
			edges++
		}
	}
	if changes != edges {
		t.Errorf("D6 changes %d times, want %d", changes, edges)
	}
}

// TestPinsAndGaps: a pin has no value for a sample that is missing in arrays of bytes and in sessions of sigrok, and is x in a dump.
func TestPinsAndGaps(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(port("D0-7")))
	l.Add(100)
	l.Lose(10)
	l.Add(100)
	r := l.Open()
	for _, name := range []string{"x.npy", "x.sr"} {
		_, err := Run(t.Context(), r, Options{To: filepath.Join(t.TempDir(), name), Streams: []string{"cell.D0"}, Gaps: Fill})
		if e := new(FillError); !errors.As(err, &e) || e.Stream != "cell.D0" || !e.Digital {
			t.Errorf("%s: %v", name, err)
		}
	}
	to := filepath.Join(t.TempDir(), "x.vcd")
	export(t, r, Options{To: to, Streams: []string{"cell.D0"}, Gaps: Fill})
	if n := strings.Count(text(t, to), "\nx!"); n != 1 {
		t.Errorf("%d times x", n)
	}
}
