package filter

// job is a block of samples on its way through the line.
type job struct {
	buf  []float64 // input, then output
	n    int       // samples of input
	keep int       // samples of output, at the front of buf
	run  func()
	done chan struct{} // of capacity 1; run sends when buf is output
}

// line computes blocks at the same time and gives them back in the order in which they were started. Its goroutines last as long as their
// block, so that a line that is forgotten leaves nothing behind.
type line struct {
	count, size int               // jobs at the most, and samples that each can hold
	work        func() func(*job) // makes what computes one job; called once a job, so that it may own scratch memory
	made        int
	free        []*job
	running     []*job // oldest first
}

func newLine(count, size int, work func() func(*job)) *line {
	return &line{count: count, size: size, work: work, free: make([]*job, 0, count), running: make([]*job, 0, count)}
}

// full reports whether a job must be finished before another can be had.
func (l *line) full() bool { return len(l.free) == 0 && l.made == l.count }

// take returns a job for the caller to fill. The line must not be full.
func (l *line) take() *job {
	if n := len(l.free); n > 0 {
		j := l.free[n-1]
		l.free = l.free[:n-1]
		j.n, j.keep = 0, 0
		return j
	}
	l.made++
	j := &job{buf: make([]float64, l.size), done: make(chan struct{}, 1)}
	work := l.work()
	j.run = func() {
		work(j)
		j.done <- struct{}{}
	}
	return j
}

// start lets a filled job be computed.
func (l *line) start(j *job) {
	l.running = append(l.running, j)
	go j.run()
}

// finish waits for the oldest job that was started and returns it; nil if there is none. Give it back with release.
func (l *line) finish() *job {
	if len(l.running) == 0 {
		return nil
	}
	j := l.running[0]
	l.running = l.running[:copy(l.running, l.running[1:])]
	<-j.done
	return j
}

// release makes a job free for take. Nil does nothing.
func (l *line) release(j *job) {
	if j != nil {
		l.free = append(l.free, j)
	}
}

// drop waits for all jobs that run and forgets them.
func (l *line) drop() {
	for j := l.finish(); j != nil; j = l.finish() {
		l.release(j)
	}
}
