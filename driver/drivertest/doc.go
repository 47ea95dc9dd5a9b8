// Package drivertest checks a driver plugin against the contract of package driver. [Run] starts the plugin as a host
// does, always over real gRPC and with a real ring, and goes through everything a driver has to do; each rule is a
// subtest. Authors call it from a test:
//
//	func TestMain(m *testing.M) {
//		drivertest.Serve(New()) // this very test binary is the plugin when the kit starts it
//		os.Exit(m.Run())
//	}
//
//	func TestConformance(t *testing.T) { drivertest.Run(t, drivertest.Self()) }
//
// or, with a binary, Run(t, drivertest.Target{Path: "/path/to/plugin"}). The command drivercheck does the same without
// any Go. A driver that passes is one that the recorder can work with; whether its volts are right is not checked here.
package drivertest
