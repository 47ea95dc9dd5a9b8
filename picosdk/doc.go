// Package picosdk holds what is true of every vendor library of Pico Technology: status codes, voltage ranges, time
// units, information keys, the scaling of samples, versions, the presence of units on USB, and [Model], the table
// entry that says what one model can do. It calls no vendor library, uses no cgo, and knows no family by name: what
// differs between families is a value in a table of theirs.
package picosdk
