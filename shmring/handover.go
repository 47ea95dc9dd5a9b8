package shmring

import (
	"encoding/binary"
	"fmt"
	"os"
	"syscall"
)

// The hand-over socket is a SOCK_SEQPACKET pair whose one end the plugin inherits. One message is one datagram, all numbers little endian:
//
//	type 1, once, core to plugin:  u32 1, u32 length, PEM of the plugin's key, its certificate and the host's
//	type 2, core to plugin:        u32 2, u32 0, u64 generation, u64 ring_bytes, and the ring's descriptor by SCM_RIGHTS
//	type 3, plugin to core:        u32 3, u32 status (0 = attached), u64 generation
const (
	messageKeys   = 1
	messageRing   = 2
	messageAnswer = 3

	maxKeys      = 60 << 10
	ringMessage  = 24
	answerLength = 16
)

// Conn is an end of a hand-over socket: an *os.File or a *net.UnixConn. A descriptor in blocking mode blocks its thread; one in non-blocking
// mode honours the deadlines of its type.
type Conn = syscall.Conn

// RingOffer is what the core sends before each Start. The receiver owns File.
type RingOffer struct {
	Generation uint64
	Bytes      uint64
	File       *os.File // close-on-exec
}

// Answer is what a plugin says to an offer.
type Answer struct {
	Status     uint32 // 0: the ring is checked and attached; else a number of the plugin's choice
	Generation uint64
}

func encodeKeys(pem []byte) ([]byte, error) {
	if len(pem) > maxKeys {
		return nil, fmt.Errorf("send keys: %d bytes: %w", len(pem), ErrTooLarge)
	}
	b := binary.LittleEndian.AppendUint32(nil, messageKeys)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(pem)))
	return append(b, pem...), nil
}

func decodeKeys(b []byte) ([]byte, error) {
	if err := checkMessage(b, messageKeys, 8); err != nil {
		return nil, err
	}
	if n := binary.LittleEndian.Uint32(b[4:]); uint64(n) != uint64(len(b)-8) {
		return nil, fmt.Errorf("%w: keys of %d bytes in a datagram of %d", ErrHandover, n, len(b))
	}
	return b[8:], nil
}

func encodeRing(generation, size uint64) []byte {
	b := binary.LittleEndian.AppendUint64(nil, messageRing)
	b = binary.LittleEndian.AppendUint64(b, generation)
	return binary.LittleEndian.AppendUint64(b, size)
}

func decodeRing(b []byte) (RingOffer, error) {
	if err := checkMessage(b, messageRing, ringMessage); err != nil {
		return RingOffer{}, err
	}
	if len(b) != ringMessage {
		return RingOffer{}, fmt.Errorf("%w: ring offer of %d bytes", ErrHandover, len(b))
	}
	return RingOffer{Generation: binary.LittleEndian.Uint64(b[8:]), Bytes: binary.LittleEndian.Uint64(b[16:])}, nil
}

func encodeAnswer(a Answer) []byte {
	b := binary.LittleEndian.AppendUint32(nil, messageAnswer)
	b = binary.LittleEndian.AppendUint32(b, a.Status)
	return binary.LittleEndian.AppendUint64(b, a.Generation)
}

func decodeAnswer(b []byte) (Answer, error) {
	if err := checkMessage(b, messageAnswer, answerLength); err != nil {
		return Answer{}, err
	}
	if len(b) != answerLength {
		return Answer{}, fmt.Errorf("%w: answer of %d bytes", ErrHandover, len(b))
	}
	return Answer{Status: binary.LittleEndian.Uint32(b[4:]), Generation: binary.LittleEndian.Uint64(b[8:])}, nil
}

func checkMessage(b []byte, want uint32, length int) error {
	if len(b) < length {
		return fmt.Errorf("%w: %d bytes, want at least %d", ErrHandover, len(b), length)
	}
	if got := binary.LittleEndian.Uint32(b); got != want {
		return fmt.Errorf("%w: type %d, want %d", ErrHandover, got, want)
	}
	return nil
}
