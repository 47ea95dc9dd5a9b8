// Package recorder drains a device's ring into a recording: it makes the ring, takes what the producer committed,
// turns positions in the ring into places in files, accounts for every gap, and decides when files are synced. The
// layout of the ring is package shmring's, that of the files package recording's; processes and plans are not known
// here.
package recorder
