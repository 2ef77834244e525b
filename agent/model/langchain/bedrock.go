package langchain

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go/middleware"
	"github.com/tmc/langchaingo/llms/bedrock"
)

// What the library does with Bedrock's models, and what is done about it here:
// each family has a format of its own, and but in that of Anthropic's models
// tools, calls and results are dropped without a word, so others are refused
// at once (see New); a temperature of 0 is not sent; a reply that was cut or
// refused is an error that does not say so. Its client of its own would read
// files, start programs and ask metadata servers for credentials: it is given
// one that knows those of the configuration alone and does not try again.

func newBedrock(c Config, t http.RoundTripper) (*vendor, error) {
	options := bedrockruntime.Options{
		Region:      c.Region,
		Credentials: aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, c.SessionToken)),
		HTTPClient:  &http.Client{Transport: &transport{next: t, dialect: dialect{read: readAnthropic, in: inAnthropic}}},
		Retryer:     aws.NopRetryer{},
		APIOptions:  []func(*middleware.Stack) error{amended},
	}
	if c.BaseURL != "" {
		options.BaseEndpoint = aws.String(c.BaseURL)
	}
	client, err := bedrock.New(
		bedrock.WithClient(bedrockruntime.New(options)), bedrock.WithModel(c.Model), bedrock.WithModelProvider("anthropic"),
	)
	if err != nil {
		return nil, err
	}
	return &vendor{client: client, ids: anthropicIDs, manner: manner{}, schema: asIs}, nil
}

// amended changes requests before they are signed: a signature holds for the
// body as it is.
func amended(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Amend", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		if invoked, ok := in.Parameters.(*bedrockruntime.InvokeModelInput); ok {
			x := exchangeOf(ctx)
			if x == nil {
				return middleware.InitializeOutput{}, middleware.Metadata{}, errNotAsked
			}
			body, err := outAnthropic(x, invoked.Body)
			if err != nil {
				return middleware.InitializeOutput{}, middleware.Metadata{}, err
			}
			changed := *invoked
			changed.Body, changed.Accept = body, aws.String("application/json")
			in.Parameters = &changed
		}
		return next.HandleInitialize(ctx, in)
	}), middleware.Before)
}

// validRegion tells whether a text may be part of a host's name.
func validRegion(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
