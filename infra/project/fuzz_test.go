package project

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"
)

// Whatever cdk.json says of a stage, it is read in one way or refused.
func FuzzParse(f *testing.F) {
	p, err := Read("../../cdk.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		`{}`, `{"rate":0}`, `{"rate":1.5}`, `{"rate":1e99}`, `{"rate":"200"}`, `{"portalURL":"x"}`, `{"mailFrom":"<>"}`, `{"crmMapping":"{"}`,
		`{"unknown":1}`, `{"production":null}`, `{"domain":"a.example"}`, `{"inviteExisting":"Join"}`, `{"logDays":-1}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var own map[string]any
		if json.Unmarshal(raw, &own) != nil {
			return
		}
		values := maps.Clone(p.Defaults)
		maps.Copy(values, own)
		s, err := parse(values)
		again, second := parse(values)
		if (err == nil) != (second == nil) || err == nil && !reflect.DeepEqual(s, again) {
			t.Fatalf("%s is %v, %v, and again %v, %v", raw, s, err, again, second)
		}
	})
}
