package model

import "context"

// Attempt is one request that a provider made for a reply.
type Attempt struct {
	Status int   // of HTTP; 0 where none came back
	Err    error // nil where it brought the reply
}

// watchKey finds the watcher of a context.
type watchKey struct{}

// Watch makes providers tell of the requests they make under a context: begin
// is called as one sets out, and what it returns once it is over. Both may be
// called by several at once.
func Watch(ctx context.Context, begin func() func(Attempt)) context.Context {
	return context.WithValue(ctx, watchKey{}, begin)
}

// Attempting tells who watches a context that a request sets out, and returns
// what is to be called once it is over.
func Attempting(ctx context.Context) func(Attempt) {
	if begin, ok := ctx.Value(watchKey{}).(func() func(Attempt)); ok && begin != nil {
		return begin()
	}
	return func(Attempt) {}
}
