// Package spectrum estimates power spectra of sampled signals: windows, Welch's average of any length of signal in constant memory,
// spectrograms column by column, and what is read off a spectrum: lines, noise floor, SNR, THD and SINAD.
//
// Numbers are those of scipy.signal.welch, spectrogram and get_window with the same parameters. Signals come as contiguous stretches
// in chunks of any size; no segment bridges a gap between stretches. All cores are used; how many there are, and how the signal was
// cut into chunks, does not change a bit of a result.
//
// Not in here: reading recordings, correlation of two signals (analysis/correlate), pictures of spectra (plot).
package spectrum
