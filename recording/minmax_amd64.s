#include "textflag.h"

// func minMaxInt16(p *byte, n int) (lo, hi int16)
TEXT ·minMaxInt16(SB), NOSPLIT, $0-20
	MOVQ  p+0(FP), SI
	MOVQ  n+8(FP), CX
	MOVOU (SI), X0
	MOVO  X0, X1
	MOVOU 16(SI), X2
	MOVO  X2, X3

loop16:
	MOVOU  (SI), X4
	MOVOU  16(SI), X5
	PMINSW X4, X0
	PMAXSW X4, X1
	PMINSW X5, X2
	PMAXSW X5, X3
	ADDQ   $32, SI
	SUBQ   $32, CX
	JNE    loop16

	PMINSW X2, X0
	PMAXSW X3, X1

	// Fold eight lanes into one.
	PSHUFD  $0x4e, X0, X4
	PSHUFD  $0x4e, X1, X5
	PMINSW  X4, X0
	PMAXSW  X5, X1
	PSHUFD  $0xb1, X0, X4
	PSHUFD  $0xb1, X1, X5
	PMINSW  X4, X0
	PMAXSW  X5, X1
	PSHUFLW $0xb1, X0, X4
	PSHUFLW $0xb1, X1, X5
	PMINSW  X4, X0
	PMAXSW  X5, X1
	MOVQ    X0, AX
	MOVW    AX, lo+16(FP)
	MOVQ    X1, AX
	MOVW    AX, hi+18(FP)
	RET

// func minMaxUint8(p *byte, n int) (lo, hi uint8)
TEXT ·minMaxUint8(SB), NOSPLIT, $0-18
	MOVQ  p+0(FP), SI
	MOVQ  n+8(FP), CX
	MOVOU (SI), X0
	MOVO  X0, X1
	MOVOU 16(SI), X2
	MOVO  X2, X3

loop8:
	MOVOU  (SI), X4
	MOVOU  16(SI), X5
	PMINUB X4, X0
	PMAXUB X4, X1
	PMINUB X5, X2
	PMAXUB X5, X3
	ADDQ   $32, SI
	SUBQ   $32, CX
	JNE    loop8

	PMINUB X2, X0
	PMAXUB X3, X1

	// Fold sixteen lanes into one.
	PSHUFD  $0x4e, X0, X4
	PSHUFD  $0x4e, X1, X5
	PMINUB  X4, X0
	PMAXUB  X5, X1
	PSHUFD  $0xb1, X0, X4
	PSHUFD  $0xb1, X1, X5
	PMINUB  X4, X0
	PMAXUB  X5, X1
	PSHUFLW $0xb1, X0, X4
	PSHUFLW $0xb1, X1, X5
	PMINUB  X4, X0
	PMAXUB  X5, X1
	MOVO    X0, X4
	MOVO    X1, X5
	PSRLW   $8, X4
	PSRLW   $8, X5
	PMINUB  X4, X0
	PMAXUB  X5, X1
	MOVQ    X0, AX
	MOVB    AX, lo+16(FP)
	MOVQ    X1, AX
	MOVB    AX, hi+17(FP)
	RET
