package export

import (
	"context"
	"errors"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
	"github.com/scopelog/scopelog/series"
)

// gappy is a rotated run with samples 0-99, 150-249 and 260-299 of A and B, and of B also without 200-209.
func gappy(t *testing.T) *recording.Recording {
	info := recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"))
	info.CutSamples = 64
	l := recordingtest.New(t, info)
	l.Add(100)
	l.Lose(50)
	l.Add(50)
	l.AddTo(0, 200, 50)
	l.LoseOf(1, 10)
	l.AddTo(1, 210, 40)
	l.Lose(10)
	l.Add(40)
	return l.Open()
}

func TestGaps(t *testing.T) {
	r := gappy(t)
	at := func(i int64) series.Bound { return series.AtIndex(i) }
	type file struct {
		name                string
		from, rows, missing int64
	}
	for _, c := range []struct {
		name  string
		to    string
		o     Options
		want  []file
		gapAt int64 // refused there; 0: not
	}{
		{"refused", "x.npy", Options{Streams: []string{"cell.A"}}, nil, 100},
		{"refused for the other stream of a table", "x.csv", Options{From: at(150), Until: at(250)}, nil, 200},
		{"nothing is missing there", "x.npy", Options{Streams: []string{"cell.A"}, From: at(150), Until: at(250)}, []file{{"x.npy", 150, 100, 0}}, 0},
		{"gaps at the ends are left out", "x.npy", Options{Streams: []string{"cell.A"}, From: at(120), Until: at(255)}, []file{{"x.npy", 150, 100, 0}}, 0},
		{"split", "x.npy", Options{Streams: []string{"cell.A"}, Gaps: Split}, []file{{"x-0001.npy", 0, 100, 0}, {"x-0002.npy", 150, 100, 0}, {"x-0003.npy", 260, 40, 0}}, 0},
		{"split where any column has a gap", "x.csv", Options{Gaps: Split}, []file{{"x-0001.csv", 0, 100, 0}, {"x-0002.csv", 150, 50, 0}, {"x-0003.csv", 210, 40, 0}, {"x-0004.csv", 260, 40, 0}}, 0},
		{"split, several streams", "x.npy", Options{Gaps: Split, From: at(150), Until: at(250)}, []file{{"x.cell.A.npy", 150, 100, 0}, {"x.cell.B-0001.npy", 150, 50, 0}, {"x.cell.B-0002.npy", 210, 40, 0}}, 0},
		{"filled", "x.npy", Options{Streams: []string{"cell.A"}, Gaps: Fill}, []file{{"x.npy", 0, 300, 60}}, 0},
		{"filled table", "x.csv", Options{Gaps: Fill, Quantity: convert.Counts}, []file{{"x.csv", 0, 300, 130}}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.o.To = filepath.Join(dir, c.to)
			res, err := Run(context.Background(), r, c.o)
			var gap *GapsError
			if c.gapAt != 0 {
				if !errors.As(err, &gap) || gap.DeviceIndex != c.gapAt || gap.Gap == nil {
					t.Fatalf("error %v, want a gap at %d", err, c.gapAt)
				}
				if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []file
			for _, f := range res.Files {
				got = append(got, file{filepath.Base(f.Path), f.From, f.Rows, f.Missing})
				if strings.HasSuffix(f.Path, ".npy") {
					checkRamp(t, f)
				}
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(file{})); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
}

// checkRamp checks that each value tells its device index, or is missing.
func checkRamp(t *testing.T, f File) {
	t.Helper()
	_, _, values := array(t, f.Path)
	var missing int64
	for i, v := range values {
		if math.IsNaN(v) {
			missing++
		} else if !near(v, float64(f.From+int64(i))/1000) {
			t.Fatalf("%s: value %d is %v", f.Path, i, v)
		}
	}
	if missing != f.Missing || int64(len(values)) != f.Rows {
		t.Errorf("%s: %d of %d values are missing, told are %d of %d", f.Path, missing, len(values), f.Missing, f.Rows)
	}
}

func TestFilledTableHasEmptyCells(t *testing.T) {
	r := gappy(t)
	to := filepath.Join(t.TempDir(), "x.csv")
	export(t, r, Options{To: to, Gaps: Fill, From: series.AtIndex(199), Until: series.AtIndex(212)})
	lines := strings.Split(text(t, to), "\n")
	for _, c := range []struct {
		line int
		want string
	}{{3, "0.199,0.199,0.199"}, {4, "0.200,0.2,"}, {13, "0.209,0.209,"}, {14, "0.210,0.21,0.21"}} {
		if lines[c.line] != c.want {
			t.Errorf("line %d is %q, want %q", c.line+1, lines[c.line], c.want)
		}
	}
}

// TestWholeNumbersAreNotFilled: they are refused before anything is written, also where only the last of several files has gaps.
func TestWholeNumbersAreNotFilled(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), recordingtest.Analog("B"), port("D0-7")))
	l.AddTo(0, 0, 30)
	for _, stream := range []int{1, 2} {
		l.AddTo(stream, 0, 10)
		l.LoseOf(stream, 10)
		l.AddTo(stream, 20, 10)
	}
	r := l.Open()
	for _, ending := range []string{".npy", ".mat", ".h5", ".wav", ".sr"} {
		o := Options{To: filepath.Join(t.TempDir(), "x"+ending), Gaps: Fill, Quantity: convert.Counts}
		switch ending {
		case ".wav":
			o.Streams = analogs
		case ".sr":
			o.Quantity = convert.Unit
		}
		o.sink = func(f io.WriterAt) io.WriterAt {
			t.Errorf("%s: a file was begun", ending)
			return f
		}
		if _, err := Run(context.Background(), r, o); !errors.As(err, new(*FillError)) {
			t.Errorf("%s: %v", ending, err)
		}
	}
}

// TestGapsThatCanBeFilled: whether filling is an advice depends on the format.
func TestGapsThatCanBeFilled(t *testing.T) {
	r := gappy(t)
	for ending, can := range map[string]bool{".npy": false, ".csv": true, ".f32": true, ".wav": false, ".mat": false, ".vcd": true, ".sr": false, ".parquet": true, ".h5": false} {
		var gaps *GapsError
		_, err := Run(context.Background(), r, Options{To: filepath.Join(t.TempDir(), "x"+ending), Quantity: convert.Counts})
		if !errors.As(err, &gaps) || gaps.CanFill != can {
			t.Errorf("%s: %+v, want that filling is possible: %v", ending, err, can)
		}
	}
}

func TestChangedSettings(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	slower := recordingtest.Device(recordingtest.Analog("A"))
	slower.RawInterval = recording.Fraction{Num: 1, Den: 500}
	l.Reconfigure(slower)
	l.Add(50)
	r := l.Open()
	dir := t.TempDir()
	o := Options{To: filepath.Join(dir, "x.npy"), Gaps: Fill}
	_, err := Run(context.Background(), r, o)
	var changed *GapsError
	if !errors.As(err, &changed) || changed.Gap != nil {
		t.Fatalf("error %v, want one of changed settings", err)
	}
	o.Gaps = Split
	res := export(t, r, o)
	if len(res.Files) != 2 || res.Files[0].Rows != 100 || res.Files[1].Rows != 50 || res.Files[1].Interval.Den != 500 {
		t.Errorf("files %+v", res.Files)
	}
}

func TestDamagedSamples(t *testing.T) {
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(100)
	l.Annotate(0, recording.LabelDamaged, 50, 10)
	r := l.Open()
	to := filepath.Join(t.TempDir(), "x.npy")
	_, err := Run(context.Background(), r, Options{To: to})
	if !errors.As(err, new(*recording.DamagedError)) {
		t.Errorf("error %v", err)
	}
	r, err = recording.OpenWith(r.Dir(), recording.OpenOptions{Damaged: true})
	if err != nil {
		t.Fatal(err)
	}
	export(t, r, Options{To: to})
}
