package measure

import "math"

// state is where the signal is.
type state uint8

const (
	unknown state = iota
	low
	high
)

// edges finds where a signal goes through a level, with hysteresis. Of several crossings within the hysteresis the last counts.
type edges struct {
	level, up, down float64 // the signal is high from up on, low from down on
	state           state
	rise, fall      instant // latest crossings
}

func newEdges(level, hysteresis float64) edges {
	return edges{level: level, up: level + hysteresis/2, down: level - hysteresis/2}
}

// begin takes the first sample of a stretch.
func (e *edges) begin(v float64) {
	e.state = unknown
	e.settle(v)
}

// step takes a sample and the one before. crossed tells that it is at the other side of the level, rising or falling; edge that
// this, or an earlier crossing, is an edge.
func (e *edges) step(index int64, p, v float64) (crossed, edge state) {
	switch {
	case p < e.level && v >= e.level:
		e.rise, crossed = crossing(index, p, v, e.level), high
	case p > e.level && v <= e.level:
		e.fall, crossed = crossing(index, p, v, e.level), low
	}
	was := e.state
	if e.settle(v); was != unknown && e.state != was {
		return crossed, e.state
	}
	return crossed, unknown
}

// settle follows the state.
func (e *edges) settle(v float64) {
	switch {
	case e.state != high && v > e.level && v >= e.up:
		e.state = high
	case e.state != low && v < e.level && v <= e.down:
		e.state = low
	}
}

// side is the open range around a sample, the latest one, in which the next one changes nothing. ok is false where there is none.
func (e *edges) side(v float64) (within [2]float64, ok bool) {
	switch {
	case e.state == low && v < e.level:
		return [2]float64{math.Inf(-1), e.level}, true
	case e.state == high && v > e.level:
		return [2]float64{e.level, math.Inf(1)}, true
	}
	return within, false
}
