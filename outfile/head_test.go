package outfile

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWriteHead: a head has three lines, whatever is in its texts, and each text is read again.
func TestWriteHead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		names, units []string
		want         string
	}{
		{"plain", []string{"Time", "cell.A"}, []string{"(s)", "(V)"}, "Time,cell.A\n(s),(V)\n\n"},
		{"empty cells", []string{"Waveform", "Time", "a"}, []string{"", "(s)", "()"}, "Waveform,Time,a\n,(s),()\n\n"},
		{"commas and quotes", []string{"Time", "a"}, []string{"(s)", `(m, 1" high)`}, "Time,a\n(s),\"(m, 1\"\" high)\"\n\n"},
		{"lines", []string{"Time", "a"}, []string{"(s)", "(m\r\n/s)"}, "Time,a\n(s),(m  /s)\n\n"},
	} {
		var b strings.Builder
		if err := WriteHead(&b, c.names, c.units); err != nil || b.String() != c.want {
			t.Errorf("%s: %q, %v", c.name, b.String(), err)
		}
		lines, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(lines) != 2 {
			t.Fatalf("%s: %q, %v", c.name, lines, err)
		}
		for i, text := range c.units {
			c.units[i] = oneLine.Replace(text)
		}
		if diff := cmp.Diff([][]string{c.names, c.units}, lines); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
	if err := WriteHead(full{}, []string{"a"}, []string{"b"}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

var errFull = errors.New("full")

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
