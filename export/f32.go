package export

// f32 writes the values as little-endian float32 and nothing else: of a block mode one waveform behind the other. Samples that are missing
// are NaN.
type f32 struct{ w *output }

func newF32(_ *Options, _ *header, w *output) (encoder, error) { return &f32{w: w}, nil }

func f32Fits(_ *Options, h *header) error { return singleFits(".f32", h) }

func (e *f32) write(b *batch) error { return e.w.first.put(itemFloat32, b.values[0]) }

func (e *f32) end() error { return nil }
