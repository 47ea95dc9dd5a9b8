// Package loop is what the acquisition loops of all families share: a thread in C that polls a source of samples, copies what it brings
// into the lanes of a ring, computes streams that the hardware does not, decides when to commit, counts, and ends for a reason that can
// be told.
//
// Go configures, starts, stops and waits; between Start and the end no Go runs on the path of the samples, nothing is allocated and no
// lock is taken. The source is C code of packages overview and lent, handed over as function pointers.
//
// Not in here: how a vendor library hands over samples (packages overview and lent), loading it, and what the samples mean.
package loop
