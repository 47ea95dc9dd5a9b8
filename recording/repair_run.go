package recording

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// prepareRun starts the new run.json from the old one, or from nothing when that cannot be read.
func (r *repairer) prepareRun() {
	if r.run != nil {
		c := *r.run
		c.Devices = slices.Clone(r.run.Devices)
		c.Devices = slices.DeleteFunc(c.Devices, func(d RunDevice) bool { return !plainName(d.Name) })
		for i := range c.Devices {
			c.Devices[i].Segments = slices.Clone(c.Devices[i].Segments)
			c.Devices[i].Epochs = slices.Clone(c.Devices[i].Epochs)
			c.Devices[i].Streams = slices.Clone(c.Devices[i].Streams)
		}
		r.runNew, r.runID = &c, c.Run
		return
	}
	r.runNew = &RunFile{Format: RunFormat, FormatVersion: FormatVersion, State: StateRecording, Name: runNameOf(r.dir)}
	for _, m := range r.metas {
		r.runNew.Run, r.runNew.Program = m.global.Run, m.global.Recorder
	}
	r.runID = r.runNew.Run
}

var startInName = regexp.MustCompile(`-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?$`)

// runNameOf returns the name of a run from that of its folder.
func runNameOf(dir string) string { return startInName.ReplaceAllString(filepath.Base(dir), "") }

// tellDevice brings the device's part of run.json up to what its journal and metas say.
func (r *repairer) tellDevice(d *repairDevice) {
	rd := r.runNew.Device(d.name)
	if rd == nil {
		return
	}
	rd.Epochs = mergeEpochs(rd.Epochs, d.fold.epochs)
	rd.Restarts = max(rd.Restarts, len(rd.Epochs)-1)
	if slices.ContainsFunc(rd.Segments, RunSegment.tells) {
		rd.DroppedEnd = nil
	}
}

// deviceEntry makes sure that run.json has the device.
func (r *repairer) deviceEntry(d *repairDevice) {
	if r.runNew.Device(d.name) != nil {
		return
	}
	rd := RunDevice{Name: d.name, Dropped: RunDropped{Through: -1}}
	globals := r.globalsOf(d)
	for _, g := range globals {
		rd.Driver, rd.DriverVersion, rd.Model, rd.Serial, rd.Emulated, rd.Mode = g.Driver, g.DriverVersion, g.Model, g.Serial, g.Emulated, g.Mode
		rd.RawInterval = rawInterval(g)
		if !slices.ContainsFunc(rd.Streams, func(s RunStream) bool { return s.Name == g.Stream }) {
			rd.Streams = append(rd.Streams, RunStream{Name: g.Stream, Channel: g.Channel, Kind: g.Kind, Datatype: g.Datatype, Ratio: g.Ratio})
		}
	}
	if len(globals) == 0 {
		return
	}
	r.runNew.Devices = append(r.runNew.Devices, rd)
	r.report.Changed = true
}

func (r *repairer) globalsOf(d *repairDevice) []Global {
	var list []Global
	for _, m := range r.metas {
		if m.global.Device == d.name {
			list = append(list, m.global)
		}
	}
	for _, n := range slices.Sorted(keysOf(d.fold.segments)) {
		for _, name := range slices.Sorted(keysOf(d.fold.segments[n].streams)) {
			if g := d.fold.segments[n].streams[name].global; g != nil {
				list = append(list, *g)
			}
		}
	}
	return list
}

func rawInterval(g Global) Fraction {
	// The ratio of a stream divides its interval exactly, in lowest terms or not.
	if f, err := (Fraction{g.SampleInterval.Num, g.SampleInterval.Den}).Times(1); err == nil {
		if f.Num%g.Ratio == 0 {
			return Fraction{f.Num / g.Ratio, f.Den}
		}
		if g.Ratio <= (1<<62)/f.Den {
			return Fraction{f.Num, f.Den * g.Ratio}
		}
	}
	return g.SampleInterval
}

// finish writes what belongs to the whole run, last of all run.json. Nothing is written when nothing was wrong.
func (r *repairer) finish() error {
	events, err := r.trimEvents()
	if err != nil {
		return err
	}
	open := r.run == nil || r.run.State == StateRecording
	if !r.report.Changed && !open {
		return r.writeCollection()
	}
	r.tellTotals()
	if !r.report.Changed && r.toldAlready() {
		return r.writeCollection()
	}
	r.report.Changed = true
	if err := r.writeCollection(); err != nil {
		return err
	}
	if err := r.noteRepair(events); err != nil {
		return err
	}
	return r.writeRun()
}

// toldAlready tells whether run.json of a run that is to go on is as the repair before has left it: who tries that time and again has it repaired once.
func (r *repairer) toldAlready() bool {
	if !r.keepOpen || r.run == nil || r.run.PID != 0 || r.run.Control != "" || r.run.Events != nil {
		return false
	}
	was, err := r.run.Encode()
	if err != nil {
		return false
	}
	b, err := r.runNew.Encode()
	return err == nil && bytes.Equal(was, b)
}

// tellTotals computes the totals of all streams anew from the sealed segments.
func (r *repairer) tellTotals() {
	for i := range r.runNew.Devices {
		rd := &r.runNew.Devices[i]
		if r.apart[rd.Name] != nil {
			continue
		}
		for k := range rd.Streams {
			r.totalsOf(&rd.Streams[k], rd)
		}
	}
}

// totalsOf adds up one stream. Gaps of segments that the disk rules have removed are told by nothing but the old totals.
func (r *repairer) totalsOf(t *RunStream, d *RunDevice) {
	old := *t
	var last *loadedMeta
	sum := RunStream{}
	add := func(g *Gap) {
		if g == nil || !g.Cause.Loss() {
			return
		}
		lo, hi := g.Bounds()
		sum.Lost, sum.LostMin, sum.LostMax, sum.Gaps = sum.Lost+g.Lost, sum.LostMin+lo, sum.LostMax+hi, sum.Gaps+1
	}
	recorded := int64(0)
	for _, m := range r.finalMetas() {
		if m.global.Stream != t.Name {
			continue
		}
		for i := range m.captures {
			add(m.captures[i].Gap)
		}
		add(m.global.GapAfter)
		if last == nil || m.global.Segment > last.global.Segment {
			last = m
			size, _ := r.dataSize(m.base)
			recorded = m.global.Start + size/int64(m.global.Datatype.Size())
		}
	}
	if last == nil {
		return
	}
	for i := range d.NotKept {
		n := d.NotKept[i].Streams[t.Name]
		sum.Lost, sum.LostMin, sum.LostMax, sum.Gaps = sum.Lost+n.Lost, sum.LostMin+n.LostMin, sum.LostMax+n.LostMax, sum.Gaps+n.Gaps
	}
	t.Recorded, t.Lost, t.LostMin, t.LostMax, t.Gaps = recorded, sum.Lost, sum.LostMin, sum.LostMax, sum.Gaps
	if d.Dropped.Segments > 0 {
		t.Lost, t.LostMin, t.LostMax, t.Gaps = max(t.Lost, old.Lost), max(t.LostMin, old.LostMin), max(t.LostMax, old.LostMax), max(t.Gaps, old.Gaps)
	}
}

// finalMetas returns the metas as they are after the repair.
func (r *repairer) finalMetas() []*loadedMeta {
	var list []*loadedMeta
	replaced := map[string]bool{}
	for _, s := range r.sealed {
		g := s.global
		g.State = StateSealed
		list = append(list, &loadedMeta{base: s.base, global: g, captures: s.captures, annotations: s.annotations})
		replaced[s.base] = true
	}
	for _, m := range r.metas {
		if !replaced[m.base] {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *loadedMeta) int {
		return cmp.Or(strings.Compare(a.global.Stream, b.global.Stream), cmp.Compare(a.global.Segment, b.global.Segment))
	})
	return list
}

// writeCollection makes the collection anew when it does not name the metas as they are.
func (r *repairer) writeCollection() error {
	metas := map[string][]byte{}
	for _, m := range r.finalMetas() {
		b, err := r.fs.ReadFile(r.path(m.base + ExtMeta))
		if err != nil {
			return fmt.Errorf("write collection: %w", err)
		}
		metas[m.base+ExtMeta] = b
	}
	b, err := NewCollection(metas).Encode()
	if err != nil {
		return err
	}
	return r.replace(map[string]FileSum{}, FileCollection, b)
}

// noteRepair appends the event and notes length and checksum of the file.
func (r *repairer) noteRepair(events []Event) error {
	t := r.o.Now()
	e := Event{UTC: Timestamp(t.UTCNS), MonoNS: t.MonoNS, Kind: EventRepaired, Count: 1, Text: r.report.text()}
	if n := len(events); n > 0 {
		e.Seq = events[n-1].Seq + 1
	}
	line, err := EncodeEvent(e)
	if err != nil {
		return err
	}
	f, err := r.fs.OpenFile(r.path(FileEvents), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	size, err := f.Size()
	if err == nil {
		_, err = f.WriteAt(line, size)
	}
	if err == nil {
		err = f.DataSync()
	}
	var sum FileSum
	if err == nil {
		sum, err = checksumFile(f)
	}
	if err = firstError(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", FileEvents, err)
	}
	r.runNew.Events = &sum
	return nil
}

// text says in one line what the repair did.
func (r *RepairReport) text() string {
	s := fmt.Sprintf("sealed %d segments, cut %d tails", len(r.Sealed), len(r.Cut))
	if r.Damage() {
		s += fmt.Sprintf("; damage: %d streams shortened, %d ranges, %d journal lines, %d unreadable", len(r.Lost), len(r.Damaged), len(r.Lines), len(r.Unreadable))
	}
	return s
}

func (r *repairer) writeRun() error {
	run := r.runNew
	if run.Started == 0 {
		run.Started = r.firstTime()
	}
	switch {
	case r.unfinished, r.keepOpen && run.State == StateRecording:
		run.State, run.Events = StateRecording, nil
	case run.State == StateRecording && run.Ended == 0:
		run.Ended, run.EndReason = r.lastTime(), "crash"
		fallthrough
	default:
		run.State = StateRecovered
	}
	run.PID, run.Control = 0, ""
	run.Run = cmp.Or(run.Run, r.runID)
	b, err := run.Encode()
	if err != nil {
		return err
	}
	if err := writeFile(r.fs, r.dir, FileRun, b, true); err != nil {
		return err
	}
	return r.fs.SyncDir(r.dir)
}

// firstTime returns the time of the first sample that is known.
func (r *repairer) firstTime() Timestamp {
	var first Timestamp
	for _, m := range r.finalMetas() {
		if len(m.captures) > 0 && (first == 0 || m.captures[0].Datetime < first) {
			first = m.captures[0].Datetime
		}
	}
	return first
}

// lastTime returns the time of the last journal line before the repair, or of the start of the run when there is none.
func (r *repairer) lastTime() Timestamp {
	last := r.runNew.Started
	for _, j := range r.journals {
		if j.fold != nil {
			last = max(last, Timestamp(j.fold.last.UTCNS))
		}
	}
	return last
}
