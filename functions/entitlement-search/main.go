// Command entitlement-search lists the support entitlements of the caller's company.
package main

import (
	"context"
	"time"

	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type answer struct {
	Entitlements []entitlement `json:"entitlements"`
}

type entitlement struct {
	Number           string   `json:"number"`
	Name             string   `json:"name"`
	Summary          string   `json:"summary"`
	Tier             *string  `json:"tier"`
	TotalUnits       *string  `json:"total_units"`
	UnlimitedUnits   *bool    `json:"unlimited_units"`
	SupportLevel     *string  `json:"support_level"`
	SoftwareFamilies []string `json:"software_families"`
	StartDate        day      `json:"start_date"`
	EndDate          day      `json:"end_date"`
	Platform         platform `json:"platform"`
}

// platform is never null, and what it holds is text or null, never a boolean.
type platform struct {
	SecurityAdvisor *string `json:"security_advisor"`
	ConfigAdvisor   *string `json:"config_advisor"`
}

// day is midnight UTC on the wire, without the fraction that all other times have.
type day time.Time

// MarshalJSON implements json.Marshaler.
func (d day) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(d).UTC().Format(`"2006-01-02T15:04:05Z"`)), nil
}

func main() {
	db, crm := store.Open(), customer.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		ctx, all := customer.WithBudget(ctx), answer{Entitlements: []entitlement{}}
		contact, err := company.Look(ctx, db, crm, r.Caller, o)
		if err != nil || !contact.Exists() {
			return all, err
		}
		found, err := crm.Entitlements(ctx, contact.Account)
		for _, e := range found {
			all.Entitlements = append(all.Entitlements, shown(e))
		}
		return all, err
	})
}

func shown(e customer.Entitlement) entitlement {
	return entitlement{
		Number: e.Number, Name: e.Name, Summary: e.Summary, Tier: e.Tier, TotalUnits: e.TotalUnits, UnlimitedUnits: e.UnlimitedUnits,
		SupportLevel: e.SupportLevel, SoftwareFamilies: e.SoftwareFamilies, StartDate: day(e.Start), EndDate: day(e.End),
		Platform: platform{e.SecurityAdvisor, e.ConfigAdvisor},
	}
}
