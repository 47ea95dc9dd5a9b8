package recorder

import (
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

const (
	// beatEvery is rare, as each beat wakes a process that may have nothing else to do, and often enough to notice every stop that fills a ring: see [MinHold].
	beatEvery = 200 * time.Millisecond
	// awayNS is how far apart two beats are if the process did not run in between.
	awayNS = int64(2 * beatEvery)
)

// pulse notices when the process does not run: it was stopped or frozen, or gets no processor. A write that is under way then ends late, and not because
// of the disk. No disk holds the pulse up. Time in which the host is suspended does not pass on the monotonic clock, here and for what is judged by it.
type pulse struct {
	mono func() int64

	mu   sync.Mutex // guards what follows
	last int64      // the latest beat
	gone stalls     // between beats that were too far apart
}

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.mono()
	if now-p.last > awayNS {
		p.gone.add(stall{p.last, now, recording.CauseCore})
	}
	p.last = now
}

// away returns for how long the process did not run between two monotonic times, a beat more at the most. Who asks may go on earlier than the pulse does:
// a beat that is overdue tells as much as one that came late.
func (p *pulse) away(from, to int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := int64(0)
	for _, st := range p.gone.latest() {
		sum += st.within(from, to)
	}
	if now := p.mono(); now-p.last > awayNS {
		sum += stall{from: p.last, to: now}.within(from, to)
	}
	return sum
}

// since returns for how long the process has run since a monotonic time.
func (p *pulse) since(from int64) time.Duration {
	now := p.mono()
	return time.Duration(now - from - p.away(from, now))
}

// ran returns for how long the process ran in what a stall has of the time between two monotonic times.
func (p *pulse) ran(st stall, from, to int64) int64 {
	if from, to = max(from, st.from), min(to, st.to); from >= to {
		return 0
	}
	return to - from - p.away(from, to)
}

// process is the pulse of this process: one for all devices, while there are any.
var process struct {
	mu    sync.Mutex // guards what follows
	users int
	pulse *pulse
	stop  chan struct{} // closed for the goroutine to end
	done  chan struct{} // closed when it has
}

// takePulse returns the pulse of the process. It goes on until all who took it have called what is returned with it, which may be called again.
func takePulse() (*pulse, func()) {
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.users++; process.users == 1 {
		p, stop, done := &pulse{mono: clock.Mono, last: clock.Mono()}, make(chan struct{}), make(chan struct{})
		process.pulse, process.stop, process.done = p, stop, done
		go func() {
			defer close(done)
			p.run(stop)
		}()
	}
	return process.pulse, sync.OnceFunc(leavePulse)
}

func leavePulse() {
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.users--; process.users == 0 {
		close(process.stop)
		<-process.done
		process.pulse = nil
	}
}

func (p *pulse) run(stop <-chan struct{}) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			p.beat()
		}
	}
}
