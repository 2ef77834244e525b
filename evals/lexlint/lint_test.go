package main

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"tesela/prompts"
)

// TestShipped holds the lexicons that are shipped to having no fault.
func TestShipped(t *testing.T) {
	list, err := check(prompts.Lexicon)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if !f.advice {
			t.Error(f)
		}
	}
}

// small is a lexicon with nothing amiss, but for what change puts in.
func small(change map[string]string) fs.FS {
	files := fstest.MapFS{}
	set := func(name, text string) { files["lexicon/"+name] = &fstest.MapFile{Data: []byte(text)} }
	for lang, text := range map[string]string{
		"en": "language: en\nglue: [the, of]\nnot: [not, never]\nsaid_yes: [agreed to]\nsaid_no: [refused]\ncompare: {\">=\": [at least], \"<=\": [at most]}\nconcepts:\n  customer: {noun: [customer]}\n",
		"es": "language: es\nglue: [el, de]\nnot: [no, nunca]\nsaid_yes: [aceptó]\nsaid_no: [rechazó]\ncompare: {\">=\": [al menos], \"<=\": [como mucho]}\nconcepts:\n  customer: {noun: [cliente]}\n",
		"pt": "language: pt\nglue: [o, de]\nnot: [não, nunca]\nsaid_yes: [aceitou]\nsaid_no: [recusou]\ncompare: {\">=\": [pelo menos], \"<=\": [no máximo]}\nconcepts:\n  customer: {noun: [cliente]}\n",
	} {
		set(lang+".yaml", text)
	}
	set("terms.yaml", "terms:\n  - {en: [red], es: [rojo], pt: [vermelho]}\n")
	set("trades.yaml", "terms:\n  - {en: [claim], es: [siniestro], pt: [sinistro]}\n")
	set("orders.yaml", strings.ReplaceAll("L:\n  lists: {put: [x]}\n  forms:\n    tag: [\"{put} {who}\"]\n", "L", "en")+
		strings.ReplaceAll("L:\n  lists: {put: [x]}\n  forms:\n    tag: [\"{put} {who}\"]\n", "L", "es")+
		strings.ReplaceAll("L:\n  lists: {put: [x]}\n  forms:\n    tag: [\"{put} {who}\"]\n", "L", "pt"))
	forms := ""
	for _, lang := range languages {
		forms += lang + ":\n  lists:\n    - show: [x]\n  forms:\n    find_values: [\"<show> {text}\"]\n"
	}
	set("tools.yaml", forms)
	set("groups.yaml", "languages:\n  "+strings.ReplaceAll(strings.TrimSuffix(forms, "\n"), "\n", "\n  ")+"\n")
	for name, text := range change {
		old, replacement, _ := strings.Cut(text, " => ")
		f := files["lexicon/"+name]
		if !strings.Contains(string(f.Data), old) {
			panic(name + " has no " + old)
		}
		f.Data = []byte(strings.Replace(string(f.Data), old, replacement, 1))
	}
	return files
}

func TestNothingAmiss(t *testing.T) {
	list, err := check(small(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		t.Error(f)
	}
}

// TestPlanted plants one fault at a time: it is told by its file, heading and
// phrase, and nothing else is.
func TestPlanted(t *testing.T) {
	for name, c := range map[string]struct {
		file, change string // old => new
		want         string // part of what is told
	}{
		"glue that negates":         {"en.yaml", "glue: [the, of] => glue: [the, of, never]", `fault: en.yaml: glue: "never": carries no weight here and turns`},
		"accents set words apart":   {"pt.yaml", "glue: [o, de] => glue: [o, de, nao]", `look: pt.yaml: not: "nao": is written with an accent here and without under glue`},
		"yes is no":                 {"es.yaml", "said_no: [rechazó] => said_no: [rechazó, aceptó]", `fault: es.yaml: said_yes: "acepto": also means the opposite, under said_no`},
		"two operators":             {"en.yaml", `"<=": [at most] => "<=": [at most, at least]`, `fault: en.yaml: compare: "at least": means two parts`},
		"upper case":                {"en.yaml", "noun: [customer] => noun: [customer, Client]", `fault: en.yaml: concepts customer noun: "Client": has upper case`},
		"twice":                     {"en.yaml", "noun: [customer] => noun: [customer, customer]", `look: en.yaml: concepts customer noun: "customer": stands here twice`},
		"twice by signs":            {"en.yaml", "said_yes: [agreed to] => said_yes: [agreed to, agreed-to]", `look: en.yaml: said_yes: "agreed to": is the same as "agreed-to"`},
		"too long":                  {"en.yaml", "not: [not, never] => not: [not, never, a b c d e f g h i]", `fault: en.yaml: not: "a b c d e f g h i": has 9 words`},
		"empty":                     {"en.yaml", "not: [not, never] => not: [not, never, \"\"]", `fault: en.yaml: not: "": is empty`},
		"a heading is missing":      {"pt.yaml", "said_no: [recusou]\n => ", `fault: pt.yaml: said_no: "": has no phrase`},
		"a part is missing":         {"es.yaml", `, "<=": [como mucho] => `, `fault: es.yaml: compare <=: "": has no phrase`},
		"a trade's term is missing": {"trades.yaml", ", pt: [sinistro] => ", `look: trades.yaml: terms: "claim": has no phrase in pt`},
		"a term is missing":         {"terms.yaml", ", pt: [vermelho] => ", `look: terms.yaml: terms: "red": has no phrase in pt`},
		"an order's list":           {"orders.yaml", "{put} {who} => {putt} {who}", `fault: orders.yaml: en tag: "{putt} {who}": names {putt}`},
		"a list of a tool":          {"tools.yaml", "<show> {text} => <shw> {text}", `fault: tools.yaml: en find_values: "<shw> {text}": names <shw>`},
		"a tool in two languages":   {"groups.yaml", "find_values => found_values", `has no form, other languages have`},
		"an order in two of three":  {"orders.yaml", "tag: => tags:", `has no form, other languages have`},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := check(small(map[string]string{c.file: c.change}))
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, f := range list {
				found = found || strings.Contains(f.String(), c.want)
			}
			if !found {
				t.Errorf("want %s\ngot  %v", c.want, list)
			}
			if len(list) > 2 && !strings.Contains(c.want, "other languages have") {
				t.Errorf("one fault is told as %v", list)
			}
		})
	}
}

// TestExit: faults are told by the exit code, advice only where it is asked
// for.
func TestExit(t *testing.T) {
	var out, aside strings.Builder
	if code := run(nil, &out, &aside); code != 0 || out.Len() > 0 {
		t.Errorf("exit code %d, %s%s", code, &out, &aside)
	}
	if code := run([]string{"-no-such-flag"}, &out, &aside); code != 2 {
		t.Errorf("an unknown flag: exit code %d", code)
	}
}
