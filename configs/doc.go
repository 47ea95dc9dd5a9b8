// Package configs holds example capture plans. Each begins with a comment that says what it shows; the tests parse
// every one and check it against what its drivers say of themselves. There is no code here.
package configs
