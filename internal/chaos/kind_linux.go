package main

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// kind is a kind of fault.
type kind struct {
	name   string
	fault  string // what is done, in a line
	expect string // what should come of it, in a line
	// act carries a trial out: it sets up, does harm, and says to the trial what should have come of it. An error means that the trial itself could
	// not be carried out, or that the program did not do what was waited for.
	act func(t *trial) error
	// needs says why the kind cannot be tried on this machine; nil: it always can.
	needs func(e *environment) error
	// long kinds take more than about twenty seconds: they are not in the short form.
	long bool
	// alone kinds need the machine for themselves.
	alone bool
	// once kinds are tried once in a session, since nothing in them is left to chance.
	once bool
}

// group is a heading of the table with the kinds under it.
type group struct {
	title string
	kinds []kind
}

// groups are all kinds.
func groups() []group {
	return []group{
		{"Nothing", controlKinds},
		{"Plugins that die", deathKinds()},
		{"Plugins that hang, lie or flood", hangKinds()},
		{"Devices", deviceKinds()},
		{"Deliveries", deliveryKinds()},
		{"The recorder itself", coreKinds()},
		{"Who else is on the machine", besideKinds()},
		{"Disks", diskKinds()},
		{"Several at once", severalKinds()},
		{"Counters", counterKinds()},
	}
}

// allKinds are the kinds of all groups in their order.
func allKinds() []kind {
	var list []kind
	for _, g := range groups() {
		list = append(list, g.kinds...)
	}
	return list
}

// kindsNamed picks kinds by names or patterns separated by commas; empty: all.
func kindsNamed(names string) ([]kind, error) {
	all := allKinds()
	if names == "" {
		return all, nil
	}
	var list []kind
	for _, name := range strings.Split(names, ",") {
		i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no kind %q; -list shows them", name)
		}
		list = append(list, all[i])
	}
	return list, nil
}

// ticket names one trial: its kind and the seed of all that is left to chance in it.
type ticket struct {
	kind kind
	seed uint64
}

// String is what -replay takes.
func (k ticket) String() string { return fmt.Sprintf("%s/%d", k.kind.name, k.seed) }

// parseTicket is the inverse of String.
func parseTicket(text string) (ticket, error) {
	name, number, ok := strings.Cut(text, "/")
	seed, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil {
		return ticket{}, fmt.Errorf("%q is not KIND/SEED", text)
	}
	kinds, err := kindsNamed(name)
	if err != nil {
		return ticket{}, err
	}
	return ticket{kinds[0], seed}, nil
}

// seedOf makes the seed of the n-th trial of a kind from the session's.
func seedOf(session uint64, kind string, n int) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s/%d", session, kind, n)
	return h.Sum64() % 1_000_000 // short enough to be typed
}
