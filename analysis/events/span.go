package events

import "fmt"

// spanType is how lengths are compared.
type spanType int

const (
	anyLength spanType = iota
	lessThan
	greaterThan
	inRange
	outOfRange
)

// Span is a condition on a length, in samples. The zero value accepts each length.
type Span struct {
	t            spanType
	lower, upper int64
}

// LessThan accepts what is shorter than n samples.
func LessThan(n int64) Span { return Span{lessThan, 0, n} }

// GreaterThan accepts what is longer than n samples.
func GreaterThan(n int64) Span { return Span{greaterThan, n, 0} }

// InRange accepts what has lower to upper samples, both included.
func InRange(lower, upper int64) Span { return Span{inRange, lower, upper} }

// OutOfRange accepts what is shorter than lower or longer than upper samples.
func OutOfRange(lower, upper int64) Span { return Span{outOfRange, lower, upper} }

func (s Span) check() error {
	switch {
	case s.lower < 0 || s.upper < 0:
		return fmt.Errorf("a length of %d samples; it must be 0 or more", min(s.lower, s.upper))
	case s.t == lessThan && s.upper < 2:
		return fmt.Errorf("nothing is shorter than %d samples; take 2 or more", s.upper)
	case (s.t == inRange || s.t == outOfRange) && s.lower > s.upper:
		return fmt.Errorf("a range of lengths from %d to %d samples; the first must be the smaller one", s.lower, s.upper)
	}
	return nil
}

// accepts tells about something that is n samples long.
func (s Span) accepts(n int64) bool {
	switch s.t {
	case lessThan:
		return n < s.upper
	case greaterThan:
		return n > s.lower
	case inRange:
		return n >= s.lower && n <= s.upper
	case outOfRange:
		return n < s.lower || n > s.upper
	}
	return true
}

// certain tells about something of which n samples were seen, and which may be longer.
func (s Span) certain(n int64) bool {
	switch s.t {
	case greaterThan:
		return n > s.lower
	case outOfRange:
		return n > s.upper
	}
	return s.t == anyLength
}
