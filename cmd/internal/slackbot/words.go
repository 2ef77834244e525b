package slackbot

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"tesela/agent/wording"
)

//go:embed words.yaml
var wordsYAML []byte

// words is what the bot says in one language beside answers.
type words struct {
	HelpWords []string `yaml:"help_words"`
	Queued    string   `yaml:"queued"`
	Busy      string   `yaml:"busy"`

	Stopped     string `yaml:"stopped"`
	Broke       string `yaml:"broke"`
	Unavailable string `yaml:"unavailable"`

	BudgetUser string            `yaml:"budget_user"`
	BudgetTeam string            `yaml:"budget_team"`
	Per        map[string]string `yaml:"per"`

	PersonalChannel string `yaml:"personal_channel"`
	PersonalDirect  string `yaml:"personal_direct"`
	Unchecked       string `yaml:"unchecked"`

	Asked          string            `yaml:"asked"`
	AskedSomething string            `yaml:"asked_something"`
	AskedPersonal  string            `yaml:"asked_personal"`
	Alone          string            `yaml:"alone"`
	AloneDigest    string            `yaml:"alone_digest"`
	NoPost         map[string]string `yaml:"no_post"`

	ChosenAlready string `yaml:"chosen_already"`
	Gone          string `yaml:"gone"`

	MayNot              string `yaml:"may_not"`
	MayNone             string `yaml:"may_none"`
	MayApprove          string `yaml:"may_approve"`
	MayApproveYou       string `yaml:"may_approve_you"`
	MayApproveNone      string `yaml:"may_approve_none"`
	MayApproveElsewhere string `yaml:"may_approve_elsewhere"`
	Until               string `yaml:"until"`
	Or                  string `yaml:"or"`
	Expired             string `yaml:"expired"`
	NotNow              string `yaml:"not_now"`

	ReportFile     string `yaml:"report_file"`
	ReportAgain    string `yaml:"report_again"`
	ReportFailed   string `yaml:"report_failed"`
	ReportPersonal string `yaml:"report_personal"`
	UploadsFailed  string `yaml:"uploads_failed"`

	Title    string `yaml:"title"`
	Greeting string `yaml:"greeting"`
	Help     struct {
		Ask           string `yaml:"ask"`
		Examples      string `yaml:"examples"`
		May           string `yaml:"may"`
		Personal      string `yaml:"personal"`
		Digests       string `yaml:"digests"`
		DigestExample string `yaml:"digest_example"`
	} `yaml:"help"`

	lang *wording.Language
}

// loadWords reads the texts of all languages.
func loadWords() (map[string]*words, error) {
	all := map[string]*words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &all, yaml.DisallowUnknownField()); err != nil {
		return nil, fmt.Errorf("read the bot's words: %w", err)
	}
	for _, code := range wording.Codes() {
		if all[code] == nil {
			return nil, fmt.Errorf("read the bot's words: there are none in %s", code)
		}
		var err error
		if all[code].lang, err = wording.For(code); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// in gives the words of a language, English for one there are none of.
func (b *Bot) in(language string) *words {
	if w, ok := b.words[language]; ok {
		return w
	}
	return b.words[wording.Codes()[0]]
}

// fill puts values into a text in one pass.
func fill(form string, pairs ...string) string {
	old := make([]string, len(pairs))
	for i, s := range pairs {
		if old[i] = s; i%2 == 0 {
			old[i] = "{" + s + "}"
		}
	}
	return strings.NewReplacer(old...).Replace(form)
}

// per words how often something may be done in a while.
func (w *words) per(d time.Duration) string {
	n, unit := int64(d/time.Minute), "minute"
	switch {
	case d >= 24*time.Hour && d%(24*time.Hour) == 0:
		n, unit = int64(d/(24*time.Hour)), "day"
	case d >= time.Hour && d%time.Hour == 0:
		n, unit = int64(d/time.Hour), "hour"
	}
	if n == 1 {
		return w.Per[unit]
	}
	return fill(w.Per[unit+"s"], "n", strconv.FormatInt(n, 10))
}

// when writes an instant in the zone of the data.
func (b *Bot) when(w *words, t time.Time) string {
	return w.lang.Time(t.In(b.config.Zone)) + " (" + b.config.Zone.String() + ")"
}

// code is that of a language of these, given a locale (es-ES) or a code; ""
// where there are no words in it.
func (b *Bot) code(locale string) string {
	locale, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	if b.words[locale] == nil {
		return ""
	}
	return locale
}
