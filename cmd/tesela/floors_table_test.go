package main

// place is where a package stands in the house: on which floor, and which of
// our packages it may import. Names are folders of the module; a * stands for
// one element.
type place struct {
	floor   int
	pattern string
	imports []string
}

// analyses are the packages under segment that each hold one analysis.
const analyses = "segment/*"

// floors is the house from the ground up: a package imports only what its
// line names, and that lies beneath it or, where a line above names it, beside
// it. The first pattern that fits a package counts.
var floors = []place{
	{0, "prompts", nil},
	{0, "agent/model", nil},
	{0, "segment/syntax", nil},
	{1, "segment/column", nil},
	// What aggregates over segments or probes them stands on them.
	{3, "segment/measure", onSegments},
	{3, "segment/feature", onSegments},
	{3, "segment/profile", onSegments},
	{3, "segment/probe", onSegments},
	{3, "segment/micro", append([]string{"segment/cluster", "segment/feature"}, onSegments...)},
	// What campaigns did is told by the statistics of effects.
	{3, "segment/goal", append([]string{"segment/feature", "segment/trial", "segment/effect"}, onSegments...)},
	{3, "segment/trial", append([]string{"segment/effect"}, onSegments...)},
	// Who is silent, and what is done to customers rather than by them.
	{3, "segment/reengage", append([]string{"segment/engagement", "segment/trial"}, onSegments...)},
	// Groups are set against each other over the features there are.
	{3, "segment/contrast", append([]string{"segment/explain", "segment/feature"}, onSegments...)},
	// Following layers through time takes the layers' own analyses.
	{3, "segment/course", append([]string{analyses}, onSegments...)},
	{2, analyses, []string{"segment/column"}},
	{3, "segment", []string{"segment/syntax", "segment/column", analyses}},
	{4, "store", []string{"segment", "segment/column", "segment/syntax"}},
	{4, "store/sqlite/chunk", nil}, // bytes of column chunks, SQLite's own
	{4, "store/sqlite/page", nil},  // blobs by the pages of a file
	{5, "store/*", []string{"store", "segment", "segment/column", "segment/syntax", "store/sqlite/chunk", "store/sqlite/page"}},
	{5, "agent/model/prompting", []string{"agent/model", "prompts"}}, // what every provider tells a language model
	{5, "agent/model/provider", []string{"agent/model"}},             // which providers there are and what their models can do
	{5, "agent/model/wire", []string{"agent/model"}},                 // how requests are carried to an endpoint
	{5, "agent/model/*", []string{"agent/model", "agent/model/prompting", "agent/model/provider", "agent/model/wire"}},
	{6, "tools", []string{"segment", "segment/measure", "segment/probe", "segment/feature", "segment/contrast", "segment/profile", "segment/course", "segment/micro", "segment/reengage", "segment/trial", "segment/goal", analyses, "segment/column", "segment/syntax", "store", "prompts", "agent/model"}},
	{6, "tools/restate", []string{"tools", "segment/syntax", "prompts", "agent/model"}},
	{7, "agent/wording", []string{"tools", "agent/model"}}, // the answers' sentences, from results
	{7, "agent/planner", []string{"agent/model", "segment/syntax", "prompts", "tools", "tools/restate"}},
	{7, "agent/suggest", []string{"agent/model", "segment/syntax", "prompts", "tools", "tools/restate"}}, // what can be asked next
	{7, "agent/grounding", []string{"tools", "agent/model", "agent/wording"}},                            // whether a text says what was computed
	{7, "agent/trace", []string{"tools", "store", "agent/model", "agent/model/replay"}},                  // what went to and fro in a turn
	{7, "agent", []string{"tools", "store", "prompts", "agent/model", "agent/wording", "agent/grounding", "agent/trace"}},
	{7, "agent/digest", []string{"tools", "agent/model", "agent", "agent/wording"}}, // questions that come again by the calendar
	{8, "evals/worlds", beneathEvals},
	{8, "evals/perturb", nil}, // texts only
	{8, "evals", append([]string{"evals/worlds", "evals/perturb"}, beneathEvals...)},
	{8, "evals/lexlint", []string{"prompts"}}, // what cannot be meant in the lexicons
	{8, "evals/sealed", nil},
	{8, "evals/score", append([]string{"evals", "evals/worlds", "evals/sealed"}, beneathEvals...)},
	{8, "evals/*", append([]string{"evals", "evals/worlds"}, beneathEvals...)},
	{9, "cmd/internal/render", []string{"agent", "agent/wording", "agent/model", "tools"}},
	{9, "cmd/internal/drawing", []string{"agent/wording", "tools"}}, // charts as SVG and as PNG
	{9, "cmd/internal/slackbot/blockkit", append([]string{"cmd/internal/drawing"}, frontEnd...)},
	{9, "cmd/internal/slackbot/wire", []string{"cmd/internal/slackbot/blockkit"}}, // Slack itself: nothing of answers
	{9, "cmd/internal/slackbot/manifest", []string{"cmd/internal/slackbot/wire"}}, // what the app is
	{9, "cmd/internal/slackbot", append([]string{"cmd/internal/slackbot/wire", "cmd/internal/slackbot/blockkit", "cmd/internal/drawing", "agent/digest"}, frontEnd...)},
	{9, "cmd/internal/evalreport", []string{"evals"}},                           // reports of evals
	{9, "cmd/internal/telemetry", append([]string{"agent/trace"}, frontEnd...)}, // turns as spans
	{9, "cmd/internal/*", append([]string{"cmd/internal/drawing"}, frontEnd...)},
	{10, "cmd/tesela", append([]string{"cmd/internal/*", "cmd/internal/slackbot/*", "evals", "evals/*"}, beneathEvals...)},
}

var onSegments = []string{"segment", "segment/column", "segment/syntax"}

// frontEnd is what carries turns and results to people and programs.
var frontEnd = []string{"cmd/internal/render", "agent", "agent/wording", "agent/model", "tools"}

// beneathEvals is everything up to the agent.
var beneathEvals = []string{
	"prompts", "segment", "segment/measure", "segment/probe", "segment/feature", "segment/contrast", "segment/profile", "segment/course", "segment/micro", "segment/trial", "segment/goal", analyses, "segment/column", "segment/syntax", "store", "store/*",
	"tools", "tools/*", "agent", "agent/*", "agent/model/*",
}

// vendors tells where code of others may be imported: by the packages that
// talk to it and by none above them. The longest prefix that fits counts.
var vendors = map[string][]string{
	"github.com/mattn/go-sqlite3":         {"store/sqlite", "evals/audit"},
	"database/sql":                        {"store/sqlite", "store/clickhouse", "evals/audit"},
	"github.com/ClickHouse/clickhouse-go": {"store/clickhouse"},
	"github.com/klauspost/compress":       {"store/*"},
	"github.com/apache/arrow-go":          {"store/*"},
	"github.com/parquet-go/parquet-go":    {"store/*"},
	"github.com/RoaringBitmap/roaring":    {"segment", "segment/*"},
	"gonum.org/v1/gonum":                  {"segment/*"},
	"gonum.org/v1/plot":                   {"cmd/internal/*"},
	"github.com/sashabaranov/go-openai":   {"agent/model/*"},
	"github.com/tmc/langchaingo":          {"agent/model/*"},
	"github.com/aws":                      {"agent/model/*"},
	"google.golang.org/api":               {"agent/model/*"},
	"google.golang.org/grpc":              {"agent/model/*"},
	"go.opentelemetry.io":                 {"cmd/internal/telemetry"},
	"google.golang.org/protobuf":          {"cmd/internal/telemetry"}, // its tests: what a collector reads
	"github.com/blevesearch/snowballstem": {"agent/planner"},
	"github.com/google/jsonschema-go":     {"tools", "evals", "cmd/internal/*"},
	"github.com/slack-go/slack":           {"cmd/internal/slackbot", "cmd/internal/slackbot/*"},
	"github.com/gorilla/websocket":        {"cmd/internal/slackbot/*"},
	"github.com/modelcontextprotocol":     {"cmd/internal/mcpserver", "cmd/tesela"}, // the program: its tests' client
	"codeberg.org/go-fonts":               {"cmd/internal/drawing"},
	"git.sr.ht/~sbinet/gg":                {"cmd/internal/drawing"},
	"github.com/spf13/cobra":              {"cmd/tesela"},
	"github.com/spf13/pflag":              {"cmd/tesela"},
	"charm.land":                          {"cmd/tesela", "cmd/internal/*"},
	"github.com/charmbracelet":            {"cmd/tesela", "cmd/internal/*"},
	"github.com/yuin/goldmark":            {"cmd/internal/*", "cmd/internal/slackbot/*"},
	"github.com/goccy/go-yaml":            {"**"},
	"golang.org/x":                        {"**"},
	"golang.org/x/net":                    {"agent/model/*", "cmd/internal/*"},
	"golang.org/x/sys":                    {"store/*", "cmd/tesela", "cmd/internal/*"},
	"golang.org/x/sys/cpu":                {"segment/*", "store/*", "store/sqlite/chunk"}, // what the machine can do at once
}

// testVendors may be imported by any test, and by tests only.
var testVendors = []string{"github.com/google/go-cmp"}

// beneathData are the floors that compute: nothing they reach opens a
// connection or starts a program.
const beneathData = 3

var outside = []string{"database/sql", "net", "net/http", "os/exec"}
