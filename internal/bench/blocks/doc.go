// Command blocks measures block modes: a deep block of two channels, from the end of its capture to the disk, and rapid blocks of
// four channels with their dead time, from an emulated PicoScope 6824E through its plugin. What the emulation needs to hand the
// same samples over is measured beside, by a C program that throws them away.
package main
