package recording

import (
	"errors"
	"fmt"
	"io"
)

// NotThereError is returned by [DeviceWriter.Replay] when a file does not hold samples that it should: the ring and the files do not belong together, or
// something else has changed them.
type NotThereError struct {
	Stream  string
	Index   int64 // device index of the first that is missing
	Missing int64 // samples
}

func (e *NotThereError) Error() string {
	return fmt.Sprintf("stream %s: %d samples from device index %d on are not in its files, and the ring has given them up", e.Stream, e.Missing, e.Index)
}

// replayBytes is how much Replay reads at once.
const replayBytes = 256 << 10

// Replay is [DeviceWriter.Append] for count samples that the process before had written already, and of which only the files can tell: they are read back,
// enter checksum, overview and captures, and stay where they are. seen gets them piece by piece, the first of which has that device index, valid
// during the call; nil: nobody wants them. [*NotThereError] when they are not there. The drainer calls it between [Run.AdoptDevice] and [DeviceWriter.Replayed].
func (d *DeviceWriter) Replay(stream int, deviceIndex, count int64, t Stamp, seen func(deviceIndex int64, p []byte)) error {
	s, err := d.stream(stream)
	if err != nil {
		return err
	}
	if !d.replaying {
		return fmt.Errorf("stream %s: replay after its end", s.name)
	}
	buf := d.replayBuffer(count * s.size)
	if err := d.checkAppend(s, deviceIndex, nil); err != nil {
		return err
	}
	for at := deviceIndex; count > 0; {
		ts := t
		if at != deviceIndex {
			ts = t.Add(s.global.SampleInterval.NS(at - deviceIndex))
		}
		f, err := d.fileFor(s, at, ts)
		if err != nil {
			return err
		}
		f.seg.epoch = d.epoch
		n := min(count, f.seg.cutOf(s.ratio)-at, int64(len(buf))/s.size)
		p := buf[:n*s.size]
		got, err := f.f.ReadAt(p, f.bytes())
		if err != nil && err != io.EOF {
			return &StreamError{s.name, "read back", err}
		}
		if n = int64(got) / s.size; n == 0 {
			if !d.goesOnBehind(f) {
				return &NotThereError{s.name, at, count}
			}
			f.done = true // the process before went on in the next segment, although this one's end was not reached
			continue
		}
		p = p[:n*s.size]
		if s.wave != nil {
			f.length = max(f.length, (f.whole.n-f.start+s.global.WaveformSamples)*f.itemSize)
		}
		f.advance(at, p, ts)
		if seen != nil {
			seen(at, p)
		}
		at, count = at+n, count-n
		f.window, f.dropped = f.bytes(), f.bytes()
		if at >= f.seg.cutOf(s.ratio) {
			f.done = true
			if size, err := f.f.Size(); err != nil || size > f.bytes() && !s.global.Mode.Block() {
				return errors.Join(&NotThereError{s.name, at, count}, err) // the process before has put the end elsewhere
			}
		}
	}
	if len(s.later) > 0 {
		d.annotateLater(s)
	}
	return nil
}

// goesOnBehind tells whether a later segment holds samples of the stream of a file.
func (d *DeviceWriter) goesOnBehind(f *streamFile) bool {
	info, err := d.run.fsys.Stat(d.run.path(BaseName(f.name, f.seg.number+1, d.rotated) + ExtData))
	return err == nil && info.Size() >= f.itemSize
}

func (d *DeviceWriter) replayBuffer(n int64) []byte {
	n = min(n, replayBytes)
	if int64(len(d.replayBuf)) < n {
		d.replayBuf = make([]byte, n)
	}
	return d.replayBuf
}

// Replayed tells that nothing more is replayed: what files hold beyond is written over by what comes, or cut off at the end.
func (d *DeviceWriter) Replayed() { d.replaying, d.replayBuf = false, nil }
