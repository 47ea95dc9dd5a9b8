package recording

import "slices"

// maxUnmade is in how many segments the files of a stream may not have been made until it is taken for one that the settings have taken away.
const maxUnmade = 8

// lastOfAll returns from which segment on the journal tells of the last files of all streams; that is two segments at least.
func (p *resumer) lastOfAll(d *resumedDevice, rd *RunDevice) int {
	from := d.segment - 1
	for _, t := range rd.Streams {
		metas := p.metasOf(t.Name)
		if len(metas) == 0 {
			continue
		}
		if n := metas[len(metas)-1].global.Segment; n >= d.segment-maxUnmade {
			from = min(from, n)
		}
	}
	return from
}

// unmade tells of a stream whose last file is of an earlier segment whether its next ones could not be made: the settings have not taken it away.
func (d *resumedDevice) unmade(g *Global, rd *RunDevice) bool {
	for n := g.Segment; n < d.segment; n++ {
		if !d.asBefore[n] {
			return false
		}
	}
	return g.Segment == d.segment || g.Mode == rd.Mode && rawInterval(*g).Rat().Cmp(rd.RawInterval.Rat()) == 0
}

// without returns the streams that are no longer recorded, of those of which only the journal could have told that the settings have taken them away: it does
// not where they changed just behind the end of a segment.
func (d *resumedDevice) without(info *DeviceInfo) (list []RunStream) {
	for _, s := range d.streams {
		if s.older && !slices.ContainsFunc(info.Streams, func(now StreamInfo) bool { return now.Global.Stream == s.totals.Name }) {
			list = append(list, s.totals)
		}
	}
	return list
}
