package recording

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
)

// journalWriter writes the journal parts of one device. Lines are gathered by add and become durable together by commit; a commit that
// fails takes all of them back, so that they can be made again. The syncer owns it.
type journalWriter struct {
	run    *Run
	device string

	next   int // number of the next part
	f      File
	part   journalPart // the open one, as far as it is durable
	dirty  bool        // bytes behind the durable ones may be there
	seq    int64       // of the next line
	buf    []byte
	bufSeq int64 // of the first line in buf
	fresh  bool  // buf begins the part, whose folder entry is not durable yet
	bootID string
	limit  int64 // bytes of a part
}

func (j *journalWriter) init(r *Run, device string) {
	j.run, j.device, j.bootID, j.limit = r, device, r.boot, MaxPartBytes
}

// begin starts a part. The one before must be durable, which every commit leaves it. streams and lines tell what is known at this place.
func (j *journalWriter) begin(segment, epoch int, streams map[string]StreamState, facts *RingFacts) error {
	name := PartName(j.device, j.next)
	f, err := j.run.fsys.OpenFile(j.run.path(name), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return &DeviceError{j.device, "create journal part", err}
	}
	if j.f != nil {
		// Its content is durable; a failing close takes nothing away.
		_ = j.f.Close()
	}
	j.f, j.part, j.fresh, j.dirty = f, journalPart{name: name}, true, false
	return j.add(&JournalState{Format: FormatVersion, Run: j.run.id, Device: j.device, Part: j.next, Segment: segment, Epoch: epoch, BootID: j.bootID,
		Streams: streams, Ring: facts})
}

// full reports whether the open part is as long as a part may be.
func (j *journalWriter) full() bool { return j.part.sum.Bytes+int64(len(j.buf)) >= j.limit }

// add gathers a line; its head is filled in.
func (j *journalWriter) add(l Line) error {
	t := j.run.now()
	if len(j.buf) == 0 {
		j.bufSeq = j.seq
	}
	*l.Head() = LineHead{Kind: kindOf(l), Seq: j.seq, MonoNS: t.MonoNS, UTCNS: t.UTCNS}
	b, err := EncodeLine(l)
	if err != nil {
		return &DeviceError{j.device, "journal", err}
	}
	j.buf = append(j.buf, b...)
	j.seq++
	return nil
}

func kindOf(l Line) LineKind {
	switch l.(type) {
	case *JournalState:
		return LineState
	case *JournalStream:
		return LineStream
	case *JournalEpoch:
		return LineEpoch
	case *JournalSync:
		return LineSync
	case *JournalMore:
		return LineMore
	default:
		return LineSeal
	}
}

// commit makes the gathered lines durable. After an error none of them counts: what reached the file is cut off before the next try.
func (j *journalWriter) commit() error {
	if len(j.buf) == 0 {
		return nil
	}
	if err := j.write(); err != nil {
		j.rollback()
		return &DeviceError{j.device, "write journal", err}
	}
	if j.fresh {
		j.next++
		j.fresh = false
	}
	j.part.sum.Bytes += int64(len(j.buf))
	j.part.sum.CRC32C = UpdateChecksum(j.part.sum.CRC32C, j.buf)
	j.buf = j.buf[:0]
	return nil
}

func (j *journalWriter) write() error {
	if j.dirty {
		if err := j.f.Truncate(j.part.sum.Bytes); err != nil {
			return err
		}
	}
	j.dirty = true
	if _, err := j.f.WriteAt(j.buf, j.part.sum.Bytes); err != nil {
		return err
	}
	if j.fresh {
		if err := j.run.fsys.SyncDir(j.run.dir); err != nil {
			return err
		}
	}
	// Everything behind the durable bytes was written just now, so a sync that follows a failed one covers all of it.
	if err := j.f.DataSync(); err != nil {
		return err
	}
	j.dirty = false
	return nil
}

// rollback forgets the gathered lines. A part that never became durable is taken away: its number is used again.
func (j *journalWriter) rollback() {
	if len(j.buf) > 0 {
		j.seq = j.bufSeq
	}
	j.buf = j.buf[:0]
	if j.fresh {
		// The next try makes the file anew whether or not this one can be removed.
		_ = errors.Join(j.f.Close(), j.run.fsys.Remove(j.run.path(j.part.name)))
		j.f, j.fresh = nil, false
	}
}

func (j *journalWriter) close() {
	if j.f != nil {
		_ = j.f.Close() // durable since the last commit
		j.f = nil
	}
}

// moreBytes bounds what one line tells of captures and annotations, well below MaxLineBytes.
const moreBytes = MaxLineBytes * 3 / 4

func captureBytes(c *Capture) int {
	n := 250
	if c.Gap != nil {
		n += 450
	}
	if c.Scale != nil {
		n += 200
	}
	if c.Waveform != nil {
		n += 250
	}
	return n
}

// annotationBytes counts six bytes for one of the comment, as control characters take in JSON.
func annotationBytes(a *Annotation) int { return 250 + 6*(len(a.Comment)+len(a.Generator)) }

// addSync gathers a sync line, and more lines before it as far as its news are too long for one.
func (j *journalWriter) addSync(l *JournalSync) error {
	room := moreBytes
	more := make(map[string]MoreNews)
	flush := func() error {
		if len(more) == 0 {
			return nil
		}
		err := j.add(&JournalMore{Streams: more})
		more, room = make(map[string]MoreNews), moreBytes
		return err
	}
	total := 0
	for _, n := range l.Streams {
		for i := range n.Captures {
			total += captureBytes(&n.Captures[i])
		}
		for i := range n.Annotations {
			total += annotationBytes(&n.Annotations[i])
		}
	}
	if total <= moreBytes {
		return j.add(l)
	}
	for _, name := range slices.Sorted(maps.Keys(l.Streams)) {
		n := l.Streams[name]
		for i := range n.Captures {
			if room -= captureBytes(&n.Captures[i]); room < 0 {
				if err := flush(); err != nil {
					return err
				}
			}
			m := more[name]
			m.Captures = append(m.Captures, n.Captures[i])
			more[name] = m
		}
		for i := range n.Annotations {
			if room -= annotationBytes(&n.Annotations[i]); room < 0 {
				if err := flush(); err != nil {
					return err
				}
			}
			m := more[name]
			m.Annotations = append(m.Annotations, n.Annotations[i])
			more[name] = m
		}
		l.Streams[name] = StreamNews{N: n.N, DataCRC: n.DataCRC}
	}
	if err := flush(); err != nil {
		return fmt.Errorf("journal captures and annotations: %w", err)
	}
	return j.add(l)
}
