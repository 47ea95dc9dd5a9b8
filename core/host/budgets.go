package host

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// StreamBudget is the longest time without progress after which a streaming device counts as hung: hangAfter where
// the plan sets it, else the driver's budget (2 s where it names none), and at least four delivery periods. A period
// of 0 is unknown.
func StreamBudget(b driver.Budgets, deliveryPeriod, hangAfter time.Duration) time.Duration {
	if hangAfter > 0 {
		return hangAfter
	}
	return max(bounded(b.Stream, rpc.DefaultBudgets.Stream), bounded(4*deliveryPeriod, 0))
}

// FetchBudget is the same while a chunk of a block is fetched (10 s where the driver names none). While a device
// waits for a trigger nothing is fetched, but its polls count as progress all the same: this budget holds then, too.
func FetchBudget(b driver.Budgets, hangAfter time.Duration) time.Duration {
	if hangAfter > 0 {
		return hangAfter
	}
	return bounded(b.Fetch, rpc.DefaultBudgets.Fetch)
}

// bounded takes a driver's word for its own slowness within reason.
func bounded(want, def time.Duration) time.Duration {
	if want <= 0 {
		return def
	}
	return min(want, rpc.MaxBudget)
}

// CloseBudget is the time that stopping or closing a device may take (5 s where the driver names none).
func CloseBudget(b driver.Budgets, hangAfter time.Duration) time.Duration {
	return max(bounded(b.Close, rpc.DefaultBudgets.Close), hangAfter)
}
