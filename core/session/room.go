package session

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// Of what a run that has begun takes in any case: samples of so many seconds, and folder, metadata and reserve.
const (
	startSeconds = 5
	startLeast   = 256 << 10
)

// left is how much room there is beyond what the plan keeps free.
func (n needs) left(p *plan.Plan) int64 { return max(n.free-int64(p.Run.Disk.KeepFree), 0) }

// soon is how much a run takes that is ended by a low disk: with less, one that is begun again and again would leave a folder each time. Of waveforms that
// have to be triggered nobody knows.
func (n needs) soon() int64 {
	room := float64(startLeast)
	if !n.most {
		room = max(room, n.diskPerSec*startSeconds)
	}
	if n.disk >= 0 {
		room = min(room, float64(n.disk))
	}
	return int64(room)
}

// fits refuses a run that cannot fit the disk: one that has an end, and one for which the disk is low already. A run that goes on may have something to
// drop; a fresh one has not.
func (n needs) fits(p *plan.Plan, fresh bool) error {
	drops, left := p.Run.Disk.WhenLow == plan.WhenLowDropOldest, n.left(p)
	switch {
	case n.free < 0 || drops && !fresh:
		return nil
	case !drops && n.disk > left:
		return &Error{
			Class: ClassDisk, Err: fmt.Errorf("the run needs %s%s and %s has room for %s (%s are free, %s are kept free)",
				units.Bytes(n.disk), n.beside(), p.Run.Output, units.Bytes(left), units.Bytes(n.free), p.Run.Disk.KeepFree),
			Advice: `free some space, record for less long, set when_low = "drop_oldest" in disk {}, or use --force`,
		}
	case n.free < int64(p.Run.Disk.KeepFree) || !drops && n.disk < 0 && left < n.soon():
		return lowDisk(p, n.free, n.soon())
	}
	return nil
}

// lowDisk refuses a run that would end by the disk as soon as it has begun.
func lowDisk(p *plan.Plan, free, soon int64) error {
	return &Error{
		Class: ClassDisk, Err: fmt.Errorf("the disk is low already: %s are free in %s, of which the plan keeps %s free, and the run needs %s to begin with",
			units.Bytes(free), p.Run.Output, p.Run.Disk.KeepFree, units.Bytes(soon)),
		Advice: "free some space, choose another output in run {}, keep less free with keep_free in disk {}, or use --force",
	}
}

// roomAgain refuses to go on with a run for which the disk is low, before anything of it is touched: a service tries it again and again. Whether the rest of
// it fits is known when its devices are open. One whose plugins may still record is taken up in any case.
func (s *Session) roomAgain(dir string) error {
	b, err := s.fsys.ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		return nil // what is wrong with it is told by who takes it up
	}
	run, err := recording.ParseRun(b)
	if err != nil || s.o.Force || !run.EndedByDisk() && (!run.Cut() || s.o.Claim == nil || len(s.o.Claim.instances) > 0) {
		return nil
	}
	if s.started = run.Started.Time(); s.timeOver() {
		return nil // there is nothing to record: it is sealed
	}
	p, seconds := s.o.Plan.Run, float64(startSeconds)
	switch {
	case p.Duration > 0:
		seconds = min(seconds, (p.Duration - time.Since(s.started)).Seconds())
	case !p.Until.IsZero():
		seconds = min(seconds, time.Until(p.Until).Seconds())
	}
	n := needs{diskPerSec: bytesPerSecond(run) * seconds / startSeconds, disk: -1, free: -1}
	if free, err := s.fsys.FreeSpace(dir); err == nil {
		n.free = free
		if info, err := s.fsys.Stat(filepath.Join(dir, recording.DirLogs, recording.FileReserve)); err == nil {
			n.free += info.Size() // it is given back when the run is taken up
		}
	}
	return n.fits(s.o.Plan, false)
}

// bytesPerSecond is what a run that has ended has recorded; 0: nobody knows.
func bytesPerSecond(run *recording.RunFile) float64 {
	seconds := run.Ended.Time().Sub(run.Started.Time()).Seconds()
	if run.Ended == 0 || seconds <= 0 {
		return 0
	}
	sum := 0.0
	for _, d := range run.Devices {
		for _, st := range d.Streams {
			sum += float64(st.Recorded) * float64(st.Datatype.Size())
		}
	}
	return sum / seconds
}
