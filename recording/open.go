package recording

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
)

// OpenOptions change what [OpenWith] does. The zero value is what [Open] does.
type OpenOptions struct {
	// FS is where the run lies; nil: the operating system's files.
	FS FS
	// Damaged hands out samples that are annotated as damaged or unverified. Without it reading them is a [*DamagedError].
	Damaged bool
}

// Recording is a run opened for reading. It holds no open files and sees what was there when it was opened: open again to see growth. It is
// safe for concurrent use. A run that is being recorded is read by its journal, so all that it shows is final.
type Recording struct {
	dir     string
	fs      FS
	run     *RunFile
	runErr  error
	streams []*Stream
	epochs  map[string][]RunEpoch
	damage  []error
}

// Open opens a run's folder. The error is [ErrNotRecording] for a folder that is none, a [*VersionError] for a later major version. Damaged
// files are not an error: what can be read is there, and [Recording.Problems] tells the rest.
func Open(dir string) (*Recording, error) { return OpenWith(dir, OpenOptions{}) }

// OpenWith is [Open] with options.
func OpenWith(dir string, o OpenOptions) (*Recording, error) {
	if o.FS == nil {
		o.FS = OSFS()
	}
	v, err := takeInventory(o.FS, dir)
	if err != nil {
		return nil, err
	}
	for _, d := range v.journals {
		if err := d.read(o.FS, dir, v.wantOpen(d)); err != nil {
			return nil, err
		}
	}
	return assemble(v, o), nil
}

// assemble makes a recording of an inventory whose journals have been read.
func assemble(v *inventory, o OpenOptions) *Recording {
	r := &Recording{dir: v.dir, fs: v.fs, run: v.run, runErr: v.runErr, epochs: map[string][]RunEpoch{}}
	for _, name := range slices.Sorted(keysOf(v.metaErrs)) {
		r.damage = append(r.damage, v.metaErrs[name])
	}
	for _, d := range v.journals {
		r.addEpochs(d.fold)
	}
	for _, g := range v.stillThere(collectSegments(v)) {
		s := r.Stream(g.Global.Stream)
		if s == nil {
			s = &Stream{name: g.Global.Stream, fs: v.fs, dir: v.dir, showDamaged: o.Damaged}
			r.streams = append(r.streams, s)
		}
		s.segments = append(s.segments, g)
	}
	for _, s := range r.streams {
		s.finish(r.run)
		s.settleMissing(r.run)
	}
	return r
}

// Dir returns the folder of the run.
func (r *Recording) Dir() string { return r.dir }

// Run returns the content of run.json, nil when it is missing or damaged; [Recording.Problems] then says why. It must not be changed.
func (r *Recording) Run() *RunFile { return r.run }

// Streams returns the streams of the run, sorted by name.
func (r *Recording) Streams() []*Stream { return r.streams }

// Stream returns the stream of that name, nil if there is none.
func (r *Recording) Stream(name string) *Stream {
	for _, s := range r.streams {
		if s.name == name {
			return s
		}
	}
	return nil
}

// Problems returns what was found damaged while opening: an unreadable run.json, metas that cannot be read, whose segments are shown from the
// journal where that is possible, a [*SurplusError] for each sealed file that has become longer, and a [*MissingError] for each stream whose files are
// too short or gone. [Verify] finds more.
func (r *Recording) Problems() []error {
	var list []error
	if r.runErr != nil {
		list = append(list, r.runErr)
	}
	list = append(list, r.damage...)
	for _, s := range r.streams {
		for _, g := range s.segments {
			if g.surplus > 0 {
				list = append(list, &SurplusError{Stream: s.name, File: g.DataFile(), Bytes: g.surplus})
			}
		}
	}
	return append(list, r.missingErrors()...)
}

// Epochs returns the epochs of a device in order, from run.json and, while it records, from the journal.
func (r *Recording) Epochs(device string) []RunEpoch { return slices.Clone(r.epochs[device]) }

func (r *Recording) addEpochs(f *journalFold) {
	if r.run != nil {
		if d := r.run.Device(f.device); d != nil {
			r.epochs[f.device] = slices.Clone(d.Epochs)
		}
	}
	r.epochs[f.device] = mergeEpochs(r.epochs[f.device], f.epochs)
}

// mergeEpochs adds to list, from run.json, the epochs that only the journal knows, and when they began where only it knows that: run.json was saved before.
func mergeEpochs(list []RunEpoch, journal []JournalEpoch) []RunEpoch {
	for _, e := range journal {
		i, found := slices.BinarySearchFunc(list, e.Epoch, func(a RunEpoch, n int) int { return cmp.Compare(a.Epoch, n) })
		if found {
			if e.First != (EpochFirst{}) && list[i].First == (EpochFirst{Index: list[i].First.Index}) {
				list[i].First = e.First
			}
			continue
		}
		list = slices.Insert(list, i, RunEpoch{Epoch: e.Epoch, Cause: e.Cause, Base: e.Base, BaseMin: e.BaseMin, BaseMax: e.BaseMax, BootID: e.BootID, First: e.First})
	}
	return list
}

// collectSegments concludes from the inventory, whose journals have been read, what each segment of each stream is: sealed ones from their
// metas, the others from the journal, and what the journal does not know from the meta and the length of the file. Segments that have only just
// begun are left out. Sorted by stream and segment.
func collectSegments(v *inventory) []*Segment {
	var list []*Segment
	seen := map[string]bool{}
	key := func(stream string, segment int) string { return fmt.Sprintf("%s/%d", stream, segment) }
	for _, d := range v.journals {
		for _, n := range slices.Sorted(keysOf(d.fold.segments)) {
			if v.dropped(d.fold.device, n) {
				continue
			}
			for _, name := range slices.Sorted(keysOf(d.fold.segments[n].streams)) {
				if g := journalSegment(v, d.fold.segments[n], d.fold.segments[n].streams[name]); g != nil {
					list = append(list, g)
					seen[key(name, n)] = true
				}
			}
		}
	}
	for _, m := range v.metas {
		if !seen[key(m.global.Stream, m.global.Segment)] && !v.unborn(m) {
			list = append(list, metaSegment(v, m))
		}
	}
	slices.SortFunc(list, func(a, b *Segment) int {
		return cmp.Or(cmp.Compare(a.Global.Stream, b.Global.Stream), cmp.Compare(a.Number, b.Number))
	})
	return list
}

// unborn tells whether a meta is of a segment that has only just begun: it lists nothing, and the first line of its journal, which waits until the
// journals of all segments before are durable, is not there. Nothing vouches for its samples yet; the segments before may not be whole either.
func (v *inventory) unborn(m *loadedMeta) bool {
	return m.global.State != StateSealed && len(m.captures) == 0 && m.global.Segment > v.lastKnown(m.global.Device)
}

// lastKnown returns the number of the last segment of a device that the journal, a meta with captures or run.json tells of; -1 when none does.
func (v *inventory) lastKnown(device string) int {
	last := -1
	for _, d := range v.journals {
		for _, p := range d.parts {
			if p.state != nil && p.state.Device == device {
				last = max(last, p.segment)
			}
		}
		if d.fold != nil && d.fold.device == device {
			for n := range d.fold.segments {
				last = max(last, n)
			}
		}
	}
	for _, m := range v.metas {
		if m.global.Device == device && (m.global.State == StateSealed || len(m.captures) > 0) {
			last = max(last, m.global.Segment)
		}
	}
	return last
}

// metaSegment is a segment as its meta tells it.
func metaSegment(v *inventory, m *loadedMeta) *Segment {
	g := &Segment{Number: m.global.Segment, Base: m.base, Global: m.global, Start: m.global.Start, captures: m.captures, annotations: m.annotations}
	g.Source = SourceMeta
	if m.global.State != StateSealed {
		g.Source = SourceSizes
	}
	size, ok := v.dataSize(m.base)
	if sum, listed := v.listed(g, g.DataFile()); listed && g.Source == SourceMeta && size > sum.Bytes {
		g.surplus = size - sum.Bytes
		size = sum.Bytes
	}
	g.Samples, g.missing = size/int64(m.global.Datatype.Size()), !ok
	g.Missing = max(0, v.told(g)-g.Samples)
	return g
}

// journalSegment is a segment as the journal tells it; nil when its meta is sealed, which is then the truth.
func journalSegment(v *inventory, seg *segmentFold, t *streamFold) *Segment {
	m := v.meta(t.name, seg.number)
	if m != nil && m.global.State == StateSealed {
		return nil
	}
	global, base, ok := t.identity(m)
	if !ok {
		return nil
	}
	g := &Segment{Number: seg.number, Base: base, Global: global, Start: t.start, Source: SourceJournal}
	g.Global.State, g.Global.CapturesTable, g.Global.AnnotationsTable = StateRecording, nil, nil
	g.captures, g.annotations = slices.Clone(t.captures), slices.Clone(t.annotations)
	if m != nil && len(t.holes) > 0 {
		g.captures = addMissing(g.captures, m.captures, t.n)
	}
	sortLists(g.captures, g.annotations)
	if seg.seal != nil {
		if gap, ok := seg.seal.GapAfter[t.name]; ok {
			g.Global.GapAfter = &gap
		}
	}
	size, ok := v.dataSize(base)
	items := size / int64(global.Datatype.Size())
	g.Samples, g.missing = min(t.n-t.start, items), !ok
	g.Missing, g.Provisional = t.n-t.start-g.Samples, items-g.Samples
	return g
}

// identity returns the global object and the base name of a stream's files, from the journal or else from the meta.
func (t *streamFold) identity(m *loadedMeta) (Global, string, bool) {
	switch {
	case t.global != nil && t.file != "" && checkGlobal(t.global) == nil:
		return *t.global, t.file, true
	case m == nil || m.global.Start != t.start || t.file != "" && t.file != m.base:
	case t.global != nil && checkGlobal(t.global) == nil:
		return *t.global, m.base, true
	default:
		return m.global, m.base, true
	}
	return Global{}, "", false
}

// addMissing adds to the journal's captures those that only the meta knows: their line is lost.
func addMissing(journal, meta []Capture, n int64) []Capture {
	known := map[int64]bool{}
	for _, c := range journal {
		known[c.SampleStart] = true
	}
	for _, c := range meta {
		if !known[c.SampleStart] && c.SampleStart < n {
			journal = append(journal, c)
		}
	}
	return journal
}

// dataSize returns the length of a data file as it is now; what is no regular file is none.
func (v *inventory) dataSize(base string) (int64, bool) {
	info, err := v.fs.Stat(filepath.Join(v.dir, base+ExtData))
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}
