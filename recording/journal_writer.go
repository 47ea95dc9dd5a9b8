package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// journalWriter writes the journal parts of one device. Lines are gathered by add and become durable together by commit; a commit that
// fails takes all of them back, so that they can be made again. The syncer owns it.
//
// Lines reach the disk in their order whatever a power cut does: the first lines of a part come with a rename, and later lines that come together
// are synced one by one. So an invalid line is always the last one, or damage.
type journalWriter struct {
	run       *Run
	device    string
	bootID    string
	limit     int64 // bytes of a part
	lineBytes int   // what one line tells of captures and annotations, about

	next  int // number of the next part
	f     File
	part  journalPart // the open one, as far as it is durable
	dirty bool        // bytes behind the durable ones may be there
	fresh bool        // the gathered lines begin a part, which has no file yet
	seq   int64       // of the next line
	lines [][]byte    // gathered
}

func (j *journalWriter) init(r *Run, device string) {
	j.run, j.device, j.bootID, j.limit, j.lineBytes = r, device, r.boot, MaxPartBytes, moreBytes
}

// begin starts a part. The one before is durable, as every commit leaves it. streams tells where each stream stands.
func (j *journalWriter) begin(segment, epoch int, streams map[string]StreamState, facts *RingFacts) error {
	j.close()
	j.part, j.fresh, j.dirty = journalPart{name: PartName(j.device, j.next)}, true, false
	return j.add(&JournalState{
		Format: FormatVersion, Run: j.run.id, Device: j.device, Part: j.next, Segment: segment, Epoch: epoch, BootID: j.bootID,
		Streams: streams, Ring: facts,
	})
}

// open reports whether there is a part that takes more lines.
func (j *journalWriter) open() bool { return j.f != nil && j.part.sum.Bytes < j.limit }

// add gathers a line; its head is filled in.
func (j *journalWriter) add(l Line) error {
	t := j.run.now()
	*l.Head() = LineHead{Kind: kindOf(l), Seq: j.seq, MonoNS: t.MonoNS, UTCNS: t.UTCNS}
	b, err := EncodeLine(l)
	if err != nil {
		return &DeviceError{j.device, "journal", err}
	}
	j.lines = append(j.lines, b)
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
	if len(j.lines) == 0 {
		return nil
	}
	write := j.extend
	if j.fresh {
		write = j.create
	}
	if err := write(); err != nil {
		j.rollback()
		return &DeviceError{j.device, "write journal", err}
	}
	if j.fresh {
		j.next++
		j.fresh = false
	}
	for _, b := range j.lines {
		j.part.sum.Bytes += int64(len(b))
		j.part.sum.CRC32C = UpdateChecksum(j.part.sum.CRC32C, b)
	}
	j.lines = j.lines[:0]
	return nil
}

// create makes a part out of its first lines. The file is closed for the rename, as some systems want it.
func (j *journalWriter) create() error {
	if err := writeFile(j.run.fsys, j.run.dir, j.part.name, slices.Concat(j.lines...), true); err != nil {
		return err
	}
	if err := j.run.fsys.SyncDir(j.run.dir); err != nil {
		return err
	}
	f, err := j.run.fsys.OpenFile(j.run.path(j.part.name), os.O_RDWR, 0o644)
	j.f = f
	return err
}

func (j *journalWriter) extend() error {
	at := j.part.sum.Bytes
	if j.dirty {
		if err := j.f.Truncate(at); err != nil {
			return err
		}
	}
	j.dirty = true
	for _, b := range j.lines {
		if _, err := j.f.WriteAt(b, at); err != nil {
			return err
		}
		// Everything behind the durable bytes is written anew after a failure, so a sync that follows a failed one covers all of it.
		if err := j.f.DataSync(); err != nil {
			return err
		}
		at += int64(len(b))
	}
	j.dirty = false
	return nil
}

// rollback forgets the gathered lines. A part that never became durable is taken away: its number is used again.
func (j *journalWriter) rollback() {
	j.seq -= int64(len(j.lines))
	j.lines = j.lines[:0]
	if j.fresh {
		j.fresh = false
		j.close()
		// The next try replaces the file whether or not this one can be removed.
		_ = j.run.fsys.Remove(j.run.path(j.part.name))
	}
}

// takenBack cuts what a failed commit has left in the files, behind rollback: they are as before. It reports whether that could be done.
func (j *journalWriter) takenBack() bool {
	if _, err := j.run.fsys.Stat(j.run.path(PartName(j.device, j.next))); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if j.f == nil || !j.dirty {
		return true
	}
	if firstError(j.f.Truncate(j.part.sum.Bytes), j.f.DataSync()) != nil {
		return false
	}
	j.dirty = false
	return true
}

func (j *journalWriter) close() {
	if j.f != nil {
		_ = j.f.Close() // durable since the last commit
		j.f = nil
	}
}

// reopen goes on with the last of the parts of a segment, which was closed for one that could not be made. Where that is not possible the next
// line begins another part.
func (j *journalWriter) reopen(parts []journalPart) {
	k := len(parts) - 1
	if k < 0 || j.f != nil || parts[k].name != PartName(j.device, j.next-1) {
		return
	}
	f, err := j.run.fsys.OpenFile(j.run.path(parts[k].name), os.O_RDWR, 0o644)
	if err == nil {
		j.f, j.part, j.dirty = f, parts[k], true
	}
}

// moreBytes is the lineBytes of a journal, well below MaxLineBytes.
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
	room := j.lineBytes
	more := make(map[string]MoreNews)
	flush := func() error {
		if len(more) == 0 {
			return nil
		}
		err := j.add(&JournalMore{Streams: more})
		more, room = make(map[string]MoreNews), j.lineBytes
		return err
	}
	total := 0
	for _, n := range l.Streams {
		cost := newsCost{short: allWaves(n.Captures)}
		for i := range n.Captures {
			total += cost.capture(&n.Captures[i], false)
		}
		for i := range n.Annotations {
			total += annotationBytes(&n.Annotations[i])
		}
	}
	if total <= j.lineBytes {
		return j.add(l)
	}
	for _, name := range slices.Sorted(maps.Keys(l.Streams)) {
		n := l.Streams[name]
		cost := newsCost{short: allWaves(n.Captures)}
		from := 0 // captures before it are in lines
		for i := range n.Captures {
			c := &n.Captures[i]
			if room -= cost.capture(c, false); room < 0 {
				if from < i {
					more[name] = MoreNews{Captures: n.Captures[from:i]}
				}
				if err := flush(); err != nil {
					return err
				}
				from = i
				room -= cost.capture(c, true)
			}
		}
		if from < len(n.Captures) {
			more[name] = MoreNews{Captures: n.Captures[from:]}
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
