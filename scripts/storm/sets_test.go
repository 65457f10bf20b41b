package storm

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// connecting connects a server, for the first time or again.
func connecting(times int) func(s *scene) racer {
	return func(s *scene) racer {
		ann, _, _ := s.twoAdmins()
		id := uuid.NewString()
		for range times {
			s.connect(ann, id)
		}
		return racer{as: ann, method: "POST", path: "/v1/orgs/inventory", body: server(id)}
	}
}

func server(id string) object {
	return object{
		"pmm_server_id": id, "pmm_server_name": "PMM", "pmm_server_url": "http://localhost", "pmm_server_oauth_callback_url": "http://localhost",
	}
}

func (s *scene) connect(as *cloudtest.Person, id string) cloudtest.Answer {
	s.t.Helper()
	return as.Do(s.t, "POST", "/v1/orgs/inventory", server(id)).Want(s.t, 200)
}

// asMember is what somebody asks who is a member of an organization.
func asMember(method, path string) func(s *scene) racer {
	return func(s *scene) racer {
		_, bob, _ := s.twoAdmins()
		return racer{as: bob, method: method, path: path}
	}
}

func inOrg(method, path string) func(s *scene) racer {
	return func(s *scene) racer {
		ann, _, o := s.twoAdmins()
		return racer{as: ann, method: method, path: "/v1/orgs/" + o + path}
	}
}

func asInvited(path string) func(s *scene) racer {
	return func(s *scene) racer {
		ann := s.person("ann")
		return racer{as: s.invited(ann, s.found(ann), "bob", "Admin"), method: "POST", path: path}
	}
}

func byLink(path string) func(s *scene) racer {
	return func(s *scene) racer {
		ann, eve := s.person("ann"), s.stranger("eve")
		ann.Invite(s.t, s.found(ann), eve, "Admin")
		return racer{method: "POST", path: path, body: object{"activation_token": s.c.Link(s.t, eve, 0)}}
	}
}

func onBob(method, verb string, body any) func(s *scene) racer {
	return func(s *scene) racer {
		ann, bob, o := s.twoAdmins()
		return racer{as: ann, method: method, path: row(o, bob.Email) + verb, body: body}
	}
}

func onEve(method, verb string) func(s *scene) racer {
	return func(s *scene) racer {
		ann, eve := s.person("ann"), s.stranger("eve")
		o := s.found(ann)
		ann.Invite(s.t, o, eve, "Admin")
		return racer{as: ann, method: method, path: row(o, eve) + verb}
	}
}

// inviting invites so many strangers in one request.
func inviting(n int) func(s *scene) racer {
	return func(s *scene) racer {
		ann := s.person("ann")
		o := s.found(ann)
		if n == 1 {
			return invite(ann, o, s.stranger("eve"), "200")
		}
		var users []any
		for _, g := range s.strangers(n) {
			users = append(users, object{"username": g, "role": "Admin"})
		}
		return racer{as: ann, method: "POST", path: "/v1/orgs/" + o + "/members:bulk", body: object{"users": users}}
	}
}

// stale returns somebody whose account is locked to an organization that is gone, as until a purge
// comes by.
func (s *scene) stale() *cloudtest.Person {
	s.t.Helper()
	p := s.person("stale")
	s.put("ACCOUNT#"+p.ID, "ACCOUNT", "org_id", &types.AttributeValueMemberS{Value: uuid.NewString()})
	return p
}
