package export

import (
	"encoding/json"
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
	must(t, json.Unmarshal([]byte(`{"devices": [{"name": "cell", "digital": [{"name": "D0-2", "labels": {"D0": "clock", "D2": "$end of\n\"line\" \\a,b=ü"}}]}]}`), &plan))
	for _, c := range []struct {
		name, device, port string
		kind               recording.Kind
		plan               *series.Labels
		want               []string
	}{
		{"labels", "cell", "D0-2", recording.KindRaw, &plan, []string{"clock", "D1", `_end_of_"line"__a_b_ü`}},
		{"aggregate", "cell", "D0-2", recording.KindMin, &plan, []string{"clock.min", "D1.min", `_end_of_"line"__a_b_ü.min`}},
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
		for _, p := range series.PinsOf("cell", "D0-7", series.ReadLabels(r)) {
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
