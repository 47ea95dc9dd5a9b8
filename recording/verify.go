package recording

import (
	"context"
	"path/filepath"
	"slices"
)

// VerifyOptions change what [Verify] does. The zero value checks everything but the proof signal.
type VerifyOptions struct {
	// FS is where the run lies; nil: the operating system's files.
	FS FS
	// Proof compares the samples with the proof signal, for channels that were recorded from it.
	Proof bool
	// Progress is called now and then with the bytes of sample data read so far and in all; nil: not.
	Progress func(done, total int64)
}

// Verify reads a whole run and recomputes everything that can be: checksums of journal lines, files and each synced range, sizes, the chain of
// device indexes, sealed metas against their journals, overviews and clock pairs. It changes nothing and may run while the run is recorded: then it
// checks what the journal vouches for. What it finds is in the report; the error is for a folder that is no recording, a later major
// version, or a context that ended.
func Verify(ctx context.Context, dir string, o VerifyOptions) (Report, error) {
	if o.FS == nil {
		o.FS = OSFS()
	}
	report := Report{Dir: dir}
	inv, err := takeInventory(o.FS, dir)
	if err != nil {
		return report, err
	}
	for _, d := range inv.journals {
		d.whole = inv.compare
		if err := d.read(o.FS, dir, inv.wantAll); err != nil {
			return report, err
		}
	}
	v := &verifier{ctx: ctx, inventory: inv, o: o, report: &report, sums: map[string]FileSum{}}
	v.runFile()
	v.journalLines()
	v.newSegments()
	if err := v.samples(); err != nil {
		return report, err
	}
	v.sealedFiles()
	v.planFiles()
	v.totals()
	v.forgetDropped()
	return report, nil
}

// forgetDropped takes out of the report what was missed of segments that retention removed while they were being read.
func (v *verifier) forgetDropped() {
	if v.run == nil || v.run.State != StateRecording || v.report.OK() {
		return
	}
	v.readRunAgain()
	for i := range v.report.Streams {
		r := &v.report.Streams[i]
		r.Damage = slices.DeleteFunc(r.Damage, func(d Damage) bool { return v.leftOver(d.File) })
	}
	v.report.Problems = slices.DeleteFunc(v.report.Problems, func(p Problem) bool { return v.leftOver(p.File) })
}

func (v *verifier) readRunAgain() {
	b, err := v.fs.ReadFile(v.path(FileRun))
	if err != nil {
		return
	}
	if run, err := ParseRun(b); err == nil {
		v.run = run
	}
}

// verifier is one [Verify].
type verifier struct {
	*inventory
	ctx    context.Context
	o      VerifyOptions
	report *Report
	rec    *Recording
	sums   map[string]FileSum // of data files, as read
	done   int64
	total  int64
}

// runFile checks run.json by itself.
func (v *verifier) runFile() {
	for _, name := range slices.Sorted(keysOf(v.metaErrs)) {
		v.report.problem(name, "%v", v.metaErrs[name])
	}
	if v.runErr != nil {
		v.report.problem(FileRun, "%v", v.runErr)
		return
	}
	v.report.Run, v.report.State = v.run.Run, v.run.State
	if v.run.State == StateRecording {
		if locked(v.fs, v.dir) {
			v.report.note("the run is not sealed: it is being recorded, and was checked as far as it is journalled")
		} else {
			v.report.note("the run is not sealed, and nobody records it any more: it waits for a repair")
		}
	}
}

// journalLines reports invalid lines. A torn end of the last part of a device is no damage while its segment is open.
func (v *verifier) journalLines() {
	for _, d := range v.journals {
		var last *partInfo
		for _, p := range d.parts {
			if p.scan != nil {
				last = p
			}
		}
		for _, p := range d.parts {
			if p.scan == nil {
				continue
			}
			for _, b := range p.scan.bad {
				if b.Torn && p == last && !v.sealedSegment(d, p.segment) {
					v.report.note("%s: %d bytes at the end are no complete line", p.name, b.Bytes)
					continue
				}
				v.report.problem(p.name, "%d bytes at byte %d are no valid line: %v", b.Bytes, b.Offset, b.Err)
			}
		}
		for _, n := range slices.Sorted(keysOf(d.fold.segments)) {
			for _, name := range slices.Sorted(keysOf(d.fold.segments[n].streams)) {
				for _, h := range d.fold.segments[n].streams[name].holes {
					v.report.problem(PartName(d.prefix, h.part), "lines are missing that told of samples %d to %d of %s", h.From, h.To, name)
				}
			}
		}
	}
}

// sealedSegment tells whether the journal itself says that the segment is complete.
func (v *verifier) sealedSegment(d *deviceJournal, segment int) bool {
	s := d.fold.segments[segment]
	return s != nil && s.seal != nil
}

// newSegments tells of segments that have only just begun.
func (v *verifier) newSegments() {
	for _, m := range v.metas {
		if v.unborn(m) {
			size, _ := v.dataSize(m.base)
			v.report.note("%s: the segment has only just begun: no journal tells of its %d samples yet", m.base+ExtData, size/int64(m.global.Datatype.Size()))
		}
	}
}

// samples checks all data files and what is derived from them.
func (v *verifier) samples() error {
	v.rec = assemble(v.inventory, OpenOptions{FS: v.o.FS, Damaged: true})
	for _, s := range v.rec.streams {
		for _, g := range s.segments {
			v.total += g.Samples * int64(g.Global.Datatype.Size())
		}
	}
	for _, s := range v.rec.streams {
		r := StreamReport{Name: s.name, Segments: len(s.segments)}
		v.chain(s)
		var proof *proofCheck
		if v.o.Proof {
			proof = v.newProof(s)
		}
		for _, g := range s.segments {
			if err := v.segment(s, g, &r, proof); err != nil {
				return err
			}
		}
		r.countGaps(s)
		v.report.Streams = append(v.report.Streams, r)
	}
	v.waveforms()
	return nil
}

func (r *StreamReport) countGaps(s *Stream) {
	for _, g := range s.segments { // what was lost between samples that were removed
		n := &g.hole.row
		r.NotKept += g.hole.samples
		r.Gaps, r.Lost, r.LostMin, r.LostMax = r.Gaps+n.Gaps, r.Lost+n.Lost, r.LostMin+n.LostMin, r.LostMax+n.LostMax
	}
	for _, g := range s.Gaps() {
		if !g.Cause.Loss() {
			continue
		}
		lo, hi := g.Bounds()
		r.Gaps++
		r.Lost += g.Lost
		r.LostMin += lo
		r.LostMax += hi
	}
}

// fold returns what the journal says of a segment of a stream, nil when it says nothing.
func (v *verifier) fold(device, stream string, segment int) (*segmentFold, *streamFold) {
	for _, d := range v.journals {
		if d.fold.device != device {
			continue
		}
		if s := d.fold.segments[segment]; s != nil {
			return s, s.streams[stream]
		}
	}
	return nil, nil
}

// chain checks that device indexes follow from each other, over segments too, and that captures and segments are where they must be.
func (v *verifier) chain(s *Stream) {
	var prev *Capture
	after := int64(0) // lost behind the segments since prev
	for i, g := range s.segments {
		switch {
		case i > 0:
			before := s.segments[i-1]
			if before.Global.SampleInterval != g.Global.SampleInterval {
				prev = nil // device indexes count other samples from here on
			}
			if before.Global.GapAfter != nil && (g.Number == before.Number+1 || g.hole.told) { // else it is part of the gap with which the stream came back
				after += before.Global.GapAfter.Lost
			}
			end := before.Start + before.Samples + before.Missing
			if want := end + g.hole.samples; g.Start != want {
				v.report.problem(g.Base+ExtMeta, "segment %d begins at stream index %d, but segment %d ends at %d", g.Number, g.Start, before.Number, want)
			}
			if g.hole.samples > 0 || g.hole.told {
				prev, after = v.overHole(g, prev, end, after), 0
			}
		case g.Start != g.hole.samples && v.run != nil:
			v.report.problem(g.Base+ExtMeta, "the stream begins with segment %d at stream index %d: what was before is missing", g.Number, g.Start)
		case g.hole.told:
			prev = v.overHole(g, &Capture{}, 0, 0)
		}
		if len(g.captures) > 0 && g.captures[0].SampleStart != g.Start || len(g.captures) == 0 && g.Samples > 0 {
			v.report.problem(g.Base+ExtMeta, "the first capture is not at the segment's first sample, stream index %d", g.Start)
		}
		for k := range g.captures {
			c := &g.captures[k]
			if prev != nil && c.GlobalIndex != prev.GlobalIndex+c.SampleStart-prev.SampleStart+after+c.Lost() {
				v.report.problem(g.Base+ExtMeta, "the capture at stream index %d has device index %d, but %d follows from the one before",
					c.SampleStart, c.GlobalIndex, prev.GlobalIndex+c.SampleStart-prev.SampleStart+after+c.Lost())
			}
			prev, after = c, 0
		}
		for _, a := range g.annotations {
			if a.SampleStart < g.Start || a.End() > g.End()+g.Missing {
				v.report.problem(g.Base+ExtMeta, "annotation %s at stream index %d is not inside the segment", a.Label, a.SampleStart)
			}
		}
	}
}

func (v *verifier) path(name string) string { return filepath.Join(v.dir, name) }

func (v *verifier) progress(bytes int64) {
	v.done += bytes
	if v.o.Progress != nil {
		v.o.Progress(v.done, v.total)
	}
}
