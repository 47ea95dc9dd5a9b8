package scope

import "time"

// How long a unit that answers "busy" to a stop or a close is asked again, and how often.
const (
	busyLimit = time.Second
	busyPause = 10 * time.Millisecond
)

// patiently calls again what answers "busy", for a while. It is for the worker.
func patiently(call func() error) error {
	for limit := time.Now().Add(busyLimit); ; time.Sleep(busyPause) {
		if err := call(); !busy(err) || time.Now().After(limit) {
			return err
		}
	}
}

// stop ends what runs. It is for the worker.
func (d *Device) stop() error { return patiently(d.unit.Stop) }
