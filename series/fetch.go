package series

import "sort"

// Fetch reads samples from a device index on, as they are stored, up to so many and to the next gap or change, so that reading their values
// afterwards needs no disk: who reads several series in turns moves a disk's head seldom. They are the reader's until it fetches again. What cannot be
// read is left to [Reader.Read], which tells why.
func (r *Reader) Fetch(device, samples int64) {
	r.held = 0
	spans := r.s.Spans
	k := sort.Search(len(spans), func(k int) bool { return spans[k].End() > device })
	if k == len(spans) || spans[k].Device > device {
		return
	}
	p, size := &spans[k], int64(r.s.Global.Datatype.Size())
	n := min(samples, p.End()-device) * size
	if int64(len(r.fetched)) < n {
		r.fetched = make([]byte, n)
	}
	r.from = p.Stream + device - p.Device
	held, _ := r.s.Stream.ReadAt(r.fetched[:n], r.from)
	r.held = int64(held)
}

// fetchedAt returns samples that were fetched, nil where not all of them were.
func (r *Reader) fetchedAt(samples int, streamIndex int64) []byte {
	at := streamIndex - r.from
	if at < 0 || at+int64(samples) > r.held {
		return nil
	}
	size := int64(r.s.Global.Datatype.Size())
	return r.fetched[at*size : (at+int64(samples))*size]
}
