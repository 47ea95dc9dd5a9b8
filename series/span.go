package series

import (
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// Span is one capture: samples that follow each other, of one scale.
type Span struct {
	Capture *recording.Capture
	Device  int64 // device index of the first sample
	Stream  int64 // its stream index
	Samples int64 // that can be read
	Told    int64 // that were recorded: more where files have lost some
	Start   recording.Timestamp
	conv    *convert.Converter
}

// End returns the device index behind the last sample that can be read.
func (s *Span) End() int64 { return s.Device + s.Samples }

// Until returns the device index behind the last sample that was recorded.
func (s *Span) Until() int64 { return s.Device + s.Told }
