package customer

import (
	"context"
	"time"
)

// forever is shown as the end of an entitlement that has none.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Entitlements returns the entitlements of a customer account, the newest first, at most a thousand.
// One without a start began when it was recorded; one without an end ends in the year 9999.
func (c *Client) Entitlements(ctx context.Context, id AccountID) ([]Entitlement, error) {
	if c.None() {
		return nil, nil
	}
	return within(ctx, c, func(ctx context.Context) ([]Entitlement, error) { return c.entitlements(ctx, id) })
}

func (c *Client) entitlements(ctx context.Context, id AccountID) ([]Entitlement, error) {
	f := c.mapping.Entitlement
	records, err := c.owned(ctx, id, f.Table, f.Account, f.Created, f.Number, f.Name, f.Summary, f.Tier, f.TotalUnits,
		f.UnlimitedUnits, f.SupportLevel, f.SoftwareFamilies, f.Start, f.End, f.SecurityAdvisor, f.ConfigAdvisor)
	if err != nil {
		return nil, err
	}
	all := make([]Entitlement, len(records))
	for i, r := range records {
		if all[i], err = f.read(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (f EntitlementFields) read(r record) (Entitlement, error) {
	if err := r.needs(f.Number, f.Name, f.Start, f.End); err != nil {
		return Entitlement{}, err
	}
	unlimited, err := r.flag(f.UnlimitedUnits)
	if err != nil {
		return Entitlement{}, err
	}
	start, err := f.day(r, f.Start)
	if err != nil {
		return Entitlement{}, err
	}
	end, err := f.day(r, f.End)
	return Entitlement{
		Number: r.value(f.Number), Name: r.shown(f.Name), Summary: r.shown(f.Summary),
		Tier: r.orNil(f.Tier), TotalUnits: r.orNil(f.TotalUnits), SupportLevel: r.orNil(f.SupportLevel),
		UnlimitedUnits: unlimited, SoftwareFamilies: r.list(f.SoftwareFamilies), Start: start, End: end,
		SecurityAdvisor: r.orNil(f.SecurityAdvisor), ConfigAdvisor: r.orNil(f.ConfigAdvisor),
	}, err
}

// day is the day of a date, at midnight UTC, or what stands for one that is empty.
func (f EntitlementFields) day(r record, of Field) (time.Time, error) {
	t, err := r.instant(of)
	if err == nil && t.IsZero() {
		if of == f.End {
			return forever, nil
		}
		t, err = r.instant(f.Created)
	}
	return t.Truncate(24 * time.Hour), err
}
