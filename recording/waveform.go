package recording

import (
	"fmt"
	"iter"
	"strings"
)

// MaxWaveforms is how many waveforms a segment holds at most: the next one begins behind them, so that no file that tells of them grows without
// bound.
const MaxWaveforms = 100_000

// Waveform is one block capture of a device, the same in all its streams.
type Waveform struct {
	Number        int64  // in the run
	Arm           int64  // number of the arming that it came from
	MemorySegment int64  // the device's own segment
	DeadTimeNS    *int64 // end of the previous waveform to start of this one, nil: unknown
}

func (w *Waveform) into(c *Capture) {
	c.Waveform, c.Arm, c.MemorySegment = new(w.Number), new(w.Arm), new(w.MemorySegment)
	if w.DeadTimeNS != nil {
		c.DeadTimeNS = new(*w.DeadTimeNS)
	}
}

// WaveformError is returned when a waveform does not have the length that its stream promises in daq:waveform_samples. Call
// [DeviceWriter.DropWaveform].
type WaveformError struct {
	Stream     string
	Have, Want int64 // samples
}

func (e *WaveformError) Error() string {
	return fmt.Sprintf("stream %s: the waveform has %d samples instead of %d", e.Stream, e.Have, e.Want)
}

// BeginWaveform begins a waveform in all streams of a device in block mode; its samples follow by [DeviceWriter.Append], at the device
// indexes that follow those of the last one.
func (d *DeviceWriter) BeginWaveform(w Waveform) error {
	if d.finished.Load() {
		return ErrClosed
	}
	if !d.info.Mode.Block() || d.inWave {
		return fmt.Errorf("device %s: begin waveform %d: mode is %s, waveform open: %v", d.info.Name, w.Number, d.info.Mode, d.inWave)
	}
	d.inWave = true
	for _, s := range d.streams {
		s.wave, s.open = &w, true
	}
	return nil
}

// SetDeadTime tells the dead time before the open waveform when it was not known at its beginning.
func (d *DeviceWriter) SetDeadTime(ns int64) error {
	if !d.inWave {
		return fmt.Errorf("device %s: set dead time: no waveform is open", d.info.Name)
	}
	for _, s := range d.streams {
		s.wave.DeadTimeNS = &ns
		if c := s.openWave(); c != nil {
			c.DeadTimeNS = new(ns)
		}
	}
	return nil
}

// SetTrigger tells the trigger of the open waveform in one stream, after its first samples were appended: position in samples of the stream
// from the waveform's start, and the time from that sample to the true trigger in femtoseconds, nil when unknown.
func (d *DeviceWriter) SetTrigger(stream int, position int64, offsetFS *int64) error {
	s, err := d.stream(stream)
	if err != nil {
		return err
	}
	c := s.openWave()
	if !d.inWave || c == nil {
		return fmt.Errorf("stream %s: set trigger: no waveform with samples is open", s.name)
	}
	c.TriggerPosition = &position
	if offsetFS != nil {
		c.TriggerOffsetFS = new(*offsetFS)
	}
	return nil
}

// openWave returns the capture of the open waveform, nil when it has no sample yet.
func (s *streamWriter) openWave() *Capture {
	if s.file == nil || len(s.file.caps) == 0 || s.open {
		return nil
	}
	return &s.file.caps[len(s.file.caps)-1]
}

// EndWaveform completes the open waveform: from now on it counts, and checkpoints cover it. When a stream's part has another length than promised, it is
// a [*WaveformError] and the waveform stays open. The segment ends behind the first waveform that reaches the cut,
// and behind [MaxWaveforms].
func (d *DeviceWriter) EndWaveform() error {
	if !d.inWave {
		return fmt.Errorf("device %s: end waveform: none is open", d.info.Name)
	}
	for _, s := range d.streams {
		have := int64(0)
		if s.file != nil && !s.open {
			have = s.n - s.file.whole.n
		}
		if want := s.global.WaveformSamples; have != want {
			return &WaveformError{s.name, have, want}
		}
	}
	d.inWave = false
	full := d.cutNext
	for _, s := range d.streams {
		f := s.file
		f.whole = fileMark{n: f.n, next: f.next, crc: f.crc}
		s.wave = nil
		full = full || d.info.CutSamples > 0 && (f.n-f.start)*s.ratio >= d.info.CutSamples || (f.n-f.start)/s.global.WaveformSamples >= d.maxWaves
	}
	if full {
		d.cutNext = false
		for _, s := range d.streams {
			s.file.done = true
		}
	}
	return nil
}

// CutWaveforms lets the segment of a rotated device in block mode end behind the open waveform, or else behind the next one: block modes go by the
// host's time, which device indexes do not tell. A device that is not rotated has one segment; it is an error there.
func (d *DeviceWriter) CutWaveforms() error {
	if !d.info.Mode.Block() || d.info.CutSamples <= 0 {
		return fmt.Errorf("device %s: cut waveforms: mode is %s, the cut %d", d.info.Name, d.info.Mode, d.info.CutSamples)
	}
	d.cutNext = true
	return nil
}

// DropWaveform cuts an open waveform off all streams and notes an event waveform_lost; why says what happened, for people. A segment that was to end behind
// it for the disk's sake ends before it. Without an open waveform it does nothing.
func (d *DeviceWriter) DropWaveform(why string) error {
	if !d.inWave {
		return nil
	}
	d.inWave = false
	var number, index int64
	for i, s := range d.streams {
		number = s.wave.Number
		s.wave, s.open = nil, true
		if s.file != nil && !s.file.done {
			s.file.rewind(s.file.whole)
		}
		if i == 0 {
			index = s.next * s.ratio
		}
	}
	d.closeAsked()
	return d.run.Event(Event{
		Kind: EventWaveformLost, Device: d.info.Name, Index: &index, Epoch: new(max(d.epoch, 0)),
		Text: LostWaveformText(number, why),
	})
}

// LostWaveformText is the text of an event waveform_lost.
func LostWaveformText(number int64, why string) string {
	return fmt.Sprintf("waveform %d is not complete: %s", number, why)
}

// lostNumbers finds the numbers of waveforms in the text of an event waveform_lost.
func lostNumbers(text string) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for line := range strings.Lines(text) {
			var n int64
			if _, err := fmt.Sscanf(line, "waveform %d is not complete", &n); err == nil && n < maxSeq && !yield(n) {
				return
			}
		}
	}
}
