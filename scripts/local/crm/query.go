package crm

import (
	"regexp"
	"slices"
	"strings"
)

// A Condition is <field><operator><value>.
type Condition struct{ Field, Operator, Value string }

// A Query is an encoded query as ServiceNow reads it: a record matches when in one of the groups
// (^NQ) every clause (^) has a condition (^OR) that is true of it.
type Query struct {
	Groups [][][]Condition
	Order  []string // fields; "-" before one that descends
}

var (
	condition = regexp.MustCompile(`(?s)^([a-z][a-z0-9_.]*)(!=|>=|<=|=|>|<|STARTSWITH|ENDSWITH|NOTLIKE|LIKE|IN|ISNOTEMPTY|ISEMPTY)(.*)$`)
	evaluated = regexp.MustCompile(`(?i)^\s*javascript:`)
)

// Parse reads an encoded query. There is no escaping in it: every ^ ends what stands before it. What
// cannot be read is left out, as ServiceNow does it, and so makes the query wider.
func Parse(text string) Query {
	q := Query{Groups: [][][]Condition{{}}}
	for term := range strings.SplitSeq(text, "^") {
		if f, ok := strings.CutPrefix(term, "ORDERBYDESC"); ok {
			q.Order = append(q.Order, "-"+f)
			continue
		}
		if f, ok := strings.CutPrefix(term, "ORDERBY"); ok {
			q.Order = append(q.Order, f)
			continue
		}
		alternative := false
		if rest, ok := strings.CutPrefix(term, "NQ"); ok {
			q.Groups, term = append(q.Groups, [][]Condition{}), rest
		} else if rest, ok := strings.CutPrefix(term, "OR"); ok {
			alternative, term = true, rest
		}
		m := condition.FindStringSubmatch(term)
		if m == nil {
			continue
		}
		group, c := &q.Groups[len(q.Groups)-1], Condition{m[1], m[2], m[3]}
		if n := len(*group); alternative && n > 0 {
			(*group)[n-1] = append((*group)[n-1], c)
			continue
		}
		*group = append(*group, []Condition{c})
	}
	return q
}

// matches reports whether the query selects r. Conditions on fields that the table does not have are
// left out.
func (q Query) matches(known func(field string) bool, read func(field string) string) bool {
	return slices.ContainsFunc(q.Groups, func(group [][]Condition) bool {
		return !slices.ContainsFunc(group, func(clause []Condition) bool {
			clause = slices.DeleteFunc(slices.Clone(clause), func(c Condition) bool { return !known(c.Field) })
			return len(clause) > 0 && !slices.ContainsFunc(clause, func(c Condition) bool { return c.holds(read(c.Field)) })
		})
	})
}

// holds compares without regard to letter case, as the databases under ServiceNow do. A value that
// would be evaluated is nothing's.
func (c Condition) holds(of string) bool {
	of, value := strings.ToLower(of), strings.ToLower(c.Value)
	if evaluated.MatchString(value) {
		return false
	}
	switch c.Operator {
	case "=":
		return of == value
	case "!=":
		return of != value
	case "<":
		return of < value
	case "<=":
		return of <= value
	case ">":
		return of > value
	case ">=":
		return of >= value
	case "STARTSWITH":
		return strings.HasPrefix(of, value)
	case "ENDSWITH":
		return strings.HasSuffix(of, value)
	case "LIKE":
		return strings.Contains(of, value)
	case "NOTLIKE":
		return !strings.Contains(of, value)
	case "IN":
		return slices.Contains(strings.Split(value, ","), of)
	case "ISEMPTY":
		return of == ""
	}
	return of != "" // ISNOTEMPTY
}
