package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// exportDamaged opens a run again after something was done to its files, and exports it. What was written is told by file, first row, rows and
// missing samples; else the error is.
func exportDamaged(t *testing.T, r *recording.Recording, o Options) (got []string, notes []string) {
	t.Helper()
	r, err := recording.OpenWith(r.Dir(), recording.OpenOptions{Damaged: o.Damaged})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	o.To = filepath.Join(dir, o.To)
	res, err := Run(t.Context(), r, o)
	if err != nil {
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		return []string{err.Error()}, nil
	}
	for _, f := range res.Files {
		got = append(got, fmt.Sprintf("%s from %d rows %d missing %d", filepath.Base(f.Path), f.From, f.Rows, f.Missing))
		if strings.HasSuffix(f.Path, ".npy") && f.Waveform == 0 {
			checkRamp(t, f)
		}
	}
	return got, res.Notes
}

func at(i int64) series.Bound { return series.AtIndex(i) }

// TestLostByFiles: samples that a file has lost are refused, or told of.
func TestLostByFiles(t *testing.T) {
	cut := func(name string, samples int64) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, name+".sigmf-data"), 2*samples); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(patterns ...string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			for _, p := range patterns {
				list, err := filepath.Glob(filepath.Join(dir, p))
				if err != nil || len(list) == 0 {
					t.Fatal(p, err)
				}
				for _, name := range list {
					if err := os.Remove(name); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	short := "stream cell.A: its files do not hold 150 samples any more that were recorded, from sample 50 on"
	whole := "stream cell.A: its files do not hold 200 samples any more that were recorded, from sample 0 on"
	for _, c := range []struct {
		name    string
		cutAt   int64 // rotation
		damage  func(t *testing.T, dir string)
		to      string
		o       Options
		want    []string
		notes   []string
		isError bool
	}{
		{"short", 0, cut("cell.A", 50), "x.npy", Options{}, []string{short}, nil, true},
		{"short, a table", 0, cut("cell.A", 50), "x.csv", Options{}, []string{short}, nil, true},
		{"short, filled", 0, cut("cell.A", 50), "x.npy", Options{Gaps: Fill}, []string{short}, nil, true},
		{"short, only what is there", 0, cut("cell.A", 50), "x.npy", Options{Streams: []string{"cell.A"}, Until: at(50)}, []string{"x.npy from 0 rows 50 missing 0"}, nil, false},
		{"short, one sample more", 0, cut("cell.A", 50), "x.npy", Options{Streams: []string{"cell.A"}, Until: at(51)},
			[]string{"stream cell.A: its files do not hold 1 sample any more that were recorded, from sample 50 on"}, nil, true},
		{"short, a time", 0, cut("cell.A", 50), "x.npy", Options{Streams: []string{"cell.A"}, Until: series.AtTime(recordingtest.StartUTC + 50e6)}, []string{"x.npy from 0 rows 50 missing 0"}, nil, false},
		{"short, the other stream", 0, cut("cell.A", 50), "x.npy", Options{Streams: []string{"cell.B"}}, []string{"x.npy from 0 rows 200 missing 0"}, nil, false},
		{"short, wanted", 0, cut("cell.A", 50), "x.npy", Options{Damaged: true}, []string{"x.cell.A.npy from 0 rows 50 missing 0", "x.cell.B.npy from 0 rows 200 missing 0"}, []string{short}, false},
		{"short, wanted as a table", 0, cut("cell.A", 50), "x.csv", Options{Damaged: true}, []string{"x.csv from 0 rows 200 missing 150"}, []string{short}, false},
		{"short, wanted and filled", 0, cut("cell.A", 50), "x.npy", Options{Damaged: true, Gaps: Fill}, []string{"x.cell.A.npy from 0 rows 200 missing 150", "x.cell.B.npy from 0 rows 200 missing 0"}, []string{short}, false},
		{"gone", 0, remove("cell.A.sigmf-data"), "x.csv", Options{}, []string{whole}, nil, true},
		{"gone, wanted as a table", 0, remove("cell.A.sigmf-data"), "x.csv", Options{Damaged: true}, []string{"x.csv from 0 rows 200 missing 200"}, []string{whole}, false},
		{"gone, wanted", 0, remove("cell.A.sigmf-data"), "x.npy", Options{Damaged: true}, []string{"x.npy from 0 rows 200 missing 0"}, []string{whole}, false},
		{"gone, alone", 0, remove("cell.A.sigmf-data"), "x.npy", Options{Damaged: true, Streams: []string{"cell.A"}}, []string{"there are no samples in what was chosen"}, nil, true},
		{"nothing is left of it", 0, remove("cell.A.*", "*journal*"), "x.npy", Options{}, []string{whole}, nil, true},
		{"nothing is left of it, by its name", 0, remove("cell.A.*", "*journal*"), "x.npy", Options{Streams: []string{"cell.A"}}, []string{whole}, nil, true},
		{"nothing is left of it, by its device", 0, remove("cell.A.*", "*journal*"), "x.npy", Options{Streams: []string{"cell"}}, []string{whole}, nil, true},
		{"nothing is left of it, wanted", 0, remove("cell.A.*", "*journal*"), "x.npy", Options{Damaged: true}, []string{"x.npy from 0 rows 200 missing 0"}, []string{whole}, false},
		{"a segment is short", 64, cut("cell.A-000001", 10), "x.npy", Options{Streams: []string{"cell.A"}},
			[]string{"stream cell.A: its files do not hold 54 samples any more that were recorded, from sample 74 on"}, nil, true},
		{"a segment is short, wanted", 64, cut("cell.A-000001", 10), "x.npy", Options{Streams: []string{"cell.A"}, Damaged: true},
			[]string{"stream cell.A: 54 samples are missing at 74 (disk); there are 2 stretches without a gap"}, nil, true},
		{"a segment is short, wanted and filled", 64, cut("cell.A-000001", 10), "x.npy", Options{Streams: []string{"cell.A"}, Damaged: true, Gaps: Fill},
			[]string{"x.npy from 0 rows 200 missing 54"}, []string{"stream cell.A: its files do not hold 54 samples any more that were recorded, from sample 74 on"}, false},
		{"a segment is gone, split", 64, remove("cell.A-000001.sigmf-data"), "x.npy", Options{Streams: []string{"cell.A"}, Damaged: true, Gaps: Split},
			[]string{"x-0001.npy from 0 rows 64 missing 0", "x-0002.npy from 128 rows 72 missing 0"}, []string{"stream cell.A: its files do not hold 64 samples any more that were recorded, from sample 64 on"}, false},
		{"the first segment is gone", 64, remove("*000000*"), "x.npy", Options{Streams: []string{"cell.A"}},
			[]string{"stream cell.A: its files do not hold 64 samples any more that were recorded, from sample 0 on"}, nil, true},
		{"the first segment is gone, what is behind", 64, remove("*000000*"), "x.npy", Options{Streams: []string{"cell.A"}, From: at(64)}, []string{"x.npy from 64 rows 136 missing 0"}, nil, false},
		{"the last segment is gone", 64, remove("*000003*"), "x.npy", Options{Streams: []string{"cell.A"}},
			[]string{"stream cell.A: its files do not hold 8 samples any more that were recorded, from sample 192 on"}, nil, true},
		{"the last segment is gone, wanted and filled", 64, remove("*000003*"), "x.npy", Options{Streams: []string{"cell.A"}, Damaged: true, Gaps: Fill},
			[]string{"x.npy from 0 rows 200 missing 8"}, []string{"stream cell.A: its files do not hold 8 samples any more that were recorded, from sample 192 on"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			info := recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"))
			info.CutSamples = c.cutAt
			l := recordingtest.New(t, info)
			l.Add(200)
			r := l.Open()
			c.damage(t, r.Dir())
			c.o.To = c.to
			got, notes := exportDamaged(t, r, c.o)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("(-want +got)", diff)
			}
			if diff := cmp.Diff(c.notes, notes); diff != "" {
				t.Error("notes (-want +got)", diff)
			}
		})
	}
}

// TestWaveformsLostByFiles: the same of block modes, of which all streams hold the same waveforms.
func TestWaveformsLostByFiles(t *testing.T) {
	for _, c := range []struct {
		name   string
		cutAt  int64
		file   string // is cut
		to     int64  // to so many samples; negative: all files of that pattern go
		o      Options
		want   []string
		notes  []string
		format string
	}{
		{"short", 0, "cell.A.sigmf-data", 5*20 + 7, Options{}, []string{"stream cell.A: its files do not hold 3 waveforms any more that were recorded, from number 5 on"}, nil, "x.csv"},
		{"short, before it", 0, "cell.A.sigmf-data", 5*20 + 7, Options{Until: at(5)}, []string{"x.csv from 0 rows 5 missing 0"}, nil, "x.csv"},
		{"short, behind where it begins", 0, "cell.A.sigmf-data", 5*20 + 7, Options{From: at(7)}, []string{"stream cell.A: its files do not hold 1 waveform any more that were recorded, from number 7 on"}, nil, "x.csv"},
		{"short, the other stream", 0, "cell.A.sigmf-data", 5*20 + 7, Options{Streams: []string{"cell.B"}}, []string{"x.csv from 0 rows 8 missing 0"}, nil, "x.csv"},
		{"short, wanted", 0, "cell.A.sigmf-data", 5*20 + 7, Options{Damaged: true}, []string{"x.csv from 0 rows 5 missing 0"},
			[]string{"stream cell.A: its files do not hold 3 waveforms any more that were recorded, from number 5 on"}, "x.csv"},
		{"short, wanted apart", 0, "cell.A.sigmf-data", 5*20 + 7, Options{Damaged: true}, []string{"x.cell.A.npy from 0 rows 5 missing 0", "x.cell.B.npy from 0 rows 8 missing 0"},
			[]string{"stream cell.A: its files do not hold 3 waveforms any more that were recorded, from number 5 on"}, "x.npy"},
		{"a segment is short", 60, "cell.B-000001.sigmf-data", 20, Options{}, []string{"stream cell.B: its files do not hold 2 waveforms any more that were recorded, from number 4 on"}, nil, "x.csv"},
		{"a segment is gone with all that tells of it", 60, "*000001*", -1, Options{Damaged: true}, []string{"x.csv from 0 rows 5 missing 0"},
			[]string{"stream cell.A: its files do not hold 3 waveforms any more that were recorded, from number 3 on"}, "x.csv"},
		{"it was not wanted", 60, "*000001*", -1, Options{From: at(6)}, []string{"x.csv from 6 rows 2 missing 0"}, nil, "x.csv"},
		{"the first segment is gone", 60, "*000000*", -1, Options{}, []string{"stream cell.A: its files do not hold 3 waveforms any more that were recorded, from number 0 on"}, nil, "x.csv"},
		{"the last segment is gone", 60, "*000002*", -1, Options{}, []string{"stream cell.A: its files do not hold 2 waveforms any more that were recorded, from number 6 on"}, nil, "x.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := recordingtest.Analog("A"), recordingtest.Analog("B")
			a.Global.WaveformSamples, b.Global.WaveformSamples = 20, 20
			info := recordingtest.Device(a, b)
			info.Mode, info.CutSamples = recording.ModeRapidBlock, c.cutAt
			l := recordingtest.New(t, info)
			for n := range int64(8) {
				l.Wave(n, 20, 5, 0)
			}
			r := l.Open()
			list, err := filepath.Glob(filepath.Join(r.Dir(), c.file))
			if err != nil || len(list) == 0 {
				t.Fatal(err)
			}
			for _, name := range list {
				if c.to < 0 {
					err = os.Remove(name)
				} else {
					err = os.Truncate(name, 2*c.to)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			c.o.To, c.o.Quantity = c.format, convert.Counts
			got, notes := exportDamaged(t, r, c.o)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("(-want +got)", diff)
			}
			if diff := cmp.Diff(c.notes, notes); diff != "" {
				t.Error("notes (-want +got)", diff)
			}
		})
	}
}

// TestBlockTimes: times count from the device's first sample, also when that was dropped.
func TestBlockTimes(t *testing.T) {
	a := recordingtest.Analog("A")
	a.Global.WaveformSamples = 20
	info := recordingtest.Device(a)
	info.Mode, info.CutSamples = recording.ModeRapidBlock, 60
	l := recordingtest.New(t, info)
	for n := range int64(8) { // one each 20 ms, segments of three
		l.Wave(n, 20, 5, 0)
	}
	l.Sync()
	_, err := l.Run().DropOldest()
	must(t, err)
	r := l.Open()
	bound, err := series.ParseBound("80ms")
	must(t, err)
	res := export(t, r, Options{To: filepath.Join(t.TempDir(), "x.npy"), From: bound})
	if f := res.Files[0]; f.From != 4 || f.Rows != 4 {
		t.Errorf("from 80 ms on: %+v", f)
	}
}

// TestRemovedMeanwhile: the oldest segment of a run that is being recorded is dropped between opening it and reading it.
func TestRemovedMeanwhile(t *testing.T) {
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.CutSamples = 64
	l := recordingtest.New(t, info)
	l.Add(200)
	l.Sync()
	r := l.Look()
	_, err := l.Run().DropOldest()
	must(t, err)
	var removed *RemovedError
	if _, err := Run(t.Context(), r, Options{To: filepath.Join(t.TempDir(), "x.npy")}); !errors.As(err, &removed) || removed.Stream != "cell.A" {
		t.Errorf("error %v", err)
	}
	l.Open()
}
