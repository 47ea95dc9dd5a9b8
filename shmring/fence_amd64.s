#include "textflag.h"

// The processor keeps stores in order and loads in order: only the compiler has to be held back, and a call does that.

// func storeStore()
TEXT ·storeStore(SB), NOSPLIT, $0-0
	RET

// func loadLoad()
TEXT ·loadLoad(SB), NOSPLIT, $0-0
	RET
