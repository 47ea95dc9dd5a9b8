// Package session is one run: it joins a capture plan, its devices' plugins, their rings and the recording, from
// opening the devices to the sealed recording, and serves the run's control socket. It prints nothing and reads no
// command line; the format of files is package recording's, the language of plans core/plan's.
package session
