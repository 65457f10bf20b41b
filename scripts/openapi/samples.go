package main

import (
	"time"

	"roster/shared/httpapi"
	"roster/shared/org"
)

// The people and the organization of all examples.
var (
	noon     = time.Date(2026, time.January, 1, 12, 0, 0, 123456000, time.UTC)
	sentAt   = httpapi.Time(noon.Add(time.Second))
	annEmail = "Ann.Lee@example.com"
	bobEmail = "bob@example.com"
	password = "Walrus-77-tusk"

	sampleOrg = httpapi.Org{
		ID: "0f8fad5b-d9cb-469f-a165-70867728950e", Name: "Acme", Tier: org.Registered,
		CreatedAt: httpapi.Time(noon.Add(-time.Hour)), UpdatedAt: httpapi.Time(noon),
	}
	ann = httpapi.Member{
		ID: "7c9e6679-7425-40de-944b-e07fc1f90ae7", Username: annEmail, First: "Ann", Last: "Lee",
		Role: org.Admin, Status: org.Active,
	}
	bob = httpapi.Member{
		ID: "16fd2706-8baf-433b-82eb-8c7fada847da", Username: bobEmail, Role: org.Technical, Status: org.Provisioned,
		Invitation: &httpapi.Invitation{
			State: "pending", SentAt: &sentAt, ExpiresAt: httpapi.Time(noon.Add(org.InvitationLife)),
			Delivery: org.Delivered, InvitedBy: "Ann Lee",
		},
	}
	session = httpapi.Session{
		Access: "header.payload.signature", Type: "Bearer", ExpiresIn: 900, ID: "header.payload.signature",
		Refresh: "refresh-token", Expires: httpapi.Time(noon.Add(15 * time.Minute)),
	}
	link  = "D4-tW9nLRp-hZXCGdyiVDnyeZnl0JUDelEvgf8H5CucAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw"
	state = "D4-tW9nLRp-hZXCGdyiVDnyeZnl0JUDelEvgf8H5CucfHh0cGxoZGBcWFRQTEhEQDw4NDAsKCQgHBgUEAwIBAA"
)
