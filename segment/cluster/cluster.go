// Package cluster parts customers into groups that are alike, by columns of
// figures about them: k-means for numbers, k-prototypes where there are
// categories too. It makes the columns comparable, chooses how many groups
// there are (one, where nothing sets groups apart), and tells how stable they
// are. It takes plain columns and knows neither events nor formulas.
//
// # Phases of use
//
// Prepare makes Rows of columns: skewed numbers on a logarithmic scale, all
// numbers in units of their spread, outliers drawn in, missing values filled and
// kept as a column of their own, categories as codes. What it did to each column
// is in Rows.Scales. Find chooses k and clusters; KMeans clusters with a given
// k; Choose only weighs the candidates. AdjustedRand and Match compare two
// clusterings of the same customers.
//
// # Sameness
//
// Results are functions of the columns, the options and nothing else: random
// numbers come from a generator of our own started from Options.Seed, sums go
// over blocks of a fixed number of rows and are added up in the order of the
// blocks, whatever the number of cores, and products are rounded before they
// are added, so that no processor fuses them. Clusters are numbered from the
// largest; equally large ones by their centres.
package cluster

import (
	"context"
	"errors"
	"fmt"
)

// The most clusters there can be: labels are bytes and a bound per pair of
// clusters is kept.
const MaxK = 64

// The defaults of Options.
const (
	DefaultMaxK   = 8
	DefaultStarts = 20
	DefaultSample = 16384
)

// Options say how to cluster. The zero Options are the defaults.
type Options struct {
	Seed uint64 // of all random numbers; equal seeds give equal results
	MaxK int    // the most clusters Find and Choose consider; DefaultMaxK when 0

	// Starts is how many seedings are tried, of which the one with the least
	// inertia counts; DefaultStarts when 0.
	Starts int

	// Sample is how many rows seedings and the choice of k look at when there
	// are more; then all rows are refined from the best centres. DefaultSample
	// when 0.
	Sample int

	swaps int // tries of each center; swapsEach when 0, none when below
}

// Clusters are a clustering of Rows.
type Clusters struct {
	K      int     // how many there are; fewer than asked for where fewer rows differ
	Labels []uint8 // of each row, 0 to K-1
	Sizes  []int   // of each cluster, in rows; the largest first

	// Centers are the clusters' means in prepared units, one row of
	// Rows.Dims() figures each; Modes their most frequent codes, one for each
	// categorical column kept.
	Centers [][]float64
	Modes   [][]uint16

	// Inertia is the sum over all rows of the squared distance to the row's own
	// centre, a differing category counting Rows.Gamma.
	Inertia float64

	// Silhouette is the mean simplified silhouette of all rows, -1 to 1: how
	// much nearer the own centre is than the next (Hruschka, de Castro,
	// Campello 2004). 0 with one cluster.
	Silhouette float64

	// Choice is how k was chosen; nil when it was given.
	Choice *Choice
}

// errNothing is the error of clustering no rows.
var errNothing = errors.New("no rows to cluster")

// Find chooses the number of clusters, from one to o.MaxK, and clusters all
// rows. Choice.Why tells why so many. The error is the context's or that of
// options that make no sense.
func Find(ctx context.Context, r *Rows, o Options) (*Clusters, error) {
	choice, err := Choose(ctx, r, o)
	if err != nil {
		return nil, err
	}
	c, err := KMeans(ctx, r, choice.K, o)
	if err != nil {
		return nil, err
	}
	c.Choice = choice
	return c, nil
}

// KMeans parts the rows into k clusters so that Inertia is as small as the
// search finds it: k-means++ seedings (Arthur & Vassilvitskii 2007, with
// several draws to each centre), Lloyd's iterations with the bounds of Hamerly
// (2010), and k-prototypes (Huang 1998) for the categories. There are fewer
// than k clusters where fewer rows differ.
func KMeans(ctx context.Context, r *Rows, k int, o Options) (*Clusters, error) {
	o, err := o.checked(r)
	if err != nil {
		return nil, err
	}
	if k < 1 || k > MaxK {
		return nil, fmt.Errorf("%d clusters: there may be 1 to %d", k, MaxK)
	}
	sample := r.sample(o.Sample, o)
	found, err := searchAll(ctx, sample, k, o)
	if err != nil {
		return nil, err
	}
	best := found[0]
	if sample != r {
		if best, err = refine(ctx, r, found); err != nil {
			return nil, err
		}
	}
	return r.finish(ctx, best)
}

func (o Options) checked(r *Rows) (Options, error) {
	if r.n == 0 {
		return o, errNothing
	}
	if o.MaxK == 0 {
		o.MaxK = DefaultMaxK
	}
	if o.Starts == 0 {
		o.Starts = DefaultStarts
	}
	if o.Sample == 0 {
		o.Sample = DefaultSample
	}
	switch {
	case o.MaxK < 1 || o.MaxK > MaxK:
		return o, fmt.Errorf("at most %d clusters: there may be 1 to %d", o.MaxK, MaxK)
	case o.Starts < 0 || o.Sample < 0:
		return o, fmt.Errorf("%d starts on a sample of %d: neither may be below 0", o.Starts, o.Sample)
	}
	return o, nil
}
