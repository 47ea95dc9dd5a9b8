// Package clock joins the three clocks of a run: a device's sample counter, the host's monotonic clock and UTC. It
// reads the host's clocks together, gives a monotonic time its UTC, picks the sample-and-time pairs that are kept in
// the recording, tells when UTC stepped or the host was suspended, concludes from the times of deliveries that samples
// are missing, and puts devices on one axis of time. It writes no files and knows no devices.
package clock
