package session

import "github.com/scopelog/scopelog/recording"

// takeStock lets the figures of a run that goes on begin with what the recording tells of before. Nothing records yet.
func (s *Session) takeStock() {
	info := s.run.Info()
	kept := 0
	for i := range info.Devices {
		d := &info.Devices[i]
		s.dropped.Add(s.run.DroppedBytes(d.Name))
		if kept += len(d.Segments); s.resumed.unit(d.Name) != nil && len(d.Segments) > 0 {
			kept-- // the last one still records
		}
		s.keep.goOn(d)
	}
	if s.keep != nil {
		s.keep.judge.Kept(kept)
	}
}

// goOn takes over what was removed of a device before.
func (k *keeper) goOn(d *recording.RunDevice) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bytes.Add(d.NotKeptBytes())
	for _, st := range d.Streams {
		k.removed[st.Name] = d.NotKeptSamples(st.Name)
	}
}

// goOn lets the figures of an event block begin with what the recording tells of before.
func (b *eventBlock) goOn() {
	was := b.s.run.DetectedBefore(b.plan.Name)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count, b.limiter.Suppressed, b.unwatched = was.Count, was.Suppressed, was.Unwatched
	b.told.suppressed, b.told.unwatched = was.Suppressed, was.Unwatched
}

// goOn does the same for what became of orders.
func (t *target) goOn(b *eventBlock) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts = map[outcome]int64{}
	for o, n := range b.s.run.DetectedBefore(b.plan.Name).Starts[t.name] {
		t.counts[outcome(o)] = n
	}
}
