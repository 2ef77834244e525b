package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"tesela/store"
	"tesela/store/importer"
)

func newImport(a *app) *cobra.Command {
	o := importer.Options{}
	c := &cobra.Command{
		Use:   "import FILE…",
		Short: "Bring customers and events in from CSV, JSON Lines and Parquet files",
		Long: "Brings files of customers or events into the workspace. Each file is one transaction: it is in whole or not\n" +
			"at all, and importing it again adds nothing. Without a mapping the columns are guessed and the guess is shown.\n" +
			"CSV with any delimiter and encoding, JSON Lines and Parquet, each packed with gzip or zstd too; - is standard\n" +
			"input. The parts of JSON objects are columns such as properties.revenue; lists of texts are tags.",
		Example: `  tesela import customers.csv --customers --id customer_id --trait signup='Joined on':date
  tesela import lines.csv --events order --customer CustomerID --time InvoiceDate --event-id InvoiceNo \
      --prop amount='Quantity*UnitPrice':money --customer-trait country=Country --currency GBP --timezone Europe/London
  tesela import events.csv --event-column event --customer visitorid --time timestamp
  tesela import online_retail.csv.gz --preset online-retail`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("name a file to import, or - for standard input")
			}
			return nil
		},
		RunE: func(c *cobra.Command, files []string) error { return a.importFiles(c.Context(), files, o) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&o.Customers, "customers", false, "rows are customers")
	f.StringVar(&o.ID, "id", "", "with --customers: the `COLUMN` of the customer's id")
	f.StringArrayVar(&o.Traits, "trait", nil, "with --customers: a trait as `NAME=COLUMN[:KIND]`; repeatable")
	f.StringVar(&o.Events, "events", "", "rows are events of this `NAME`, such as order")
	f.StringVar(&o.EventColumn, "event-column", "", "rows are events of the name in this `COLUMN` (A|B: in B where A has none)")
	f.StringVar(&o.Customer, "customer", "", "the `COLUMN` of the customer's id")
	f.StringVar(&o.Time, "time", "", "the `COLUMN` of the event's time")
	f.StringVar(&o.EventID, "event-id", "", "the `COLUMN` that ties rows to one event, such as the order number")
	f.StringArrayVar(&o.Props, "prop", nil, "a property as `NAME=EXPR[:KIND]`, EXPR a column or a product (Quantity*UnitPrice); repeatable")
	f.StringArrayVar(&o.CustomerTraits, "customer-trait", nil, "a trait from event rows as `NAME=COLUMN[:KIND]`, the latest row wins; repeatable")
	f.StringVar(&o.Preset, "preset", "", "a ready `MAPPING`: "+strings.Join(importer.Presets(), ", "))
	f.StringVar(&o.Currency, "currency", "", "the amounts' currency, a `CODE` such as EUR")
	f.StringVar(&o.Timezone, "timezone", "", "the `ZONE` of local times, such as Europe/Madrid (default UTC)")
	f.StringVar(&o.DateOrder, "date-order", "", "the `ORDER` of dates such as 3/4/2011: dmy or mdy (default: found out)")
	f.StringVar(&o.Encoding, "encoding", "", "the text's encoding, `NAME` such as windows-1252 (default: found out)")
	f.StringVar(&o.Delimiter, "delimiter", "", "what separates fields, a `CHARACTER` or tab (default: found out)")
	f.BoolVar(&o.OnlyNamed, "only-named", false, "leave columns out that no flag names")
	f.StringArrayVar(&o.Drop, "drop", nil, "leave this `COLUMN` out; repeatable")
	f.BoolVar(&o.Yes, "yes", false, "import with the guessed mapping without asking")
	f.StringVar(&o.Rejects, "rejects", "", "the `FILE` that rejected rows go to (default: one beside the workspace)")
	return c
}

// importFiles imports one file after the other; those before a fault stay.
func (a *app) importFiles(ctx context.Context, files []string, o importer.Options) error {
	if len(files) > 1 && o.Rejects != "" {
		return usageError("--rejects names one file; with several files to import each gets a file of its own beside the workspace")
	}
	isNew, err := a.workspaceMissing()
	if err != nil {
		return err
	}
	ws, err := a.create(ctx)
	if err != nil {
		return err
	}
	files = importer.PeopleFirst(files)
	imported := 0
	defer func() {
		ws.Close()
		if isNew && imported == 0 {
			a.removeWorkspace()
		}
	}()
	o.Guessed = map[string]string{}
	for i, name := range files {
		roles, err := a.importFile(ctx, ws, name, o)
		if err != nil {
			if errors.Is(err, importer.ErrUsage) {
				err = &exitError{code: exitUsage, err: err}
			}
			if i > 0 {
				fmt.Fprintf(a.errs, "the files before %s are imported\n", name)
			}
			return err
		}
		maps.Copy(o.Guessed, roles)
		imported++
	}
	return nil
}

// importFile imports a file, and gives the roles that it was guessed to have.
func (a *app) importFile(ctx context.Context, ws store.Workspace, name string, o importer.Options) (map[string]string, error) {
	path, err := a.dbPath()
	if err != nil {
		return nil, err
	}
	o.File, o.Stdin, o.Workspace = name, a.in, path
	if a.interactive() && name != "-" {
		o.Confirm = a.confirm
	}
	bar := a.newBar("importing " + name)
	o.Progress = bar.set
	started := time.Now()
	s, err := importer.Run(ctx, ws, o)
	bar.clear()
	if err != nil {
		return nil, err
	}
	s.Seconds = float64(time.Since(started).Milliseconds()) / 1000
	if a.json {
		e := json.NewEncoder(a.out)
		e.SetEscapeHTML(false)
		return s.Roles, e.Encode(s)
	}
	return s.Roles, printSummary(a.out, s)
}

// confirm shows a guessed mapping and asks whether to use it.
func (a *app) confirm(command string) (bool, error) {
	fmt.Fprintf(a.errs, "No mapping was given; this is the guess:\n  %s\nImport like this? [Y/n] ", command)
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil && (err != io.EOF || line == "") {
		return false, nil
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "", "y", "yes", "s", "si", "sí", "sim":
		return true, nil
	}
	return false, nil
}

// printSummary tells people what an import did.
func printSummary(w io.Writer, s *importer.Summary) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s read, %s imported", s.File, counted(s.Read, "row"), thousands(s.Imported))
	if s.Rejected > 0 {
		fmt.Fprintf(&b, ", %s rejected", thousands(s.Rejected))
	}
	if s.AlreadyThere > 0 {
		fmt.Fprintf(&b, ", %s already there", thousands(s.AlreadyThere))
	}
	fmt.Fprintf(&b, " (%.1f s)\n", s.Seconds)
	width := 12
	for name := range s.Events {
		width = max(width, ansi.StringWidth(name))
	}
	line := func(name, text string) {
		fmt.Fprintf(&b, "  %s%s %s\n", name, strings.Repeat(" ", width-ansi.StringWidth(name)), text)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Events)) {
		line(name, counted(s.Events[name], "row"))
	}
	if s.Customers > 0 {
		line("customers", thousands(s.Customers)+" new")
	}
	if s.Identical > 0 {
		fmt.Fprintf(&b, "  %s identical to an earlier row of the file, kept\n", counted(s.Identical, "row"))
	}
	if s.Rejected > 0 {
		b.WriteString("  rejected:\n")
		for _, reason := range slices.Sorted(maps.Keys(s.Reasons)) {
			fmt.Fprintf(&b, "    %s  %s\n", thousands(s.Reasons[reason]), reason)
		}
		if s.RejectsFile != "" {
			fmt.Fprintf(&b, "    each with its line in %s\n", s.RejectsFile)
		}
	}
	if len(s.Roles) > 0 {
		var roles []string
		for _, r := range slices.Sorted(maps.Keys(s.Roles)) {
			roles = append(roles, r+"="+s.Roles[r])
		}
		fmt.Fprintf(&b, "  roles guessed: %s (`tesela catalog --role` changes them)\n", strings.Join(roles, ", "))
	}
	for _, n := range s.Notes {
		fmt.Fprintf(&b, "  note: %s\n", n)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// counted is a count with what is counted.
func counted(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + one + "s"
}

// thousands prints a count with separators.
func thousands(n int) string {
	s := strconv.Itoa(n)
	neg := strings.TrimPrefix(s, "-") != s
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		s = "-" + s
	}
	return s
}
