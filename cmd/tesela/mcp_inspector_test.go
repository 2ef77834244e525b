package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
)

// inspectorVersion is the inspector that the server is held to; .ci/run
// installs it where it can be had.
const inspectorVersion = "2.12.0"

// inspectorHere is the path of the official inspector, or the test is skipped.
func inspectorHere(t *testing.T) string {
	t.Helper()
	path := os.Getenv("TESELA_INSPECTOR")
	if cache, err := os.UserCacheDir(); path == "" && err == nil {
		path = filepath.Join(cache, "tesela", "inspector-"+inspectorVersion, "node_modules", ".bin", "mcp-inspector")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no @modelcontextprotocol/inspector@%s here; .ci/run installs it, TESELA_INSPECTOR names one elsewhere", inspectorVersion)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("no node here, which the inspector runs on")
	}
	return path
}

// inspection is a server that the inspector looks at.
type inspection struct {
	t       *testing.T
	program string
	target  []string
	env     []string
}

// ask has the inspector do one thing, and reads what it prints.
func (i inspection) ask(into any, args ...string) {
	i.t.Helper()
	ctx, cancel := context.WithTimeout(i.t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, i.program, slices.Concat([]string{"--cli"}, i.target, args)...)
	var out, errs bytes.Buffer
	c.Env, c.Stdout, c.Stderr = i.env, &out, &errs
	if err := c.Run(); err != nil {
		i.t.Errorf("%q: %v\n%s%s", args, err, out.String(), errs.String())
		return
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		i.t.Errorf("%q: %v in %s", args, err, out.String())
	}
}

// refused is a call that the server answers with an error of the tool.
func (i inspection) refused(args ...string) {
	i.t.Helper()
	ctx, cancel := context.WithTimeout(i.t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, i.program, slices.Concat([]string{"--cli"}, i.target, args)...)
	c.Env = i.env
	if out, err := c.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("tool_is_error")) {
		i.t.Errorf("%q: %v\n%s", args, err, out)
	}
}

type inspected struct {
	Tools     []struct{ Name string }
	Resources []struct{ URI string }
	Prompts   []struct{ Name string }
	Contents  []struct{ Text string }
	Messages  []json.RawMessage
	Templates []json.RawMessage `json:"resourceTemplates"`
	IsError   bool
	Content   []struct{ Text string }
	Structure json.RawMessage `json:"structuredContent"`
}

// TestMCPInspector has the official inspector list and call everything.
func TestMCPInspector(t *testing.T) {
	t.Parallel()
	inspector := inspectorHere(t)
	s, db := mcpShop(t, "600")
	env := append(slices.Clone(s.env), "HOME="+s.dir, "TESELA_DB="+db)
	url, _ := s.serveHTTP([]string{envMCPToken + "=the-token-of-this-test"}, "--db", db, "--allow-writes")
	over := map[string]inspection{
		"stdio": {program: inspector, env: env, target: []string{"-e", "TESELA_DB=" + db, program(t), "mcp", "--allow-writes"}},
		"http":  {program: inspector, env: env, target: []string{url, "--transport", "http", "--header", "Authorization: Bearer the-token-of-this-test"}},
	}
	var customers struct{ Rows [][]any }
	s.run("run", "--db", db, "list_customers", `{"formula":"count(order) >= 3"}`).exits(exitOK).into(&customers)
	given := map[string]string{
		"text": "spain", "formula": `country = "Spain"`, "measures": `["revenue"]`, "customer": customers.Rows[0][0].(string),
		"a": `country = "Spain"`, "b": `country = "Portugal"`, "from": `count(order) >= 2`, "to": `count(order) >= 3`,
		"goal": "more sales", "name": "Inspected", "word": "inspected", "meaning": "count(order) >= 2", "tag": "inspected",
		"question": "how many customers are there", "approval": "none", "confirm": "true",
	}
	args := map[string]map[string]string{
		"check_sensitivity": {"formula": "count(order) >= 3"}, "find_near_misses": {"formula": "count(order) >= 3"},
		"explain_customer": {"customer": given["customer"], "formula": "count(order) >= 3"},
		"delete_segment":   {"name": "Spanish regulars"},
		"set_word":         {"word": "inspected", "meaning": "count(order) >= 2"},
	}
	for name, i := range over {
		t.Run(name, func(t *testing.T) {
			i.t = t
			var list inspected
			i.ask(&list, "--method", "tools/list", "--strict")
			var named []string
			for _, tool := range list.Tools {
				named = append(named, tool.Name)
			}
			var ours []model.Tool
			s.under(t).run("run", "--json").exits(exitOK).into(&ours)
			for _, tool := range ours {
				if !slices.Contains(named, tool.Name) {
					t.Errorf("%s is not listed in %v", tool.Name, named)
				}
			}
			required := map[string][]string{"ask": {"question"}, "approve": {"approval", "confirm"}}
			for _, tool := range ours {
				var schema struct{ Required []string }
				if err := json.Unmarshal(tool.Schema, &schema); err != nil {
					t.Fatal(err)
				}
				required[tool.Name] = schema.Required
			}
			for _, tool := range named {
				// Each call starts the inspector, and over stdio the server, too.
				if name == "stdio" && !slices.Contains([]string{"ask", "count_segment", "save_segment"}, tool) {
					continue
				}
				call := []string{"--method", "tools/call", "--tool-name", tool}
				fits := args[tool]
				if fits == nil {
					fits = map[string]string{}
					for _, name := range required[tool] {
						fits[name] = given[name]
					}
				}
				for name, value := range fits {
					call = append(call, "--tool-arg", name+"="+value)
				}
				if tool == "approve" {
					i.refused(call...) // nobody gave out such an approval
					continue
				}
				var r inspected
				i.ask(&r, call...)
				text := ""
				if len(r.Content) > 0 {
					text = r.Content[0].Text
				}
				if r.IsError || text == "" || len(r.Structure) == 0 {
					t.Errorf("%q: %+v", call, r)
				}
			}
			i.ask(&list, "--method", "resources/list")
			i.ask(&list, "--method", "resources/templates/list")
			i.ask(&list, "--method", "prompts/list")
			if len(list.Resources) < 4 || len(list.Templates) < 2 || len(list.Prompts) < 5 {
				t.Errorf("%d resources, %d templates, %d prompts", len(list.Resources), len(list.Templates), len(list.Prompts))
			}
			var read inspected
			i.ask(&read, "--method", "resources/read", "--uri", "tesela://catalogue")
			i.ask(&read, "--method", "prompts/get", "--prompt-name", "first_look")
			if len(read.Contents) == 0 || read.Contents[0].Text == "" || len(read.Messages) == 0 {
				t.Errorf("%+v", read)
			}
		})
	}
	if list := s.run("segment", "list", "--db", db, "--json").exits(exitOK); strings.Contains(list.out, "Inspected") || !strings.Contains(list.out, "Spanish regulars") {
		list.fail("the inspector changed something without a yes")
	}
}
