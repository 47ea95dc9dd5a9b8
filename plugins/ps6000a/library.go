package main

import (
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/plugins/ps6000a/internal/capi"
)

// library is the vendor library for the engine.
type library struct {
	native.File
	api *capi.API
}

var (
	_ scope.Library      = (*library)(nil)
	_ scope.SignalTeller = (*library)(nil)
)

// load opens the vendor library.
func load(req scope.LoadRequest) (scope.Library, error) {
	required, optional := capi.Symbols()
	file, err := native.Open(req, native.Symbols{Names: libraryNames, Required: required, Optional: optional})
	if err != nil {
		return nil, err
	}
	api, err := capi.Load(file)
	if err != nil {
		return nil, err
	}
	return &library{File: native.File{Library: file}, api: api}, nil
}

// failure is the error of a call; the name is the vendor's without the family's prefix.
func failure(call string, s picosdk.Status) error { return picosdk.Err(family.Name+call, s) }

func (l *library) DriverVersion() (string, error) {
	text, s := l.api.GetUnitInfo(0, uint32(picosdk.InfoDriverVersion))
	return text, failure("GetUnitInfo", s)
}

// listRoom is the room for the list of serials in bytes: some hundred units.
const listRoom = 8192

func (l *library) EnumerateUnits() (string, error) {
	_, list, _, s := l.api.EnumerateUnits(picosdk.ListOptions, listRoom)
	return list, failure("EnumerateUnits", s)
}

func (l *library) OpenUnitAsync(serial string, bits int) (bool, error) {
	code, _ := picosdk.ResolutionCode(bits)
	started, s := l.api.OpenUnitAsync(serial, code)
	return started != 0, failure("OpenUnitAsync", s)
}

func (l *library) OpenUnitProgress() (handle int16, percent int, complete bool, err error) {
	h, p, c, s := l.api.OpenUnitProgress()
	return int16(h), int(p), c != 0, failure("OpenUnitProgress", s)
}

func (l *library) Unit(handle int16) scope.Unit {
	return &unit{api: l.api, handle: capi.Handle(handle)}
}
