package main

import (
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestMCPListsNoPersonalQuestions has a person ask about one customer at a
// terminal; an assistant that lists what was asked does not hear of it, and
// hears of the rest.
func TestMCPListsNoPersonalQuestions(t *testing.T) {
	s := newShell(t)
	s.file("patients.csv", "patient_no,full_name,email,mobile,town\n"+
		"P0001,Ana Silva,ana.silva@mail.example,351910000001,Porto\n"+
		"P0002,Rui Costa,rui.costa@mail.example,351910000002,Braga\n")
	s.run("import", "--db", "clinic.db", "--customers", "patients.csv", "--id", "patient_no", "--yes").exits(exitOK)
	ask := func(question string) {
		s.run("ask", "--db", "clinic.db", "--model", "offline", question).exits(exitOK)
	}
	ask("how many customers are there?")
	ask("show me customer P0001")

	over, _ := s.stdio("--db", "clinic.db")
	c := connectMCP(t, over, nil)
	list, err := c.ListResources(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	read, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "tesela://answers"})
	if err != nil {
		t.Fatal(err)
	}
	told := read.Contents[0].Text
	for _, r := range list.Resources {
		told += "\n" + r.Title + " " + r.Description
	}
	if strings.Count(told, "how many customers are there?") < 2 {
		t.Errorf("a question about nobody is not listed:\n%s", told)
	}
	if strings.Contains(told, "P0001") {
		t.Errorf("a question about one customer is listed:\n%s", told)
	}
}
