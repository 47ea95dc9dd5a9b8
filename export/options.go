package export

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// Gaps says what happens where samples are missing inside of what is exported.
type Gaps string

// What happens at gaps.
const (
	Refuse Gaps = "refuse" // nothing is written, the error tells of them
	Split  Gaps = "split"  // a new file begins behind each
	Fill   Gaps = "fill"   // NaN, or empty cells, stand for what is missing
)

// Options say what to export. The zero value of each field is legal, but for To.
type Options struct {
	To       string       // file; its ending chooses the format. Several files take their names from it
	Streams  []string     // patterns such as "cell.*", as path.Match reads them; a device's name stands for its streams. None: all
	From     series.Bound // first sample; zero: the first there is
	Until    series.Bound // behind the last sample; zero: behind the last there is
	Quantity convert.Quantity
	Gaps     Gaps  // zero: Refuse
	Damaged  bool  // write what is left where files have lost samples; the [recording.Recording] has to be opened so too
	Float32  bool  // values in 4 bytes instead of 8, where the format has both
	MaxRows  int64 // more rows of a text format are refused, in all files together; 0: no limit

	// Progress is told how much is done and how much there is to do, in samples; nil: nobody.
	Progress func(done, total int64)

	limit int64               // tests: from where on a format does what it does with large files; 0: where the format does
	sink  func(*os.File) sink // tests: what a file is written to; nil: the file
}

// sinkOf returns what a file is written to.
func (o *Options) sinkOf(f *os.File) sink {
	if o.sink != nil {
		return o.sink(f)
	}
	return f
}

// limitOr returns the limit of a format, or the one of a test.
func (o *Options) limitOr(limit int64) int64 {
	if o.limit > 0 {
		return o.limit
	}
	return limit
}

// File is one file that was written.
type File struct {
	Path     string
	Streams  []string
	Rows     int64              // samples of each stream; in block modes waveforms
	Waveform int64              // samples of each waveform; 0: not a block mode
	Interval recording.Fraction // seconds per sample
	From     int64              // device index of the first sample; in block modes number of the first waveform
	Start    recording.Timestamp
	Bytes    int64
	Unit     []string // of each stream
	Missing  int64    // samples of all streams that are NaN or empty since they were lost
}

// Result tells what was written.
type Result struct {
	Files []File
	Notes []string // what a careful reader wants to know
}

// formats lists the formats by the endings of their files.
var formats = []format{
	{ending: ".npy", create: newNpy},
	{ending: ".csv", together: true, text: true, blanks: true, create: newCSV},
	{ending: ".f32", blanks: true, fits: f32Fits, create: newF32},
	{ending: ".wav", together: true, fits: wavFits, create: newWav},
	{ending: ".mat", together: true, fits: matFits, create: newMat},
	{ending: ".vcd", together: true, text: true, blanks: true, fits: vcdFits, create: newVCD},
	{ending: ".sr", together: true, fits: sigrokFits, create: newSigrok},
	{ending: ".parquet", together: true, blanks: true, create: newParquet},
	{ending: ".h5", together: true, create: newHDF5},
}

// format is one kind of file.
type format struct {
	ending   string
	together bool // streams of a device with the same rate share a file
	text     bool
	blanks   bool                              // whole numbers that are missing have a place too
	fits     func(o *Options, h *header) error // refuses what the format cannot hold, before anything is written; nil: it holds everything
	create   func(o *Options, h *header, w *output) (encoder, error)
}

// Endings lists the endings of files that can be written.
func Endings() []string {
	list := make([]string, len(formats))
	for i, f := range formats {
		list[i] = f.ending
	}
	return list
}

// encoder writes one file: batches in order, then the end.
type encoder interface {
	write(b *batch) error
	end() error
}

// header is what an encoder knows before the first batch.
type header struct {
	columns  []*column
	rows     int64 // samples, or waveforms
	complete bool  // all columns have all of them
	waveform int64 // samples of each; 0: not a block mode
	interval recording.Fraction
	device   string
	from     int64               // device index of the first sample; in block modes number of the first waveform
	start    recording.Timestamp // of the first sample
	waves    []series.Wave       // in block modes
	plan     *recordedPlan
	notes    []string // what the format does not show: it appends to them
}

// batch is some samples that follow each other, all of one waveform in block modes.
type batch struct {
	index  int64        // device index of the first one; in block modes its place in the waveform
	wave   *series.Wave // nil: not a block mode
	values [][]float64
}

// formatOf finds the format of a file's name.
func formatOf(name string) (format, string, error) {
	for _, f := range formats {
		if base, ok := strings.CutSuffix(name, f.ending); ok && base != "" && !strings.HasSuffix(base, "/") {
			return f, base, nil
		}
	}
	return format{}, "", &FormatError{Name: name}
}

func (o *Options) check() error {
	if o.Gaps == "" {
		o.Gaps = Refuse
	}
	if !slices.Contains([]Gaps{Refuse, Split, Fill}, o.Gaps) {
		return fmt.Errorf("gaps cannot be %q: write %s, %s or %s", o.Gaps, Refuse, Split, Fill)
	}
	return nil
}
