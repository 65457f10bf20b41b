package rights

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"roster/shared/operation"
)

// A use is one thing that a request does: what IAM asks a right for.
type use struct {
	Service string // dynamodb, cognito-idp, ses
	Action  string
	Within  string         // the operation that encloses it
	Keys    operation.Keys // the family of the key that it is about; 0 outside of the table, or for a key of no family
}

func (u use) String() string {
	text := u.Service + ":" + u.Action
	if u.Service == "dynamodb" {
		text += " " + strings.Join(append(u.Keys.Prefixes(), u.Within), " ")
	}
	return strings.TrimSpace(text)
}

// uses returns what a request to a service does, a connection that is warmed up nothing.
func uses(service string, r *http.Request, body []byte) []use {
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case service == "ses":
		return []use{{Service: service, Action: mailAction(r.Method + " " + r.URL.Path)}}
	case action == "":
		return nil
	case service == "cognito-idp":
		return []use{{Service: service, Action: action}}
	}
	return tableUses(action, body)
}

// mailAction is the name of a call of SES, which has a path instead.
func mailAction(call string) string {
	for begins, action := range map[string]string{
		"POST /v2/email/outbound-emails":         "SendEmail",
		"DELETE /v2/email/suppression/addresses": "DeleteSuppressedDestination",
		"GET /v2/email/suppression/addresses":    "GetSuppressedDestination",
	} {
		if strings.HasPrefix(call, begins) {
			return action
		}
	}
	return call
}

type (
	attributes map[string]map[string]any
	named      struct{ Key, Item attributes }
)

// A request is what any action of DynamoDB carries, as far as it says which keys it is about.
type request struct {
	Key, Item                 attributes
	RequestItems              map[string]json.RawMessage
	TransactItems             []struct{ ConditionCheck, Put, Update, Delete *named }
	KeyConditionExpression    string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues attributes
}

func tableUses(action string, body []byte) []use {
	var r request
	if json.Unmarshal(body, &r) != nil {
		return []use{{Service: "dynamodb", Action: action}}
	}
	var all []use
	about := func(action, within, pk string) {
		all = append(all, use{"dynamodb", action, within, operation.Of(pk)})
	}
	switch action {
	case "TransactWriteItems":
		for _, i := range r.TransactItems {
			for part, n := range map[string]*named{
				"ConditionCheckItem": i.ConditionCheck, "PutItem": i.Put, "UpdateItem": i.Update, "DeleteItem": i.Delete,
			} {
				if n != nil {
					about(part, action, n.Key.pk()+n.Item.pk())
				}
			}
		}
	case "BatchGetItem", "BatchWriteItem":
		for _, pk := range r.batch() {
			about(action, "", pk)
		}
	case "Query":
		about(action, "", r.partition())
	default:
		about(action, "", r.Key.pk()+r.Item.pk())
	}
	return all
}

func (a attributes) pk() string {
	s, _ := a["PK"]["S"].(string)
	return s
}

// batch returns the partition keys of a batch, of either kind.
func (r request) batch() (all []string) {
	for _, raw := range r.RequestItems {
		var get struct{ Keys []attributes }
		var write []struct {
			DeleteRequest, PutRequest *named
		}
		_, _ = json.Unmarshal(raw, &get), json.Unmarshal(raw, &write) // one of them fits
		for _, k := range get.Keys {
			all = append(all, k.pk())
		}
		for _, w := range write {
			for _, n := range []*named{w.DeleteRequest, w.PutRequest} {
				if n != nil {
					all = append(all, n.Key.pk()+n.Item.pk())
				}
			}
		}
	}
	return all
}

var equals = regexp.MustCompile(`(#\w+) = (:\w+)`)

// partition returns the partition that a query reads; "" for one that it does not name.
func (r request) partition() string {
	for _, m := range equals.FindAllStringSubmatch(r.KeyConditionExpression, -1) {
		if r.ExpressionAttributeNames[m[1]] == "PK" {
			s, _ := r.ExpressionAttributeValues[m[2]]["S"].(string)
			return s
		}
	}
	return ""
}
