package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/org"
)

// A post is a live organization as far as its Admins go.
type post struct {
	open   bool  // an ACTIVE Admin can sign in
	closed []row // ACTIVE Admins whose account is closed
	others []row // ACTIVE members who are none, with an open account
	live   bool
}

// stranded reports whether the Admins are there, and none can sign in.
func (p *post) stranded() bool { return !p.open && len(p.closed) > 0 }

// unmanned reports whether nobody is a member yet: the CRM told of contacts, and none has confirmed.
func (p *post) unmanned() bool { return !p.open && len(p.closed)+len(p.others) == 0 }

// stranded prints the live organizations whose ACTIVE Admins' accounts are all closed, each with the
// members that may be named in their place; and then those that wait for their first member.
func (o *operator) stranded(ctx context.Context) error {
	posts, err := o.posts(ctx)
	if err != nil {
		return err
	}
	var lost, waiting []string
	for _, id := range slices.Sorted(maps.Keys(posts)) {
		switch p := posts[id]; {
		case p.stranded():
			lost = append(lost, id)
			o.show(id, p)
		case p.unmanned():
			waiting = append(waiting, id)
		}
	}
	fmt.Fprintf(o.out, "%d without an Admin who can sign in\n", len(lost))
	for _, id := range waiting {
		fmt.Fprintf(o.out, "%s  nobody has confirmed yet; who does first is Admin\n", id)
	}
	return nil
}

func (o *operator) show(id string, p *post) {
	fmt.Fprintf(o.out, "%s\n", id)
	for _, r := range p.others {
		fmt.Fprintf(o.out, "  member %s, account %s\n", member(r), r.Account)
	}
	if len(p.others) == 0 {
		fmt.Fprintln(o.out, "  nobody else is a member")
	}
}

// name makes a member the Admin of a stranded organization.
func (o *operator) name(ctx context.Context, orgText, memberText string) error {
	id, err := org.ParseID(orgText)
	if err != nil {
		return err
	}
	next, err := org.ParseMemberID(memberText)
	if err != nil {
		return err
	}
	posts, err := o.posts(ctx)
	if err != nil {
		return err
	}
	p := posts[string(id)]
	if err := p.takes(id, next); err != nil {
		return err
	}
	if err := o.ask("Make %s Admin of %s, and remove its Admin, whose account was deleted?", next, id); err != nil {
		return err
	}
	if err := o.db.NameAdmin(ctx, id, next, org.MemberID(member(p.closed[0]))); err != nil {
		return err
	}
	fmt.Fprintf(o.out, "%s: %s is Admin\n", id, next)
	return nil
}

// takes returns why the organization of that id, nil for none, takes no such Admin.
func (p *post) takes(id org.ID, next org.MemberID) error {
	switch {
	case p == nil:
		return fmt.Errorf("there is no organization %s, or it is deleted", id)
	case p.open:
		return fmt.Errorf("%s has an Admin who can sign in", id)
	case p.unmanned():
		return fmt.Errorf("nobody has confirmed yet in %s; who does first is Admin", id)
	case len(p.closed) == 0:
		return fmt.Errorf("%s has no Admin whose place could be taken", id)
	case !slices.ContainsFunc(p.others, func(r row) bool { return member(r) == string(next) }):
		return fmt.Errorf("%s is no ACTIVE member of %s with an open account", next, id)
	}
	return nil
}

// posts returns the live organizations by id. One has one ACTIVE Admin whose account is closed at most:
// only the last one's row stays.
func (o *operator) posts(ctx context.Context) (map[string]*post, error) {
	all, closed := map[string]*post{}, map[string]bool{}
	of := func(r row) *post {
		if all[r.org()] == nil {
			all[r.org()] = &post{}
		}
		return all[r.org()]
	}
	var members []row // whose accounts may come later in the table
	filter := is("SK", "ORG").And(expression.Name("deleted_at").AttributeNotExists()).
		Or(begins("SK", "MEMBER#").And(is("status", string(org.Active)))).
		Or(is("SK", "ACCOUNT").And(expression.Name("closed").AttributeExists()))
	err := o.scan(ctx, filter, []string{"status", "role", "account"}, func(r row) {
		switch r.SK {
		case "ORG":
			of(r).live = true
		case "ACCOUNT":
			closed[strings.TrimPrefix(r.PK, "ACCOUNT#")] = true
		default:
			members = append(members, r)
		}
	})
	for _, r := range members {
		of(r).add(r, closed[r.Account])
	}
	maps.DeleteFunc(all, func(_ string, p *post) bool { return !p.live })
	return all, err
}

// add counts an ACTIVE member in.
func (p *post) add(r row, closed bool) {
	switch admin := r.Role == string(org.Admin); {
	case admin && closed:
		p.closed = append(p.closed, r)
	case admin:
		p.open = true
	case !closed:
		p.others = append(p.others, r)
	}
}

func member(r row) string { return strings.TrimPrefix(r.SK, "MEMBER#") }
