// Package sealed holds the questions that nobody who works on the planner
// looks at; see the suites' README. Only rates are ever printed of them.
package sealed

import "embed"

// Files are the sealed suites.
//
//go:embed *.yaml
var Files embed.FS
