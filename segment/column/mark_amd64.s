#include "textflag.h"

// x lies in [lo, lo+span] where x-lo, unsigned, is the lesser of itself and
// span.

// func mark8AVX2(xs *uint8, blocks int, lo, span uint8, out *uint64)
TEXT ·mark8AVX2(SB), NOSPLIT, $0-32
	MOVQ         xs+0(FP), SI
	MOVQ         blocks+8(FP), CX
	MOVBLZX      lo+16(FP), AX
	MOVQ         AX, X0
	VPBROADCASTB X0, Y0
	MOVBLZX      span+17(FP), AX
	MOVQ         AX, X1
	VPBROADCASTB X1, Y1
	MOVQ         out+24(FP), DI

loop8:
	VMOVDQU   (SI), Y2
	VMOVDQU   32(SI), Y3
	VPSUBB    Y0, Y2, Y2
	VPSUBB    Y0, Y3, Y3
	VPMINUB   Y1, Y2, Y4
	VPMINUB   Y1, Y3, Y5
	VPCMPEQB  Y2, Y4, Y4
	VPCMPEQB  Y3, Y5, Y5
	VPMOVMSKB Y4, AX
	VPMOVMSKB Y5, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, (DI)
	ADDQ      $64, SI
	ADDQ      $8, DI
	DECQ      CX
	JNZ       loop8
	VZEROUPPER
	RET

// func mark16AVX2(xs *uint16, blocks int, lo, span uint16, out *uint64)
TEXT ·mark16AVX2(SB), NOSPLIT, $0-32
	MOVQ         xs+0(FP), SI
	MOVQ         blocks+8(FP), CX
	MOVWLZX      lo+16(FP), AX
	MOVQ         AX, X0
	VPBROADCASTW X0, Y0
	MOVWLZX      span+18(FP), AX
	MOVQ         AX, X1
	VPBROADCASTW X1, Y1
	MOVQ         out+24(FP), DI

loop16:
	VMOVDQU   (SI), Y2
	VMOVDQU   32(SI), Y3
	VMOVDQU   64(SI), Y4
	VMOVDQU   96(SI), Y5
	VPSUBW    Y0, Y2, Y2
	VPSUBW    Y0, Y3, Y3
	VPSUBW    Y0, Y4, Y4
	VPSUBW    Y0, Y5, Y5
	VPMINUW   Y1, Y2, Y6
	VPMINUW   Y1, Y3, Y7
	VPMINUW   Y1, Y4, Y8
	VPMINUW   Y1, Y5, Y9
	VPCMPEQW  Y2, Y6, Y6
	VPCMPEQW  Y3, Y7, Y7
	VPCMPEQW  Y4, Y8, Y8
	VPCMPEQW  Y5, Y9, Y9
	// Packing goes by halves of 128 bits; the quarters are put in order after.
	VPACKSSWB Y7, Y6, Y6
	VPACKSSWB Y9, Y8, Y8
	VPERMQ    $0xD8, Y6, Y6
	VPERMQ    $0xD8, Y8, Y8
	VPMOVMSKB Y6, AX
	VPMOVMSKB Y8, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, (DI)
	ADDQ      $128, SI
	ADDQ      $8, DI
	DECQ      CX
	JNZ       loop16
	VZEROUPPER
	RET

// func mark32AVX2(xs *uint32, blocks int, lo, span uint32, out *uint64)
TEXT ·mark32AVX2(SB), NOSPLIT, $0-32
	MOVQ         xs+0(FP), SI
	MOVQ         blocks+8(FP), CX
	MOVL         lo+16(FP), AX
	MOVQ         AX, X0
	VPBROADCASTD X0, Y0
	MOVL         span+20(FP), AX
	MOVQ         AX, X1
	VPBROADCASTD X1, Y1
	MOVQ         out+24(FP), DI

	VMOVDQU      quarters<>(SB), Y15

loop32:
	VMOVDQU   0(SI), Y2
	VMOVDQU   32(SI), Y3
	VMOVDQU   64(SI), Y4
	VMOVDQU   96(SI), Y5
	VPSUBD    Y0, Y2, Y2
	VPSUBD    Y0, Y3, Y3
	VPSUBD    Y0, Y4, Y4
	VPSUBD    Y0, Y5, Y5
	VPMINUD   Y1, Y2, Y6
	VPMINUD   Y1, Y3, Y7
	VPMINUD   Y1, Y4, Y8
	VPMINUD   Y1, Y5, Y9
	VPCMPEQD  Y2, Y6, Y6
	VPCMPEQD  Y3, Y7, Y7
	VPCMPEQD  Y4, Y8, Y8
	VPCMPEQD  Y5, Y9, Y9
	VPACKSSDW Y7, Y6, Y6
	VPACKSSDW Y9, Y8, Y8
	VPACKSSWB Y8, Y6, Y6
	VPERMD    Y6, Y15, Y6
	VPMOVMSKB Y6, AX
	VMOVDQU   128(SI), Y2
	VMOVDQU   160(SI), Y3
	VMOVDQU   192(SI), Y4
	VMOVDQU   224(SI), Y5
	VPSUBD    Y0, Y2, Y2
	VPSUBD    Y0, Y3, Y3
	VPSUBD    Y0, Y4, Y4
	VPSUBD    Y0, Y5, Y5
	VPMINUD   Y1, Y2, Y6
	VPMINUD   Y1, Y3, Y7
	VPMINUD   Y1, Y4, Y8
	VPMINUD   Y1, Y5, Y9
	VPCMPEQD  Y2, Y6, Y6
	VPCMPEQD  Y3, Y7, Y7
	VPCMPEQD  Y4, Y8, Y8
	VPCMPEQD  Y5, Y9, Y9
	VPACKSSDW Y7, Y6, Y6
	VPACKSSDW Y9, Y8, Y8
	VPACKSSWB Y8, Y6, Y6
	VPERMD    Y6, Y15, Y6
	VPMOVMSKB Y6, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, (DI)
	ADDQ      $256, SI
	ADDQ      $8, DI
	DECQ      CX
	JNZ       loop32
	VZEROUPPER
	RET

// mark64 takes four figures, at an offset, to four bits of AX, at a shift: set
// where the figure is out of range.
#define mark64(at, shift) \
	VMOVDQU   at(SI), Y2     \
	VPCMPGTQ  Y2, Y0, Y3     \
	VPCMPGTQ  Y1, Y2, Y4     \
	VPOR      Y3, Y4, Y3     \
	VMOVMSKPD Y3, BX         \
	SHLQ      $shift, BX     \
	ORQ       BX, AX

// func mark64AVX2(xs *int64, blocks int, lo, hi int64, out *uint64)
TEXT ·mark64AVX2(SB), NOSPLIT, $0-40
	MOVQ         xs+0(FP), SI
	MOVQ         blocks+8(FP), CX
	VPBROADCASTQ lo+16(FP), Y0
	VPBROADCASTQ hi+24(FP), Y1
	MOVQ         out+32(FP), DI

loop64:
	XORL AX, AX
	mark64(0, 0)
	mark64(32, 4)
	mark64(64, 8)
	mark64(96, 12)
	mark64(128, 16)
	mark64(160, 20)
	mark64(192, 24)
	mark64(224, 28)
	mark64(256, 32)
	mark64(288, 36)
	mark64(320, 40)
	mark64(352, 44)
	mark64(384, 48)
	mark64(416, 52)
	mark64(448, 56)
	mark64(480, 60)
	NOTQ AX
	MOVQ AX, (DI)
	ADDQ $512, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  loop64
	VZEROUPPER
	RET

// quarters puts the dwords of four packed vectors in order.
DATA quarters<>+0(SB)/4, $0
DATA quarters<>+4(SB)/4, $4
DATA quarters<>+8(SB)/4, $1
DATA quarters<>+12(SB)/4, $5
DATA quarters<>+16(SB)/4, $2
DATA quarters<>+20(SB)/4, $6
DATA quarters<>+24(SB)/4, $3
DATA quarters<>+28(SB)/4, $7
GLOBL quarters<>(SB), RODATA|NOPTR, $32
