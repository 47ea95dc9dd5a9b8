package recording

// Space that is preallocated, in bytes.
const (
	reserveMax    = 64 << 20 // ahead of a fast stream
	reserveMin    = 64 << 10 // and of a slow one
	reserveSecond = 10       // else this many seconds of the stream
	// reserveShare is the part (one in so many) of the disk's room that the whole run may have preallocated: the others of the machine, and the files of the
	// run that are not preallocated, must not find the disk full because of it.
	reserveShare = 8
)

// reserveChunk is how much is preallocated ahead of a stream at the most.
func reserveChunk(g Global, itemSize int64) int64 {
	ahead := g.SampleRate * float64(itemSize) * reserveSecond
	return int64(min(max(ahead, reserveMin), reserveMax)) &^ 4095
}

// preallocate reserves space ahead of end when little of it is left. A disk without room is no error: samples are written as long as they fit.
func (f *streamFile) preallocate(end int64) {
	step := f.reserveStep()
	if f.noRes || end < f.resAgain || end <= f.reserved-step/2 {
		return
	}
	from := max(f.reserved, f.bytes())
	to := min(max(end, f.reserved)+step, f.reserveEnd(end))
	if to <= from {
		return
	}
	granted := f.run.takeReserve(to - from)
	if granted < to-from {
		f.resAgain = end + max(granted, reserveMin)/2
	}
	if to = from + granted; granted == 0 {
		return
	}
	if err := f.f.Preallocate(from, to-from); err != nil {
		f.run.reserve.Add(from - to)
		f.noRes = true
		return
	}
	f.reserved = to
}

// reserveStep is how much is preallocated at once: of a stream what comes in some seconds; of waveforms, which may be rare or never come
// again, no more than the file has.
func (f *streamFile) reserveStep() int64 {
	if f.stream.global.Mode.Block() {
		return min(max(f.bytes()&^4095, reserveMin), f.stream.chunk)
	}
	return f.stream.chunk
}

// reserveEnd is the length that the file can have when its segment ends; end is what it has for certain.
func (f *streamFile) reserveEnd(end int64) int64 {
	if n := f.stream.global.WaveformSamples; f.stream.global.Mode.Block() && n > 0 {
		waves := int64(MaxWaveforms)
		if f.cut > 0 {
			waves = min(waves, (f.cut/f.stream.ratio+n-1)/n)
		}
		if waves > (1<<62)/(n*f.itemSize) {
			return 1 << 62
		}
		return max(waves*n*f.itemSize, end)
	}
	left := f.seg.cutOf(f.stream.ratio) - f.next
	if left > (1<<62)/f.itemSize {
		return 1 << 62
	}
	return f.bytes() + left*f.itemSize
}

// takeReserve enters a preallocation of n bytes, or of less where that would leave less than the run keeps free, or the run would have
// preallocated more than its share. It returns how much may be preallocated.
func (r *Run) takeReserve(n int64) int64 {
	r.reserveMu.Lock()
	defer r.reserveMu.Unlock()
	free, err := r.fsys.FreeSpace(r.dir)
	if err != nil {
		return 0
	}
	taken := max(r.reserve.Load(), 0)
	if left := (free+taken-r.keepFree)/reserveShare - taken; left < n {
		if n = left &^ 4095; n < reserveMin {
			return 0
		}
	}
	r.reserve.Add(n)
	return n
}

// release cuts the file to its samples and so gives back what was preallocated. The drainer must be done with the file.
func (f *streamFile) release(n int64) error {
	size := (n - f.start) * f.itemSize
	if err := f.f.Truncate(size); err != nil {
		return &StreamError{f.name, "truncate", err}
	}
	if f.reserved > size {
		f.run.reserve.Add(size - f.reserved)
		f.reserved = size
	}
	return nil
}
