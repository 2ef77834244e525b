package blockkit

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"tesela/agent/wording"
)

//go:embed words.yaml
var wordsYAML []byte

// words are the texts of messages in one language.
type words map[string]string

// loaded are the words of all languages, and those of tools.
type loaded struct {
	words map[string]words
	tools map[string]words
}

var loadWords = sync.OnceValues(func() (*loaded, error) { return readWords(wordsYAML) })

// readWords reads the texts of all languages.
func readWords(data []byte) (*loaded, error) {
	raw := map[string]map[string]any{}
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("read the words of messages: %w", err)
	}
	l := &loaded{words: map[string]words{}, tools: map[string]words{}}
	for _, code := range wording.Codes() {
		if raw[code] == nil {
			return nil, fmt.Errorf("read the words of messages: there are none in %s", code)
		}
		l.words[code], l.tools[code] = words{}, words{}
		for key, v := range raw[code] {
			switch v := v.(type) {
			case string:
				l.words[code][key] = v
			case map[string]any:
				for tool, text := range v {
					l.tools[code][tool] = fmt.Sprint(text)
				}
			default:
				return nil, fmt.Errorf("read the words of messages: %s in %s is no text", key, code)
			}
		}
	}
	return l, nil
}

// voice is a language with its words.
type voice struct {
	lang  *wording.Language
	words words
	tools words
}

// voiceOf gives the voice of a language, English for one there is not. An error
// means that this build's own files are broken.
func voiceOf(code string) (*voice, error) {
	lang, err := wording.For(code)
	if err != nil {
		return nil, err
	}
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	return &voice{lang: lang, words: all.words[lang.Code], tools: all.tools[lang.Code]}, nil
}

// say fills a text with values that are cleaned.
func (v *voice) say(key string, pairs ...string) string {
	for i := 1; i < len(pairs); i += 2 {
		pairs[i] = clean(pairs[i])
	}
	return wording.Fill(v.words[key], pairs...)
}
