//go:build !linux || !cgo

package overview

// Start checks the configuration and returns [ErrNotSupported].
func Start(cfg Config) (*Loop, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return nil, ErrNotSupported
}
