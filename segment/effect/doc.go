// Package effect is the statistics of what an action did: differences between
// treated and held-out customers with intervals, their adjustment by what was
// known before, what many looks at once need, comparison where nobody was held
// out, and how large a test must be. It takes plain figures and gives plain
// figures; it knows no customers, no events and no data source.
//
// Intervals and tests are two-sided. Levels and shares are fractions. Lifts
// are treated less held out, in the unit of the figure. Sums go in the order of
// what is given.
//
// Sources: Welch (1947) for means; Newcombe (1998, method 10) for rates; Deng,
// Xu, Kohavi and Walker (2013) for CUPED; Benjamini and Hochberg (1995); Paule
// and Mandel (1982) and Morris (1983) for shrinkage; Hainmueller (2012) for
// entropy balancing; Austin (2009) for standardised differences; Fleiss, Levin
// and Paik (2003) for sizes.
package effect

// Level of the intervals, where none is asked for.
const Level = 0.95

// The minimum under which a comparison is not made: see Enough.
const (
	MinArm  = 30 // customers in each arm
	MinSeen = 5  // customers in both arms that have the rarer of two answers
)
