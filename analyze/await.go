package analyze

import "context"

// await does a computation that cannot be ended in its middle, such as the design of a long filter. When ctx ends it is left to itself, its outcome is
// dropped, and nobody may use what it works on; until then it holds a core and its memory.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type outcome struct {
		v   T
		err error
	}
	c := make(chan outcome, 1)
	go func() {
		v, err := f()
		c <- outcome{v, err}
	}()
	select {
	case o := <-c:
		return o.v, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// lengthy is a state whose result, or a taker whose end, may take seconds. It holds no files, so that it may be left to itself.
type lengthy interface {
	lengthy()
}

// end ends what a taker takes, or returns the error of ctx when that ends before.
func end(ctx context.Context, t taker) error {
	if _, ok := t.(lengthy); !ok {
		return t.done()
	}
	_, err := await(ctx, func() (struct{}, error) { return struct{}{}, t.done() })
	return err
}

// resultOf returns the result of a state, or the error of ctx when that ends before.
func resultOf(ctx context.Context, s state) (*Table, error) {
	if _, ok := s.(lengthy); ok {
		return await(ctx, s.result)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.result()
}

// laborious is a taker that has much to do for a sample.
type laborious interface {
	// atOnce is how many samples it takes without a look at whether it is to end, at least 1.
	atOnce() int
}

// searchDose is how many samples are searched for peaks and events at once: there may be one at every third.
const searchDose = 1 << 15

// dosed gives a taker values in doses that it is done with in some ten milliseconds, and looks in between whether it is to end.
func (l *lane) dosed(ctx context.Context, t taker, give func(x []float64) error) func(x []float64) error {
	slow, ok := t.(laborious)
	if !ok || l.second != nil {
		return give
	}
	return func(x []float64) error {
		for len(x) > 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			n := min(len(x), max(1, slow.atOnce()))
			if err := give(x[:n]); err != nil {
				return err
			}
			x = x[n:]
		}
		return nil
	}
}
