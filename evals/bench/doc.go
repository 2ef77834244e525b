// Package bench measures Tesela side by side with DuckDB on the same made-up
// shop: behavioural formulas, measures, opening, importing, appending, memory
// and growth. It is a module of its own so that DuckDB stays out of the
// product's go.mod, and an independent check besides: every answer of the two
// engines is compared before its time counts.
//
// The phases are: Make writes a world of a Size as a workspace, a DuckDB file
// and a CSV into a folder; Open opens both; Run asks the Questions in turn and
// gives a Report. README.md says what the figures mean.
//
// It does no tuning of its own and keeps nothing in the repository: worlds lie
// in the user's cache folder.
package bench
