package main

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

func TestMain(m *testing.M) { scopetest.Main(m, main) }

func TestTables(t *testing.T) { scopetest.Tables(t, family) }
