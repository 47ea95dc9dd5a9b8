package longrun

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// look is what a process takes at one moment. Of others only what the kernel tells is known.
type look struct {
	at         time.Duration // since the run began
	rss, anon  int64         // bytes: all that is resident; what is neither files nor shared memory: heaps of Go and C, stacks
	fds        int
	goroutines int   // of this process; else threads
	heap       int64 // of this process, bytes alive after a collection; else 0
}

// watched is a process over a run.
type watched struct {
	name  string
	pid   int
	looks []look
	err   error // the first look that failed
}

// watch follows this process and others.
type watch struct {
	began time.Time
	procs []watched
}

// newWatch follows this process, as "core", and those that are named. most is how many looks there will be: room is made beforehand, since
// what the watch takes counts too.
func newWatch(names []string, pids []int, most int) *watch {
	w := &watch{began: time.Now(), procs: []watched{{name: "core", pid: os.Getpid()}}}
	for i, name := range names {
		w.procs = append(w.procs, watched{name: name, pid: pids[i]})
	}
	for i := range w.procs {
		w.procs[i].looks = make([]look, 0, most)
	}
	return w
}

// look looks at all of them.
func (w *watch) look(now time.Time) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	for i := range w.procs {
		p := &w.procs[i]
		l, err := lookAt(p.pid)
		if err != nil {
			if p.err == nil {
				p.err = err
			}
			continue
		}
		l.at = now.Sub(w.began)
		if i == 0 {
			l.goroutines, l.heap = runtime.NumGoroutine(), int64(m.HeapAlloc)
		}
		if len(p.looks) < cap(p.looks) {
			p.looks = append(p.looks, l)
		}
	}
}

// lookAt asks the kernel. It allocates little, and nothing that stays.
func lookAt(pid int) (l look, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return l, err
	}
	for line := range bytes.Lines(text) {
		name, rest, _ := bytes.Cut(line, []byte(":"))
		fields := bytes.Fields(rest)
		if len(fields) == 0 {
			continue
		}
		n, err := strconv.ParseInt(string(fields[0]), 10, 64)
		if err != nil {
			continue
		}
		switch string(name) {
		case "VmRSS":
			l.rss = n << 10
		case "RssAnon":
			l.anon = n << 10
		case "Threads":
			l.goroutines = int(n)
		}
	}
	d, err := os.Open(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return l, err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if l.fds = len(names); pid == os.Getpid() {
		l.fds-- // that of the folder itself
	}
	return l, err
}

// Growth is how a figure went in the second half of a run, as the first one warms up: its first and its last third.
type Growth struct{ Early, Late float64 }

// Percent is the growth in percent of the early figure; NaN without one.
func (g Growth) Percent() float64 { return 100 * (g.Late - g.Early) / g.Early }

// Change is the difference.
func (g Growth) Change() float64 { return g.Late - g.Early }

// growth compares the parts of a figure by their medians.
func (p *watched) growth(figure func(look) float64) Growth { return p.compared(median, figure) }

// kept compares the parts of a figure by their least: of what comes and goes, such as files that are open for a moment, what is never given back.
func (p *watched) kept(figure func(look) float64) Growth { return p.compared(least, figure) }

func (p *watched) compared(of func([]look, func(look) float64) float64, figure func(look) float64) Growth {
	if len(p.looks) < 12 {
		return Growth{math.NaN(), math.NaN()}
	}
	n := len(p.looks)
	return Growth{of(p.looks[n/2:n*2/3], figure), of(p.looks[n*5/6:], figure)}
}

func least(looks []look, figure func(look) float64) float64 {
	v := figure(looks[0])
	for _, l := range looks {
		v = min(v, figure(l))
	}
	return v
}

func median(looks []look, figure func(look) float64) float64 {
	list := make([]float64, len(looks))
	for i, l := range looks {
		list[i] = figure(l)
	}
	slices.Sort(list)
	return list[len(list)/2]
}

func rssOf(l look) float64        { return float64(l.rss) }
func anonOf(l look) float64       { return float64(l.anon) }
func heapOf(l look) float64       { return float64(l.heap) }
func fdsOf(l look) float64        { return float64(l.fds) }
func goroutinesOf(l look) float64 { return float64(l.goroutines) }
