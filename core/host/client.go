package host

import "github.com/scopelog/scopelog/driver/rpc"

// Client is the connection to a plugin, see [Instance.Client].
type Client = rpc.Client

// Program names a program and its version, see [Options].Program.
type Program = rpc.Program
