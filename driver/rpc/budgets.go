package rpc

import (
	"time"

	"github.com/scopelog/scopelog/driver"
)

// Deadlines of the calls that have no budget of their own.
const (
	startTimeout    = 10 * time.Second // from exec to the first Attend
	describeTimeout = 10 * time.Second
	handOverTimeout = 10 * time.Second // mapping and populating a ring
	controlTimeout  = 10 * time.Second // generator, power, identify, ping, software trigger, arm
	waitSlice       = 10 * time.Second // one call of a Wait, which is made of many
)

// DefaultBudgets are the times that hold where a driver names none. Stream and Fetch are not used here: the ring's
// progress mark is watched by the session.
var DefaultBudgets = driver.Budgets{
	Open: 60 * time.Second, Configure: 10 * time.Second, Stream: 2 * time.Second, Fetch: 10 * time.Second, Close: 5 * time.Second,
}

// MaxBudget is the longest budget that a driver is granted.
const MaxBudget = 10 * time.Minute

// orDefault fills in what is not set, field by field, and keeps all between floor and [MaxBudget].
func orDefault(b driver.Budgets, floor time.Duration) driver.Budgets {
	for _, f := range []struct{ is, def *time.Duration }{
		{&b.Open, &DefaultBudgets.Open},
		{&b.Configure, &DefaultBudgets.Configure},
		{&b.Stream, &DefaultBudgets.Stream},
		{&b.Fetch, &DefaultBudgets.Fetch},
		{&b.Close, &DefaultBudgets.Close},
	} {
		if *f.is <= 0 {
			*f.is = *f.def
		}
		*f.is = max(min(*f.is, MaxBudget), floor)
	}
	return b
}
