package modeltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tesela/agent/model"
)

// What Google AI knows in a request, as its documents spell it; with an
// underscore before each capital it is the same.
var (
	geminiFields = spelled("model", "contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig", "cachedContent")
	geminiConfig = spelled("stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities", "candidateCount", "maxOutputTokens",
		"temperature", "topP", "topK", "seed", "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "thinkingConfig", "mediaResolution")
	geminiPart = spelled("text", "inlineData", "functionCall", "functionResponse", "fileData", "executableCode", "codeExecutionResult", "thought", "thoughtSignature", "videoMetadata")
	geminiTool = spelled("functionDeclarations", "googleSearch", "codeExecution", "urlContext")
	geminiFunc = spelled("name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior")
	geminiWord = spelled("type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties",
		"maxProperties", "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum")
	geminiTypes = []string{"", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"}
)

// spelled lists names in both spellings.
func spelled(names ...string) []string {
	var all []string
	for _, n := range names {
		all = append(all, n, snake(n))
	}
	return all
}

func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// at is a field by either spelling.
func (o object) at(name string) json.RawMessage { return o.get(name, snake(name)) }

// Read takes a request apart.
func (Gemini) Read(req *http.Request, body []byte) (Asked, error) {
	refuse := func(format string, args ...any) *Answer {
		return geminiSays(http.StatusBadRequest, "INVALID_ARGUMENT", fmt.Sprintf(format, args...))
	}
	if req.Header.Get("X-Goog-Api-Key") == "" && req.URL.Query().Get("key") == "" {
		return Asked{}, geminiSays(http.StatusForbidden, "PERMISSION_DENIED",
			"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.")
	}
	r := objectOf(body)
	if r == nil {
		return Asked{}, refuse("Invalid JSON payload received.")
	}
	path := geminiPath.FindStringSubmatch(req.URL.Path)
	a := Asked{Model: path[1], Stream: path[2] == "streamGenerateContent", Options: map[string]bool{}}
	query := req.URL.Query()
	a.wire = wire{events: query.Get("alt") == "sse" || strings.HasPrefix(query.Get("$alt"), "sse"), numbers: strings.Contains(query.Get("$alt"), "enum-encoding=int"), tools: true}
	g := &gemini{a: &a}
	g.known(r, geminiFields, "")
	config := objectOf(r.at("generationConfig"))
	g.known(config, geminiConfig, "generation_config")
	for name := range config {
		a.Options[name] = true
	}
	g.tools(r)
	if system := objectOf(r.at("systemInstruction")); system != nil {
		g.known(system, []string{"role", "parts"}, "system_instruction")
		g.content(system, "system", "system_instruction")
	}
	list, _ := listOf(r["contents"])
	if len(list) == 0 {
		g.wrong("* GenerateContentRequest.contents: contents is not specified")
	}
	for i, one := range list {
		g.turn(objectOf(one), i)
	}
	g.ends()
	for name, most := range map[string][2]float64{
		"temperature": {0, 2}, "topP": {0, 1}, "topK": {1, 64}, "candidateCount": {1, 8}, "maxOutputTokens": {1, 1e6},
	} {
		if !within(config.at(name), most[0], most[1]) {
			g.wrong("Unable to submit request because it has a %s value of %s but the supported range is from %v to %v.", name, config.at(name), most[0], most[1])
		}
	}
	if g.why != "" {
		return a, refuse("%s", g.why)
	}
	return a, nil
}

// gemini takes a request apart and keeps what is wrong first.
type gemini struct {
	a       *Asked
	why     string
	open    []string // names of the calls of the turn before
	last    string   // what the turn before was: user, model, calls, responses
	missing string   // the signature of a call of the turn at hand
}

func (g *gemini) wrong(format string, args ...any) {
	g.why = first(g.why, fmt.Sprintf(format, args...))
}

func (g *gemini) known(o object, names []string, at string) {
	if unknown := o.unknown(names...); unknown != nil {
		g.wrong("Invalid JSON payload received. Unknown name \"%s\" at '%s': Cannot find field.", unknown[0], at)
	}
}

// tools reads the functions and looks at their schemas.
func (g *gemini) tools(r object) {
	tools, _ := listOf(r["tools"])
	for i, tool := range tools {
		t := objectOf(tool)
		at := fmt.Sprintf("tools[%d]", i)
		g.known(t, geminiTool, at)
		functions, _ := listOf(t.at("functionDeclarations"))
		for j, one := range functions {
			f := objectOf(one)
			here := fmt.Sprintf("%s.function_declarations[%d]", at, j)
			g.known(f, geminiFunc, here)
			g.a.Tools = append(g.a.Tools, f.text("name"))
			if f.has("parameters") {
				g.schema(f["parameters"], here+".parameters")
			}
		}
	}
	if why := toolNames(g.a.Tools, 64); why != "" {
		g.wrong("* GenerateContentRequest.tools[0].function_declarations[0].name: Invalid function name. %s", why)
	}
}

func (g *gemini) schema(schema json.RawMessage, at string) {
	o := objectOf(schema)
	if o == nil {
		g.wrong("Invalid value at '%s' (type.googleapis.com/google.ai.generativelanguage.v1beta.Schema)", at)
		return
	}
	g.known(o, geminiWord, at)
	kind := strings.ToUpper(o.text("type"))
	var n int
	if json.Unmarshal(o["type"], &n) == nil && n > 0 && n < len(geminiTypes) {
		kind = geminiTypes[n]
	}
	anyOf, _ := listOf(o.at("anyOf"))
	if !slices.Contains(geminiTypes[1:], kind) && anyOf == nil {
		g.wrong("Invalid value at '%s.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), %s", at, o["type"])
	}
	properties := objectOf(o["properties"])
	switch {
	case kind == "OBJECT" && len(properties) == 0:
		g.wrong("* GenerateContentRequest.%s.properties: should be non-empty for OBJECT type", at)
	case kind != "OBJECT" && len(properties) > 0:
		g.wrong("* GenerateContentRequest.%s.properties: only allowed for OBJECT type", at)
	case kind == "ARRAY" && !o.has("items"):
		g.wrong("* GenerateContentRequest.%s.items: missing field.", at)
	case kind != "STRING" && o.has("enum"):
		g.wrong("* GenerateContentRequest.%s.enum: only allowed for STRING type", at)
	}
	var enum, required []string
	if o.has("enum") && json.Unmarshal(o["enum"], &enum) != nil || slices.Contains(enum, "") {
		g.wrong("* GenerateContentRequest.%s.enum[0]: cannot be empty", at)
	}
	if o.has("required") && json.Unmarshal(o["required"], &required) != nil {
		g.wrong("Invalid value at '%s.required'", at)
	}
	for i, name := range required {
		if properties[name] == nil {
			g.wrong("* GenerateContentRequest.%s.required[%d]: property is not defined", at, i)
		}
	}
	for name, one := range properties {
		g.schema(one, at+".properties["+name+"]")
	}
	if o.has("items") {
		g.schema(o["items"], at+".items")
	}
	for i, one := range anyOf {
		g.schema(one, fmt.Sprintf("%s.any_of[%d]", at, i))
	}
}

// content reads a content's parts.
func (g *gemini) content(o object, role, at string) (calls, answers []string, text, signed bool) {
	parts, _ := listOf(o["parts"])
	if len(parts) == 0 {
		g.wrong("* GenerateContentRequest.%s.parts: contents.parts must not be empty.", at)
	}
	said := Said{Role: role}
	for i, one := range parts {
		p := objectOf(one)
		here := fmt.Sprintf("%s.parts[%d]", at, i)
		g.known(p, geminiPart, here)
		f, answer := objectOf(p.at("functionCall")), objectOf(p.at("functionResponse"))
		switch {
		case f != nil:
			g.known(f, []string{"name", "args", "id"}, here+".function_call")
			if f.text("name") == "" || f.has("args") && !isObject(f["args"]) {
				g.wrong("* GenerateContentRequest.%s.function_call.name: Name cannot be empty.", here)
			}
			args := f["args"]
			if args == nil {
				args = json.RawMessage("{}")
			}
			if len(calls) == 0 {
				mark := p.text("thoughtSignature", "thought_signature")
				signed = mark == signature(f.text("name"), string(args)) || mark == "skip_thought_signature_validator" || mark == "context_engineering_is_the_way_to_go" ||
					decoded(mark) == "skip_thought_signature_validator" || decoded(mark) == "context_engineering_is_the_way_to_go"
			}
			calls = append(calls, f.text("name"))
			said.Calls = append(said.Calls, model.Call{ID: f.text("id"), Name: f.text("name"), Args: args})
		case answer != nil:
			g.known(answer, []string{"name", "response", "id", "willContinue", "scheduling", "parts"}, here+".function_response")
			if answer.text("name") == "" || !isObject(answer["response"]) {
				g.wrong("* GenerateContentRequest.%s.function_response.name: Name cannot be empty.", here)
			}
			answers = append(answers, answer.text("name"))
			g.a.Messages = append(g.a.Messages, Said{Role: "tool", CallID: answer.text("id", "name"), Text: answered(answer["response"])})
		case p["text"] != nil:
			s, ok := textOf(p["text"])
			if !ok {
				g.wrong("Invalid value at '%s.text' (TYPE_STRING)", here)
			}
			said.Text += s
			text = true
		default:
			g.wrong("* GenerateContentRequest.%s.data: required oneof field 'data' must have one initialized field", here)
		}
	}
	if said.Text != "" || len(said.Calls) > 0 {
		g.a.Messages = append(g.a.Messages, said)
	}
	return calls, answers, text, signed
}

// turn reads one content and tells whether it may stand where it does.
func (g *gemini) turn(o object, i int) {
	at := fmt.Sprintf("contents[%d]", i)
	g.known(o, []string{"role", "parts"}, at)
	role := o.text("role")
	said := map[string]string{"": "user", "user": "user", "model": "assistant", "function": "tool"}[role]
	if said == "" {
		g.wrong("Please use a valid role: user, model.")
	}
	calls, answers, text, signed := g.content(o, said, at)
	switch {
	case len(calls) > 0 && role != "model", len(answers) > 0 && role == "model":
		g.wrong("Please ensure that function calls are of the role model, and function responses of the role user or function.")
	case len(answers) > 0:
		if g.last != "calls" {
			g.wrong("Please ensure that function response turn comes immediately after a function call turn.")
		}
		slices.Sort(answers)
		slices.Sort(g.open)
		if len(answers) != len(g.open) {
			g.wrong("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")
		} else if !slices.Equal(answers, g.open) {
			g.wrong("Please ensure that function response parts have the names of the function call parts of the function call turn.")
		}
		g.last, g.open = "responses", nil
		return
	case g.last == "calls":
		g.wrong("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")
	case len(calls) > 0:
		if g.last != "user" && g.last != "responses" {
			g.wrong("Please ensure that function call turn comes immediately after a user turn or after a function response turn.")
		}
		if !signed && signs(g.a.Model) {
			g.missing = fmt.Sprintf("Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, "+
				"and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:%s` , position %d.", calls[0], i+1)
		}
		g.last, g.open = "calls", calls
		return
	}
	if role != "model" && text {
		g.missing = "" // what is signed counts within a turn only
	}
	g.last = role
	if role == "" {
		g.last = "user"
	}
}

// ends tells what is wrong with the whole of it.
func (g *gemini) ends() {
	switch g.last {
	case "calls":
		g.wrong("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")
	case "model":
		g.wrong("Please ensure that multiturn requests end with a user turn or a function response.")
	}
	g.wrong("%s", g.missing)
}

// answered is what a function returned: the one text in its response, or all
// of that.
func answered(response json.RawMessage) string {
	o := objectOf(response)
	if len(o) == 1 {
		for _, one := range o {
			if s, ok := textOf(one); ok {
				return s
			}
		}
	}
	return string(response)
}
