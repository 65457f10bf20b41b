package telemetry

import "time"

// The metrics are CloudWatch's under this namespace: Requests by function and outcome, all others by
// function. Counters are there only when something was counted.
const (
	Namespace = "Roster"

	Operation        = "Operation" // no dimension: a row of the list of operations, the same in every stage
	Function         = "Function"  // dimension: what Lambda calls the function, which has the stage in it
	OutcomeDimension = "Outcome"   // dimension: a gRPC code's name

	// Waited is no metric, because each is paid for: the part of Duration, in milliseconds, in which a
	// call to AWS was under way. It is there when there was one.
	Waited = "Waited"

	Requests         = "Requests"
	Duration         = "Duration" // milliseconds, of the work alone
	BrokenConditions = "BrokenConditions"
	Conflicts        = "Conflicts"
	Throttles        = "Throttles"
	Retries          = "Retries"
	MailsSent        = "MailsSent"
	MailsFailed      = "MailsFailed"
	Stranded         = "StrandedOrganizations" // an operator must name another Admin
)

// metadata is what CloudWatch reads of a line, by its embedded metric format: which members of the
// line are metrics, of which dimensions.
type metadata struct {
	Timestamp         int64 // milliseconds since 1970
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metric
}

type metric struct {
	Name string
	Unit string
}

type count struct {
	name string
	n    int64
}

// counted lists the counters that something was counted in.
func (l *Line) counted() []count {
	t := l.tally
	var some []count
	for _, c := range [...]count{
		{BrokenConditions, t.Moved.Load()},
		{Conflicts, t.Conflicts.Load()},
		{Throttles, t.Throttles.Load()},
		{Retries, t.Retries.Load()},
		{MailsSent, t.MailsSent.Load()},
		{MailsFailed, t.MailsFailed.Load()},
		{Stranded, t.Stranded.Load()},
	} {
		if c.n != 0 {
			some = append(some, c)
		}
	}
	return some
}

// describe tells CloudWatch which metrics a line holds.
func describe(at time.Time, counted []count) metadata {
	byOperation := []metric{{Duration, "Milliseconds"}}
	for _, c := range counted {
		byOperation = append(byOperation, metric{c.name, "Count"})
	}
	return metadata{
		Timestamp: at.UnixMilli(),
		CloudWatchMetrics: []directive{
			{Namespace, [][]string{{Function, OutcomeDimension}}, []metric{{Requests, "Count"}}},
			{Namespace, [][]string{{Function}}, byOperation},
		},
	}
}
