// Package micro parts customers into micro-segments: a stage of the life
// cycle, clusters within it in one layer of features after the other, and the
// sequence of a customer's clusters as the group. Each group is rewritten as a
// short formula, and the formula is what counts from then on: sizes, revenue,
// growth and overlaps are those of the formula's members.
//
// The phases are, file by file: people (base and stages), layers (which
// features speak within a stage), split (clusters of one layer, how many),
// compose (which layers make the sequence), merge (sequences too small),
// rewrite (formulas), figures (what the formulas find, now and a quarter
// earlier), apart (what sets each apart), rank.
//
// Equal data and questions give equal results: draws come from hashes of
// customers' own ids and of fixed texts, sums go in the order of customers,
// and nothing depends on the number of cores. The package words nothing.
package micro

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"tesela/segment"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// Query says whom to part and how. The zero Query parts everyone.
type Query struct {
	// Base are the customers to part; nil is everyone.
	Base syntax.Formula
	// Layers are those to cluster in, in order; without any, the built-in ones
	// that the data tells most in are taken, stage by stage.
	Layers []Layer
	// MinSize is the least a group may have; 0 is the larger of 50 and 0.5% of
	// the base.
	MinSize int
	// MaxK is the most clusters in a layer, 2 to 8; 0 is 8.
	MaxK int
	// Except tells fields that are not to be used, such as personal ones.
	Except func(segment.FieldRef) bool
	// Saved are segments to find overlaps with.
	Saved []Saved
	// Progress, if set, is told how far the work is. It may be called from
	// several goroutines, never from two at a time.
	Progress func(phase Phase, done, total int)
}

// Layer is a set of features that share a context.
type Layer struct {
	Name     string
	Features []feature.Feature
}

// Saved is a saved segment.
type Saved struct {
	Name    string
	Formula syntax.Formula
}

// Phase is a part of the work, for progress.
type Phase string

// The phases that take time.
const (
	Reading    Phase = "reading"    // features are computed
	Clustering Phase = "clustering" // stages are parted
	Counting   Phase = "counting"   // formulas are evaluated
)

// DefaultMaxK is the most clusters in a layer where a query does not say.
const DefaultMaxK = 8

// Defaults and rules that results state.
const (
	leastGroup    = 50    // customers
	leastShare    = 0.005 // of the base
	readable      = 0.85  // precision and recall of a formula that tells a group
	readableShare = 0.8   // of a stage's groups that are to be readable
	mostInStage   = 8     // groups: what three conditions beside the stage's can tell apart
	mostLayers    = 3     // layers in a sequence: a condition each, beside the stage's
	conditions    = 4     // in a formula, the stage's included
	alike         = 0.8   // members in common (Jaccard) from which two groups repeat each other
	poor          = 0.1   // of the base's revenue per head, under which there is no buying power
)

// Result is what was found.
type Result struct {
	At, Before time.Time // growth is from Before to At
	Customers  int       // in the base
	MinSize    int
	Staged     bool     // the life cycle is known; without it all are one stage
	Stages     []Stage  // in the order of a life; those with nobody in them too
	Groups     []Group  // the best first
	Features   int      // that were looked at
	Unassigned int      // customers of the base that no formula finds
	Several    int      // customers of the base that more than one formula finds
	Revenue    *big.Rat // of the base in Window, in major units; nil where unknown
	Window     *syntax.Window
	Money      bool // revenue is money, not a plain number
	// Readable is the share of groups whose formula has a precision and recall
	// of at least 0.85 with at most four conditions.
	Readable float64
	// Stability is the adjusted Rand index under resampling over all stages,
	// weighted by customers; NaN where nothing was clustered.
	Stability float64
	Notes     []segment.Note
}

// Stage is one stage and how it was parted.
type Stage struct {
	Label     string
	Customers int
	Layers    []Choice // each layer that was tried, in order
	Stability float64  // NaN where it was not parted
	Sequences int      // sequences that occur
	Merged    int      // sequences that were merged into others
	Groups    int
}

// Choice is a layer within a stage.
type Choice struct {
	Layer string
	// Features are those that spoke, strongest first; the others say nothing in
	// the stage or repeat these.
	Features []feature.Feature
	// K is the number of clusters that was chosen, Silhouette the mean
	// silhouette width of it.
	K          int
	Silhouette float64
	// Unknown tells that customers of whom nothing is known in the layer are a
	// cluster of their own beside the K, the last.
	Unknown bool
	// Stability is the adjusted Rand index under resampling, Readable the share
	// of its customers in clusters that few conditions tell.
	Stability, Readable float64
	Used                bool
	// Cut tells that no gaps lie between the clusters: the layer was cut to
	// part a stage that few others part.
	Cut bool
	Why Reason // why it is not used
}

// Reason says why a layer is not part of the sequence.
type Reason string

// The reasons.
const (
	Mute       Reason = "mute"       // no feature tells customers of the stage apart
	Small      Reason = "small"      // too few customers to part
	Unstable   Reason = "unstable"   // no number of clusters is found again under resampling
	Unreadable Reason = "unreadable" // no four conditions would tell the groups
	Crowded    Reason = "crowded"    // there are groups enough already, or would be too many
)

// Part is a place in a sequence: a cluster, from 1, in a layer.
type Part struct {
	Layer   string
	Cluster int
}

// Group is a micro-segment.
type Group struct {
	Stage    string
	Sequence []Part
	of       []int32 // the customers in its clusters
	// Clustered is how many customers the clusters hold; Merged are the
	// sequences that came in because they were too small or could not be told.
	Clustered int
	Merged    []Merge
	Formula   syntax.Formula
	// Terms are the formula's conditions beside the stage's, in its order.
	Terms []Term
	// Precision and Recall are of the formula against the clusters.
	Precision, Recall float64

	Members      *segment.Set
	Size         int // of the formula, within the base
	Share        float64
	Before       int      // members of the same formula as of Result.Before
	Growth       float64  // NaN where there was nobody
	Revenue      *big.Rat // nil where unknown
	RevenueShare float64  // NaN where unknown
	Apart        []Distinction
	Overlaps     []Overlap // largest first
	Reach        Reach
	Stability    float64 // NaN where the stage was not parted

	Poor    bool   // without buying power
	Tiny    bool   // under the minimum, with nothing in its stage to merge into
	Repeats string // the saved segment that it repeats, or ""
	Twin    int    // the better ranked group of the same members, as a place in Groups; −1 for none

	// Score orders the groups: the mean of the four, each 0…1.
	Score                        float64
	Worth, Distinct, Act, Stable float64
}

// Sense is which way a condition goes.
type Sense uint8

// The senses.
const (
	High   Sense = iota // at least a figure
	Low                 // under a figure
	Middle              // between two figures
	None                // no figure, or no word
	Is                  // one of the words
	IsNot               // none of the words
)

// Term is a condition of a group's formula.
type Term struct {
	Feature feature.Feature
	Sense   Sense
	Words   []string
	// From and To are the figures that it names, NaN where it has none.
	From, To float64
	// Here and Others are the feature's means in the group and among the others
	// of its stage, or the shares that have one of the words; NaN where nobody
	// has a figure. Effect is as in Distinction.
	Here, Others, Effect float64
}

// InClusters are the customers that a group's clusters hold, ascending.
func (g *Group) InClusters() []int32 { return g.of }

// Merge is a sequence that was merged into a group.
type Merge struct {
	Sequence  []Part
	Customers int
	// Small tells that it was under the minimum; else no formula told it.
	Small bool
}

// Overlap is a saved segment and how much of a group is in it.
type Overlap struct {
	Name    string
	Both    int
	Share   float64 // of the group
	Of      float64 // of the saved segment
	Jaccard float64
}

// Reach is how a group can be reached.
type Reach struct {
	Known     bool // a trait plays consent
	Consented int
	Opens     float64 // of sends in the last year; NaN where unknown
	Sent      int
}

// Find finds the micro-segments as of an instant. Errors are the context's, a
// *syntax.Error of the query's formulas, or the source's.
func Find(ctx context.Context, src segment.Source, at time.Time, q Query) (*Result, error) {
	r, err := find(ctx, src, at, q)
	if err != nil {
		return nil, fmt.Errorf("find micro-segments: %w", err)
	}
	return r, nil
}
