package main

import "slices"

// quick is how long a benchmark in memory runs each time.
const quick = "100ms"

// The last parts of benchmarks' names.
const (
	own      = "consent"
	gate     = "gate"
	bareMap  = "map"
	regexps  = "regexps"
	seq      = "gateseq"
	asStore  = "store"
	mapRead  = "map-read"
	oneByOne = "one-by-one"
	plain    = "plain"
	handler  = "handler"
	imported = "import"
	loop     = "loop"
)

// section is a goal, the benchmarks that measure it, and the rows that show it.
type section struct {
	name, title, text string
	suites            []suite
	rows              []row
}

// suite are benchmarks of one package.
type suite struct {
	module, pkg        string // folders: from the root, and from the module
	pattern, benchtime string

	// together runs a benchmark as often as it is to be at once. Otherwise all are run in
	// turn, each time in another process, so that what disturbs the machine for a while
	// does not disturb one alone. To start databases each time would take too long.
	together bool
}

// row is one benchmark beside the plain code of the same case.
type row struct {
	what  string   // in words
	name  string   // of the benchmark, without its last part
	way   string   // its last part
	plain []string // the last parts of the plain code
	unit  string   // "": time of an operation
}

// webhook are the rows of a webhook: CPU time, and time from one answer to the next.
func webhook(what, name string) []row {
	return []row{
		{what: what + ": CPU", name: name, way: handler, plain: []string{plain}, unit: cpuPerOp},
		{what: what + ": time", name: name, way: handler, plain: []string{plain}},
	}
}

// batches are the rows of the batches of a database.
func batches(what, name string) []row {
	return []row{
		{what: what, name: name, way: asStore, plain: []string{"blind", oneByOne}, unit: perEvent},
		{what: what + ": consents", name: name, way: "consents", plain: []string{"blind", oneByOne}, unit: perEvent},
	}
}

func sections() []section {
	const (
		databases      = "internal/sqltest"
		importPostgres = "Import/postgres-pgx"
	)
	return []section{
		{
			name: "classify", title: "Classify a text",
			text: "`map` is `strings.ToUpper(strings.TrimSpace(s))` and a map; `regexps` is three regular expressions. Neither finds all spellings.",
			suites: []suite{
				{pkg: "optout", pattern: "^BenchmarkClassify$", benchtime: quick},
				{pkg: "keywords/revocation", pattern: "^BenchmarkRead$", benchtime: quick},
			},
			rows: []row{
				{what: `"STOP"`, name: "Classify/STOP", way: own, plain: []string{bareMap, regexps}},
				{what: "160 ordinary characters", name: "Classify/160-characters", way: own, plain: []string{bareMap, regexps}},
				{what: "Cyrillic", name: "Classify/cyrillic", way: own, plain: []string{bareMap, regexps}},
				{what: "a stream of real texts, every tenth a keyword", name: "Classify/mixed-stream", way: own, plain: []string{bareMap, regexps}},
				{what: "a megabyte of blanks", name: "Classify/1MB-of-blanks", way: own, plain: []string{bareMap, regexps}},
			},
		},
		{
			name: "numbers", title: "Read a phone number",
			text:   "`library` is Parse and Format of phonenumbers, which do not say whether the number is valid.",
			suites: []suite{{pkg: "internal/number", pattern: "^BenchmarkRead$", benchtime: quick}},
			rows: []row{
				{what: "+14155552671", name: "Read/+14155552671", way: "read", plain: []string{"library"}},
				{what: "(415) 555-2671", name: "Read/(415)_555-2671", way: "read", plain: []string{"library"}},
			},
		},
		{
			name: "gate", title: "Gate over memstore",
			text: "`map` is a map of states with an RWMutex, asked with the number as it is; `map-read` reads the number first.",
			suites: []suite{
				{module: "internal/bench", pkg: "growth", pattern: "^BenchmarkGrowth$", benchtime: quick},
			},
			rows: []row{
				{what: "10,000 opted out: one of them", name: "Growth/hit/10000", way: gate, plain: []string{mapRead, bareMap}},
				{what: "10,000 opted out: another number", name: "Growth/miss/10000", way: gate, plain: []string{mapRead, bareMap}},
				{what: "a million opted out: one of them", name: "Growth/hit/1000000", way: gate, plain: []string{mapRead, bareMap}},
				{what: "a million opted out: another number", name: "Growth/miss/1000000", way: gate, plain: []string{mapRead, bareMap}},
			},
		},
		{
			name: "campaigns", title: "Gate a campaign",
			text: "A recipient of `GateSeq`, of whom a tenth opted out. `one-by-one` asks the gate for each.",
			suites: []suite{
				{pkg: "optout", pattern: "^BenchmarkGateSeq$", benchtime: "2x"},
				{module: databases, pattern: "^BenchmarkGateSeq$", benchtime: "3x", together: true},
			},
			rows: []row{
				{what: "memstore, a million", name: "GateSeq/1000000", way: seq, plain: []string{oneByOne}, unit: perNumber},
				{what: "SQLite", name: "GateSeq/sqlite-modernc", way: seq, plain: []string{oneByOne}, unit: perNumber},
				{what: "PostgreSQL", name: "GateSeq/postgres-pgx", way: seq, plain: []string{oneByOne}, unit: perNumber},
				{what: "MariaDB", name: "GateSeq/mariadb", way: seq, plain: []string{oneByOne}, unit: perNumber},
			},
		},
		{
			name: "sql", title: "SQL stores",
			text: "`plain` is the same by hand on database/sql: a prepared SELECT, a transaction that writes the same rows. " +
				"The databases commit to disk.",
			suites: []suite{
				{module: databases, pattern: "^Benchmark(Get|GateBatch|List|Size)$", benchtime: quick, together: true},
				{module: databases, pattern: "^BenchmarkAppend$", benchtime: "300ms", together: true},
			},
			rows: []row{
				{what: "Get, SQLite", name: "Get/sqlite-modernc/1", way: asStore, plain: []string{plain}},
				{what: "Get, PostgreSQL", name: "Get/postgres-pgx/1", way: asStore, plain: []string{plain}},
				{what: "Get, MariaDB", name: "Get/mariadb/1", way: asStore, plain: []string{plain}},
				{what: "Append, SQLite", name: "Append/sqlite-modernc", way: asStore, plain: []string{plain}},
				{what: "Append, PostgreSQL", name: "Append/postgres-pgx", way: asStore, plain: []string{plain}},
				{what: "Append, MariaDB", name: "Append/mariadb", way: asStore, plain: []string{plain}},
			},
		},
		{
			name: "batches", title: "Append many events",
			text: "An opt-out of a new number, in a batch of 1,000 that is one transaction. `blind` is two statements of 500 rows " +
				"that look at nothing, `one-by-one` is Append. The databases commit to disk.",
			suites: []suite{
				{module: databases, pattern: "^BenchmarkAppendBatch$", benchtime: "3x", together: true},
			},
			rows: slices.Concat(
				batches("SQLite", "AppendBatch/sqlite-modernc"), batches("PostgreSQL", "AppendBatch/postgres-pgx"),
				batches("MariaDB", "AppendBatch/mariadb"),
			),
		},
		{
			name: "webhooks", title: "Webhooks",
			text: "STOP of a new contact, posted over loopback as Twilio does: verified, on disk, answered. `plain` is the same by hand: " +
				"signature, list of words, and a transaction that writes the same rows without a look at what is there. " +
				"CPU is that of the process: of HTTP, of a client that does next to nothing, and of SQLite, but not of PostgreSQL.",
			suites: []suite{
				{module: databases, pattern: "^BenchmarkHandler$", benchtime: "2000x"},
			},
			rows: slices.Concat(
				webhook("SQLite, 1 connection", "Handler/sqlite-modernc/1"), webhook("SQLite, 64 connections", "Handler/sqlite-modernc/64"),
				webhook("PostgreSQL, 1 connection", "Handler/postgres-pgx/1"), webhook("PostgreSQL, 64 connections", "Handler/postgres-pgx/64"),
			),
		},
		{
			name: "lists", title: "Lists",
			text: "Time of one row. `loop` is a loop over RecordOptOut; `encoding-csv` finds no columns and reads no dates; `maps` keeps both " +
				"lists in two maps. The files below also have the memory at its most (`peak-MB`).",
			suites: []suite{
				{pkg: "optout/list", pattern: "^Benchmark(ReadCSV|ImportIntoMemory|Compare)$", benchtime: "1x"},
				{module: databases, pattern: "^BenchmarkImport$", benchtime: "1x", together: true},
			},
			rows: []row{
				{what: "import, SQLite", name: "Import/sqlite-modernc", way: imported, plain: []string{loop}, unit: perNumber},
				{what: "import, PostgreSQL", name: importPostgres, way: imported, plain: []string{loop}, unit: perNumber},
				{what: "import, MariaDB", name: "Import/mariadb", way: imported, plain: []string{loop}, unit: perNumber},
				{what: "import, in memory", name: "ImportIntoMemory", way: imported, plain: []string{loop}, unit: perNumber},
				{what: "dry run, PostgreSQL", name: importPostgres, way: "dry-run", unit: perNumber},
				{what: "export, PostgreSQL", name: importPostgres, way: "export", unit: perNumber},
				{what: "read a CSV file", name: "ReadCSV", way: "list", plain: []string{"encoding-csv"}, unit: perNumber},
				{what: "compare two lists, in files", name: "Compare", way: "files", plain: []string{"maps"}, unit: perNumber},
				{what: "compare two lists, in memory", name: "Compare", way: "in-memory", plain: []string{"maps"}, unit: perNumber},
			},
		},
	}
}
