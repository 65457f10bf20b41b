package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

func (r *round) inviting() []step {
	return []step{
		{"invite " + simulator + ", and what is no address", r.invite},
		{"list: invited, and the mail is sent", r.sent},
		{"change the role of the invited one", r.promote},
		{"send the invitation again, or be asked to wait", r.resend},
		{"remove the invited one", r.revoke},
	}
}

// nobody is no address: a row of its own may fail, and does not keep others back.
const nobody = "nobody"

func (r *round) invite(ctx context.Context) error {
	users := []map[string]string{{"username": simulator, "role": "Technical"}, {"username": nobody, "role": "Technical"}}
	a, err := r.about(ctx, "POST", "/members:bulk", map[string]any{"users": users})
	if err == nil && (len(a.Errors) != 1 || a.Errors[0].Username != nobody || a.Errors[0].Error == "") {
		err = fmt.Errorf("the errors are %v, want one about %q", a.Errors, nobody)
	}
	return err
}

// sent waits until the list has the two rows, and what became of the mail is known.
func (r *round) sent(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	for last := "unknown"; ; {
		row, err := r.row(ctx)
		if ctx.Err() != nil {
			return fmt.Errorf("the mail is still %s", last)
		}
		if err != nil {
			return err
		}
		if r.invited = row.ID; row.Invitation != nil {
			last = row.Invitation.Delivery
		}
		switch last {
		case "sent", "delivered":
			return nil
		case "queued", "unknown":
		default:
			return fmt.Errorf("the mail is %s", last)
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// row returns the invited one's, the only one besides the founder's.
func (r *round) row(ctx context.Context) (listed, error) {
	a, err := r.about(ctx, "POST", "/members:search", nil)
	if err != nil {
		return listed{}, err
	}
	if len(a.Members) != 2 {
		return listed{}, fmt.Errorf("%d members; want the founder and the invitation", len(a.Members))
	}
	for _, m := range a.Members {
		if m.Username == simulator {
			return m, nil
		}
	}
	return listed{}, errors.New("the invitation is not among the members")
}

func (r *round) promote(ctx context.Context) error {
	a, err := r.about(ctx, "PUT", "/members/"+r.invited, map[string]any{"role": "Admin"})
	if err == nil && a.Member.Role != "Admin" {
		err = fmt.Errorf("the role is %q", a.Member.Role)
	}
	return err
}

// resend takes the cool-down for an answer too: the mails to one row are a minute apart, by default.
func (r *round) resend(ctx context.Context) error {
	a, err := r.about(ctx, "POST", "/members/"+r.invited+":reactivate", nil)
	if a.status == http.StatusTooManyRequests && a.retryAfter != "" {
		return nil
	}
	return err
}

func (r *round) revoke(ctx context.Context) error {
	if err := r.want(ctx, "DELETE", "/members/"+r.invited, nil); err != nil {
		return err
	}
	a, err := r.about(ctx, "POST", "/members:search", nil)
	if err == nil && len(a.Members) != 1 {
		err = fmt.Errorf("%d members are left; want the founder", len(a.Members))
	}
	return err
}
