package export

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestNotKept: samples that a plan did not keep are a gap that is told as what it is, and are never handed out or filled in silently.
func TestNotKept(t *testing.T) {
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 64
	l := recordingtest.New(t, info)
	var sealed []recording.SealedSegment
	l.Run().OnSealed(func(s recording.SealedSegment) { sealed = append(sealed, s) })
	for range 8 {
		l.Add(64)
		l.Sync()
	}
	_, _, err := l.Run().NotKeep(append(sealed[:1:1], sealed[2:5]...))
	must(t, err)
	r := l.Open()
	dir := t.TempDir()
	run := func(gaps Gaps) (Result, error) {
		return Run(context.Background(), r, Options{Streams: []string{"cell.A"}, To: filepath.Join(dir, "x.csv"), Gaps: gaps})
	}
	_, err = run(Refuse)
	var ge *GapsError
	if !errors.As(err, &ge) || ge.Gap.Cause != recording.CauseNotKept || ge.Gap.Lost != 192 || ge.DeviceIndex != 128 || !strings.Contains(err.Error(), "192 samples are not kept by the plan, from 128 on") {
		t.Errorf("refused: %v", err)
	}
	res, err := run(Split)
	if err != nil || len(res.Files) != 2 || res.Files[0].Rows != 64 || res.Files[0].From != 64 || res.Files[1].From != 320 || res.Files[1].Rows != 192 {
		t.Errorf("split: %+v, %v", res, err)
	}
	res, err = run(Fill)
	if err != nil || len(res.Files) != 1 || res.Files[0].Rows != 448 || res.Files[0].Missing != 192 {
		t.Errorf("filled: %+v, %v", res, err)
	}
	if len(res.Notes) != 1 || !strings.Contains(res.Notes[0], "did not keep") {
		t.Errorf("notes %q", res.Notes)
	}
}
