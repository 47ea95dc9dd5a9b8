package analyze

import (
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestAnnotationNotes: what annotations say is told where samples of theirs were looked at, and only there.
func TestAnnotationNotes(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(1000)
	l.Lose(500) // device index 1500 is stream index 1000
	l.Add(1000)
	l.Annotate(0, recording.LabelOverRange, 100, 50)
	l.Annotate(0, recording.LabelOverRange, 1200, 10)
	l.Annotate(0, recording.LabelDamaged, 300, 5)
	l.Annotate(0, recording.LabelUnverified, 990, 20)
	l.Seal()
	r, err := recording.OpenWith(l.Dir(), recording.OpenOptions{Damaged: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, until string
		over        bool
		doubted     string
	}{
		{"", "", true, "25 samples in 2 places annotated as damaged or unverified, the first at stream index 300"},
		{"0", "100", false, ""},
		{"149", "150", true, ""},
		{"150", "300", false, ""},
		{"304", "305", false, "1 sample in 1 place"},
		{"305", "995", false, "5 samples in 1 place"},
		{"1000", "1700", false, "10 samples in 1 place"},
		{"1510", "1700", false, ""},
		{"1690", "1701", true, ""},
	} {
		table := run(t, r, Selection{From: at(c.from), Until: at(c.until), Damaged: true}, &Stats{})
		if over := slices.ContainsFunc(table.Notes, func(n string) bool { return strings.Contains(n, "over the range") }); over != c.over {
			t.Errorf("%s to %s: over the range %v", c.from, c.until, over)
		}
		doubted := strings.Join(table.Notes, "\n")
		if c.doubted == "" && strings.Contains(doubted, "damaged") || !strings.Contains(doubted, c.doubted) {
			t.Errorf("%s to %s: notes %s", c.from, c.until, doubted)
		}
	}
}

// TestProgress: all that there is to do is done at the end, whether samples are gone through once or twice.
func TestProgress(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	for _, op := range []Operation{&Histogram{Bins: 10}, &Histogram{Bins: 10, Of: "period"}, &Measure{}, &Measure{States: States{&Value{number: -1}, &Value{number: 1}}}, &Stats{}} {
		var done, total int64
		sel := onlyA
		sel.Progress = func(d, n int64) { done, total = d, n }
		run(t, r, sel, op)
		if done != total || total == 0 {
			t.Errorf("%s %+v: %d of %d", op.Name(), op, done, total)
		}
	}
}
