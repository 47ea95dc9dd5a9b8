package export

import (
	"slices"

	"github.com/scopelog/scopelog/outfile"
)

// formats lists the formats by the endings of their files.
var formats = []format{
	{ending: ".npy", singles: true, fits: arrayFits, create: newNpy},
	{ending: ".csv", together: true, text: true, moments: true, blanks: true, create: newCSV},
	{ending: ".f32", blanks: true, fits: f32Fits, create: newF32},
	{ending: ".wav", together: true, fits: wavFits, create: newWav},
	{ending: ".mat", together: true, most: matMost, fits: matFits, create: newMat},
	{ending: ".vcd", together: true, text: true, blanks: true, fits: vcdFits, create: newVCD},
	{ending: ".sr", together: true, fits: sigrokFits, create: newSigrok},
	{ending: ".parquet", together: true, singles: true, blanks: true, most: parquetMost, create: newParquet},
	{ending: ".h5", together: true, singles: true, fits: arrayFits, create: newHDF5},
}

// format is one kind of file.
type format struct {
	ending   string
	together bool // streams of a device with the same rate share a file
	text     bool
	singles  bool                              // has values of 8 bytes, and of 4 with Options.Float32
	moments  bool                              // has a column more with Options.UTC
	blanks   bool                              // whole numbers that are missing have a place too
	most     func(o *Options, t *table) int64  // samples, or waveforms, that a file can have, more become several files; 0, nil: any number
	fits     func(o *Options, h *header) error // refuses what the format cannot hold, before anything is written; nil: it holds everything
	create   func(o *Options, h *header, w *output) (encoder, error)
}

// Endings lists the endings of files that can be written.
func Endings() []string { return endingsOf(func(format) bool { return true }) }

// endingsOf lists the endings of the formats that are such.
func endingsOf(such func(format) bool) (list []string) {
	for _, f := range formats {
		if such(f) {
			list = append(list, f.ending)
		}
	}
	return list
}

// encoder writes one file: batches in order, then the end.
type encoder interface {
	write(b *batch) error
	end() error
}

// formatOf finds the format of a file's name, and what stands before its ending. The error is an [*outfile.FormatError].
func formatOf(name string) (format, string, error) {
	base, ending, err := outfile.Split(name, Endings())
	if err != nil {
		return format{}, "", err
	}
	i := slices.IndexFunc(formats, func(f format) bool { return f.ending == ending })
	return formats[i], base, nil
}
