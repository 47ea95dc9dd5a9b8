// Package measure is what the benchmark commands share: the processor time and the memory of processes, medians over
// rounds, and the tables in which figures are compared with their targets. Processes are looked at on Linux only.
//
// What is measured, and how load is made, is in the commands.
package measure
