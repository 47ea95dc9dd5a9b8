// Package rpc joins both sides of the driver contract over a process border. A plugin's main calls [Serve] with its
// driver.Driver. A host calls [Start] with the path of a plugin and gets a [Client], whose methods are those of
// driver.Driver, with [Device] in place of driver.Device: a Device is handed a ring instead of a sink
// ([Device.HandOver], then [Device.Start]).
//
// The host side trusts nothing that a plugin sends, puts a deadline on every call, and returns errors of type
// *driver.Error whose kind says what to do: the plugin is gone, hung, of another version, or no plugin at all. The
// plugin side sees to it that a plugin cannot disturb its host by printing, and ends when its host has ended.
//
// The wire form is in driver/driverpb. Which plugins there are, and how long a phase may take, is decided in
// core/host; what is recorded is decided above that. Neither is here.
package rpc
