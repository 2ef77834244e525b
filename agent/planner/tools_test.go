package planner

import "testing"

// TestToolQuestions holds the forms of the tools to testdata/tools.yaml.
func TestToolQuestions(t *testing.T) { questionsOf(t, "testdata/tools.yaml") }
