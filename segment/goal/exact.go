package goal

import "math/big"

// scaled is a part of a figure.
func scaled(r *big.Rat, by float64) *big.Rat {
	return new(big.Rat).Mul(r, new(big.Rat).SetFloat64(by))
}
