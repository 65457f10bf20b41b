package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/org"
	"roster/shared/store"
)

// backlog prints the organizations that were deleted and are not erased yet, the oldest first.
func (o *operator) backlog(ctx context.Context) error {
	var rows []row
	deleted := is("SK", "ORG").And(expression.Name("deleted_at").AttributeExists())
	err := o.scan(ctx, deleted, []string{"deleted_at", "purged_at"}, func(r row) { rows = append(rows, r) })
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.DeletedAt, b.DeletedAt) })
	for _, r := range rows {
		pass := "never noted progress"
		if r.PurgedAt != "" {
			pass = "noted progress " + since(r.PurgedAt, o.now()) + " ago"
		}
		fmt.Fprintf(o.out, "%s  deleted %s ago, %s\n", r.org(), since(r.DeletedAt, o.now()), pass)
	}
	fmt.Fprintf(o.out, "%d deleted and not erased yet\n", len(rows))
	return nil
}

// wake has the table's stream wake the purge of one organization.
func (o *operator) wake(ctx context.Context, text string) error {
	id, err := org.ParseID(text)
	if err != nil {
		return err
	}
	if err := o.ask("Wake the purge of %s?", id); err != nil {
		return err
	}
	err = o.db.WakePurge(ctx, id)
	if errors.Is(err, store.ErrMoved) {
		return fmt.Errorf("%s is not a deleted organization, or is erased already", id)
	}
	if err == nil {
		fmt.Fprintf(o.out, "%s: org-purge is woken\n", id)
	}
	return err
}
