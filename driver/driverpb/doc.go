// Package driverpb holds the wire form of the driver contract: the .proto files, which are its specification, and
// the Go code that protoc makes of them. The files are info.proto (frozen, the same in every protocol version),
// driver.proto (the calls), and one file for each group of values. generate.sh makes the Go code again.
//
// Conversions from and to the types of package driver are in driver/rpc, not here.
package driverpb

//go:generate ./generate.sh
