package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tesela/tools"
)

// Basis is what an answer leans on beside its question and calls, so that a
// later replay can tell what changed: the program, the imported data, or what
// the business's words, segments and roles stand for.
type Basis struct {
	// Program is the version that answered; "" where it was not told.
	Program string `json:"program,omitempty"`
	// Results is the version of the tool results' format.
	Results int `json:"results"`
	// Imported is the fingerprint of the imported data alone; Answer.Data
	// covers the definitions too.
	Imported string `json:"imported,omitempty"`
	// Person is as in Config: what a person may see, a program may not.
	Person bool `json:"person"`
	// Definitions are those that the answer uses.
	Definitions tools.Definitions `json:"definitions"`
	// Outside is set where a model outside this process saw the results, so
	// that the calls were refused what is personal.
	Outside bool `json:"outside,omitempty"`
}

// basis says what the answer leans on; nil without a workspace.
func (t *turn) basis(a *Answer) *Basis {
	if t.c.Workspace == nil {
		return nil
	}
	args := make([]json.RawMessage, len(a.Calls))
	for i, c := range a.Calls {
		args[i] = c.Args
	}
	return &Basis{
		Program: t.c.Program, Results: tools.ResultFormat, Imported: t.imported, Person: t.c.Person,
		Definitions: t.definitions.UsedBy(a.Question, args...), Outside: t.outside(),
	}
}

// Seal puts the digest of all that is in the answer into it. Whoever changes
// an answer's content seals it again.
func Seal(a *Answer) error {
	b, err := a.MarshalJSON()
	if err != nil {
		return fmt.Errorf("seal the answer: %w", err)
	}
	a.Digest, err = digestOf(b)
	return err
}

// outsideDigest are the parts of an answer that differ from one asking to the
// next though the answer is the same.
var outsideDigest = []string{"digest", "elapsed_ms", "usage", "suggestions"}

// digestOf is "sha256:…" over an answer's canonical JSON: keys sorted, no
// space, numbers written in one way. It does not depend on how a file is
// indented, nor on which fields this program knows.
func digestOf(answer json.RawMessage) (string, error) {
	v, err := tree(answer)
	if err != nil {
		return "", err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return "", fmt.Errorf("the answer is no JSON object")
	}
	for _, name := range outsideDigest {
		delete(object, name)
	}
	plainNumbers(object)
	text, err := jsonLine(object)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// plainNumbers writes all numbers of a tree in one way, in place.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		return plainNumber(v)
	case map[string]any:
		for key, item := range v {
			v[key] = plainNumbers(item)
		}
	case []any:
		for i, item := range v {
			v[i] = plainNumbers(item)
		}
	}
	return v
}

// plainNumber writes a JSON number in one way: whole ones in full, others in
// the shortest text that reads back the same, as other programs that print
// JSON anew may do.
func plainNumber(n json.Number) json.Number {
	text := n.String()
	if !strings.ContainsAny(text, ".eE") {
		return n
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return n
	}
	b, err := json.Marshal(f)
	if err != nil {
		return n
	}
	return json.Number(b)
}
