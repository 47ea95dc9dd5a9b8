package recorder

import (
	"context"
	"errors"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

const (
	retryPause    = 50 * time.Millisecond
	maxRetryPause = time.Second
)

// outage is a time in which writing fails and is tried again.
type outage struct {
	since int64 // monotonic ns
	err   error // the latest
}

// reopenAfter is how many attempts in a row may fail before the files are opened anew.
const reopenAfter = 2

var (
	// errWaveGone says that what was being written belongs to a waveform that the disk has lost: it cannot be completed.
	errWaveGone = errors.New("the disk lost samples of the waveform")
	errWaveEnds = errors.New("its file takes no more of it")
)

// reopened says what has become of the files that were to be opened anew.
type reopened uint8

const (
	sameFiles reopened = iota // they cannot be opened anew
	newFiles
	waveLost // they were, and the open waveform, or samples before it, are not there any more
	waveLast // they were, and the open waveform is the last that its files take, if they do: only the next one gets others
)

// persist writes what could not be written at once, for as long as the plan's patience and the end of the run let it. Meanwhile the ring takes
// what comes; what it cannot hold is a gap whose cause is the disk.
func (d *Device) persist(i int, p pending, data []byte, err error) error {
	l := &d.lanes[i]
	since := clock.Mono()
	if d.outage != nil { // it goes on, behind a waveform that was given up
		since = d.outage.since
	}
	pause := retryPause
	for try := 1; d.mayRetry(err, d.o.RetryFor-d.pulse.since(since)); try++ {
		d.diskFails(l.name, err)
		select {
		case <-d.gen.aborted:
			return err // nobody wants it any more
		case <-d.o.Stopping:
		case <-time.After(pause):
		}
		pause = min(2*pause, maxRetryPause)
		files := sameFiles
		if try > reopenAfter && !recording.NoSpace(err) {
			files = d.reopen()
		}
		if files == waveLost {
			d.diskWorks(l.name)
			return errWaveGone
		}
		_, index := d.o.Writer.Next(i)
		done := index - p.index // all of it is written, or told as lost
		stamp := p.stamp.Add(int64(float64(done) * l.intervalNS))
		if err = d.o.Writer.Append(i, index, data[done*l.sampleBytes:], stamp); err == nil {
			d.diskWorks(l.name)
			return nil
		}
		if files == waveLast && !recording.NoSpace(err) {
			d.spoil()
			d.blocks.breakUp(errWaveEnds.Error() + ": " + err.Error())
			return errWaveGone // whether writing works again the next waveform shows
		}
		d.look()
		d.publish()
	}
	return err
}

// reopen opens the device's files anew, as those that were open may be of a disk that is gone for good although there is one again under its name. What it
// says of waveforms is of block modes.
func (d *Device) reopen() reopened {
	ctx, cancel := context.WithTimeout(context.Background(), finishTimeout)
	defer cancel()
	before := clock.Mono()
	res, err := d.o.Writer.Reopen(ctx)
	d.sawDisk(before)
	if err != nil {
		d.o.Logger.Debug("the files cannot be opened anew", "device", d.o.Name, "error", err)
		return sameFiles
	}
	d.o.Logger.Warn("the files were opened anew", "device", d.o.Name, "lost", res.Lost)
	switch {
	case res.Lost != nil:
	case d.blocks != nil && d.blocks.open && res.EndsBehindWaveform:
		return waveLast
	default:
		return newFiles
	}
	d.spoil()
	for i := range d.lanes {
		l := &d.lanes[i]
		n, next := d.o.Writer.Next(i)
		l.recorded = n
		if d.blocks != nil {
			l.whole = n
			continue
		}
		l.breaks.cut(n)
		l.breaks.add(place{n, next})
		if lost := res.Lost[i]; lost > 0 {
			d.noteGap(i, recording.Gap{Cause: recording.CauseDisk, Lost: lost, LostMin: lost, LostMax: lost, Exact: true, From: recording.Timestamp(d.o.Clock.UTC(before))})
		}
		d.recount(i)
	}
	if b := d.blocks; b != nil {
		b.breakUp(errWaveGone.Error())
		d.mu.Lock()
		n := int64(len(res.Waveforms))
		d.stats.Waveforms -= n
		d.stats.WaveformsCut += n
		d.stats.WaveformsLost += n
		d.mu.Unlock()
		return waveLost
	}
	return newFiles
}

// mayRetry tells whether writing is tried again, with so much patience left: waiting at a full disk helps only who drops old segments, and where the order itself was wrong it helps nobody.
func (d *Device) mayRetry(err error, left time.Duration) bool {
	var index *recording.IndexError
	if errors.As(err, &index) || errors.Is(err, recording.ErrIndexRange) {
		return false
	}
	return left > 0 && !isClosed(d.o.Stopping) && (!recording.NoSpace(err) || d.o.RetryFull) && !errors.Is(err, recording.ErrClosed)
}

// diskFails notes that writing fails and is tried again. It is told once.
func (d *Device) diskFails(stream string, err error) {
	d.mu.Lock()
	first := d.outage == nil
	if first {
		d.outage = &outage{since: clock.Mono()}
	}
	d.outage.err = err
	d.mu.Unlock()
	if recording.NoSpace(err) {
		d.o.DiskFull()
	}
	if !first {
		d.o.Logger.Debug("writing fails still", "device", d.o.Name, "stream", stream, "error", err)
		return
	}
	d.o.Logger.Warn("writing failed, trying again", "device", d.o.Name, "stream", stream, "for", d.o.RetryFor, "error", err)
	d.event(recording.Event{Kind: recording.EventDiskFailed, Device: d.o.Name, Text: err.Error()})
	d.o.DiskFails(err)
}

// diskWorks notes that writing works again after it had failed.
func (d *Device) diskWorks(stream string) {
	d.mu.Lock()
	was := d.outage
	d.outage = nil
	d.mu.Unlock()
	if was == nil {
		return
	}
	away := time.Duration(clock.Mono() - was.since)
	d.o.Logger.Warn("writing works again", "device", d.o.Name, "stream", stream, "after", away)
	d.event(recording.Event{Kind: recording.EventDiskBack, Device: d.o.Name, Data: map[string]any{"seconds": away.Seconds()}})
	d.o.DiskWorks(away)
}

func (d *Device) event(e recording.Event) {
	if err := d.o.Run.Event(e); err != nil {
		d.o.Logger.Warn("event was not written", "device", d.o.Name, "error", err)
	}
}
