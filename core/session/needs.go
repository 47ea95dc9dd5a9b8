package session

import (
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// needs is what a run takes of the machine.
type needs struct {
	bytesPerSec  float64
	bytesPerHour float64
	diskPerSec   float64       // with what lies beside the samples
	most         bool          // those are the most that can come
	hold         time.Duration // the rings' hold time that fits the memory limit
	ringBytes    int64
	maxMemory    int64
	seconds      float64 // planned length; -1: no end
	disk         int64   // bytes of the whole run, the most that can come; -1: no end, or nobody knows
	least        bool    // what lies around events comes beside disk
	free         int64   // bytes free where it will lie; -1: unknown
}

// defaultMemory is the limit where the machine does not say how much it has.
const defaultMemory = 1 << 30

func memoryLimit(m plan.Memory) int64 {
	if m.Bytes > 0 {
		return int64(m.Bytes)
	}
	percent := m.Percent
	if percent == 0 {
		percent = 25
	}
	if total := totalMemory(); total > 0 {
		return total / 100 * int64(percent)
	}
	return defaultMemory
}

// assess works out what a run takes. An error of class disk or plan says that it cannot be.
func assess(p *plan.Plan, opened []*unit, fsys recording.FS, now time.Time) (needs, error) {
	applied := appliedOf(opened)
	n := needs{maxMemory: memoryLimit(p.Run.MaxMemory), seconds: planned(p, applied, now), disk: -1, free: -1}
	total, beside := 0.0, 0.0 // bytes of samples in all, -1: nobody knows; and of what lies beside them
	for _, u := range opened {
		v := volumeOf(u.config, u.applied, n.seconds)
		n.bytesPerSec += v.perSecond
		n.bytesPerHour += v.hour()
		perSecond, all := u.beside(p.Run, v, n.seconds)
		n.diskPerSec += v.perSecond*overhead + perSecond
		beside += all
		n.most = n.most || v.most
		if v.bytes < 0 {
			total = -1
		} else if total >= 0 {
			total += v.bytes
		}
	}
	if err := fitFiles(filesOf(p.Run, opened, n.seconds), filesAllowed()); err != nil {
		return n, err
	}
	hold, err := recorder.FitHold(applied, p.Run.Hold, n.maxMemory)
	if err != nil {
		return n, &Error{Class: ClassDisk, Err: err, Advice: "raise max_memory in run {}, or record fewer or slower channels"}
	}
	n.hold, n.ringBytes = hold, recorder.Memory(applied, hold)
	if p.Run.Keep == plan.KeepEvents {
		total, n.least = keepNeeds(p, opened, n.seconds, total), true
		if beside = 0; n.bytesPerSec > 0 { // it goes with its segments
			beside = total * max(n.diskPerSec/n.bytesPerSec-overhead, 0)
		}
	}
	if total >= 0 {
		n.disk = int64(math.Min(total*overhead+beside, 1<<62))
	}
	if free, err := fsys.FreeSpace(existingParent(p.Run.Output)); err == nil {
		n.free = free
	}
	return n, nil
}

// beside says that there is more than what is known beforehand.
func (n needs) beside() string {
	if n.least {
		return " for what waits until no event can reach it, beside what is kept,"
	}
	return ""
}

// existingParent is the nearest folder above path, or path itself, that exists.
func existingParent(path string) string {
	for {
		if _, err := os.Stat(path); err == nil {
			return path
		}
		parent := filepath.Dir(path)
		if parent == path {
			return path
		}
		path = parent
	}
}

// rateOf is the bytes per second of all streams of a device.
func rateOf(a driver.Applied) float64 {
	sum := 0.0
	for _, s := range a.Streams {
		sum += a.Interval.Rate().Float64() / float64(max(s.Ratio, 1)) * float64(s.Type.Bytes())
	}
	return sum
}

// planned is the length of the run in seconds, -1 when it has no end.
func planned(p *plan.Plan, applied []driver.Applied, now time.Time) float64 {
	switch {
	case p.Run.Duration > 0:
		return p.Run.Duration.Seconds()
	case !p.Run.Until.IsZero():
		return max(0, p.Run.Until.Sub(now).Seconds())
	case p.Run.Samples > 0:
		longest := 0.0
		for _, a := range applied {
			if isBlock(a) {
				return -1 // as long as its triggers let it wait
			}
			longest = max(longest, float64(p.Run.Samples)*a.Interval.Float64())
		}
		return longest
	}
	return -1
}

// limitOf is where a device's recording ends by itself.
func limitOf(r plan.Run, a driver.Applied) recorder.Limit {
	switch {
	case r.Samples > 0:
		return recorder.Limit{Samples: r.Samples}
	case r.Duration > 0 && !isBlock(a):
		return recorder.Limit{RawIndex: max(r.MaxSamples(a.Interval), 1)}
	}
	return recorder.Limit{}
}
