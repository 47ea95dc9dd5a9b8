// Package trigger finds the sample at which a scope's trigger fires: comparators with hysteresis over levels, windows and
// pins, the timer of the pulse width, their OR of ANDs, and the time between sample and crossing. It looks at any signal
// that is a function of the sample index, in pieces, and jumps over stretches in which nothing can change. When an
// acquisition is armed, and what it does with a trigger, is not here.
package trigger
