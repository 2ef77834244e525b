// Package sqlite keeps a workspace in one SQLite file and implements
// store.Workspace on it. It knows how columns lie in the file and how they get
// back into memory; what they mean, and every evaluation, is not its affair.
//
// # How data lies in the file
//
// Each import that brings rows of an event, or values of a trait, writes one
// part: an immutable stretch of rows sorted by customer, then time, then the
// order in which they came. A part is a row of the table part and, in the
// table chunk, its columns as blobs of up to 262,144 values each, packed as
// package chunk says. Columns are numbered by the table field, those that all
// parts have are below zero: the customers with rows, the number of rows of
// each, times, event ids and which rows begin an event, and, in a merged part,
// the part each row came in. A column of which no value is set is left out.
//
// Texts are codes into dictionaries that only grow (table dictionary): one for
// each text or tags field, one for the ids of each event, one for the ids of
// the customers, whose number is their code less one.
//
// A trait's parts hold what changed, and the newest value of a customer counts.
//
// # Merging
//
// At the end of an import the newest parts of a series are merged while the
// one before is less than twice as long as all that follows. So there are at
// most some twenty parts however often rows arrive, and few new rows never
// have the many old ones rewritten. A merged part takes the number of its
// newest one. Since its rows remember the part they came in, a Source taken
// before reads from it just the rows of its own time: sources need no lock and
// no open transaction, and stay what they were for as long as they are held,
// in this process and in others.
//
// # How data gets into memory
//
// A Source's columns are unpacked from the chunks straight into the few bytes
// that they take in memory (column.Packed), on all cores, and are kept for the
// next question. Chunks are read by the file's pages (package page), into rooms
// that are used again: what a process that opens a file and answers spends most
// on is memory that it never touched before. Where something of the file lies in
// the write-ahead log they are read through SQLite. Event ids are loaded only
// for questions that need more than which rows begin an event.
//
// After an import the rows that came are merged into what is kept, by copying
// runs; nothing of what was there is read again. What an import must know of the
// words that are there, their codes, is found by an index that is made in memory
// when a process first imports (column.Interner).
//
// # What is kept of answers
//
// The table turn keeps each whole; turn_head what lists show of it, with the
// words it is found by, so that a search goes past the answers.
//
// The table trace has what lists show of how a turn went, trace_body the whole,
// packed. The newest store.KeptTraces are there.
//
// # What front ends keep
//
// The table record keeps what a front end must still know after a restart,
// such as which messages it has heard. What no longer counts goes when others
// of its kind come.
//
// # What is promised
//
// All of an import is one SQLite transaction over a write-ahead log, so a
// killed program leaves the workspace as it was. There is one writer at a time,
// who waits for another up to the busy time-out; readers wait for nobody. The
// header carries an application id, so that other databases are recognised and
// left alone, and user_version the format, which migrations bring up to date.
// Every chunk carries a checksum. Opening reads no data, taking a Source reads
// the catalogue only, and Load only the columns it is asked for.
package sqlite
