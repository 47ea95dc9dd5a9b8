package export

import (
	"fmt"
	"io"
	"slices"

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
	Damaged  bool  // write what is left where files have lost samples, else that is a [*series.MissingError]; the [recording.Recording] has to be opened so too
	Float32  bool  // values in 4 bytes instead of 8; for formats that have both
	UTC      bool  // a column with the moment of each sample; for tables of text
	Replace  bool  // files that are there are replaced, each when its successor is complete
	MaxRows  int64 // more rows of a text format are an [*outfile.RowsError], in all files together; 0: no limit

	// Progress is told how much is done and how much there is to do, in samples; nil: nobody.
	Progress func(done, total int64)

	limit int64                         // tests: from where on a format does what it does with large files; 0: where the format does
	sink  func(io.WriterAt) io.WriterAt // tests: what a file is written to; nil: the file
}

// sinkOf returns what a file is written to.
func (o *Options) sinkOf(f io.WriterAt) io.WriterAt {
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
	Behind   int64    // samples of all streams that were lost behind the last one
	Fewer    int64    // by how much fewer samples Missing and Behind may be together, where lengths are estimated
	More     int64    // and by how much more
}

// Result tells what was written.
type Result struct {
	Files []File
	Notes []string // what a careful reader wants to know
}

// check settles what is not given, and refuses what cannot be meant.
func (o *Options) check(f format) error {
	if o.Gaps == "" {
		o.Gaps = Refuse
	}
	if !slices.Contains([]Gaps{Refuse, Split, Fill}, o.Gaps) {
		return fmt.Errorf("gaps cannot be %q: write %s, %s or %s", o.Gaps, Refuse, Split, Fill)
	}
	return o.used(f)
}
