// Package keep decides which segments of a run stay that keeps only what lies around events. It is told of events, of segments that are complete, and of the
// times at which samples came, and says which segments no event can need any more. Devices have clocks and delays of their own: all is brought to the
// host's monotonic clock, and what is not known for sure is kept. Files and devices are not known here.
package keep
