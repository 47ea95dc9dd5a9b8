// Command sim is the simulated driver: a plugin without a vendor library. Its units exist as soon as they are asked for,
// deliver signals that are functions of the sample index, and fail in every way on request. Here are its models, options,
// pacing, deliveries, blocks, losses and faults; the signals themselves are in internal/signal, the reading of recorded ones in
// internal/replay, the search for triggers in internal/trigger.
package main
