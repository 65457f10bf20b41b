package storm

import (
	"strings"
	"testing"

	"roster/shared/store/storetest"
)

// What leads to an organization that was erased, and what the log and the table do not agree about, is
// found wherever it is.
func TestEveryLeftoverAndImbalanceIsFound(t *testing.T) {
	t.Parallel()
	event := func(action, kind string, initial, result any) storetest.Item {
		return storetest.Item{"action": action, "objects": []any{map[string]any{"type": kind, "id": "x", "initial": initial, "result": result}}}
	}
	here, at := storetest.Key{PK: "ORG#here", SK: "ORG"}, func(pk, sk string) storetest.Key { return storetest.Key{PK: pk, SK: sk} }
	tests := []struct {
		name, says string
		more       storetest.Dump
	}{
		{"nothing", "", nil},
		{"an account's lock", "leads to", storetest.Dump{at("ACCOUNT#a", "ACCOUNT"): {"org_id": "gone"}}},
		{"a pointer", "leads to", storetest.Dump{at("EMAIL#a", "INVITED#gone"): {}}},
		{"a customer's link", "leads to", storetest.Dump{at("CUSTOMER#c", "CUSTOMER"): {"org": "gone"}}},
		{"a server's lock", "leads to", storetest.Dump{at("PMM#s", "PMM"): {"org_id": "gone"}}},
		{"a row", "is left of", storetest.Dump{at("ORG#gone", "MEMBER#m"): {"role": "Admin", "status": "ACTIVE"}}},
		{"a server's token", "is left of", storetest.Dump{at("ORG#gone", "TOKEN#t"): {}}},
		{"what leads to what lives", "", storetest.Dump{at("ACCOUNT#a", "ACCOUNT"): {"org_id": "here"}, at("EMAIL#a", "INVITED#here"): {}}},

		{"a server without event", "server x: the log says 0, the table 1", storetest.Dump{at("ORG#here", "PMM#x"): {}}},
		{"an event without server", "server x: the log says 1, the table 0", storetest.Dump{at("ORG#here", "EVENT#1"): event("CREATE", "inventory", nil, nil)}},
		{"a server that went, and is there", "server x: the log says 0, the table 1", storetest.Dump{
			at("ORG#here", "PMM#x"): {}, at("ORG#here", "EVENT#1"): event("CREATE", "inventory", nil, nil), at("ORG#here", "EVENT#2"): event("DELETE", "inventory", nil, nil),
		}},
		{"a server with its events", "", storetest.Dump{
			at("ORG#here", "PMM#x"): {}, at("ORG#here", "EVENT#1"): event("CREATE", "inventory", nil, nil), at("ORG#here", "EVENT#2"): event("UPDATE", "inventory", nil, nil),
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := storetest.Dump{here: {"name": "Here"}, at("ORG#here", "EVENT#0"): event("CREATE", "organization", nil, map[string]any{"name": "Here"})}
			for k, i := range test.more {
				d[k] = i
			}
			said := strings.Join(append(leftovers(d), unbalanced(d)...), "\n")
			if said != "" && test.says == "" || !strings.Contains(said, test.says) {
				t.Errorf("said %q; want %q", said, test.says)
			}
		})
	}
}
