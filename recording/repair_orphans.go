package recording

import (
	"slices"
	"strings"
)

// removeOrphans deals with files of streams that neither a journal nor a readable meta tells of. Without samples, or when they belong to a segment
// behind the last one of which something is known, the recording ended before their first sync and they go: several segments can begin between two
// syncs, and an interrupted repair may have removed those in between. Else they are left alone.
func (r *repairer) removeOrphans(devices []*repairDevice) error {
	known := r.knownBases()
	for _, name := range slices.Clone(r.names) {
		base, isMeta := strings.CutSuffix(name, ExtMeta)
		if !isMeta {
			base, _ = strings.CutSuffix(name, ExtData)
		}
		if device, _, _ := strings.Cut(base, "."); base == name || known[base] || r.apart[device] != nil {
			continue
		}
		known[base] = true
		size, _ := r.size(base + ExtData)
		n, _ := segmentOfName(base + ExtData)
		if size > 0 && !slices.ContainsFunc(devices, func(d *repairDevice) bool { return strings.HasPrefix(base, d.name+".") && r.behind(d, n) }) {
			r.unreadable("%s: no journal and no readable meta tell of its %d bytes", base+ExtData, size)
			continue
		}
		if err := r.removeBase(&loadedMeta{base: base, global: Global{Stream: base, Segment: n, Datatype: Uint8}}); err != nil {
			return err
		}
	}
	return nil
}

// behind tells whether a segment lies behind all those of which something is known: run.json may tell of the last one that retention removed.
func (r *repairer) behind(d *repairDevice, segment int) bool {
	if len(d.segments) > 0 {
		return segment > d.segments[len(d.segments)-1]
	}
	rd := r.runNew.Device(d.name)
	return rd != nil && rd.DroppedEnd != nil && segment > rd.DroppedEnd.Segment
}

// knownBases returns the base names that a journal, a readable meta or run.json tells of.
func (r *repairer) knownBases() map[string]bool {
	known := map[string]bool{}
	for _, m := range r.metas {
		known[m.base] = true
	}
	for _, j := range r.journals {
		if j.fold == nil {
			continue
		}
		for _, s := range j.fold.segments {
			for _, t := range s.streams {
				if _, base, ok := t.identity(nil); ok {
					known[base] = true
				}
			}
		}
	}
	if r.run == nil {
		return known
	}
	for _, d := range r.run.Devices {
		for _, s := range d.Segments {
			for name := range s.Files {
				if base, ok := strings.CutSuffix(name, ExtData); ok {
					known[base] = true
				}
			}
		}
	}
	return known
}
