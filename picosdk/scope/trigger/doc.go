// Package trigger turns the trigger that a plan asks for into one in the terms of an oscilloscope, a [Plan] of codes, sources and
// numbers of samples, or refuses it at its place with what is nearest ([Make]); and it makes the calls of a vendor library that arm a
// trigger in an order which never leaves half of one behind ([Calls]).
//
// What families differ in is a value of [Rules]. It opens no unit and knows no library: the plugins' adapters write a Plan in the calls
// of theirs.
package trigger
