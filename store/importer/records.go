package importer

// fileKind is what kind of file rows are read from.
type fileKind uint8

const (
	formatCSV fileKind = iota
	formatJSON
	formatParquet
)

// record is one row as texts by column, valid until the next is read.
type record struct {
	fields [][]byte
	line   int    // where it starts, from 1: a line of text, a row of Parquet
	raw    []byte // its text; unescaping may have moved bytes in it
	broken bool   // it opens a quote that is not closed
	badly  bool   // it is not valid UTF-8
	zero   bool   // it has zero bytes
	// unfit says why it is no row at all, with how to mend it; "" mostly.
	unfit, fix string
	// news: it has a column that the header does not.
	news bool
}

func (r *record) now() *record { return r }

// records are the rows of a file, one after the other.
type records interface {
	next() error // io.EOF after the last
	now() *record
}

// lineWord is how messages call a row's place.
func (f *form) lineWord() string {
	if f.format == formatParquet {
		return "row"
	}
	return "line"
}

// maxColumns bounds the columns of files whose rows name them.
const maxColumns = 2000
