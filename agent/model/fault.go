package model

import "fmt"

// Cause is what kept a model from replying.
type Cause string

// The causes.
const (
	Slow        Cause = "slow"        // it took longer than it may
	Unreachable Cause = "unreachable" // nothing answers at its address, or not as it should
	Busy        Cause = "busy"        // it answers too many, or its quota is spent
	Denied      Cause = "denied"      // no key, a wrong key, or no such model there
	Refused     Cause = "refused"     // it would not answer this
	Broken      Cause = "broken"      // its reply broke off or makes no sense
)

// Fault is a model's failure to reply. Its text is for a person and holds no
// secret.
type Fault struct {
	Model string // its name, such as openai:NAME
	Cause Cause
	Err   error
}

func (f *Fault) Error() string { return fmt.Sprintf("%s: %v", f.Model, f.Err) }

func (f *Fault) Unwrap() error { return f.Err }
