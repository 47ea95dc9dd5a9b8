// Package driver is the contract between the recorder and its driver plugins: the interfaces that a driver
// implements, and the values that travel between both sides. A plugin author reads this package, implements
// [Driver] and [Device], and hands them to driver/rpc. The life of a device is
//
//	Describe -> Discover -> Open -> Configure -> Start -> (Events, Wait) -> Stop -> Configure ... -> Close
//
// Samples do not pass through these calls: they go into the [Sink] that Start is given. There is no gRPC, no
// cgo and no shared memory here.
package driver
