package peaks

// Peak is one peak. Indices count samples as [Finder] does, heights are in the unit of the samples (of -x with [Options.Valleys]).
// In brackets the name of the property in SciPy.
type Peak struct {
	Index  int64   // the sample, or the middle of the plateau rounded down
	Height float64 // the value there (peak_heights)

	LeftEdge, RightEdge int64 // first and last sample of the plateau, Index for a peak of one sample (left_edges, right_edges)

	// LeftThreshold and RightThreshold are how far the peak stands above its two neighbours (left_thresholds, right_thresholds).
	LeftThreshold, RightThreshold float64

	// Prominence is the height above the higher base; a base is the lowest sample between the peak and the next higher sample, the
	// end of the stretch or of the window, on that side, of equal ones the nearest (prominences, left_bases, right_bases). They are
	// set where [Options.Prominence] or [Options.Width] is.
	Prominence          float64
	LeftBase, RightBase int64

	// Width is the width in samples at WidthHeight = Height - Prominence*RelHeight, between LeftCrossing and RightCrossing, which are
	// interpolated linearly (widths, width_heights, left_ips, right_ips). They are set where [Options.Width] is.
	Width, WidthHeight          float64
	LeftCrossing, RightCrossing float64
}

// PlateauSize returns the number of samples on the plateau, at least 1 (plateau_sizes).
func (p *Peak) PlateauSize() int64 { return p.RightEdge - p.LeftEdge + 1 }
