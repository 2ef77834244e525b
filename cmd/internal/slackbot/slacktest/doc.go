// Package slacktest is a small, strict Slack for tests: its Web API, Socket
// Mode, requests to an app's own address, people who speak and press buttons,
// and faults on demand. What Slack refuses for its limits it refuses in Slack's
// words. The real client of slack-go works against it unchanged.
//
// It is not for production, draws nothing, and knows one workspace, one app
// and one bot.
package slacktest
