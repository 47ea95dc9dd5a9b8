// Package readme holds the tests that run the commands of README.md and docs/analysis.md, and what make run does, as a newcomer would. There is
// nothing to import here.
package readme
