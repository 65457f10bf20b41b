package main

import (
	"encoding/json"
	"testing"

	"roster/shared/invite"
	"roster/shared/org"
)

func TestOnlyFailuresAreToldInTheOrderAndSpellingOfTheRequest(t *testing.T) {
	t.Parallel()
	asks := []invite.Ask{
		{Username: " Ann@Example.com ", Role: "Admin"},
		{Username: "bob", Role: "Admin"},
		{Username: "CEM@example.com", Role: "boss"},
		{Username: "ann@example.com", Role: "Admin"},
	}
	for name, c := range map[string]struct {
		refused []error
		want    string
	}{
		"nobody was refused": {[]error{nil, nil, nil, nil}, `{"errors":[]}`},
		"nothing was tried":  {nil, `{"errors":[]}`},
		"some were": {
			[]error{nil, org.ErrInvitee, org.ErrRole, org.ErrAlreadyMember},
			`{"errors":[{"username":"bob","error":"Failed to invite user"},` +
				`{"username":"CEM@example.com","error":"Invalid organization member role."},` +
				`{"username":"ann@example.com","error":"User is already a member of this organization."}]}`,
		},
		"the first, as it was written": {
			[]error{org.ErrQuota, nil, nil, nil}, `{"errors":[{"username":" Ann@Example.com ","error":"Too many invitations today."}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(answerOf(asks, c.refused))
			if string(got) != c.want || err != nil {
				t.Errorf("%s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestEveryRowOfTheRequestIsAnAsk(t *testing.T) {
	t.Parallel()
	var b body
	if err := json.Unmarshal([]byte(`{"users":[{"username":"a","role":"Admin"},{},{"username":"b"}]}`), &b); err != nil {
		t.Fatal(err)
	}
	got := b.asks()
	if len(got) != 3 || got[0] != (invite.Ask{Username: "a", Role: "Admin"}) || got[1] != (invite.Ask{}) || got[2].Username != "b" {
		t.Errorf("%+v", got)
	}
	if len((body{}).asks()) != 0 {
		t.Error("nobody was asked for")
	}
}
