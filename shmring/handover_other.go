//go:build !linux

package shmring

import "os"

// NewHandover answers [ErrNotSupported].
func NewHandover() (core, plugin *os.File, err error) { return nil, nil, ErrNotSupported }

// SendKeys answers [ErrNotSupported].
func SendKeys(Conn, []byte) error { return ErrNotSupported }

// RecvKeys answers [ErrNotSupported].
func RecvKeys(Conn) ([]byte, error) { return nil, ErrNotSupported }

// SendRing answers [ErrNotSupported].
func SendRing(Conn, *Ring) error { return ErrNotSupported }

// RecvRing answers [ErrNotSupported].
func RecvRing(Conn) (RingOffer, error) { return RingOffer{}, ErrNotSupported }

// SendAnswer answers [ErrNotSupported].
func SendAnswer(Conn, Answer) error { return ErrNotSupported }

// RecvAnswer answers [ErrNotSupported].
func RecvAnswer(Conn) (Answer, error) { return Answer{}, ErrNotSupported }
