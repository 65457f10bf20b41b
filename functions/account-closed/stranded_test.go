package main

import (
	"testing"

	"roster/shared/org"
	"roster/shared/store/storetest"
	"roster/shared/tally"
)

func TestAnOrganizationThatLostItsOnlyAdminIsCounted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		other org.Role
		want  int64
	}{"stranded": {org.Technical, 1}, "with another Admin": {org.Admin, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := storetest.New(t)
			w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Active(w.Person("bob"), c.other))
			ctx, one := tally.Begin(t.Context())
			for range 2 { // the second time it is closed already
				if err := hear(ctx, w.DB, of("AdminDeleteUser")); err != nil {
					t.Fatal(err)
				}
			}
			if got := one.Stranded.Load(); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}
