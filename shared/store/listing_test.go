package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// crowd is an organization of an Admin and many others, most of them invited, some of whose
// invitations were swept, next to another organization.
type crowd struct {
	*scene
	org   org.ID
	all   []org.MemberID // sorted
	who   map[org.MemberID]storetest.Person
	swept map[org.MemberID]bool
}

func newCrowd(t *testing.T, s *scene, members, invited int) *crowd {
	t.Helper()
	c := &crowd{scene: s, who: map[org.MemberID]storetest.Person{}, swept: map[org.MemberID]bool{}}
	var rows []storetest.Row
	for i := range members {
		rows = append(rows, storetest.Active(s.Person(fmt.Sprintf("m%d", i)), org.Admin))
	}
	for i := range invited {
		rows = append(rows, storetest.Invited(s.Person(fmt.Sprintf("i%d", i)), org.Technical))
	}
	c.org = s.Org("crowd", rows...)
	for i, r := range rows {
		m := org.MemberOf(c.org, r.Who.Address)
		c.all, c.who[m] = append(c.all, m), r.Who
		if i%7 == 6 && r.Status == org.Provisioned {
			c.swept[m] = true
			s.Drop(storetest.InvitationKey(c.org, r.Who.Address))
		}
	}
	slices.Sort(c.all)
	return c
}

// pages lists the crowd as one of its members, page by page.
func (c *crowd) pages(t *testing.T, as storetest.Person, size int) [][]store.Row {
	t.Helper()
	var pages [][]store.Row
	var from *store.Cursor
	for {
		_, page, err := c.DB.Members(c.ctx, as.Caller(), c.org, from, size)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page.Rows)
		if from = page.Next; from == nil {
			return pages
		}
		if len(pages) > len(c.all) {
			t.Fatal("there is always one more page")
		}
	}
}

func TestMembersListsEveryRowOnceWithTheCallersOwnOnTheFirstPage(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, newScene(t), 8, 28)
	active := slices.DeleteFunc(slices.Clone(c.all), func(m org.MemberID) bool { return c.who[m].ID[0] != 'm' })
	for _, size := range []int{1, 2, 3, 35, 36, 37, 1000} {
		for _, me := range []org.MemberID{active[0], active[4], active[7]} {
			t.Run(fmt.Sprintf("size %d, caller %s", size, c.who[me].ID), func(t *testing.T) {
				t.Parallel()
				pages := c.pages(t, c.who[me], size)
				var got []org.MemberID
				for n, page := range pages {
					for i, row := range page {
						got = append(got, row.Member.ID)
						if (row.Member.ID == me) != (n == 0 && i == 0) {
							t.Errorf("page %d has the caller's row in place %d", n, i)
						}
						c.holdsMail(t, row)
					}
					if last := n == len(pages)-1; len(page) > size || (len(page) < size && !last) || (len(page) == 0) {
						t.Errorf("page %d of %d has %d rows", n, len(pages), len(page))
					}
				}
				if slices.Sort(got); !slices.Equal(got, c.all) {
					t.Errorf("%d rows, want %d:\n%v\n%v", len(got), len(c.all), got, c.all)
				}
			})
		}
	}
}

// holdsMail asks of a row that it has its own mail, where it is pending and that was not swept.
func (c *crowd) holdsMail(t *testing.T, row store.Row) {
	t.Helper()
	m, want := row.Member, ""
	if m.Status == org.Provisioned && !c.swept[m.ID] {
		want = "mail to " + string(c.who[m.ID].ID)
	}
	if row.Invitation.Mail != want || m.Address != c.who[m.ID].Address {
		t.Errorf("%s has the mail %q, want %q", m.Address, row.Invitation.Mail, want)
	}
}

// What an account that joined at once was told is no invitation that a page should have no room for.
func TestMembersHasRoomForTheMailsOfThoseWhoJoined(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, newScene(t), 12, 12)
	for m, p := range c.who {
		if p.ID[0] == 'm' {
			c.Put(storetest.InvitationKey(c.org, p.Address), storetest.Item{"mail": "joined " + string(m), "joined": true, "expires_at": ""})
		}
	}
	for _, size := range []int{1, 2, 5} {
		for n, page := range c.pages(t, c.who[c.all[slices.IndexFunc(c.all, func(m org.MemberID) bool { return c.who[m].ID[0] == 'm' })]], size) {
			for _, row := range page {
				if row.Member.Status == org.Provisioned {
					c.holdsMail(t, row)
				} else if !strings.HasPrefix(row.Invitation.Mail, "joined") {
					t.Errorf("size %d, page %d: %s lost the mail about joining", size, n, row.Member.Address)
				}
			}
		}
	}
}

func TestMembersOfOneAreOnePage(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, size := range []int{1, 2, 1000} {
		_, page, err := s.DB.Members(s.ctx, s.hal.Caller(), s.beta, nil, size)
		if err != nil || len(page.Rows) != 1 || page.Next != nil {
			t.Errorf("size %d: %+v, %v", size, page, err)
		}
	}
}

func TestMembersAreShownToMembersOnly(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for name, w := range map[string]who{"a member of another organization": hal, "somebody invited": dan, "nobody": fox} {
		if _, page, err := s.DB.Members(s.ctx, w(s).Caller(), s.acme, nil, 10); !errors.Is(err, org.ErrNotMember) || len(page.Rows) > 0 {
			t.Errorf("%s: %d rows, %v", name, len(page.Rows), err)
		}
	}
	deleted(s.acme)(s)
	if _, page, err := s.DB.Members(s.ctx, s.ann.Caller(), s.acme, &store.Cursor{}, 10); !errors.Is(err, org.ErrNotMember) || len(page.Rows) > 0 {
		t.Errorf("of a deleted organization: %d rows, %v", len(page.Rows), err)
	}
}

// A page of a thousand rows may be more than DynamoDB answers at once, which is 1 MB.
func TestMembersGoesOnWhereAnAnswerOfTheTableIsFull(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	items, long := map[storetest.Key]storetest.Item{}, strings.Repeat("\U0001F600", 256)
	for i := range 600 {
		p := s.Person(fmt.Sprintf("m%d", i))
		items[storetest.MemberKey(s.beta, p.Address)] = storetest.Item{
			"status": "ACTIVE", "role": "Technical", "email": string(p.Address), "first_name": long, "last_name": long, "account": string(p.ID),
		}
	}
	s.PutAll(items)
	_, page, err := s.DB.Members(s.ctx, s.hal.Caller(), s.beta, nil, 1000)
	if err != nil || len(page.Rows) != 601 || page.Next != nil {
		t.Errorf("%d rows, next %v, %v; want 601", len(page.Rows), page.Next, err)
	}
	if n := len(s.Faults.Calls("Query")); n != 3 {
		t.Errorf("%d queries, want one for the mails and two for the rows", n)
	}
}
