// Command ring measures how samples travel from one process to another: through the ring, and through what it is held
// against: a C pair that copies without any protocol, a byte stream of gRPC between a go-plugin host and its plugin, and
// a unix socket. Rounds are interleaved, since the machine's speed changes. It also measures how soon a sleeping
// consumer wakes, and what a C callback pays for handing samples over.
//
// It starts itself again for the other side of each transfer, and compiles the C programs in yardsticks. What is done
// with the samples afterwards is measured by the commands record and soak.
package main
