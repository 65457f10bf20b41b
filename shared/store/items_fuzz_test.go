package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
)

// Whatever an item holds, it is read or refused: a corrupt one ends the request that met it, with its
// key in the error, and not the process.
func FuzzItem(f *testing.F) {
	const o = `"PK":"ORG#0f8fad5b-d9cb-469f-a165-70867728950e"`
	for _, s := range []string{
		`{"PK":"ACCOUNT#ann","SK":"ACCOUNT","email":"ann@example.com","org_id":"x","signed_out_ms":9223372036854775807,"closed":true,"crm_checked_at":"never"}`,
		`{` + o + `,"SK":"ORG","name":"Acme","admins":1.5,"entries":-1,"created_at":"2026-01-01T00:00:00.000000Z","deleted_at":""}`,
		`{` + o + `,"SK":"MEMBER#","status":"ACTIVE","role":["Admin"],"account":null,"expires_at":"9999-99-99T00:00:00Z"}`,
		`{` + o + `,"SK":"INVITATION#x","mail":"m","delivery":"lost","link":{"a":"b"},"queued_at":"","lift":"yes","ttl":"soon"}`,
		`{` + o + `,"SK":"EVENT#99999999999999999999#","objects":[{"id":5},null,{"initial":{"a":"b"},"result":[]}],"timestamp":7}`,
		`{` + o + `,"SK":"EVENT#","id":"e","objects":{}}`, `{` + o + `,"SK":"QUOTA#","n":1e300}`, `{"PK":5,"SK":null}`, `{"PK":"PMM#a","SK":"PMM","org_id":true}`, `{}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var attributes map[string]any
		if json.Unmarshal(raw, &attributes) != nil {
			return
		}
		i, err := attributevalue.MarshalMap(attributes)
		if err != nil {
			return
		}
		for name, use := range map[string]func(item) (any, error){
			"account":    func(i item) (any, error) { v, err := decode[accountItem](i); return v.account(), err },
			"address":    func(i item) (any, error) { return decode[addressItem](i) },
			"org":        func(i item) (any, error) { v, err := decode[orgItem](i); return v.org("o"), err },
			"customer":   func(i item) (any, error) { return decode[customerItem](i) },
			"member":     func(i item) (any, error) { v, err := decode[memberItem](i); return v.member(), err },
			"invitation": func(i item) (any, error) { v, err := decode[invitationItem](i); return v.invitation(), err },
			"state":      func(i item) (any, error) { v, err := decode[stateItem](i); return v.state(), err },
			"server":     func(i item) (any, error) { return decode[serverItem](i) },
			"lock":       func(i item) (any, error) { return decode[lockItem](i) },
			"token":      func(i item) (any, error) { return decode[tokenItem](i) },
			"quota":      func(i item) (any, error) { return decode[quotaItem](i) },
			"notice":     func(i item) (any, error) { return decode[noticeItem](i) },
			"event": func(i item) (any, error) {
				v, err := decode[eventItem](i)
				e := v.event()
				if again := eventOf("o", e).key.SK; len(again) != len("EVENT#0123456789012345#"+e.ID) {
					t.Fatalf("%v would be kept at %s, where it does not sort", e, again)
				}
				return e, err
			},
		} {
			if _, err := use(i); err != nil && !strings.Contains(err.Error(), fmt.Sprint(keyOf(i))) {
				t.Fatalf("%s: nobody can find the item by %v", name, err)
			}
		}
	})
}
