package main

import (
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestMCPListsNothingPersonal has a person ask about one customer at a
// terminal, and save a segment that names one; an assistant that lists what
// there is does not hear of them, and hears of the rest.
func TestMCPListsNothingPersonal(t *testing.T) {
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

	save := func(name, formula string) {
		s.run("segment", "save", "--db", "clinic.db", name, formula).exits(exitOK)
	}
	save("Porto", `town = "Porto"`)
	save("special care", `full_name = "Ana Silva"`)

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
	read, err = c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "tesela://segments"})
	if err != nil {
		t.Fatal(err)
	}
	told += read.Contents[0].Text
	for _, r := range list.Resources {
		told += "\n" + r.Title + " " + r.Description
	}
	if strings.Count(told, "how many customers are there?") < 2 {
		t.Errorf("a question about nobody is not listed:\n%s", told)
	}
	if !strings.Contains(told, `town = \"Porto\"`) {
		t.Errorf("a segment that names nobody is not listed:\n%s", told)
	}
	for _, secret := range []string{"P0001", "Ana Silva"} {
		if strings.Contains(told, secret) {
			t.Errorf("%s is listed:\n%s", secret, told)
		}
	}
	for _, uri := range []string{"tesela://segments/special%20care", "tesela://reports/special%20care"} {
		if page, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err == nil {
			t.Errorf("%s is read, though it names a customer: %s", uri, page.Contents[0].Text)
		} else if strings.Contains(err.Error(), "Ana Silva") {
			t.Errorf("%s: the refusal names whom it is about: %v", uri, err)
		}
	}
}
