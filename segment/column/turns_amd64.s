#include "textflag.h"

// Figures are compared with those before, 32 bytes at once; packing the
// answers to bytes leaves quarters of them out of order, which VPERMD mends.

DATA turnQuarters<>+0(SB)/4, $0
DATA turnQuarters<>+4(SB)/4, $4
DATA turnQuarters<>+8(SB)/4, $1
DATA turnQuarters<>+12(SB)/4, $5
DATA turnQuarters<>+16(SB)/4, $2
DATA turnQuarters<>+20(SB)/4, $6
DATA turnQuarters<>+24(SB)/4, $3
DATA turnQuarters<>+28(SB)/4, $7
GLOBL turnQuarters<>(SB), RODATA|NOPTR, $32

// func turnsAVX2(xs *uint32, blocks int, out *uint64)
TEXT ·turnsAVX2(SB), NOSPLIT, $0-24
	MOVQ    xs+0(FP), SI
	MOVQ    blocks+8(FP), CX
	MOVQ    out+16(FP), DI
	VMOVDQU turnQuarters<>(SB), Y15

loop:
	VMOVDQU   0(SI), Y2
	VMOVDQU   32(SI), Y3
	VMOVDQU   64(SI), Y4
	VMOVDQU   96(SI), Y5
	VPCMPEQD  -4(SI), Y2, Y2
	VPCMPEQD  28(SI), Y3, Y3
	VPCMPEQD  60(SI), Y4, Y4
	VPCMPEQD  92(SI), Y5, Y5
	VPACKSSDW Y3, Y2, Y2
	VPACKSSDW Y5, Y4, Y4
	VPACKSSWB Y4, Y2, Y2
	VPERMD    Y2, Y15, Y2
	VPMOVMSKB Y2, AX
	VMOVDQU   128(SI), Y2
	VMOVDQU   160(SI), Y3
	VMOVDQU   192(SI), Y4
	VMOVDQU   224(SI), Y5
	VPCMPEQD  124(SI), Y2, Y2
	VPCMPEQD  156(SI), Y3, Y3
	VPCMPEQD  188(SI), Y4, Y4
	VPCMPEQD  220(SI), Y5, Y5
	VPACKSSDW Y3, Y2, Y2
	VPACKSSDW Y5, Y4, Y4
	VPACKSSWB Y4, Y2, Y2
	VPERMD    Y2, Y15, Y2
	VPMOVMSKB Y2, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	NOTQ      AX
	MOVQ      AX, (DI)
	ADDQ      $256, SI
	ADDQ      $8, DI
	DECQ      CX
	JNZ       loop
	VZEROUPPER
	RET
