package main

import "github.com/scopelog/scopelog/driver"

// callFaults lets the faults of a call happen: those of which something is left, each noted as used before it happens.
func callFaults(w *world, faults []fault, call string, left func(*fault) int64, used func(*fault) error) error {
	for i := range faults {
		f := &faults[i]
		if f.call != call || left(f) == 0 {
			continue
		}
		if err := used(f); err != nil {
			return driver.Errorf(driver.KindPermanent, call, "%w", err)
		}
		switch f.kind {
		case faultCrash:
			w.crash(f.how)
		case faultHang:
			w.hang(f.how, f.duration)
		case faultPrint:
			for range f.count {
				w.print(f.output, f.text)
			}
		case faultRefuse:
			e := driver.Errorf(f.errorKind, call, "sim: this refusal was asked for")
			e.Advice = "remove the fault block from the plan, or wait until its times are used up"
			return e
		}
	}
	return nil
}
