#include "textflag.h"

// Offsets of strides: add 0, tail 4, magic 8, post 12, first 16, n 24, from 32,
// by 128.

// func strideNumbersAVX2(xs *uint32, blocks int, s *strides, out *uint32)
TEXT ·strideNumbersAVX2(SB), NOSPLIT, $0-32
	JMP ·strideIntsAVX2(SB)

// func strideIntsAVX2(xs *uint32, blocks int, s *strides, out *int32)
TEXT ·strideIntsAVX2(SB), NOSPLIT, $0-32
	MOVQ         xs+0(FP), SI
	MOVQ         blocks+8(FP), CX
	MOVQ         s+16(FP), DX
	MOVQ         out+24(FP), DI
	VPBROADCASTD (DX), Y15
	VMOVD        4(DX), X14
	VPBROADCASTD 8(DX), Y13
	VMOVD        12(DX), X12
	VPBROADCASTD 16(DX), Y11
	MOVQ         24(DX), R8

rows:
	VMOVDQU      0(SI), Y0
	VMOVDQU      32(SI), Y1
	VMOVDQU      64(SI), Y2
	VMOVDQU      96(SI), Y3
	VPADDD       Y15, Y0, Y4
	VPADDD       Y15, Y1, Y5
	VPADDD       Y15, Y2, Y6
	VPADDD       Y15, Y3, Y7
	MOVQ         R8, AX
	LEAQ         32(DX), BX
	TESTQ        AX, AX
	JZ           divide

shifts:
	VPBROADCASTD (BX), Y8
	VPBROADCASTD 96(BX), Y9
	VPMAXUD      Y8, Y0, Y10
	VPCMPEQD     Y0, Y10, Y10
	VPAND        Y9, Y10, Y10
	VPADDD       Y10, Y4, Y4
	VPMAXUD      Y8, Y1, Y10
	VPCMPEQD     Y1, Y10, Y10
	VPAND        Y9, Y10, Y10
	VPADDD       Y10, Y5, Y5
	VPMAXUD      Y8, Y2, Y10
	VPCMPEQD     Y2, Y10, Y10
	VPAND        Y9, Y10, Y10
	VPADDD       Y10, Y6, Y6
	VPMAXUD      Y8, Y3, Y10
	VPCMPEQD     Y3, Y10, Y10
	VPAND        Y9, Y10, Y10
	VPADDD       Y10, Y7, Y7
	ADDQ         $4, BX
	DECQ         AX
	JNZ          shifts

	// Products of even and of odd places; what is wanted is their upper halves.
divide:
	VPSRLD       X14, Y4, Y4
	VPSRLQ       $32, Y4, Y8
	VPMULUDQ     Y13, Y4, Y9
	VPMULUDQ     Y13, Y8, Y8
	VPSRLQ       $32, Y9, Y9
	VPBLENDD     $0xAA, Y8, Y9, Y9
	VPSRLD       X12, Y9, Y9
	VPADDD       Y11, Y9, Y9
	VMOVDQU      Y9, 0(DI)
	VPSRLD       X14, Y5, Y5
	VPSRLQ       $32, Y5, Y8
	VPMULUDQ     Y13, Y5, Y9
	VPMULUDQ     Y13, Y8, Y8
	VPSRLQ       $32, Y9, Y9
	VPBLENDD     $0xAA, Y8, Y9, Y9
	VPSRLD       X12, Y9, Y9
	VPADDD       Y11, Y9, Y9
	VMOVDQU      Y9, 32(DI)
	VPSRLD       X14, Y6, Y6
	VPSRLQ       $32, Y6, Y8
	VPMULUDQ     Y13, Y6, Y9
	VPMULUDQ     Y13, Y8, Y8
	VPSRLQ       $32, Y9, Y9
	VPBLENDD     $0xAA, Y8, Y9, Y9
	VPSRLD       X12, Y9, Y9
	VPADDD       Y11, Y9, Y9
	VMOVDQU      Y9, 64(DI)
	VPSRLD       X14, Y7, Y7
	VPSRLQ       $32, Y7, Y8
	VPMULUDQ     Y13, Y7, Y9
	VPMULUDQ     Y13, Y8, Y8
	VPSRLQ       $32, Y9, Y9
	VPBLENDD     $0xAA, Y8, Y9, Y9
	VPSRLD       X12, Y9, Y9
	VPADDD       Y11, Y9, Y9
	VMOVDQU      Y9, 96(DI)
	ADDQ         $128, SI
	ADDQ         $128, DI
	DECQ         CX
	JNZ          rows
	VZEROUPPER
	RET
