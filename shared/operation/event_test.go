package operation_test

import (
	"slices"
	"testing"

	"roster/shared/operation"
)

func TestFunctionsHaveTheTimeThatWhoWakesThemLeaves(t *testing.T) {
	t.Parallel()
	tests := []struct {
		operation operation.Operation
		want      int
	}{
		{operation.Operation{Routes: []string{"GET /"}}, 10},
		{operation.Operation{Event: operation.UserPoolCall}, 10},
		{operation.Operation{Event: operation.PreTokenGeneration}, 4},
		{operation.Operation{Event: operation.PostConfirmation}, 4},
		{operation.Operation{Event: operation.InvitationQueued}, 60},
		{operation.Operation{Event: operation.OrganizationDeleted}, 60},
	}
	for _, test := range tests {
		if got := test.operation.Seconds(); got != test.want {
			t.Errorf("%+v: %d, want %d", test.operation, got, test.want)
		}
	}
}

func TestFunctionsHaveAVariableForWhatTheyTouch(t *testing.T) {
	t.Parallel()
	got := operation.Operation{
		Table: operation.Table{Get: operation.Orgs}, SignIn: true,
		Users: []string{"AdminGetUser"}, Mail: []string{"SendEmail"}, CRM: true, Reads: []string{"ROSTER_PORTAL_URL"},
	}.Variables()
	want := []string{
		"ROSTER_TABLE", "ROSTER_USER_POOL_ID", "ROSTER_USER_POOL_CLIENT_ID", "ROSTER_MAIL_FROM",
		"ROSTER_MAIL_CONFIGURATION_SET", "ROSTER_CRM_URL", "ROSTER_CRM_MAPPING", "ROSTER_CRM_SECRET", "ROSTER_PORTAL_URL",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (operation.Operation{}).Variables(); len(got) != 0 {
		t.Errorf("a function that touches nothing has %q", got)
	}
}
