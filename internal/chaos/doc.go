// Command chaos lets the built program record emulated and simulated rigs and does harm to it, as long as it is told to: at random, but
// every trial can be replayed by its kind and seed. It judges each with what the units themselves wrote down, and writes what came of it into
// the table in docs/reliability.md. It ends with 1 when anything was not as it should be, and keeps the folders of such trials.
//
//	go run ./internal/chaos -for 1h            # rounds over all kinds
//	go run ./internal/chaos -list              # the kinds
//	go run ./internal/chaos -replay KIND/SEED  # one trial again
//
// The programs are those in bin/: make build them first, or use make chaos. Kinds are rows of tables in the files kinds_*.go; what a trial
// needs is in the package stage, the judges are in judge and truth.
package main
