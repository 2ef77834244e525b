#include "textflag.h"

// Differences of signed figures are those of unsigned ones.

// func mark32IntsAVX2(xs *int32, blocks int, lo, span uint32, out *uint64)
TEXT ·mark32IntsAVX2(SB), NOSPLIT, $0-32
	JMP ·mark32AVX2(SB)
