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

// A post is an organization as far as its Admins go.
type post struct {
	live   bool
	admins []row // ACTIVE ones
	others []row // ACTIVE members who are none
}

// stranded prints the live organizations whose ACTIVE Admins' accounts are all closed, each with the
// members that may be named in their place.
func (o *operator) stranded(ctx context.Context) error {
	posts, err := o.posts(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(posts)) {
		fmt.Fprintf(o.out, "%s\n", id)
		for _, r := range posts[id].others {
			fmt.Fprintf(o.out, "  member %s, account %s\n", member(r), r.Account)
		}
		if len(posts[id].others) == 0 {
			fmt.Fprintln(o.out, "  nobody else is a member")
		}
	}
	fmt.Fprintf(o.out, "%d without an Admin who can sign in\n", len(posts))
	return nil
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
	if p == nil || len(p.admins) == 0 {
		return fmt.Errorf("%s has an Admin who can sign in, or is no live organization", id)
	}
	if !slices.ContainsFunc(p.others, func(r row) bool { return member(r) == string(next) }) {
		return fmt.Errorf("%s is no ACTIVE member of %s with an open account", next, id)
	}
	if err := o.ask("Make %s Admin of %s, and remove its Admin, whose account was deleted?", next, id); err != nil {
		return err
	}
	if err := o.db.NameAdmin(ctx, id, next, org.MemberID(member(p.admins[0]))); err != nil {
		return err
	}
	fmt.Fprintf(o.out, "%s: %s is Admin\n", id, next)
	return nil
}

// posts returns the stranded organizations by id. An organization has one ACTIVE Admin whose account
// is closed at most: only the last one's row stays.
func (o *operator) posts(ctx context.Context) (map[string]*post, error) {
	all, closed := map[string]*post{}, map[string]bool{}
	of := func(r row) *post {
		if all[r.org()] == nil {
			all[r.org()] = &post{}
		}
		return all[r.org()]
	}
	filter := is("SK", "ORG").And(expression.Name("deleted_at").AttributeNotExists()).
		Or(begins("SK", "MEMBER#").And(is("status", string(org.Active)))).
		Or(is("SK", "ACCOUNT").And(expression.Name("closed").AttributeExists()))
	err := o.scan(ctx, filter, []string{"status", "role", "account"}, func(r row) {
		switch {
		case r.SK == "ORG":
			of(r).live = true
		case r.SK == "ACCOUNT":
			closed[strings.TrimPrefix(r.PK, "ACCOUNT#")] = true
		case r.Role == string(org.Admin):
			of(r).admins = append(of(r).admins, r)
		default:
			of(r).others = append(of(r).others, r)
		}
	})
	gone := func(r row) bool { return closed[r.Account] }
	maps.DeleteFunc(all, func(_ string, p *post) bool {
		p.others = slices.DeleteFunc(p.others, gone)
		return !p.live || slices.ContainsFunc(p.admins, func(r row) bool { return !gone(r) })
	})
	return all, err
}

func member(r row) string { return strings.TrimPrefix(r.SK, "MEMBER#") }
