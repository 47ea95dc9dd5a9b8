// Command drivercheck checks a driver plugin against the contract, with the kit of driver/drivertest, and prints what
// it found. It is for authors of plugins in any language; the plugin is started as the recorder starts it.
//
// Exit codes: 0 every rule holds, 1 a rule is broken, 2 wrong usage, 4 the plugin could not be started.
package main
