// Package plan reads capture plans: HCL text becomes a typed [Plan] in which every value has kept its place in
// the source, checked against the rules of the language and against what drivers say their devices can do. Every
// problem is an hcl diagnostic with file, line and column that tells what to write instead. The language is
// described in docs/format/plan.md. The package opens no device, starts no plugin, writes no file and knows no
// driver by name.
package plan
