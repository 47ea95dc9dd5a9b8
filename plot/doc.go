// Package plot draws pictures of recordings, as PNG, SVG or text in braille: streams over time, power spectral densities, spectrograms,
// histograms, waveforms on top of each other, one stream against another.
//
// [Time], [Persistence] and [XY] read a recording; [PSD], [Spectrogram], [Histogram] and [Curves] take numbers that were computed elsewhere. Each
// returns a [Figure], which can be drawn in any size and form. Memory does not grow with the recording: a figure holds some thousand columns for each
// stream, the smallest and the largest value of each. Long stretches are taken from the recording's overview, so that a week is drawn as fast
// as a minute. What was lost is never bridged: it is a shaded band with its cause in the legend.
//
// Not in here: computing spectra and statistics (analysis), choosing streams and places by name (series), the command's flags (cmd/logger).
package plot
