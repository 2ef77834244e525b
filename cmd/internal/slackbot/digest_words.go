package slackbot

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/slack-go/slack"

	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/blockkit"
)

//go:embed digest_words.yaml
var digestYAML []byte

// digestWords is what is said of digests in one language.
type digestWords struct {
	List []string `yaml:"list"`
	Stop []string `yaml:"stop"`

	Made     string            `yaml:"made"`
	MadeHere string            `yaml:"made_here"`
	Again    string            `yaml:"again"`
	Assumed  map[string]string `yaml:"assumed"`
	NotMade  string            `yaml:"not_made"`
	Writes   string            `yaml:"writes"`
	Personal string            `yaml:"personal"`
	NotKept  string            `yaml:"not_kept"`
	MostUser string            `yaml:"most_user"`
	MostTeam string            `yaml:"most_team"`

	StopButton string `yaml:"stop_button"`
	RunButton  string `yaml:"run_button"`
	NoDigest   string `yaml:"no_digest"`
	MayNot     string `yaml:"may_not"`
	StoppedBy  string `yaml:"stopped_by"`
	RunJust    string `yaml:"run_just"`
	RunNow     string `yaml:"run_now"`

	AskWish    string `yaml:"ask_wish"`
	AskHour    string `yaml:"ask_hour"`
	AskOnce    string `yaml:"ask_once"`
	AskWhich   string `yaml:"ask_which"`
	PickDigest string `yaml:"pick_digest"`
	PickOnce   string `yaml:"pick_once"`
	PickNone   string `yaml:"pick_none"`
	Picked     string `yaml:"picked"`
	NotYours   string `yaml:"not_yours"`

	Listed     string `yaml:"listed"`
	ListedHere string `yaml:"listed_here"`
	Line       string `yaml:"line"`
	LineOf     string `yaml:"line_of"`
	LineAside  string `yaml:"line_aside"`
	Hidden     string `yaml:"hidden"`
	Direct     string `yaml:"direct"`
	NoNumber   string `yaml:"no_number"`
	None       string `yaml:"none"`
	Elsewhere  string `yaml:"elsewhere"`
	MoreListed string `yaml:"more_listed"`

	Head      string            `yaml:"head"`
	HeadBare  string            `yaml:"head_bare"`
	Late      string            `yaml:"late"`
	Failing   string            `yaml:"failing"`
	Gone      string            `yaml:"gone"`
	GoneCause map[string]string `yaml:"gone_cause"`

	lang *wording.Language
}

// loadDigestWords reads the words of all languages.
func loadDigestWords() (map[string]*digestWords, error) {
	all := map[string]*digestWords{}
	if err := yaml.UnmarshalWithOptions(digestYAML, &all, yaml.DisallowUnknownField()); err != nil {
		return nil, fmt.Errorf("read the words of digests: %w", err)
	}
	for _, code := range wording.Codes() {
		if all[code] == nil {
			return nil, fmt.Errorf("read the words of digests: there are none in %s", code)
		}
		var err error
		if all[code].lang, err = wording.For(code); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// asksList tells whether a message asks which digests there are.
func (g *Digests) asksList(said string) (language string, ok bool) {
	said = normal(said)
	for _, code := range wording.Codes() {
		for _, words := range g.words[code].List {
			if said == normal(words) {
				return code, true
			}
		}
	}
	return "", false
}

// asksStop tells whether a message asks to stop a digest, and which: 0 where it
// does not say.
func (g *Digests) asksStop(said string) (language string, n int, ok bool) {
	said = normal(said)
	for _, code := range wording.Codes() {
		for _, words := range g.words[code].Stop {
			rest, found := strings.CutPrefix(said, normal(words))
			rest = strings.TrimPrefix(strings.TrimSpace(rest), "#")
			if !found {
				continue
			}
			if rest == "" {
				return code, 0, true
			}
			if n, err := strconv.Atoi(rest); err == nil && n > 0 {
				return code, n, true
			}
		}
	}
	return "", 0, false
}

// message is a text in Markdown with buttons under it.
type message struct {
	text    string
	buttons []slack.BlockElement
}

// text is a message of plain words.
func text(s string) message { return message{text: wording.Escape(s)} }

// channelName stands for a channel in a text; blocks puts its link there, which
// Slack shows as the channel's name.
func channelName(id string) string { return "\ue000" + id + "\ue001" }

var channelLinks = strings.NewReplacer("\ue000", "<#", "\ue001", ">")

// blocks is the message as Slack shows it.
func (m message) blocks() blockkit.Message {
	out := notice("…")
	if all := blockkit.Markdown(m.text); len(all) > 0 {
		out = all[0]
	}
	out.Text = channelLinks.Replace(out.Text)
	for _, b := range out.Blocks {
		if s, ok := b.(*slack.SectionBlock); ok && s.Text != nil {
			s.Text.Text = channelLinks.Replace(s.Text.Text)
		}
	}
	if len(m.buttons) > 0 {
		out.Blocks = append(out.Blocks, slack.NewActionBlock("", m.buttons...))
	}
	return out
}

// The actions of the buttons of digests. What several of one message have is
// followed by a dot and a number.
const (
	actionDigestStop = "tesela.digest.stop" // Value is the digest's id
	actionDigestRun  = "tesela.digest.run"  // Value is the digest's id
	actionDigestPick = "tesela.digest.pick" // Value is what was asked, and which reading
)

// mostButton is how long the label of a button may be, in characters.
const mostButton = 75

func button(action, value, label string) *slack.ButtonBlockElement {
	plain := slack.NewTextBlockObject(slack.PlainTextType, shorten(wording.Clean(label), mostButton), false, false)
	return slack.NewButtonBlockElement(action, value, plain)
}

// controls are the buttons that a digest is stopped and sent now with.
func (w *digestWords) controls(o *order) []slack.BlockElement {
	stop := button(actionDigestStop, o.ID, w.StopButton)
	stop.Style = slack.StyleDanger
	return []slack.BlockElement{stop, button(actionDigestRun, o.ID, w.RunButton)}
}
