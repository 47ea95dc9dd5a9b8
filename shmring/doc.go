// Package shmring is the shared memory through which samples travel from a plugin process to the core: its layout, the producer, the
// consumer (recorder), lossy observers, and the datagrams that hand a ring over.
//
// A ring belongs to one device and one Start (a generation). It is a sealed memfd with a header page, a lane table, one queue of 64-byte
// descriptors and one byte ring per lane. A lane is one stream of samples of one channel. A producer copies samples into lanes, describes
// them in a batch of descriptors and commits the batch by one store; the consumer reads descriptors, checks every one as if it came from an
// enemy, writes the samples from the lane's memory and gives the room back. Loss is data: what found no room becomes GAP descriptors with
// exact counts.
//
//	core                                        plugin
//	r, _ := Create(spec)                        p, _ := AttachProducer(file)
//	SendRing(conn, r)                           p.Begin(MonoNow())
//	c := NewConsumer(r)                         p.Push(0, samples)
//	descs, _ := c.Poll()                        p.Commit()
//	c.Data(lane, d.Pos, d.Count)                ...
//	c.ReleaseData(lane, end)                    p.Finish(nil)
//	c.ReleaseDesc(index)
//
// The byte-level specification, enough to write a producer in any language, is docs/format/ring.md; [FieldTable] prints the layout that
// this package really uses. Mapped rings need Linux; elsewhere they answer [ErrNotSupported], and [NewHeap] gives the same logic within one
// process on every system.
//
// Not in here: files and journals, process supervision, gRPC, and what the samples mean.
package shmring
