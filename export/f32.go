package export

// f32 writes the values as little-endian float32 and nothing else: of a block mode one waveform behind the other. Samples that are missing
// are NaN.
type f32 struct {
	w       *output
	scratch []byte
}

func newF32(_ *Options, _ *header, w *output) (encoder, error) { return &f32{w: w}, nil }

func f32Fits(_ *Options, h *header) error { return singleFits(".f32", h) }

func (e *f32) write(b *batch) error {
	e.scratch = itemFloat32.append(e.scratch[:0], b.values[0])
	_, err := e.w.Write(e.scratch)
	return err
}

func (e *f32) end() error { return nil }
