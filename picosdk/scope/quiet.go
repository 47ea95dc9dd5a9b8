package scope

import "github.com/scopelog/scopelog/driver"

// quietly calls f, which calls the library, while no acquisition of this process does: vendor libraries take one call at a
// time. f must be quick, for samples wait in the library's buffers meanwhile. It fails without calling f where an acquisition
// cannot be held. It is for the worker.
func (d *Driver) quietly(op string, f func() error) error {
	for _, a := range d.streaming() {
		q, ok := a.loop.(Quieter)
		if !ok {
			return driver.Errorf(driver.KindTransient, op, "this is not possible while a unit streams: stop it first")
		}
		inner := f
		f = func() error { return q.Quiet(inner) }
	}
	return f()
}

// streaming lists the streams that run. Block modes are not among them: they call the library like everybody else.
func (d *Driver) streaming() []*acquisition {
	var list []*acquisition
	for _, a := range d.active() {
		if stream, ok := a.(*acquisition); ok {
			list = append(list, stream)
		}
	}
	return list
}

// active lists what runs.
func (d *Driver) active() []activity {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []activity
	for _, dev := range d.open {
		if a := dev.current(); a != nil {
			list = append(list, a)
		}
	}
	return list
}
