// Package events finds events in recorded signals of any length: levels and windows that are gone through or held, runts, pulses of
// a width, intervals, dropouts and slopes. A [Condition] says what is looked for, in the words and with the meaning of a plan's
// event and trigger blocks; a [Detector] takes the samples in pieces, or passes over stretches of which only the smallest and
// the largest sample are known, and reports each event with place, length and extreme value.
//
// Not in here: events while a run records, which are found in converter counts (core/events), and measurements of what was found
// (analysis/measure).
package events
