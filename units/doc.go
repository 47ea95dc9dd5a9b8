// Package units holds the quantities of capture plans and driver contracts as exact values: voltages in
// nanovolts, intervals, rates and frequencies as exact fractions, sizes in bytes. It parses them from text such
// as "1MS/s", "5V" or "10us" and prints them back. It knows nothing of devices, plans or files.
package units
