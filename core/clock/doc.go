// Package clock joins the three clocks of a run: a device's sample counter, the host's monotonic clock and UTC. It
// reads the host's clocks together, gives a monotonic time its UTC, picks the sample-and-time pairs that are kept in
// the recording, and tells when UTC stepped or the host was suspended. It writes no files.
package clock
