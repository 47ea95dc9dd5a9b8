package analyze

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/series"
)

// none stands for a value that there is not.
var none = math.NaN()

// OptionError is returned for an option that cannot be meant.
type OptionError struct{ Text string }

func (e *OptionError) Error() string { return e.Text }

func optionError(format string, args ...any) error { return &OptionError{fmt.Sprintf(format, args...)} }

// DigitalError is returned for a digital port where an operation needs values. One pin of it has some.
type DigitalError struct {
	Stream string
	Pin    string // the first one, as a stream
}

func (e *DigitalError) Error() string {
	return fmt.Sprintf("stream %s is a digital port: its samples are pins, not values", e.Stream)
}

// portError is the error of a source that is a digital port.
func (s *source) portError() error {
	c := s.Stream
	c.Pin = series.PinsOf(s.Global.Device, s.Global.Channel, nil)[0]
	return &DigitalError{s.Stream.Name(), c.Name()}
}

// WriteError is returned where a file could not be written.
type WriteError struct {
	Path  string
	Bytes int64 // that had been written, or waited for it
	Needs int64 // about as many bytes as it would have had; of a signal all its files together; 0: not known
	Err   error
}

func (e *WriteError) Error() string { return "write " + e.Path + ": " + e.Err.Error() }

// Unwrap returns the error of the operating system.
func (e *WriteError) Unwrap() error { return e.Err }

// writing tells which file an error of the operating system is about. What a user has to be told otherwise stays as it is.
func writing(name string, written, needs int64, err error) error {
	var (
		known  *WriteError
		exists *outfile.ExistsError
		folder *outfile.FolderError
	)
	if err == nil || errors.As(err, &known) || errors.As(err, &exists) || errors.As(err, &folder) || errors.Is(err, context.Canceled) {
		return err
	}
	if said := errors.Unwrap(err); said != nil && strings.Contains(err.Error(), name) {
		err = said // the name is told once
	}
	return &WriteError{Path: name, Bytes: written, Needs: max(needs, written), Err: err}
}

// ShortError is returned where every stretch or waveform of a stream is too short for an operation.
type ShortError struct {
	Stream  string
	Samples int64 // of the last one
	Least   int64 // that are needed
}

func (e *ShortError) Error() string {
	return fmt.Sprintf("%s: its stretches or waveforms are too short: the last one has %s, and %d are needed", e.Stream, count(e.Samples, "sample"), e.Least)
}

// listed joins alternatives.
func listed(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// trim prints a number as short as it can be.
func trim(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// trim6 prints a number with six digits.
func trim6(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// trim9 prints a number with nine digits.
func trim9(v float64) string { return strconv.FormatFloat(v, 'g', 9, 64) }
