package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"roster/shared/org"
)

// Dump is all that a table holds.
type Dump map[Key]Item

// Dump reads the whole table.
func (w *World) Dump() Dump {
	w.t.Helper()
	d := Dump{}
	in := &dynamodb.ScanInput{TableName: &w.Table, ConsistentRead: aws.Bool(true)}
	for {
		out, err := w.raw.Scan(w.ctx(), in)
		w.must(err)
		for _, i := range out.Items {
			k, item := w.unmarshal(i)
			d[k] = item
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return d
		}
	}
}

// Of returns the items whose sort key begins with prefix.
func (d Dump) Of(prefix string) Dump {
	part := Dump{}
	for k, i := range d {
		if strings.HasPrefix(k.SK, prefix) {
			part[k] = i
		}
	}
	return part
}

// Changes tells what became of a table, one item a paragraph, sorted: "+" is new, "-" is gone, "~"
// changed, with only the attributes that did. Ids are told by name (an organization's, "bob@acme"
// for a member's, "*" for a random one), times by their distance from Start ("T", "T+7d").
func (w *World) Changes(from, to Dump) string {
	var all []string
	for k := range union(from, to) {
		before, after := from[k], to[k]
		switch {
		case before == nil:
			all = append(all, w.paragraph("+", k, w.attributes(nil, after)))
		case after == nil:
			all = append(all, w.paragraph("-", k, nil))
		case !reflect.DeepEqual(before, after):
			all = append(all, w.paragraph("~", k, w.attributes(before, after)))
		}
	}
	slices.Sort(all)
	return "\n" + strings.Join(all, "")
}

func union(a, b Dump) Dump {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func (w *World) paragraph(sign string, k Key, attributes []string) string {
	head := fmt.Sprintf("%s %s %s\n", sign, w.named(k.PK), w.named(k.SK))
	if len(attributes) == 0 {
		return head
	}
	return head + "    " + strings.Join(attributes, " ") + "\n"
}

// attributes tells after, leaving out what is as before. One that is gone is told by a bare minus.
func (w *World) attributes(before, after Item) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if old, had := before[name]; !had || !reflect.DeepEqual(old, after[name]) {
			all = append(all, name+"="+w.value(name, after[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, has := after[name]; !has {
			all = append(all, "-"+name)
		}
	}
	return all
}

func (w *World) value(name string, v any) string {
	switch v := v.(type) {
	case string:
		if v == "" || strings.Contains(v, " ") {
			return strconv.Quote(v)
		}
		return w.named(v)
	case attributevalue.Number:
		n, _ := v.Int64()
		switch name {
		case "ttl":
			return distance(time.Unix(n, 0).Sub(Start.Truncate(time.Second)))
		case "signed_out_ms":
			return distance(time.UnixMilli(n).Sub(Start.Truncate(time.Millisecond)))
		}
		return v.String()
	case []any:
		var all []string
		for _, x := range v {
			all = append(all, "\n        "+w.value("", x))
		}
		return "[" + strings.Join(all, "") + "]"
	case map[string]any:
		return "{" + strings.Join(w.attributes(nil, v), " ") + "}"
	}
	return fmt.Sprint(v)
}

var (
	uuids  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	stamps = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`)
	micros = regexp.MustCompile(`EVENT#\d{16}#`)
)

// named replaces ids and times in a text.
func (w *World) named(s string) string {
	known := map[string]string{}
	for _, name := range w.orgs {
		o := orgID(name)
		known[string(o)] = name
		for _, p := range w.people {
			known[string(org.MemberOf(o, p.Address))] = string(p.ID) + "@" + name
		}
	}
	s = uuids.ReplaceAllStringFunc(s, func(id string) string { return cmp.Or(known[id], "*") })
	s = stamps.ReplaceAllStringFunc(s, func(at string) string { return distance(instant(at).Sub(Start)) })
	return micros.ReplaceAllStringFunc(s, func(at string) string {
		n, _ := strconv.ParseInt(at[len("EVENT#"):len(at)-1], 10, 64)
		return "EVENT#" + distance(time.UnixMicro(n).Sub(Start)) + "#"
	})
}

func instant(stamp string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, stamp) // what is none is the zero time
	return t
}

// distance is how far an instant lies from the start of the world.
func distance(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == 0:
		return "T"
	case d%day == 0:
		return fmt.Sprintf("T%+dd", d/day)
	case d > day:
		return fmt.Sprintf("T+%dd%s", d/day, d%day)
	case d > 0:
		return "T+" + d.String()
	}
	return "T" + d.String()
}
