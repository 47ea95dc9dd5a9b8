// Package host finds plugin binaries, checks them, starts them, and looks after the processes: it knows which run, it
// can end each of them with its process group, and leaves nothing behind. It also says how long each phase of a
// device's life may take.
//
// How a plugin is spoken to is in driver/rpc. What is measured with it, and what happens when it dies, is decided in
// core/session. Neither is here.
package host
