package recording

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"sync"
	"time"
)

// maxSeparate bounds the waiting lines that are kept apart although they are of one kind and device.
const maxSeparate = 4096

// maxEventText bounds the text of one line, merged ones included.
const maxEventText = 16 << 10

// eventLog writes events.jsonl. Events wait up to one sync interval, so that those of one kind and device become one line.
type eventLog struct {
	run *Run
	f   File

	mu       sync.Mutex // guards what follows; never held during file operations
	interval time.Duration
	pending  []Event // in order of seq
	seq      int64   // of the next line
	count    int64   // of all events, those that share a line each for itself
	last     Stamp   // when lines were written last
	closed   bool
	durable  int64 // seq behind the last line that is durable

	writeMu sync.Mutex // held while lines are written; taken before mu
	size    int64
	crc     Checksum
}

func (l *eventLog) open(r *Run) error {
	f, err := r.fsys.OpenFile(r.path(FileEvents), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("create %s: %w", FileEvents, err)
	}
	l.run, l.f, l.interval, l.last = r, f, r.interval, r.now()
	return nil
}

func (l *eventLog) setInterval(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.interval = d
}

// Event notes what happened, at e.UTC and e.MonoNS or now. Events of one kind and device within a sync interval become one line: counts
// add up, texts are joined; but those of [EventDetected], [EventGenerator], [EventMark] and
// [EventSoftwareTrigger], and each [EventWarning] of an event block, stay apart, up to some thousand that wait. Lines reach the disk at the next sync, at [Run.FlushEvents] and at Close.
func (r *Run) Event(e Event) error {
	_, err := r.NoteEvent(e)
	return err
}

// NoteEvent is [Run.Event] and returns the seq of the line that the event is part of, for annotations.
func (r *Run) NoteEvent(e Event) (seq int64, err error) {
	if err := r.goOn(); err != nil {
		return 0, err
	}
	return r.noteEvent(e)
}

func (r *Run) noteEvent(e Event) (seq int64, err error) {
	if e.Kind == "" {
		return 0, errors.New("note event: it has no kind")
	}
	if e.UTC == 0 {
		t := r.now()
		e.UTC, e.MonoNS = Timestamp(t.UTCNS), t.MonoNS
	}
	e.Count = max(e.Count, 1)
	e.Text = clip(e.Text, maxEventText)
	e.Data = maps.Clone(e.Data)
	if _, err := EncodeEvent(e); err != nil {
		return 0, err
	}
	return r.events.add(e)
}

// EventCount is how many events the run has had so far, those that wait to be written included: the sum of the counts of all lines.
func (r *Run) EventCount() int64 {
	r.events.mu.Lock()
	defer r.events.mu.Unlock()
	return r.events.count
}

func (l *eventLog) add(e Event) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, ErrClosed
	}
	l.count += e.Count
	separate := e.separate() && len(l.pending) < maxSeparate
	for i := range l.pending {
		p := &l.pending[i]
		if separate || p.Kind != e.Kind || p.Device != e.Device {
			continue
		}
		p.Count += e.Count
		if e.Text != "" && e.Text != p.Text {
			if p.Text != "" {
				e.Text = "\n" + e.Text
			}
			p.Text = clip(p.Text+e.Text, maxEventText)
		}
		return p.Seq, nil
	}
	e.Seq = l.seq
	l.seq++
	l.pending = append(l.pending, e)
	return e.Seq, nil
}

// FlushEvents makes waiting events durable when a sync interval has passed since the last time, or at once with now. Syncs of devices do it by
// themselves; a caller without any syncing device calls it about once an interval.
func (r *Run) FlushEvents(now bool) error { return r.events.flush(now) }

func (l *eventLog) flush(always bool) error {
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	t := l.run.now()
	l.mu.Lock()
	if len(l.pending) == 0 || !always && t.MonoNS-l.last.MonoNS < int64(l.interval) {
		l.mu.Unlock()
		return nil
	}
	events := l.pending
	l.pending, l.last = nil, t
	l.mu.Unlock()
	if err := l.write(events); err != nil {
		l.mu.Lock()
		l.pending = append(events, l.pending...)
		l.mu.Unlock()
		return fmt.Errorf("write %s: %w", FileEvents, err)
	}
	return nil
}

// write appends lines. After a failed write or sync the same bytes are written to the same place again.
func (l *eventLog) write(events []Event) error {
	var b []byte
	for _, e := range events {
		line, err := EncodeEvent(e)
		if err != nil {
			return err
		}
		b = append(b, line...)
	}
	if _, err := l.f.WriteAt(b, l.size); err != nil {
		return err
	}
	if err := l.f.DataSync(); err != nil {
		return err
	}
	l.size += int64(len(b))
	l.crc = UpdateChecksum(l.crc, b)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.durable = events[len(events)-1].Seq + 1
	return nil
}

// DurableEvents returns the seq behind the last line that is durable.
func (r *Run) DurableEvents() int64 {
	r.events.mu.Lock()
	defer r.events.mu.Unlock()
	return r.events.durable
}

// close writes what waits and returns length and checksum of the file. Events that come later are refused.
func (l *eventLog) close() (FileSum, error) {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	err := l.flush(true)
	for try := 1; err != nil && try < finishTries; try++ {
		err = l.flush(true)
	}
	if err != nil {
		// A torn line that was written half may not stay behind the last good one.
		err = errors.Join(err, l.f.Truncate(l.size))
	}
	err = errors.Join(err, l.f.Close())
	return FileSum{Bytes: l.size, CRC32C: l.crc}, err
}

// clip shortens s to at most n bytes without cutting a character in two.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
