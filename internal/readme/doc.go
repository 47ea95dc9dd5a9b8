// Package readme holds the test that runs the commands of README.md and docs/analysis.md as a newcomer would. There is nothing to import
// here.
package readme
