#include "textflag.h"

// A piece is its customer's place (4 bytes), its first row (4), and a bit for
// each row from there on (8). Rows are taken from the first that was found, so
// many at a time as fit a register, those not found as 0, which stands for
// unset too. Registers:
//
//	SI pieces, CX how many, R8 xs, R9 sums, R10 counts, R11 step, R12 base
//	AX bits left, BX address of the next rows, R13 figures that are set
//	Y0 a bit a lane, Y1 zero, Y2 the lower halves of lanes, Y3 the sum

#define arguments \
	MOVQ  pieces+0(FP), SI  \
	MOVQ  n+8(FP), CX       \
	MOVQ  xs+16(FP), R8     \
	MOVQ  step+24(FP), R11  \
	MOVQ  base+32(FP), R12  \
	MOVQ  sums+40(FP), R9   \
	MOVQ  counts+48(FP), R10 \
	VPXOR Y1, Y1, Y1

// begin goes to the first row that was found. A piece without one goes to its
// 64th row, of which nothing is taken.
#define begin \
	MOVQ   8(SI), AX    \
	MOVL   4(SI), BX    \
	TZCNTQ AX, DX       \
	ADDQ   DX, BX       \
	SHRXQ  DX, AX, AX   \
	XORL   R13, R13     \
	VPXOR  Y3, Y3, Y3

// finish adds the sum of x, in DX, and goes to the next piece.
#define finish \
	IMULQ R11, DX        \
	MOVQ  R13, AX        \
	IMULQ R12, AX        \
	ADDQ  AX, DX         \
	MOVL  (SI), BX       \
	ADDQ  DX, (R9)(BX*8) \
	ADDQ  R13, (R10)(BX*8) \
	ADDQ  $16, SI        \
	DECQ  CX

// words adds sixteen figures of 16 bits in Y5, as AX says.
#define words \
	VMOVD        AX, X4     \
	VPBROADCASTW X4, Y4     \
	VPAND        Y0, Y4, Y4 \
	VPCMPEQW     Y0, Y4, Y4 \
	VPAND        Y5, Y4, Y4 \
	VPCMPEQW     Y1, Y4, Y5 \
	VPMOVMSKB    Y5, DX     \
	NOTL         DX         \
	POPCNTL      DX, DX     \
	SHRL         $1, DX     \
	ADDQ         DX, R13    \
	VPSRLD       $16, Y4, Y5 \
	VPAND        Y2, Y4, Y4 \
	VPADDD       Y4, Y3, Y3 \
	VPADDD       Y5, Y3, Y3

// total32 adds up the eight sums of 32 bits.
#define total32 \
	VEXTRACTI128 $1, Y3, X4    \
	VPADDD       X4, X3, X3    \
	VPSHUFD      $0x4E, X3, X4 \
	VPADDD       X4, X3, X3    \
	VPSHUFD      $0xB1, X3, X4 \
	VPADDD       X4, X3, X3    \
	VMOVD        X3, DX

// func sum8AVX2(pieces *Piece, n int, xs *uint8, step, base int64, sums, counts *int64)
TEXT ·sum8AVX2(SB), NOSPLIT, $0-56
	arguments
	VMOVDQU      wordBits<>(SB), Y0
	VPCMPEQD     Y2, Y2, Y2
	VPSRLD       $16, Y2, Y2

piece8:
	begin
	ADDQ R8, BX

rows8:
	VPMOVZXBW (BX), Y5
	words
	ADDQ $16, BX
	SHRQ $16, AX
	JNZ  rows8
	total32
	finish
	JNZ  piece8
	VZEROUPPER
	RET

// func sum16AVX2(pieces *Piece, n int, xs *uint16, step, base int64, sums, counts *int64)
TEXT ·sum16AVX2(SB), NOSPLIT, $0-56
	arguments
	VMOVDQU      wordBits<>(SB), Y0
	VPCMPEQD     Y2, Y2, Y2
	VPSRLD       $16, Y2, Y2

piece16:
	begin
	LEAQ (R8)(BX*2), BX

rows16:
	VMOVDQU (BX), Y5
	words
	ADDQ $32, BX
	SHRQ $16, AX
	JNZ  rows16
	total32
	finish
	JNZ  piece16
	VZEROUPPER
	RET

// func sum32AVX2(pieces *Piece, n int, xs *uint32, step, base int64, sums, counts *int64)
TEXT ·sum32AVX2(SB), NOSPLIT, $0-56
	arguments
	VMOVDQU      dwordBits<>(SB), Y0
	VPCMPEQD     Y2, Y2, Y2
	VPSRLQ       $32, Y2, Y2

piece32:
	begin
	LEAQ (R8)(BX*4), BX

rows32:
	VMOVD        AX, X4
	VPBROADCASTD X4, Y4
	VPAND        Y0, Y4, Y4
	VPCMPEQD     Y0, Y4, Y4
	VPAND        (BX), Y4, Y4
	VPCMPEQD     Y1, Y4, Y5
	VMOVMSKPS    Y5, DX
	XORL         $0xFF, DX
	POPCNTL      DX, DX
	ADDQ         DX, R13
	VPSRLQ       $32, Y4, Y5
	VPAND        Y2, Y4, Y4
	VPADDQ       Y4, Y3, Y3
	VPADDQ       Y5, Y3, Y3
	ADDQ         $32, BX
	SHRQ         $8, AX
	JNZ          rows32
	VEXTRACTI128 $1, Y3, X4
	VPADDQ       X4, X3, X3
	VPSHUFD      $0x4E, X3, X4
	VPADDQ       X4, X3, X3
	VMOVQ        X3, DX
	finish
	JNZ          piece32
	VZEROUPPER
	RET

// wordBits has bit i set in word i.
DATA wordBits<>+0(SB)/8, $0x0008000400020001
DATA wordBits<>+8(SB)/8, $0x0080004000200010
DATA wordBits<>+16(SB)/8, $0x0800040002000100
DATA wordBits<>+24(SB)/8, $0x8000400020001000
GLOBL wordBits<>(SB), RODATA|NOPTR, $32

// dwordBits has bit i set in dword i.
DATA dwordBits<>+0(SB)/8, $0x0000000200000001
DATA dwordBits<>+8(SB)/8, $0x0000000800000004
DATA dwordBits<>+16(SB)/8, $0x0000002000000010
DATA dwordBits<>+24(SB)/8, $0x0000008000000040
GLOBL dwordBits<>(SB), RODATA|NOPTR, $32
