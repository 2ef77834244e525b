// Package evals asks the questions of a suite and scores the answers by what
// was computed, not by how: a gold is a tool call, and an answer is right
// when its own calls come to the same figures on the same data. It writes no
// questions and knows no language.
//
// Suites lie in suites/, a file per data set. A third of all cases, those
// whose id hashes so, lie in sealed/: whoever works on the planner reads and
// debugs the suites and only scores the sealed ones (`go run ./evals/score
// -sealed` prints rates and no questions). See suites/README.md for the form.
package evals
