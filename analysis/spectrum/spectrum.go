package spectrum

// Spectrum is one side of a power spectrum, with how it was made.
type Spectrum struct {
	// Values are at the frequencies 0, Step, 2 Step and so on up to half the sample rate. With u the unit of the signal they are in u^2/Hz
	// ([Density]) or u^2 ([Power]). They belong to the caller.
	Values []float64
	Step   float64 // Hz
	// NoiseBandwidth is the equivalent noise bandwidth of the window in Hz: a density times it is a power.
	NoiseBandwidth float64
	Scaling        Scaling

	SampleRate float64 // Hz
	Window     Window
	Segment    int   // samples of each segment
	Segments   int64 // how many were averaged
	Samples    int64 // that were given
	Skipped    int64 // of them, in no segment: the ends of stretches, and stretches shorter than a segment
	Shortened  bool  // no stretch was as long as a segment: the longest became the only segment, as SciPy does it, with a warning
}

// Frequency returns the frequency of Values[k] in Hz.
func (s *Spectrum) Frequency(k int) float64 { return float64(k) * s.Step }
