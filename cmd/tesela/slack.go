package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tesela/cmd/internal/slackbot"
	"tesela/cmd/internal/slackbot/manifest"
	"tesela/cmd/internal/slackbot/wire"
	"tesela/segment/syntax"
	"tesela/store"
)

// The tokens come from the environment alone: a command line would show them
// to everybody on the machine.
const (
	envSlackBot    = "SLACK_BOT_TOKEN"
	envSlackApp    = "SLACK_APP_TOKEN"
	envSlackSecret = "SLACK_SIGNING_SECRET"
	envSlackAPI    = "SLACK_API_URL" // GovSlack has one of its own
)

// slacking is the flags of `tesela slack`.
type slacking struct {
	talk                 talk
	asOf, http, api      string
	approvers, personal  []string
	hold                 time.Duration
	userTurns, teamTurns string
	atOnce               int
}

func newSlack(a *app) *cobra.Command {
	var s slacking
	c := &cobra.Command{
		Use:   "slack",
		Short: "Answer in Slack",
		Long: "Answers questions in Slack: mentions in channels, direct messages, the assistant pane and " + manifest.Command + ".\n" +
			"A thread is a conversation. It connects to Slack by itself over Socket Mode, so that nothing of\n" +
			"this machine needs to be reachable; --http takes Slack's requests instead.\n\n" +
			"The tokens come from the environment: " + envSlackBot + " (xoxb-…), and " + envSlackApp + " (xapp-…) or\n" +
			"with --http " + envSlackSecret + ". `tesela slack manifest` prints what to make the app from.\n\n" +
			"What changes something waits for a yes: of --approvers, or where there are none of who asked, in a\n" +
			"direct message only. What tells of single customers is never shown in channels, and in direct\n" +
			"messages only to --personal. Users are given by their ids (U…), user groups by theirs (S…).",
		Example: "  tesela slack\n  tesela slack --approvers U024BE7LH,S0615G0KT --personal U024BE7LH\n" +
			"  tesela slack --http 8124 --db shop.db",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.serveSlack(c.Context(), &s, c.Flags().Changed) },
	}
	flags := c.Flags()
	flags.StringVar(&s.http, "http", "", "take Slack's events by HTTP at this `ADDRESS`, HOST:PORT or a port of this machine, instead of Socket Mode")
	flags.StringSliceVar(&s.approvers, "approvers", nil, "`IDS` of the users and user groups who may approve what changes something (default: who asked, in a direct message)")
	flags.StringSliceVar(&s.personal, "personal", nil, "`IDS` of the users and user groups who may see single customers, in direct messages (default: nobody)")
	flags.DurationVar(&s.hold, "hold", 24*time.Hour, "how long something waits for approval")
	flags.StringVar(&s.userTurns, "user-turns", "60/1h", "how many questions a person may ask, as `TURNS/TIME`, several with commas; 0 for no bound")
	flags.StringVar(&s.teamTurns, "team-turns", "600/1h", "how many questions all may ask together, as `TURNS/TIME`; 0 for no bound")
	flags.IntVar(&s.atOnce, "at-once", 4, "how many questions are worked on at once; others wait")
	s.talk.bounds.add(c, "give up on a question", 2*time.Minute)
	flags.StringVar(&s.talk.lang, "lang", "", "language of the bot's own words where nothing tells it: en, es or pt (default: en)")
	flags.StringVar(&s.talk.model, "model", "auto", "who reads the questions: auto, offline, or a language model such as openai:NAME")
	flags.StringVar(&s.asOf, "as-of", "", "answer as of this `DATE` (2011-12-01 or RFC 3339) instead of the end of the newest day of data")
	flags.StringVar(&s.api, "api-url", "", "Slack's Web API at this `URL`, such as https://slack-gov.com/api/ (default: $"+envSlackAPI+", else Slack's own)")
	c.AddCommand(newSlackManifest(a))
	return c
}

func newSlackManifest(a *app) *cobra.Command {
	var o manifest.Options
	c := &cobra.Command{
		Use:   "manifest",
		Short: "Print what to make the Slack app from",
		Long: "Prints the app manifest, as https://api.slack.com/apps takes it under “Create New App”, “From a\n" +
			"manifest”: the app's name, what it listens to, and what it may do, which is no more than it needs.",
		Example: "  tesela slack manifest\n  tesela slack manifest --name 'Acme data' --http-url https://tesela.example.com",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			page, err := manifest.JSON(o)
			if err != nil {
				return usageError("%v", err)
			}
			_, err = a.out.Write(page)
			return err
		},
	}
	c.Flags().StringVar(&o.Name, "name", manifest.Name, "`NAME` of the app and its bot, up to 35 characters")
	c.Flags().StringVar(&o.URL, "http-url", "", "take events by HTTP at this `URL` that Slack can reach, instead of Socket Mode")
	return c
}

// check tells what of the flags cannot be, before anything is opened.
func (s *slacking) check(changed func(flag string) bool) (day *syntax.Date, user, team []slackbot.Budget, err error) {
	if err := errors.Join(checkModel(s.talk.model), checkLanguage(s.talk.lang), s.talk.bounds.check(changed, configured().price), checkIDs("approvers", s.approvers), checkIDs("personal", s.personal)); err != nil {
		return nil, nil, nil, err
	}
	if user, err = slackbot.ParseBudgets(s.userTurns); err != nil {
		return nil, nil, nil, usageError("--user-turns: %v", err)
	}
	if team, err = slackbot.ParseBudgets(s.teamTurns); err != nil {
		return nil, nil, nil, usageError("--team-turns: %v", err)
	}
	switch {
	case s.hold < time.Minute:
		return nil, nil, nil, usageError("--hold %v: expected a time of at least a minute, such as 24h", s.hold)
	case s.talk.bounds.time < time.Second:
		return nil, nil, nil, usageError("--time-limit %v: expected a time of at least a second, such as 2m", s.talk.bounds.time)
	case s.atOnce < 1:
		return nil, nil, nil, usageError("--at-once %d: expected at least 1", s.atOnce)
	case s.asOf == "":
		return nil, user, team, nil
	}
	if day, err = syntax.ParseDate(s.asOf); err != nil {
		return nil, nil, nil, usageError("--as-of %q: expected a date such as 2011-12-01 or 2011-12-01T08:00:00Z", s.asOf)
	}
	return day, user, team, nil
}

// checkIDs tells names from the ids that Slack knows people and groups by.
func checkIDs(flag string, ids []string) error {
	for _, id := range ids {
		rest := strings.TrimLeft(id, "UWS")
		if rest == id || strings.ToUpper(id) != id || len(id) < 2 || strings.ContainsAny(id, " @#<>") {
			return usageError("--%s %q: expected ids of users (U…) or user groups (S…), which Slack shows under a profile's “Copy member ID”", flag, id)
		}
	}
	return nil
}

// serveSlack answers in Slack until the context ends.
func (a *app) serveSlack(ctx context.Context, s *slacking, changed func(flag string) bool) error {
	day, user, team, err := s.check(changed)
	if err != nil {
		return err
	}
	log := a.operatorLog()
	config := wire.Config{
		BotToken: os.Getenv(envSlackBot), AppToken: os.Getenv(envSlackApp), SigningSecret: os.Getenv(envSlackSecret), APIURL: cmp.Or(s.api, os.Getenv(envSlackAPI)), Log: log,
	}
	if s.http != "" {
		if config.Listener, err = listenAt(ctx, s.http); err != nil {
			return err
		}
		defer config.Listener.Close()
	}
	// Faults of tokens are told before the workspace is opened.
	var bot *slackbot.Bot
	config.Handler = func(ctx context.Context, d wire.Delivery) { bot.Handle(ctx, d) }
	config.Busy = func(ctx context.Context, d wire.Delivery) { bot.Busy(ctx, d) }
	if _, err := wire.New(config); err != nil {
		return slackError(err)
	}
	ws, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer ws.Close()
	if s.talk.asOf, err = instantOf(ctx, ws, day); err != nil {
		return err
	}
	d, err := newDesk(ctx, a, ws, s.talk)
	if err != nil {
		return err
	}
	config.Memory = d.Memory()
	w, err := wire.New(config)
	if err != nil {
		return slackError(err)
	}
	if bot, err = a.slackBot(ctx, d, w, s, user, team, log); err != nil {
		return err
	}
	self, err := w.Connect(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return slackError(err)
	}
	if err := a.introduce(ctx, ws, self, config.Listener); err != nil {
		return err
	}
	digests, err := slackbot.NewDigests(bot, slackbot.DigestLimits{})
	if err != nil {
		return err
	}
	sending, stop := context.WithCancel(ctx)
	sent := make(chan error, 1)
	go func() { sent <- digests.Run(sending) }()
	err = w.Run(ctx)
	stop()
	return errors.Join(slackError(err), <-sent)
}

// slackBot is the bot over a desk.
func (a *app) slackBot(ctx context.Context, d *desk, w *wire.Wire, s *slacking, user, team []slackbot.Budget, log *slog.Logger) (*slackbot.Bot, error) {
	zone, err := d.Zone(ctx)
	if err != nil {
		return nil, err
	}
	return slackbot.New(slackbot.Config{
		Poster: w.Poster(), Memory: d.Memory(), Converse: d.Converse, Answer: d.Answer, Personal: d.Personal, Withhold: d.Withhold,
		Report: d.Report, Examples: d.Examples, Next: d.Next, Approvers: s.approvers, MayPersonal: s.personal, Hold: s.hold,
		UserTurns: user, TeamTurns: team, AtOnce: s.atOnce, TimeLimit: s.talk.bounds.time, Language: s.talk.lang, Zone: zone, Log: log,
	})
}

// introduce says on standard error who answers, where, and about what.
func (a *app) introduce(ctx context.Context, ws store.Workspace, self wire.Self, l net.Listener) error {
	path, err := a.dbPath()
	if err != nil {
		return err
	}
	source, err := ws.Source(ctx)
	if err != nil {
		return err
	}
	over := "Socket Mode"
	if l != nil {
		over = "HTTP at http://" + l.Addr().String() + wire.EventsPath
	}
	fmt.Fprintf(a.errs, "answering as @%s in %s (%s) over %s, from %s with %d customers; ctrl+c ends it\n",
		self.Name, self.TeamName, strings.TrimRight(self.URL, "/"), over, path, source.Schema().Customers)
	return nil
}

// operatorLog goes to standard error, as JSON where programs read it.
func (a *app) operatorLog() *slog.Logger {
	if a.json {
		return slog.New(slog.NewJSONHandler(a.errs, nil))
	}
	return slog.New(slog.NewTextHandler(a.errs, nil))
}

// slackError makes tokens that will not do a call that was wrong.
func slackError(err error) error {
	var refused *wire.TokenError
	if errors.As(err, &refused) {
		return &exitError{code: exitUsage, err: err}
	}
	return err
}

// listenAt listens at HOST:PORT, or at a port of this machine alone.
func listenAt(ctx context.Context, address string) (net.Listener, error) {
	if _, err := strconv.Atoi(address); err == nil {
		address = net.JoinHostPort("127.0.0.1", address)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, usageError("--http %s: %v; expected HOST:PORT, or a port that is free", address, err)
	}
	return l, nil
}
