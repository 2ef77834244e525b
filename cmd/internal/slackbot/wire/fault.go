package wire

import (
	"errors"
	"fmt"

	"github.com/slack-go/slack"
)

// Reasons of faults: what stands in the way.
const (
	NotInChannel = "not_in_channel" // the bot must be invited
	Archived     = "is_archived"
	Restricted   = "restricted" // who may post there is limited
	MissingScope = "missing_scope"
	NoSuchUser   = "user_not_found"
	Expired      = "expired" // a reply to a command or click that comes too late
	TooLarge     = "too_large"
	Auth         = "auth" // the token is refused
	Other        = "other"
)

// Fault is what Slack refuses for good.
type Fault struct {
	Method string // chat.postMessage
	Reason string // one of the above
	Code   string // Slack's own word
	Do     string // what the person can do about it, in English
	cause  error
}

func (f *Fault) Error() string {
	if f.Do == "" {
		return fmt.Sprintf("slack refused %s: %v", f.Method, f.cause)
	}
	return fmt.Sprintf("slack refused %s: %v; %s", f.Method, f.cause, f.Do)
}

func (f *Fault) Unwrap() error { return f.cause }

// faultOf explains an error of a method.
func faultOf(method string, err error) error {
	f := &Fault{Method: method, Reason: Other, cause: bare(err)}
	var said slack.SlackErrorResponse
	if !errors.As(err, &said) {
		return f
	}
	f.Code = said.Err
	switch said.Err {
	case "not_in_channel", "channel_not_found", "not_in_group":
		f.Reason, f.Do = NotInChannel, "invite the bot into the channel with `/invite @tesela`, or write to it directly"
	case "is_archived":
		f.Reason, f.Do = Archived, "the channel is archived: ask in another"
	case "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "ekm_access_denied":
		f.Reason, f.Do = Restricted, "who may post there is limited: ask in another channel, or an admin"
	case "missing_scope", "no_permission", "access_denied":
		f.Reason, f.Do = MissingScope, "the app lacks a permission"
		if said.Needed != "" {
			f.Do += " (" + said.Needed + ")"
		}
		f.Do += ": compare it with `tesela slack manifest` and install it again"
	case "user_not_found", "user_disabled", "users_not_found", "no_such_subteam":
		f.Reason, f.Do = NoSuchUser, "check the id of the user or group"
	case "expired_url", "used_url", "expired_trigger_id":
		f.Reason, f.Do = Expired, "ask again"
	case "msg_too_long", "msg_blocks_too_long", "file_uploads_disabled", "file_upload_size_restricted":
		f.Reason = TooLarge
	}
	if fatal(said.Err) && f.Reason == Other {
		f.Reason, f.Do = Auth, "check the tokens"
	}
	return f
}

// fatal tells whether Slack's word means that the token will never do.
func fatal(code string) bool {
	switch code {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"missing_scope", "no_permission", "org_login_required", "app_not_found", "invalid_app_id",
		"forbidden_team", "access_denied", "team_access_not_granted", "two_factor_setup_required", "socket_mode_not_enabled":
		return true
	}
	return false
}

// refusal makes an error of connecting into what to do about the token, nil
// where another try may help.
func refusal(variable string, err error) error {
	var said slack.SlackErrorResponse
	if !errors.As(err, &said) || !fatal(said.Err) {
		return nil
	}
	app := variable == appVariable
	do := "copy the token again from “OAuth & Permissions” of the app"
	if app {
		do = "copy the token again from “Basic Information” of the app, “App-Level Tokens”"
	}
	switch said.Err {
	case "not_allowed_token_type":
		do = "it is a token of another kind: bot tokens begin with xoxb-, app-level tokens with xapp-"
	case "account_inactive", "token_revoked", "token_expired":
		do = "it was revoked or has expired, or the app was removed: install the app again and take its new token"
	case "missing_scope", "no_permission":
		do = "install the app again from `tesela slack manifest`"
		if app {
			do = "make an app-level token with the scope connections:write"
		}
	case "socket_mode_not_enabled":
		do = "switch Socket Mode on in the app's settings"
	}
	return &TokenError{Variable: variable, Message: fmt.Sprintf("Slack does not take this token (%s); %s", said.Err, do)}
}
