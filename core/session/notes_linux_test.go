package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAppliedNotes: what a device applied otherwise than it was asked for is told by a preview, told by a run when it
// begins, and kept in the recording.
func TestAppliedNotes(t *testing.T) {
	t.Parallel()
	const want = "channel A: ac coupling takes away the offset of the signal"
	l := newLab(t)
	text := header + strings.Replace(proof("cell", "NOTES"), `range = "5V"`, "range = \"5V\"\n    coupling = \"ac\"", 1)
	v, err := Check(t.Context(), l.options(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Devices[0].Notes; len(got) != 1 || !strings.HasPrefix(got[0], want) {
		t.Errorf("the preview says %q", got)
	}
	s := l.start(text)
	var told []Notice
	for n := range s.Notices() {
		if n.Kind == noticeApplied {
			told = append(told, n)
		}
	}
	l.wait(s)
	if len(told) != 1 || told[0].Device != "cell" || !strings.HasPrefix(told[0].Text, want) {
		t.Errorf("the run says %+v", told)
	}
	kept := false
	files, err := filepath.Glob(filepath.Join(s.Dir(), "plan*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		kept = kept || strings.Contains(string(b), want)
	}
	if !kept {
		t.Errorf("none of %v has the note", files)
	}
}
