package slacktest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func post(ctx context.Context, s *Slack, channel string) error {
	_, _, err := s.Client().PostMessageContext(ctx, channel, slack.MsgOptionText("a", false))
	return err
}

func TestRatePerChannel(t *testing.T) {
	s := world(t, Options{Quiet: true})
	s.AddChannel(Channel{ID: "C00000003"})
	ctx := within(t)
	for i := range postBurst {
		if err := post(ctx, s, room); err != nil {
			t.Fatal(i, err)
		}
	}
	var limited *slack.RateLimitedError
	if err := post(ctx, s, room); !errors.As(err, &limited) || limited.RetryAfter != time.Second {
		t.Errorf("after the burst: %v", err)
	}
	if err := post(ctx, s, "C00000003"); err != nil {
		t.Errorf("another channel: %v", err)
	}
	if got := len(s.Messages(room)); got != postBurst {
		t.Errorf("%d messages", got)
	}
}

func TestRateOfTiers(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	for i := range tier2 {
		if _, err := s.Client().GetUserGroupMembersContext(ctx, "S1"); err != nil {
			t.Fatal(i, err)
		}
	}
	_, err := s.Client().GetUserGroupMembersContext(ctx, "S1")
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter < time.Second || limited.RetryAfter > 3*time.Second {
		t.Errorf("%v", err)
	}
	fast := world(t, Options{Rates: Rates{Off: true}})
	for range 2 * tier2 {
		if _, err := fast.Client().GetUserGroupMembersContext(ctx, "S1"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFaults(t *testing.T) {
	s := world(t, Options{Quiet: true})
	ctx := within(t)
	s.Break("chat.postMessage", 1, Fault{Status: 429, RetryAfter: 7 * time.Second})
	s.Break("chat.postMessage", 1, Fault{Status: 503})
	s.Break("chat.postMessage", 1, Fault{Error: "fatal_error"})
	s.Break("chat.postMessage", 1, Fault{CutBefore: true})
	var limited *slack.RateLimitedError
	if err := post(ctx, s, room); !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
		t.Errorf("%v", err)
	}
	var status slack.StatusCodeError
	if err := post(ctx, s, room); !errors.As(err, &status) || status.Code != 503 {
		t.Errorf("%v", err)
	}
	is(t, post(ctx, s, room), "fatal_error")
	if post(ctx, s, room) == nil {
		t.Error("a cut connection gave no error")
	}
	if len(s.Messages(room)) != 0 {
		t.Error("what failed before it was done left something")
	}
	s.Break("", 1, Fault{CutAfter: true})
	if post(ctx, s, room) == nil {
		t.Error("a cut answer gave no error")
	}
	if len(s.Messages(room)) != 1 {
		t.Error("what was done before the cut is not there")
	}
	if err := post(ctx, s, room); err != nil {
		t.Errorf("after all faults: %v", err)
	}
}

func TestSlowAnswersEndWithTheCaller(t *testing.T) {
	s := world(t, Options{})
	s.Break("auth.test", 1, Fault{Delay: time.Minute})
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if _, err := s.Client().AuthTestContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
