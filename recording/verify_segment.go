package recording

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
)

// segment checks one data file: its length, every range that was synced, and the overview that was made from it.
func (v *verifier) segment(s *Stream, g *Segment, r *StreamReport, proof *proofCheck) error {
	size := g.Global.Datatype.Size()
	seg, fold := v.fold(g.Global.Device, s.name, g.Number)
	r.Samples += g.Samples
	r.Bytes += g.Samples * int64(size)
	v.length(s, g, r, seg, fold)
	var points []syncPoint
	if fold != nil {
		points = fold.points
	}
	crc := newCRCCheck(points, size)
	visits := []func(int64, []byte){crc.visit, func(_ int64, p []byte) { v.progress(int64(len(p))) }}
	sums := new(tableSums)
	sealed := g.Source == SourceMeta
	var rows *overviewRows
	if sealed {
		rows = newOverviewRows(g.Global.Datatype, g.captures, sums.row)
		visits = append(visits, rows.visit)
	}
	if proof != nil {
		proof.begin(g)
		visits = append(visits, proof.visit)
	}
	sha := newHashCheck(g)
	if sha != nil {
		visits = append(visits, sha.visit)
	}
	err := readItems(v.ctx, v.fs, v.path(g.DataFile()), size, g.Start, g.Samples, visits...)
	switch {
	case v.ctx.Err() != nil:
		return v.ctx.Err()
	case err != nil:
		if !g.missing {
			v.report.problem(g.DataFile(), "%v", err)
		}
		return nil
	}
	crc.end(g.End())
	v.ranges(s, g, r, crc)
	v.hash(g, r, sha)
	if g.Provisional == 0 {
		v.sums[g.DataFile()] = FileSum{Bytes: g.Samples * int64(size), CRC32C: crc.plain}
	}
	if sealed {
		v.overview(g, sums, rows.end())
		v.metaAgainstJournal(g, seg, fold)
	}
	if proof != nil {
		proof.end(r)
	}
	return nil
}

// length compares the length of a data file with what the journal, or else run.json or the next segment, says.
func (v *verifier) length(s *Stream, g *Segment, r *StreamReport, seg *segmentFold, fold *streamFold) {
	size := int64(g.Global.Datatype.Size())
	want := g.Samples + g.Missing
	switch {
	case fold != nil && len(fold.points) > 0:
		want = max(want, fold.n-g.Start)
	case g.Source == SourceMeta:
		v.report.note("%s: no journal tells of it: its samples cannot be checked range by range", g.DataFile())
		if sum, ok := v.listed(g, g.DataFile()); ok {
			want = max(want, sum.Bytes/size)
		}
	default:
		v.report.note("%s: no journal tells of it: nothing vouches for its samples", g.DataFile())
	}
	if want > g.Samples {
		d := v.damage(s, g, DamageMissing, g.End(), g.Start+want)
		r.Damage = append(r.Damage, d)
	}
	if g.missing && want == 0 {
		v.report.problem(g.DataFile(), "the file is missing")
	}
	have, _ := v.dataSize(g.Base)
	switch {
	case g.missing:
	case (g.surplus > 0 || seg != nil && seg.seal != nil && g.Source == SourceMeta) && have > want*size:
		v.report.problem(g.DataFile(), "%d bytes are more than the %d that were sealed", have, want*size)
	case g.Provisional > 0:
		v.report.note("%s: %d samples at the end are not in the journal", g.DataFile(), g.Provisional)
	case have%size != 0:
		v.report.note("%s: the last sample is incomplete", g.DataFile())
	}
}

// ranges turns what the comparison with the journal found into damage.
func (v *verifier) ranges(s *Stream, g *Segment, r *StreamReport, crc *crcCheck) {
	size := int64(g.Global.Datatype.Size())
	if n := len(crc.points); n > 0 {
		r.Checked += (min(crc.points[n-1].N, g.End()) - crc.points[0].N) * size
		for _, b := range crc.bad {
			kind := DamageChecksum
			if !b.Synced {
				kind = DamageUnverified
			}
			r.Damage = append(r.Damage, v.damage(s, g, kind, b.From, b.To))
		}
		// A file that ends between two points: what is behind the last one that it reaches cannot be checked.
		if k := crc.next; k > 0 && k < n && crc.points[k-1].N < g.End() && g.Provisional == 0 {
			r.Damage = append(r.Damage, v.damage(s, g, DamageUnverified, crc.points[k-1].N, g.End()))
		}
		v.annotated(s, g, r)
		return
	}
	if sum, ok := v.listed(g, g.DataFile()); ok && g.Missing == 0 {
		r.Checked += g.Samples * size
		if sum.CRC32C != crc.plain && sum.Bytes == g.Samples*size {
			r.Damage = append(r.Damage, v.damage(s, g, DamageChecksum, g.Start, g.End()))
		}
	}
	v.annotated(s, g, r)
}

// annotated adds the ranges that are annotated as damaged or unverified and were not found to be by what is left to check them with.
func (v *verifier) annotated(s *Stream, g *Segment, r *StreamReport) {
	for _, a := range g.annotations {
		kind := DamageUnverified
		if a.Label == LabelDamaged {
			kind = DamageChecksum
		} else if a.Label != LabelUnverified {
			continue
		}
		found := slices.ContainsFunc(r.Damage, func(d Damage) bool { return d.Segment == g.Number && d.From < a.End() && d.To > a.SampleStart })
		if !found {
			r.Damage = append(r.Damage, v.damage(s, g, kind, a.SampleStart, a.End()))
		}
	}
}

// damage describes a range of a segment.
func (v *verifier) damage(s *Stream, g *Segment, kind DamageKind, from, to int64) Damage {
	d := Damage{Kind: kind, Stream: s.name, Segment: g.Number, File: g.DataFile(), From: from, To: to}
	d.DeviceFrom, d.Start = placeOf(g, from)
	d.DeviceTo, d.End = placeOf(g, to-1)
	d.DeviceTo++
	d.End += Timestamp(g.Global.SampleInterval.NS(1))
	for _, a := range g.annotations {
		hidden := a.Label == LabelDamaged || a.Label == LabelUnverified
		d.Known = d.Known || hidden && a.SampleStart <= from && a.End() >= to
	}
	return d
}

// placeOf returns device index and time of a stream index by the segment's captures alone, whether the sample is there or not.
func placeOf(g *Segment, streamIndex int64) (deviceIndex int64, t Timestamp) {
	var at *Capture
	for i := range g.captures {
		if g.captures[i].SampleStart > streamIndex && at != nil {
			break
		}
		at = &g.captures[i]
	}
	if at == nil {
		return streamIndex, 0
	}
	n := streamIndex - at.SampleStart
	return at.GlobalIndex + n, at.Datetime + Timestamp(g.Global.SampleInterval.NS(n))
}

// tableSums takes the checksum of each level of an overview as it is computed.
type tableSums struct {
	crc  [OverviewLevels]Checksum
	rows [OverviewLevels]int64
}

func (t *tableSums) row(level int, b []byte) {
	t.crc[level] = UpdateChecksum(t.crc[level], b)
	t.rows[level]++
}

// overview compares the overview files of a sealed segment with what follows from its samples.
func (v *verifier) overview(g *Segment, want *tableSums, levels int) {
	for level := range OverviewLevels {
		name := OverviewName(g.Base, level)
		if level >= levels || want.rows[level] == 0 {
			if v.has(name) && (want.rows[level] > 0 || g.Samples+g.Missing == 0) {
				v.report.problem(name, "level %d does not belong to this segment", level)
			}
			continue
		}
		if err := v.compareTable(name, OverviewDescr(g.Global.Datatype), want.rows[level], OverviewRowSize(g.Global.Datatype), want.crc[level]); err != nil {
			v.report.problem(name, "it does not follow from the samples: %v", err)
		}
	}
}

func (v *verifier) compareTable(name, descr string, rows int64, rowSize int, crc Checksum) error {
	f, err := v.fs.OpenFile(v.path(name), os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	r := io.NewSectionReader(f, 0, NpyDataStart+rows*int64(rowSize)+1)
	head := make([]byte, NpyDataStart)
	if _, err := io.ReadFull(r, head); err != nil {
		return err
	}
	if !bytes.Equal(head, NpyHeader(descr, rows)) {
		return impossible("header is not that of %d rows", rows)
	}
	var have Checksum
	buf := make([]byte, 64<<10)
	total := int64(0)
	for {
		n, err := r.Read(buf)
		have = UpdateChecksum(have, buf[:n])
		total += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if total != rows*int64(rowSize) || have != crc {
		return ErrChecksum
	}
	return nil
}

// metaAgainstJournal compares what a sealed meta and its tables say with the journal they were made from.
func (v *verifier) metaAgainstJournal(g *Segment, seg *segmentFold, fold *streamFold) {
	if fold == nil || len(fold.holes) > 0 {
		return
	}
	name := g.Base + ExtMeta
	if seg.seal == nil {
		v.report.problem(name, "it is sealed, but its journal is not")
		return
	}
	lists := fold.compared
	if lists == nil {
		lists = compareLists(fold, g.captures, g.annotations)
	}
	if !lists.sameCaptures {
		v.report.problem(name, "its %d captures are not the %d of the journal", len(g.captures), lists.captures)
	}
	if !lists.sameAnnotations {
		v.report.problem(name, "its %d annotations are not the %d of the journal", len(g.annotations), lists.annotations)
	}
	if g.Start != fold.start {
		v.report.problem(name, "it begins at stream index %d, but the journal says %d", g.Start, fold.start)
	}
	gap, lost := seg.seal.GapAfter[fold.name]
	if after := g.Global.GapAfter; lost != (after != nil) || lost && (after.Lost != gap.Lost || after.Cause != gap.Cause || after.Exact != gap.Exact) {
		v.report.problem(name, "daq:gap_after is not what the journal says")
	}
	if fold.global != nil && !sameSettings(g.Global, *fold.global) {
		v.report.problem(name, "its global object is not that of the journal")
	}
}

func equalRows[T any](a, b []T, key func([]byte, T) []byte) bool {
	if len(a) != len(b) {
		return false
	}
	var x, y []byte
	for i := range a {
		if x, y = key(x[:0], a[i]), key(y[:0], b[i]); !bytes.Equal(x, y) {
			return false
		}
	}
	return true
}

// captureKey is what a table keeps of a capture, but for the monotonic time, which the journal does not have.
func captureKey(b []byte, c Capture) []byte {
	c.MonoNS = 0
	return AppendCaptureRow(b, c)
}

func annotationKey(b []byte, a Annotation) []byte { return AppendAnnotationRow(b, a) }

// sameSettings compares what does not change when a segment is sealed.
func sameSettings(a, b Global) bool {
	for _, g := range []*Global{&a, &b} {
		g.State, g.SHA512, g.RateMeasured, g.GapAfter, g.CapturesTable, g.AnnotationsTable = "", "", nil, nil, nil, nil
	}
	x, errA := marshal(a)
	y, errB := marshal(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// missing reports whether err says that a file is not there.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
