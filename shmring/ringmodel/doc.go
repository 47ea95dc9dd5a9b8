// Package ringmodel is an explicit-state model of the ring's protocol: producer, recorder, observer and the crashes of both processes, as
// docs/format/ring.md describes them. It explores every order in which their accesses to shared memory can take effect and checks after each
// that no sample is wrong, none is lost without being counted, nobody sleeps while there is work, and the last batch finds room.
//
// # What it models
//
// One shared access is one step. Stores go through a store buffer per process: none (sequentially consistent), first in first out (amd64), or
// in any order but for releases, fences and stores to the same place (arm64). A futex call is one step. A killed process stops at once; what
// is in its store buffer still arrives. A sample is one byte; a descriptor is one word, since nothing reads one before its commit but an
// observer, whose rule is the same for words and bytes. Lanes have 2 to 4 samples and the queue 4 to 8 descriptors, so every cursor goes round.
// The reserve for the last batch is scaled to what that batch needs here: a GAP per lane and EOS.
//
// # Changing the protocol
//
// Change the model in the same commit. Each process is a small machine: a program counter (the constants in state.go) and a function with one
// case per step (producer.go, producer_wait.go, recorder.go, recorder_sleep.go, adopt.go, observer.go).
//
//  1. Give every new shared word a location in memory.go, and every new access a step of its own. Computation on private values belongs to the
//     step whose access it follows.
//  2. Say in the step what orders it: a release store, [model.storeStore], or a wait for an empty buffer ([model.drained]) for a full fence.
//  3. For each thing that could be left out or swapped, add a [Fault] with its row in faults.go: the case that must find it, and on which
//     memory models. A fence whose absence no case finds is either not needed or not tested.
//  4. Keep locals zero when they mean nothing: two states that differ only in rubbish are explored twice.
//  5. Run the tests in the long form (SCOPELOG_LONG=1, some minutes) once before the commit.
//
// # What it does not model
//
// A sync that lags behind r_pos and the exception for a queue that is three quarters full, a journal line that comes between the recorder's last
// look and its sleep (its wake-up is lost and d_read moves at the time-out, as the specification allows), real pages and files, ratios other than 1, rotation,
// marks and block captures beyond waiting for room, reordered loads other than the observer's, hostile peers, and anything in the code: it
// checks the protocol, the tests of package shmring and of shmring.h check the programs.
package ringmodel
