package dynlib

import "fmt"

// signalState is how the process handles the signals that the Go runtime lives on.
type signalState []signalHandler

type signalHandler struct {
	name    string
	handler uintptr
	onStack bool
}

// compare says what is worse in now than in s.
func (s signalState) compare(now signalState) []string {
	var problems []string
	for i, b := range s {
		if i >= len(now) {
			break
		}
		n := now[i]
		switch {
		case n.handler != b.handler:
			problems = append(problems, fmt.Sprintf("the library has replaced the handler of %s", b.name))
		case b.onStack && !n.onStack:
			problems = append(problems, fmt.Sprintf("the library has taken the alternate stack from the handler of %s", b.name))
		}
	}
	return problems
}
