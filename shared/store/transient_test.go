package store_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

// transientBar is what one transient error may add to a call, in the middle of many.
const transientBar = 50 * time.Millisecond

// In a bubble nothing takes any time but the pauses before a call is repeated, so that what a call
// takes is what the error adds.
func TestATransientErrorAddsLittle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, action string
		fault        storetest.Fault
	}{
		{"a look meets an internal error", "BatchGetItem", storetest.Refuse(http.StatusInternalServerError, "InternalServerError")},
		{"a look meets a throttled table", "BatchGetItem", storetest.Throttle},
		{"a look meets a dropped connection", "BatchGetItem", storetest.LostReply},
		{"a change meets an internal error", "TransactWriteItems", storetest.Refuse(http.StatusInternalServerError, "InternalServerError")},
		{"a change meets a throttled table", "TransactWriteItems", storetest.Throttle},
		{"a change meets a dropped connection", "TransactWriteItems", storetest.LostReply},
		{"a change meets another", "TransactWriteItems", storetest.Conflict},
		{"a change meets a throttled item", "TransactWriteItems", storetest.Cancel("None", "ThrottlingError")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				s := setScene(t, w)
				var added []time.Duration
				for n := range 101 {
					s.Faults.Add(storetest.Rule{Action: c.action, Fault: c.fault, Times: 1})
					begun := time.Now()
					seen := s.look(t, s.ann, s.bob)
					if _, err := s.DB.ChangeRole(s.ctx, seen, seen.Row(), []org.Role{org.Admin, org.Technical}[n%2]); err != nil {
						t.Fatal(err)
					}
					added = append(added, time.Since(begun))
					s.Faults.Clear()
				}
				slices.Sort(added)
				p50 := added[len(added)/2]
				t.Logf("it adds %v in the middle, %v at most", p50, added[len(added)-1])
				if p50 > transientBar || p50 == 0 {
					t.Errorf("it adds %v in the middle", p50)
				}
			})
		})
	}
}
