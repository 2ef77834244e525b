package planner

import "testing"

// TestToolQuestions holds the forms of the tools to testdata/tools.yaml.
func TestToolQuestions(t *testing.T) { questionsOf(t, "testdata/tools.yaml") }

// TestGroupQuestions holds the forms of groups to testdata/groups.yaml.
func TestGroupQuestions(t *testing.T) { questionsOf(t, "testdata/groups.yaml") }
