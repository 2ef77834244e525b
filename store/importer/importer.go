// Package importer brings files of customers and events into a workspace. It
// reads CSV in the shapes people have it (any delimiter and encoding), JSON
// Lines and Parquet, packed or not, maps columns onto traits, events and properties, finds out their
// kinds, and stores a file as one transaction: in whole or not at all. Rows
// that cannot be read are set aside with the reason.
//
// It keeps no data itself, asks nobody (see Options.Confirm) and knows
// business words only from lexicon.yaml and presets.yaml.
//
// A file is read in passes: its beginning for its form; a sample for how each
// column is written; then all of it into the batch. When a later value
// contradicts what the sample showed, the whole file is looked at and read
// anew, so no value is lost to a guess. Every kind of file is read as rows of
// texts, so that the same rows mean the same in each; what the kinds of file
// say beyond texts (a zone, exact decimals, lists) is written into these.
package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/currency"

	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
)

// Options say what to import and how.
type Options struct {
	// File is a path, or "-" for Stdin.
	File  string
	Stdin io.Reader

	Mapping
	// Preset names a ready mapping; parts of Mapping that are set prevail.
	Preset string

	Currency  string // ISO 4217; "" keeps what the workspace has
	Timezone  string // IANA name of the zone of local times; "" likewise
	Encoding  string // "" finds out
	Delimiter string // "" finds out
	DateOrder string // dmy, mdy or ""

	OnlyNamed bool     // columns that no mapping names stay out
	Drop      []string // columns that stay out
	// Rejects is where rejected rows go; "" for a file beside the workspace,
	// such as shop.lines.csv.rejects.csv beside shop.db.
	Rejects string
	// Workspace is the workspace's own file; "" where it has none.
	Workspace string

	// Guessed are the roles that the files before this one were guessed to have,
	// where they come in together: those may yet change. Others stay.
	Guessed map[string]string

	// Yes accepts a guessed mapping. Else Confirm is asked, with the command
	// that spells the guess out; without it the import is an ErrNeedsYes.
	Yes     bool
	Confirm func(command string) (bool, error)
	// Progress is told how much of the file was read.
	Progress func(done, total int64)
}

// Mapping says what the columns are.
type Mapping struct {
	Customers bool   // rows are customers
	ID        string // their id's column

	Events      string // rows are events of this name
	EventColumn string // or of the name that stands in this column; A|B: in B where A has none
	Customer    string // column of the customer's id
	Time        string
	EventID     string // column that ties rows to one event, or ""

	Traits         []string // name=COLUMN[:kind], for customers
	Props          []string // name=EXPR[:kind], for events
	CustomerTraits []string // name=COLUMN[:kind], for events
}

func (m *Mapping) empty() bool {
	return !m.Customers && m.ID == "" && m.Events == "" && m.EventColumn == "" && m.Customer == "" && m.Time == "" &&
		m.EventID == "" && len(m.Traits) == 0 && len(m.Props) == 0 && len(m.CustomerTraits) == 0
}

// Summary tells what an import did. Read is Imported + Rejected +
// AlreadyThere.
type Summary struct {
	File     string `json:"file"`
	Read     int    `json:"read"`
	Imported int    `json:"imported"`
	Rejected int    `json:"rejected"`
	// Duplicates is Identical + AlreadyThere.
	Duplicates int `json:"duplicates"`
	// Identical rows repeat an earlier row of the file; they were kept.
	Identical int `json:"identical"`
	// AlreadyThere rows were in the workspace and were left out.
	AlreadyThere int            `json:"already_there"`
	Reasons      map[string]int `json:"reasons"`
	// RejectsFile is "" where nothing was rejected.
	RejectsFile string `json:"rejects_file"`
	// Seconds is the caller's to fill in: this package reads no clock.
	Seconds float64 `json:"seconds"`

	Events    map[string]int    `json:"events,omitempty"` // rows stored, by event
	Customers int               `json:"customers"`        // customers that are new
	Roles     map[string]string `json:"roles,omitempty"`  // roles guessed by this import
	Notes     []string          `json:"notes,omitempty"`
}

func (s *Summary) note(format string, args ...any) {
	n := fmt.Sprintf(format, args...)
	if !slices.Contains(s.Notes, n) {
		s.Notes = append(s.Notes, n)
	}
}

// sampleRows is how many rows are looked at before reading starts.
const sampleRows = 10000

// maxExpected bounds the rows that room is made for in advance.
const maxExpected = 1 << 25

// errLookAgain asks for another attempt: a value contradicts the readings.
var errLookAgain = errors.New("a value contradicts how its column was read")

// Run imports one file. Faults of the call are ErrUsage; the rest are faults
// of the file or the workspace, of which nothing was kept.
func Run(ctx context.Context, ws store.Workspace, opts Options) (*Summary, error) {
	im := &importing{opts: &opts, ws: ws}
	if err := im.checkOptions(); err != nil {
		return nil, err
	}
	src, err := openSource(ctx, &opts)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	im.src = src
	if im.form, err = src.sniff(&opts); err != nil {
		return nil, err
	}
	if err := im.profile(sampleRows); err != nil {
		return nil, err
	}
	if err := im.choosePlan(ctx); err != nil {
		return nil, err
	}
	for attempt := 0; ; attempt++ {
		s, err := im.attempt(ctx)
		if !errors.Is(err, errLookAgain) {
			return s, err
		}
		if attempt > 1 {
			return nil, fmt.Errorf("%s: %w, time and again; name the kinds of its columns (--prop name=COLUMN:text)", src.name, err)
		}
		if err := im.profile(0); err != nil {
			return nil, err
		}
		// Rows that name their columns may have brought more of them.
		if im.plan, err = im.buildPlan(&im.mapping); err != nil {
			return nil, err
		}
	}
}

// importing is one run's state.
type importing struct {
	opts  *Options
	ws    store.Workspace
	src   *source
	form  form
	fixed order // of dates, as given
	plan  *plan
	// mapping is what the plan was made of.
	mapping Mapping

	evidence  []evidence // by column of the file
	tallies   []tally
	sampled   int
	expected  int  // rows in the file, by the sample; 0 where that is unknown
	keepUTF8  bool // lines that are not UTF-8 are rejected
	guessNote string
}

func (im *importing) checkOptions() error {
	o := im.opts
	if o.Currency != "" {
		u, err := currency.ParseISO(o.Currency)
		if err != nil {
			common := []string{"USD", "EUR", "GBP", "JPY", "BRL", "MXN", "ARS", "CLP", "COP", "PEN", "CAD", "AUD", "CHF", "CNY", "INR", "KWD", "SEK", "NOK", "DKK", "PLN"}
			near := syntax.NearestNames(strings.ToUpper(o.Currency), common, 3)
			if len(near) == 0 {
				near = []string{"EUR", "USD", "GBP"}
			}
			return usage("the currency %q is unknown; it is a code of three letters, such as %s", o.Currency, strings.Join(near, ", "))
		}
		o.Currency = u.String()
	}
	if o.Timezone != "" {
		if _, err := findZone(o.Timezone); err != nil {
			return err
		}
	}
	switch strings.ToLower(o.DateOrder) {
	case "":
	case "dmy":
		im.fixed = dayFirst
	case "mdy":
		im.fixed = monthFirst
	default:
		return usage("--date-order %q: dmy (day first) or mdy (month first) is expected", o.DateOrder)
	}
	if o.Delimiter != "" {
		if _, err := parseDelimiter(o.Delimiter); err != nil {
			return err
		}
	}
	if o.Encoding != "" {
		if _, err := decoded(strings.NewReader(""), o.Encoding); err != nil {
			return err
		}
	}
	return nil
}

// soundLength tells whether a record has the header's number of fields;
// empty ones more do no harm.
func (im *importing) soundLength(s *record) bool {
	if im.form.format != formatCSV {
		return true
	}
	n := len(im.form.header)
	if s.broken || len(s.fields) < n {
		return false
	}
	for _, extra := range s.fields[n:] {
		if len(trim(extra)) > 0 {
			return false
		}
	}
	return true
}

// kindNames are the kinds as flags spell them.
func kindNames() string {
	var names []string
	for k := column.Text; k <= column.Tags; k++ {
		names = append(names, k.String())
	}
	return strings.Join(names, ", ")
}
