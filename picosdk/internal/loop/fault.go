package loop

import "fmt"

// calls are the names of the functions that a status can come from, by the numbers of source.h.
var calls = [...]string{"GetStreamingLatestValues", "SetDataBuffer", "SetDataBuffers"}

// The numbers of source.h.
const (
	faultNone = iota
	faultCount
	faultRange
	faultStart
	faultNotGiven
	faultBack
	faultSkipped
)

// faultText says in words what the library did.
func faultText(fault, input uint32, a, b int64) string {
	switch fault {
	case faultNone:
		return ""
	case faultCount:
		return fmt.Sprintf("the library told of %d samples for input %d, whose buffer has %d", a, input, b)
	case faultRange:
		return fmt.Sprintf("the library told of %d samples for input %d from index %d on, beyond the end of the buffer", b, input, a)
	case faultStart:
		return fmt.Sprintf("the library told of samples for input %d from index %d of the buffer on, where index %d was next", input, a, b)
	case faultNotGiven:
		return fmt.Sprintf("the library told of samples for input %d in buffer %d, but was given only %d", input, a, b)
	case faultBack:
		return fmt.Sprintf("the library told of samples for input %d in buffer %d again, which it had left for buffer %d", input, a, b)
	case faultSkipped:
		return fmt.Sprintf("the library told of samples for input %d in buffer %d, right after buffer %d", input, a, b)
	}
	return fmt.Sprintf("the library broke a rule (%d) for input %d: %d, %d", fault, input, a, b)
}

// Call is the name of a function that a status can come from, by its number in source.h.
func Call(number uint32) string { return calls[number%uint32(len(calls))] }
