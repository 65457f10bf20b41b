package main

import (
	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/httpapi"
	"roster/shared/org"
)

type answer struct {
	Events []event `json:"events"`
	Totals totals  `json:"page_totals"`
}

type totals struct {
	Items int `json:"total_items"`
	Pages int `json:"total_pages"`
}

// event is an entry of the log on the wire.
type event struct {
	ID        string          `json:"id"`
	Actor     account.ID      `json:"okta_user_id"`
	RequestID string          `json:"request_id"`
	IP        string          `json:"user_ip_address"`
	UserAgent string          `json:"user_agent"`
	Role      string          `json:"user_role"`
	Org       org.ID          `json:"organization_id"`
	Action    activity.Action `json:"action_type"`
	At        httpapi.Time    `json:"timestamp"`
	Source    string          `json:"event_source"`
	Status    status          `json:"action_status"`
	Objects   []object        `json:"objects"`
}

// status is always success: what was refused is not in the log.
type status struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type object struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Type    string            `json:"type"`
	Initial map[string]string `json:"initial_state"`
	Result  map[string]string `json:"result_state"`
}

func shown(o org.ID, all []activity.Event) []event {
	events := []event{}
	for _, e := range all {
		w := event{
			ID: e.ID, Actor: e.Actor, RequestID: e.RequestID, IP: e.IP, UserAgent: e.UserAgent, Role: e.Role, Org: o,
			Action: e.Action, At: httpapi.Time(e.At), Source: "orgs", Status: status{Code: "SUCCESS"}, Objects: []object{},
		}
		for _, x := range e.Objects {
			w.Objects = append(w.Objects, object{x.ID, x.Name, x.Type, orNone(x.Initial), orNone(x.Result)})
		}
		events = append(events, w)
	}
	return events
}

// orNone keeps an absent state from being null.
func orNone(state map[string]string) map[string]string {
	if state == nil {
		return map[string]string{}
	}
	return state
}
