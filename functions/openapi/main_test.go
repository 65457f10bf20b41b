package main

import (
	"encoding/json"
	"testing"
)

func TestTheServerIsWhereTheAPIIsReached(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{"": "/", "/prod": "/prod", `/a"b`: `/a"b`} {
		text, err := under(base)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Servers []struct{ URL string } }
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("below %q it is no JSON: %v", base, err)
		}
		if len(got.Servers) != 1 || got.Servers[0].URL != want {
			t.Errorf("below %q: servers %v; want %s", base, got.Servers, want)
		}
	}
}
