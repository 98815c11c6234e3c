package main

// quick is how long a benchmark in memory runs each time.
const quick = "100ms"

const guardPkg = "optout"

// section is a goal, and the benchmarks that measure it.
type section struct {
	name, title string
	text        string // what is measured beside what
	suites      []suite
}

// suite are benchmarks of one package.
type suite struct {
	module, pkg string // folders: from the root, and from the module
	pattern     string
	benchtime   string
	// together runs a benchmark as often as it is to be at once. Else all are run in
	// turn, each time in another process, so that what disturbs the machine for a
	// while does not disturb one alone. Starting databases each time takes too long.
	together bool
}

func sections() []section {
	const databases = "internal/sqltest"
	return []section{
		{
			name: "classify", title: "Classify",
			text: "`optout.Classify` tells what an inbound text asks for. Plain code: `map` is `strings.ToUpper(strings.TrimSpace(s))` and a map look-up, " +
				"`regexps` three regular expressions, one for each intent. Neither finds all spellings that Classify does. " +
				"The mixed stream is 4,096 real texts, every tenth a keyword in some spelling. In the table of package keywords nothing stands beside: it shows what folding costs, " +
				"and what `revocation.Read` does.",
			suites: []suite{
				{pkg: guardPkg, pattern: "^BenchmarkClassify$", benchtime: quick},
				{pkg: "keywords", pattern: "^BenchmarkClassify$", benchtime: quick},
				{pkg: "keywords/revocation", pattern: "^BenchmarkRead$", benchtime: quick},
			},
		},
		{
			name: "numbers", title: "Numbers",
			text: "Every gate reads a number. Plain code: `library` is phonenumbers' Parse and Format to E.164, which do not say whether the number is valid.",
			suites: []suite{
				{pkg: "internal/number", pattern: "^BenchmarkRead", benchtime: quick},
			},
		},
		{
			name: "gate", title: "Gate in memory",
			text: "`Guard.Gate` over `memstore`, in one process. Plain code: `map` (in package memstore `plain`) is a `map[struct{account, number string}]` of states behind an RWMutex, " +
				"asked with the number as it is, which finds no other spelling; `store` is memstore without the Guard. memstore keeps the history of each number as well. " +
				"Growth asks in no order for numbers that opted out (hit) and others (miss), by how many opted out; memory is what is kept of each, and collection one garbage collection while it is all there.",
			suites: []suite{
				{module: "internal/bench", pkg: "growth", pattern: "^BenchmarkGrowth$", benchtime: quick},
				{pkg: "store/memstore", pattern: ".", benchtime: quick},
			},
		},
		{
			name: "campaigns", title: "Campaigns",
			text: "`optout.Filter` decides about a list of recipients, of whom a tenth opted out. Plain code: `one-by-one` asks the gate for each, `map` looks up the number as it came. " +
				"Times are per recipient.",
			suites: []suite{
				{pkg: guardPkg, pattern: "^BenchmarkFilter$", benchtime: "2x"},
				{module: databases, pattern: "^BenchmarkFilter$", benchtime: "3x", together: true},
			},
		},
		{
			name: "sql", title: "SQL stores",
			text: "`sqlstore` on SQLite, PostgreSQL and MariaDB, on this machine, with 10,000 numbers that opted out. Plain code: `plain` is the same by hand on database/sql, " +
				"a prepared SELECT, a transaction that writes the same rows, a SELECT of the whole list; `one-by-one` is a loop over Get. " +
				"The number before the way is that of goroutines. The databases commit to disk.",
			suites: []suite{
				{module: databases, pattern: "^Benchmark(Get|GateBatch|List|Size)$", benchtime: quick, together: true},
				{module: databases, pattern: "^BenchmarkAppend$", benchtime: "300ms", together: true},
			},
		},
	}
}

func sectionNames() []string {
	var names []string
	for _, s := range sections() {
		names = append(names, s.name)
	}
	return names
}

// The ways of the chart.
const (
	wayMap  = "map"
	wayGate = "gate"
)

// plainWays are the last parts of the names of benchmarks that are plain code, the
// code that a user would write.
func plainWays() []string { return []string{"plain", wayMap, "regexps", "library", "one-by-one"} }
