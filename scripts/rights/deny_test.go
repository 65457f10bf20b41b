package rights

import (
	"slices"
	"strings"
	"testing"
	"time"

	"roster/shared/operation"
)

// The guard itself is held to refusing: with one grant less, the call that needs it fails.
func TestAGrantThatIsTakenAwayIsMissed(t *testing.T) {
	rows := operation.All()
	for i := range rows {
		switch rows[i].Name {
		case "org-rename":
			rows[i].Table.Put = 0
		case "sign-out":
			rows[i].Users = nil
		case "mail-send":
			rows[i].Mail = slices.DeleteFunc(rows[i].Mail, func(a string) bool { return a == "SendEmail" })
		case "member-search":
			rows[i].Table.Query = 0
		}
	}
	g := newGuard(t, rows, map[string]map[use]bool{}, nil)
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	ann.Do(t, "PUT", org(id), object{"name": "Ace"}).Want(t, 500)
	ann.Do(t, "POST", org(id, "members:search"), nil).Want(t, 500)
	ann.Do(t, "POST", org(id, "members"), object{"username": "bob@example.com", "role": "Admin"}).Want(t, 200)
	ann.Do(t, "POST", "/v1/auth/SignOut", nil).Want(t, 500)
	for _, want := range []string{
		"org-rename: dynamodb:PutItem ORG# TransactWriteItems", "member-search: dynamodb:Query ORG#",
		"mail-send: ses:SendEmail", "sign-out: cognito-idp:AdminUserGlobalSignOut",
	} {
		for until := time.Now().Add(20 * time.Second); !slices.Contains(g.refusals(), want); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatalf("%s was not refused, but %q", want, g.refusals())
			}
		}
	}
}

func TestRequestsAreReadAsIAMReadsThem(t *testing.T) {
	tests := map[string]struct{ action, body, want string }{
		"a read of two families": {
			"BatchGetItem", `{"RequestItems":{"t":{"Keys":[{"PK":{"S":"ORG#1"}},{"PK":{"S":"ACCOUNT#1"}}]}}}`,
			"dynamodb:BatchGetItem ORG#, dynamodb:BatchGetItem ACCOUNT#",
		},
		"a query": {
			"Query", `{"KeyConditionExpression":"(#0 = :0) AND (begins_with (#1, :1))","ExpressionAttributeNames":{"#0":"PK","#1":"SK"},"ExpressionAttributeValues":{":0":{"S":"EMAIL#a"},":1":{"S":"ORG#"}}}`,
			"dynamodb:Query EMAIL#",
		},
		"a transaction": {
			"TransactWriteItems", `{"TransactItems":[{"Put":{"Item":{"PK":{"S":"ORG#1"}}}},{"ConditionCheck":{"Key":{"PK":{"S":"ACCOUNT#1"}}}}]}`,
			"dynamodb:PutItem ORG# TransactWriteItems, dynamodb:ConditionCheckItem ACCOUNT# TransactWriteItems",
		},
		"a batch of deletes":  {"BatchWriteItem", `{"RequestItems":{"t":[{"DeleteRequest":{"Key":{"PK":{"S":"ORG#1"}}}}]}}`, "dynamodb:BatchWriteItem ORG#"},
		"a write of its own":  {"UpdateItem", `{"Key":{"PK":{"S":"ORG#1"}}}`, "dynamodb:UpdateItem ORG#"},
		"a scan":              {"Scan", `{"TableName":"t"}`, "dynamodb:Scan"},
		"a key of no family":  {"DeleteItem", `{"Key":{"PK":{"S":"OTHER#1"}}}`, "dynamodb:DeleteItem"},
		"what cannot be read": {"PutItem", `{`, "dynamodb:PutItem"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, u := range tableUses(test.action, []byte(test.body)) {
				got = append(got, u.String())
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
