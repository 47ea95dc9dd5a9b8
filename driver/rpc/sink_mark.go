package rpc

import (
	"fmt"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// Mark implements driver.Sink.
func (s *sink) Mark(m driver.Mark) {
	if !s.usable(max(m.Stream, 0)) {
		return
	}
	switch m.Kind {
	case driver.MarkTrigger:
		stream := max(m.Stream, 0)
		s.fail(s.p.Mark(shmring.Mark{Type: shmring.DescTrigger, Lane: stream, Sample: s.sample(stream, m.Position), OffsetFS: m.OffsetFS, Within: m.Within}))
	case driver.MarkScale:
		s.param(m, shmring.ParamScale)
	case driver.MarkOffset:
		s.param(m, shmring.ParamOffset)
	case driver.MarkWaveBegin:
		s.fail(s.p.Mark(shmring.Mark{
			Type: shmring.DescWaveBegin, Waveform: m.Waveform, Arming: m.Arming, Samples: uint64(max(m.Samples, 0)), Segment: m.MemorySegment,
		}))
	case driver.MarkWaveEnd:
		s.fail(s.p.Mark(shmring.Mark{Type: shmring.DescWaveEnd, Incomplete: m.Incomplete, Urgent: true}))
	case driver.MarkDeadTime:
		s.fail(s.p.Mark(shmring.Mark{Type: shmring.DescParam, Code: shmring.ParamDeadTime, DeadTimeNS: uint64(max(m.DeadTimeNS, 0))}))
	default:
		s.fail(fmt.Errorf("mark of unknown kind %d", m.Kind))
	}
}

// sample is the epoch index of a position in the stream's part of the open batch.
func (s *sink) sample(stream int, position int64) uint64 {
	st := &s.streams[stream]
	first := st.first
	if !st.pushed {
		first = s.p.Next(stream)
	}
	if position < 0 && uint64(-position) > first {
		return 0
	}
	return first + uint64(position)
}

func (s *sink) param(m driver.Mark, code uint32) {
	for i := range s.streams {
		if m.Stream == i || m.Stream < 0 {
			s.fail(s.p.Mark(shmring.Mark{Type: shmring.DescParam, Lane: i, Code: code, Value: m.Value}))
		}
	}
}
