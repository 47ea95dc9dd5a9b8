package session

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// markWait bounds how long a mark waits for the disk: the answer must still go out.
const markWait = controlTimeout / 2

// errMarkWaits says that a mark is not durable, and that nothing says it will not be.
var errMarkWaits = errors.New("the disk does not answer")

// Mark writes a mark with a text: an event, and an annotation in every stream that records. Once it returns nil the events are durable; after an error
// that names the disk they still wait to be written.
func (s *Session) Mark(text string) error {
	if len(text) > 4096 {
		return errors.New("the text of a mark has at most 4096 bytes")
	}
	if s.sealing.Load() {
		return errors.New("the run is ending")
	}
	s.keep.mark()
	for _, d := range s.devices {
		raw := d.rawIndex(clock.Mono())
		seq, err := s.run.NoteEvent(recording.Event{Kind: recording.EventMark, Device: d.name, Index: &raw, Text: text})
		if err != nil {
			return fmt.Errorf("write the mark: %w", err)
		}
		d.recorder.Mark(text, seq, raw)
	}
	s.notice("mark", "", text)
	if err := s.flushMarks(); err != nil {
		return fmt.Errorf("the mark is set, but not safe on the disk yet; it is tried again as long as the run goes on: %w", err)
	}
	return nil
}

// flushMarks makes the events durable. A disk that hangs holds one goroutine up, and the caller for markWait.
func (s *Session) flushMarks() error {
	late := time.NewTimer(cmp.Or(s.o.markWait, markWait))
	defer late.Stop()
	select {
	case s.flushing <- struct{}{}:
	case <-late.C:
		return errMarkWaits
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-s.flushing }()
		done <- s.run.FlushEvents(true)
	}()
	select {
	case err := <-done:
		return err
	case <-late.C:
		return errMarkWaits
	}
}

// markAgain annotates the marks that the recorder before had confirmed, and whose annotations it had not made durable.
func (s *Session) markAgain(u *adoptedUnit, d *device) {
	for _, e := range s.resumed.was.Marks[d.name] {
		if u.taken.Was.Misses(&e) {
			d.recorder.Mark(e.Text, e.Seq, *e.Index)
		}
	}
}
