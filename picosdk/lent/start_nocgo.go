//go:build !linux || !cgo

package lent

// Register checks the configuration and returns [ErrNotSupported].
func Register(cfg Config) error {
	if err := cfg.check(); err != nil {
		return err
	}
	return ErrNotSupported
}

// Start checks the configuration and returns [ErrNotSupported].
func Start(cfg Config) (*Loop, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return nil, ErrNotSupported
}
