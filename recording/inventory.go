package recording

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// inventory is what a run's folder holds, before anything is concluded from it.
type inventory struct {
	fs       FS
	dir      string
	names    []string // of all files but hidden ones
	sizes    map[string]int64
	run      *RunFile // nil when run.json is missing or unreadable
	runErr   error
	metas    []*loadedMeta
	metaErrs map[string]error // by file name
	journals []*deviceJournal
}

// ErrNotRecording is returned for a folder that holds neither run.json nor any meta nor a journal; by [Repair] also when none of them can be
// read.
var ErrNotRecording = errors.New("not a recording")

// takeInventory lists the folder, reads run.json and the metas, and the first line of each journal part. A later major version is an error.
func takeInventory(fsys FS, dir string) (*inventory, error) {
	v := &inventory{fs: fsys, dir: dir, metaErrs: map[string]error{}}
	if err := v.list(); err != nil {
		return nil, err
	}
	if err := v.readRun(); err != nil {
		return nil, err
	}
	if err := v.readMetas(); err != nil {
		return nil, err
	}
	// A writer journals before a meta tells of it, so the parts that are there now explain all metas that were read.
	if err := v.list(); err != nil {
		return nil, err
	}
	v.lookForRemoved()
	v.metas = slices.DeleteFunc(v.metas, func(m *loadedMeta) bool { return v.dropped(m.global.Device, m.global.Segment) })
	v.journals = groupParts(v.names)
	for _, d := range v.journals {
		if err := d.peek(fsys, dir); err != nil {
			return nil, err
		}
	}
	for _, d := range v.journals {
		if rd := v.deviceOfParts(d); rd != nil && rd.removedAny() {
			d.removed = rd.Removed
		}
	}
	v.refuseForeignMetas()
	if errors.Is(v.runErr, fs.ErrNotExist) && len(v.metas) == 0 && len(v.metaErrs) == 0 && len(v.journals) == 0 {
		return nil, fmt.Errorf("%s: %w", dir, ErrNotRecording)
	}
	return v, nil
}

// list notes the files of the folder as they are now.
func (v *inventory) list() error {
	entries, err := v.fs.ReadDir(v.dir)
	if err != nil {
		return fmt.Errorf("read recording: %w", err)
	}
	v.names, v.sizes = nil, map[string]int64{}
	for _, e := range entries {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return fmt.Errorf("read recording: %w", err)
		}
		v.names = append(v.names, e.Name())
		v.sizes[e.Name()] = info.Size()
	}
	return nil
}

func (v *inventory) readRun() error {
	b, err := v.fs.ReadFile(filepath.Join(v.dir, FileRun))
	if err != nil {
		v.runErr = fmt.Errorf("read run.json: %w", err)
		return nil
	}
	run, err := ParseRun(b)
	var version *VersionError
	switch {
	case errors.As(err, &version):
		return err
	case err != nil:
		v.runErr = err
	default:
		v.run = run
	}
	return nil
}

func (v *inventory) readMetas() error {
	for _, name := range v.names {
		if !strings.HasSuffix(name, ExtMeta) {
			continue
		}
		m, err := loadMeta(v.fs, v.dir, name)
		var version *VersionError
		switch {
		case errors.As(err, &version):
			return fmt.Errorf("%s: %w", name, err)
		case errors.Is(err, fs.ErrNotExist) && !v.has(name):
			continue
		case err != nil:
			v.metaErrs[name] = err
		case !v.dropped(m.global.Device, m.global.Segment):
			v.metas = append(v.metas, m)
		}
	}
	return nil
}

// refuseForeignMetas takes out metas that claim to be of another stream or segment than the journal says of their files, and second ones that
// claim the same place, and sorts the others.
func (v *inventory) refuseForeignMetas() {
	type place struct {
		device, stream string
		segment        int
	}
	places, bases := map[string]place{}, map[place]string{}
	for _, d := range v.journals {
		for _, p := range d.parts {
			if p.state == nil {
				continue
			}
			for name, st := range p.state.Streams {
				places[st.File] = place{p.state.Device, name, p.segment}
				bases[place{p.state.Device, name, p.segment}] = st.File
			}
		}
	}
	v.metas = slices.DeleteFunc(v.metas, func(m *loadedMeta) bool {
		claim := place{m.global.Device, m.global.Stream, m.global.Segment}
		if told, ok := places[m.base]; ok && told != claim {
			v.metaErrs[m.base+ExtMeta] = impossible("it tells of stream %s, segment %d; the journal says %s, segment %d", claim.stream, claim.segment, told.stream, told.segment)
			return true
		}
		if base, ok := bases[claim]; ok && base != m.base {
			v.metaErrs[m.base+ExtMeta] = impossible("stream %s, segment %d is in %s", claim.stream, claim.segment, base)
			return true
		}
		bases[claim] = m.base
		return false
	})
	slices.SortStableFunc(v.metas, func(a, b *loadedMeta) int {
		return cmp.Or(cmp.Compare(a.global.Stream, b.global.Stream), cmp.Compare(a.global.Segment, b.global.Segment))
	})
}

// deviceOfParts returns what run.json says of the device of a journal, nil when it says nothing.
func (v *inventory) deviceOfParts(d *deviceJournal) *RunDevice {
	if v.run == nil {
		return nil
	}
	return v.run.Device(d.prefix)
}

// has tells whether the folder still holds the file.
func (v *inventory) has(name string) bool {
	_, err := v.fs.Stat(filepath.Join(v.dir, name))
	return err == nil
}

// dropped tells whether a rule of the plan has removed a segment: what is left of it does not count.
func (v *inventory) dropped(device string, segment int) bool {
	if v.run == nil {
		return false
	}
	d := v.run.Device(device)
	return d != nil && d.Removed(segment)
}

// meta returns the meta of a stream's segment, nil when there is none that can be read.
func (v *inventory) meta(stream string, segment int) *loadedMeta {
	i, ok := slices.BinarySearchFunc(v.metas, segment, func(m *loadedMeta, segment int) int {
		return cmp.Or(cmp.Compare(m.global.Stream, stream), cmp.Compare(m.global.Segment, segment))
	})
	if !ok {
		return nil
	}
	return v.metas[i]
}

// metaSealed tells whether all streams that a part's state line names have a sealed meta: nothing in its journal is news then.
func (v *inventory) metaSealed(s *JournalState) bool {
	for name := range s.Streams {
		m := v.meta(name, s.Segment)
		if m == nil || m.global.State != StateSealed {
			return false
		}
	}
	return true
}

// wantOpen selects the segments of a device's journal that are not sealed.
func (v *inventory) wantOpen(d *deviceJournal) func(*JournalState) bool {
	open := map[int]bool{}
	for _, p := range d.parts {
		if p.state != nil && !v.dropped(p.state.Device, p.segment) && !v.metaSealed(p.state) {
			open[p.segment] = true
		}
	}
	return func(s *JournalState) bool { return open[s.Segment] }
}

// wantAll selects all segments that have not been dropped.
func (v *inventory) wantAll(s *JournalState) bool { return !v.dropped(s.Device, s.Segment) }

// size returns the length of a file of the folder and whether it is there.
func (v *inventory) size(name string) (int64, bool) {
	n, ok := v.sizes[name]
	return n, ok
}
