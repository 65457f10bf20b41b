// Command server-search lists the PMM servers of an organization, by name.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/pmm"
	"roster/shared/store"
)

type server struct {
	ID   pmm.ServerID `json:"pmm_server_id"`
	Name string       `json:"pmm_server_name"`
	URL  string       `json:"pmm_server_url"`
}

type answer struct {
	Inventory []server `json:"inventory"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		all, err := db.Servers(ctx, r.Caller, o)
		a := answer{Inventory: []server{}}
		for _, s := range all {
			a.Inventory = append(a.Inventory, server{s.ID, s.Name, s.URL})
		}
		return a, err
	})
}
