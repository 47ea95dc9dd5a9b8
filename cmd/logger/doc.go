// Command logger is scopelog's command line: it reads arguments, settings and plans, calls the packages that do
// the work, prints what they answer and chooses the exit code. One file holds one subcommand. Results go to
// standard output, all else to standard error. There is no logic of recording, plans or devices in it.
package main
