package session

import (
	"fmt"

	"github.com/google/uuid"
)

// NewRunID makes the identifier of a run, a UUID version 7. The host of its plugins and the session are given the same.
func NewRunID() ([16]byte, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return [16]byte{}, fmt.Errorf("make a run id: %w", err)
	}
	return id, nil
}
