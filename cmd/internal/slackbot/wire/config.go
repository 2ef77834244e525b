package wire

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Config is what a Wire works with.
type Config struct {
	// BotToken (xoxb-…) speaks as the bot. AppToken (xapp-…) opens the socket
	// that Slack sends events over; without one they come over HTTP.
	BotToken, AppToken string
	// SigningSecret is what Slack signs its HTTP requests with.
	SigningSecret string
	// Listener is where HTTP events come in: set, there is no socket.
	Listener net.Listener
	// APIURL is Slack's Web API, ending in a slash; "" is Slack's own.
	APIURL string

	Handler Handler
	// Busy answers a delivery that there is no room for; nil answers in
	// English. It must be quick.
	Busy Handler
	// Memory keeps what was heard over a restart; nil keeps nothing.
	Memory Memory
	Clock  func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: none
	Limits Limits
}

// Limits bound a Wire. A zero field is its default.
type Limits struct {
	AtOnce  int           // handlers running at once: 256
	Waiting int           // deliveries waiting for one: 4096
	Grace   time.Duration // for handlers to finish once Run is to end: 25 s
	Body    int64         // bytes of an HTTP request: 1 MiB
	// Pace is between messages to a channel, after a Burst of them: 1 s, 4.
	Pace  time.Duration
	Burst int
	// Call is how long one call of Slack's may take, Upload how long the body
	// of a file: 20 s, 2 min.
	Call, Upload time.Duration
	// Backoff is before the first retry and doubles up to MostBackoff:
	// 500 ms, 30 s.
	Backoff, MostBackoff time.Duration
	// Ping is how long Slack may be silent before its connection counts as dead:
	// 30 s.
	Ping time.Duration
	// Claim is how long a delivery waits for Memory to say that nobody else
	// has it, before it is handled anyway: 300 ms.
	Claim time.Duration
}

func (l Limits) orDefaults() Limits {
	return Limits{
		AtOnce: cmp.Or(l.AtOnce, 256), Waiting: cmp.Or(l.Waiting, 4096),
		Grace: cmp.Or(l.Grace, 25*time.Second), Body: cmp.Or(l.Body, 1<<20),
		Pace: cmp.Or(l.Pace, time.Second), Burst: cmp.Or(l.Burst, 4),
		Call: cmp.Or(l.Call, 20*time.Second), Upload: cmp.Or(l.Upload, 2*time.Minute),
		Backoff: cmp.Or(l.Backoff, 500*time.Millisecond), MostBackoff: cmp.Or(l.MostBackoff, 30*time.Second),
		Ping: cmp.Or(l.Ping, 30*time.Second), Claim: cmp.Or(l.Claim, 300*time.Millisecond),
	}
}

// Wire is a bot's connection to Slack.
type Wire struct {
	config Config
	limits Limits
	clock  func() time.Time
	log    *slog.Logger

	client *http.Client
	api    *slack.Client
	out    *outbox
	in     *inbox
	self   Self
}

// Self is who the bot is in Slack.
type Self struct {
	Team, TeamName string
	User, Name     string // the bot's
	URL            string // of the workspace
}

// New makes a Wire; nothing is called before Connect or Run.
func New(c Config) (*Wire, error) {
	if err := checkTokens(c); err != nil {
		return nil, err
	}
	if c.Handler == nil {
		return nil, errors.New("wire: no handler")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.APIURL = cmp.Or(c.APIURL, slack.APIURL)
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/"
	}
	w := &Wire{config: c, limits: c.Limits.orDefaults(), clock: c.Clock, log: c.Log}
	w.client = &http.Client{Transport: &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:   true,
		TLSHandshakeTimeout: 10 * time.Second,
		IdleConnTimeout:     90 * time.Second,
		MaxIdleConns:        64, MaxIdleConnsPerHost: 64,
	}}
	w.api = slack.New(c.BotToken, slack.OptionAppLevelToken(c.AppToken), slack.OptionAPIURL(c.APIURL), slack.OptionHTTPClient(w.client))
	w.out = newOutbox(w)
	w.in = newInbox(w)
	return w, nil
}

// Poster gives what can be done in Slack; it works before Run, too.
func (w *Wire) Poster() Poster { return w.out }

// TokenError tells that a token is missing or another's. It never holds one.
type TokenError struct{ Variable, Message string }

func (e *TokenError) Error() string { return e.Variable + ": " + e.Message }

// The variables of the environment that tokens come from, for messages.
const (
	botVariable    = "SLACK_BOT_TOKEN"
	appVariable    = "SLACK_APP_TOKEN"
	secretVariable = "SLACK_SIGNING_SECRET"
)

// checkTokens finds tokens that are missing or swapped before Slack is asked.
func checkTokens(c Config) error {
	bot := &TokenError{Variable: botVariable}
	switch {
	case c.BotToken == "":
		bot.Message = "the bot token is missing; it begins with xoxb- and stands under “OAuth & Permissions” once the app is installed"
	case strings.HasPrefix(c.BotToken, "xapp-"):
		bot.Message = "this is the app-level token (xapp-), which belongs into " + appVariable + "; the bot token begins with xoxb-"
	case strings.HasPrefix(c.BotToken, "xoxp-"):
		bot.Message = "this is a person's token (xoxp-); the bot token begins with xoxb- and stands under “OAuth & Permissions”"
	case !strings.HasPrefix(c.BotToken, "xoxb-"):
		bot.Message = "this is no bot token; it begins with xoxb- and stands under “OAuth & Permissions”"
	}
	if bot.Message != "" {
		return bot
	}
	if c.Listener != nil {
		if c.SigningSecret == "" {
			return &TokenError{secretVariable, "the signing secret is missing; events over HTTP are only believed with it, and it stands under “Basic Information”"}
		}
		return nil
	}
	app := &TokenError{Variable: appVariable}
	switch {
	case c.AppToken == "":
		app.Message = "the app-level token is missing; make one with the scope connections:write under “Basic Information”, or take events over HTTP"
	case strings.HasPrefix(c.AppToken, "xoxb-"):
		app.Message = "this is a bot token (xoxb-), which belongs into " + botVariable + "; the app-level token begins with xapp-"
	case !strings.HasPrefix(c.AppToken, "xapp-"):
		app.Message = "this is no app-level token; it begins with xapp- and stands under “Basic Information”"
	}
	if app.Message != "" {
		return app
	}
	return nil
}

// String keeps tokens out of what is printed.
func (c Config) String() string { return fmt.Sprintf("wire to %s", cmp.Or(c.APIURL, slack.APIURL)) }
