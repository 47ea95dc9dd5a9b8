// Package stage sets up what one trial needs and takes it down again: a folder with a rig of emulated and simulated units, a plan, and the
// built program that carries it out as a user would let it. It tells what the program says and does, and what it leaves behind. It harms
// nothing by itself and judges nothing.
package stage
