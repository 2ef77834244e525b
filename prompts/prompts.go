// Package prompts holds the words of the product as data: lexicons, the
// thesaurus and texts in the languages people ask in. It interprets nothing.
package prompts

import "embed"

// Lexicon holds lexicon/{en,es,pt}.yaml, lexicon/{terms,trades}.yaml,
// lexicon/countries.yaml, lexicon/orders.yaml and lexicon/planner.yaml.
//
//go:embed lexicon
var Lexicon embed.FS

// Restate holds restate/{en,es,pt}.yaml: formulas and calls in plain words.
//
//go:embed restate
var Restate embed.FS

// Agent holds agent/system.md, what a language model is told before anything
// else.
//
//go:embed agent
var Agent embed.FS

// Suggest holds suggest/moves.yaml, what makes sense to ask next, and its words
// in suggest/{en,es,pt}.yaml.
//
//go:embed suggest
var Suggest embed.FS
