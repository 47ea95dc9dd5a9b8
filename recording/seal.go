package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// finishSegments completes segments whose seal line is durable, oldest first. Each step may be repeated; what fails is tried again by the next
// sync. Those from the one numbered held on wait: the latest line with facts of the ring is in it, and a device goes on from there when it is adopted.
func (d *DeviceWriter) finishSegments(ctx context.Context, held int) (sealed []int, err error) {
	for len(d.live) > 0 && d.live[0].sync.journaled && d.live[0].number < held {
		if err := ctx.Err(); err != nil {
			return sealed, err
		}
		seg := d.live[0]
		switch hashed, err := d.hashed(seg); {
		case err != nil:
			return sealed, fmt.Errorf("device %s: seal segment %d: %w", d.info.Name, seg.number, err)
		case !hashed:
			return sealed, nil // the next sync asks again
		}
		if whole, err := d.putBackSealed(ctx, seg); err != nil || !whole {
			return sealed, err // the next sync goes on
		}
		if err := d.finishSegment(seg); err != nil {
			return sealed, fmt.Errorf("device %s: seal segment %d: %w", d.info.Name, seg.number, err)
		}
		sealed = append(sealed, seg.number)
		d.live, d.sealed = d.live[1:], seg
	}
	return sealed, nil
}

func (d *DeviceWriter) finishSegment(seg *segment) error {
	s := &seg.sync
	if err := s.clock.write(d, seg.number); err != nil {
		return &DeviceError{d.info.Name, "write clock pairs", err}
	}
	for _, f := range s.files {
		if err := f.seal(); err != nil {
			return err
		}
	}
	if err := s.clock.seal(); err != nil {
		return &DeviceError{d.info.Name, "sync clock pairs", err}
	}
	if err := d.run.fsys.SyncDir(d.run.dir); err != nil {
		return &DeviceError{d.info.Name, "sync folder", err}
	}
	d.run.setSealed(d.info.Name, seg.number, s.sums())
	if err := d.run.save(); err != nil {
		return err
	}
	d.tellSealed(seg)
	seg.closeFiles()
	return nil
}

// sums returns the files of a segment that is finished.
func (s *segmentSync) sums() map[string]FileSum {
	files := make(map[string]FileSum)
	for _, f := range s.files {
		f.sums(files)
	}
	if s.clock.sum.Bytes > 0 {
		files[s.clock.name] = s.clock.sum
	}
	for _, p := range s.parts {
		files[p.name] = p.sum
	}
	return files
}

// seal completes the files of a stream: data cut to length, overview, tables, and the meta that says so. Of a file that is given up nothing has to succeed
// that has to do with its data.
func (f *streamFile) seal() error {
	s := &f.sync
	if s.sealed {
		return nil
	}
	if err := f.release(s.done.n); err != nil && !s.watch.lost {
		return err
	}
	if err := f.f.DataSync(); err != nil && !s.watch.lost {
		return &StreamError{f.name, "sync", err}
	}
	s.tables = make(map[string]FileSum)
	if err := firstError(s.captures.seal(s.tables), s.notes.seal(s.tables)); err != nil {
		return &StreamError{f.name, "complete tables", err}
	}
	f.ov.stale = f.ov.stale || s.watch.again && s.overview == nil
	if err := f.sealOverview(); err != nil && !s.watch.lost {
		return &StreamError{f.name, "make overview", err}
	}
	if err := f.writeMeta(true); err != nil {
		return &StreamError{f.name, "seal meta", err}
	}
	s.sealed = true
	return nil
}

// sealOverview completes the overview, made anew from the data where it is stale or its completion fails. When that fails too it is removed,
// which gives room, and the next try makes it from the data.
func (f *streamFile) sealOverview() error {
	s := &f.sync
	if s.overview != nil {
		return nil
	}
	err := f.completeOverview()
	if err != nil {
		f.ov.stale = true
		err = f.completeOverview()
	}
	if err == nil {
		s.overview, err = f.ov.checksums()
	}
	if err != nil {
		f.ov.stale = true
		_ = f.ov.remove() // what stays is overwritten by the next try, or by repair
	}
	return err
}

func (f *streamFile) completeOverview() error {
	if f.ov.stale {
		if err := f.rebuildOverview(); err != nil {
			return err
		}
	}
	var rows [OverviewLevels]int64
	for level := range rows {
		rows[level] = f.ov.levels[level].rows
	}
	if err := f.ov.writeHeaders(rows); err != nil {
		return err
	}
	return f.ov.sync()
}

// rebuildOverview makes the overview from data and captures.
func (f *streamFile) rebuildOverview() error {
	if err := f.ov.remove(); err != nil {
		return err
	}
	caps, err := f.sync.allCaptures()
	if err != nil {
		return err
	}
	o := newOverview(f.fsys, f.dir, f.base, f.sync.meta.Global.Datatype)
	f.ov = o
	buf := make([]byte, 256<<10)
	for i, c := range caps {
		end := f.sync.done.n
		if i+1 < len(caps) {
			end = caps[i+1].SampleStart
		}
		for at := c.SampleStart; at < end; {
			n := min(end-at, int64(len(buf))/f.itemSize)
			p := buf[:n*f.itemSize]
			if _, err := f.f.ReadAt(p, (at-f.start)*f.itemSize); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			o.add(c.GlobalIndex+at-c.SampleStart, p)
			at += n
			if o.stale {
				return o.err
			}
		}
	}
	o.finish()
	if o.stale {
		return o.err
	}
	return nil
}

// sync makes the files durable, cut to their rows.
func (o *overview) sync() error {
	for level := range o.levels {
		l := &o.levels[level]
		if l.f == nil {
			continue
		}
		if err := firstError(l.f.Truncate(NpyDataStart+l.rows*int64(OverviewRowSize(o.typ))), l.f.DataSync()); err != nil {
			return err
		}
	}
	return nil
}

// checksums reads the files back.
func (o *overview) checksums() (map[string]FileSum, error) {
	sums := make(map[string]FileSum)
	for level := range o.levels {
		if f := o.levels[level].f; f != nil {
			sum, err := checksumFile(f)
			if err != nil {
				return nil, err
			}
			sums[OverviewName(o.base, level)] = sum
		}
	}
	return sums, nil
}

// syncWhole makes a complete file durable. A failed sync may have dropped what was dirty, and the next one would not tell: unsure remembers it,
// and all bytes, which sum describes, are written again before another sync is believed.
func syncWhole(f File, sum FileSum, unsure *bool) error {
	if *unsure {
		if err := rewriteFile(f, sum); err != nil {
			return fmt.Errorf("write again: %w", err)
		}
	}
	*unsure = true
	if err := f.DataSync(); err != nil {
		return err
	}
	*unsure = false
	return nil
}

// rewriteFile writes the bytes of a file again where they are. It is an error when they are not what sum tells any more.
func rewriteFile(f File, sum FileSum) error {
	buf := make([]byte, min(sum.Bytes, 256<<10))
	var crc Checksum
	for at := int64(0); at < sum.Bytes; {
		p := buf[:min(sum.Bytes-at, int64(len(buf)))]
		if n, err := f.ReadAt(p, at); n < len(p) {
			return firstError(err, io.ErrUnexpectedEOF)
		}
		crc = UpdateChecksum(crc, p)
		if _, err := f.WriteAt(p, at); err != nil {
			return err
		}
		at += int64(len(p))
	}
	if crc != sum.CRC32C {
		return ErrChecksum
	}
	return nil
}

// checksumFile reads a whole file.
func checksumFile(f File) (FileSum, error) {
	size, err := f.Size()
	if err != nil {
		return FileSum{}, err
	}
	sum := FileSum{Bytes: size}
	buf := make([]byte, min(size, 256<<10))
	for at := int64(0); at < size; {
		n, err := f.ReadAt(buf[:min(size-at, int64(len(buf)))], at)
		sum.CRC32C = UpdateChecksum(sum.CRC32C, buf[:n])
		at += int64(n)
		if n == 0 {
			return FileSum{}, firstError(err, io.ErrUnexpectedEOF)
		}
	}
	return sum, nil
}

// sums adds the finished files of a stream.
func (f *streamFile) sums(files map[string]FileSum) {
	s := &f.sync
	files[f.base+ExtData] = FileSum{Bytes: (s.done.n - f.start) * f.itemSize, CRC32C: s.done.crc}
	files[f.base+ExtMeta] = s.metaSum
	for name, sum := range s.overview {
		files[name] = sum
	}
	for name, sum := range s.tables {
		files[name] = sum
	}
}
