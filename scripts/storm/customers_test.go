package storm

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
)

// companyRounds is how many companies have all their contacts sign in at once.
var companyRounds = flag.Int("storm.companies", 4, "how many companies' contacts sign in for the first time at the same instant")

// staff is how many contacts a company has.
const staff = 32

// newcomer makes somebody new who did not sign in yet.
func (s *scene) newcomer(name string) *cloudtest.Person {
	s.t.Helper()
	p := s.c.SignedUp(s.t, cloudtest.Address(name), name, "Example")
	s.people = append(s.people, p)
	return p
}

// employ has the CRM know people as contacts of a new company, every n-th as Admin, none for 0.
func (s *scene) employ(n int, people ...*cloudtest.Person) {
	s.t.Helper()
	id := s.company()
	s.customers = append(s.customers, id)
	var contacts []any
	if s.in != nil {
		s.in.contacts = append(s.in.contacts, people...)
		people = s.in.contacts
	}
	for i, p := range people {
		role := "Technical"
		if n > 0 && i%n == 0 {
			role = "Admin"
		}
		contacts = append(contacts, object{"email": p.Email, "role": role})
	}
	s.c.Do(s.t, "POST", "/_local/crm", "", object{"account": object{"id": id, "name": "Firm"}, "contacts": contacts}).Want(s.t, 200)
}

// company is the id of a new one, or of the large one.
func (s *scene) company() string {
	if s.in != nil {
		return s.in.company
	}
	return uuid.NewString()
}

// contacts makes new Technical contacts of one company, who did not sign in yet.
func (s *scene) contacts(n int) []*cloudtest.Person {
	s.t.Helper()
	return s.employed(n, s.newcomer)
}

// waiting makes new Technical contacts of one company, who signed in before the CRM knew them.
func (s *scene) waiting(n int) []*cloudtest.Person {
	s.t.Helper()
	return s.employed(n, s.person)
}

func (s *scene) employed(n int, someone func(name string) *cloudtest.Person) []*cloudtest.Person {
	s.t.Helper()
	var all []*cloudtest.Person
	for range n {
		all = append(all, someone("ada"))
	}
	s.employ(0, all...)
	return all
}

// linked returns contacts of one company who are in its organization, the first as its Admin.
func (s *scene) linked(n int) (o string, all []*cloudtest.Person) {
	s.t.Helper()
	all = s.contacts(n)
	for _, p := range all {
		p.SignIn(s.t)
		o = p.Do(s.t, "POST", "/v1/orgs:search", nil).Want(s.t, 200).Text("orgs.0.id")
	}
	s.orgs = append(s.orgs, o)
	return o, all
}

func signIn(p *cloudtest.Person) racer {
	return racer{method: "POST", path: "/v1/auth/SignIn", body: object{"email": p.Email, "password": cloudtest.Password}, allows: "200"}
}

// asContact is what a contact asks of their company.
func asContact(path string, body any) func(s *scene) racer {
	return func(s *scene) racer {
		o, all := s.linked(1)
		return racer{as: all[0], method: "POST", path: "/v1/orgs/" + o + path, body: body}
	}
}

// onboard is what the CRM tells of somebody.
func onboard(account, email string, active bool, allows string) racer {
	return racer{
		as: &cloudtest.Person{Token: crm.Onboarding}, method: "POST", path: "/v1/orgs/members:onboard", allows: allows,
		body: object{"email": email, "active": active, "account": object{"ids": object{"servicenow": account}, "name": "Firm"}},
	}
}

// TestAllContactsOfACompanySignInAtOnce for the first time, in companies of Technical contacts only and in
// such with Admins. No cloud has more than twenty companies: the engine slows down with what it holds.
func TestAllContactsOfACompanySignInAtOnce(t *testing.T) {
	t.Parallel()
	const most = 20
	for from := 0; from < *companyRounds; from += most {
		o := cloud.Options{Settings: lenient}
		e := listen(&o)
		c := cloudtest.Start(t, o)
		e.hears(c)
		for n := from; n < min(from+most, *companyRounds); n++ {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				s := &scene{t: t, c: c}
				for range staff {
					s.newcomer("ada")
				}
				every := 4 * (n % 2)
				s.employ(every, s.people...)
				s.signInAtOnce()
				s.oneCompany(every)
			})
		}
		end(t, c, e)
		c.Close()
	}
}

func (s *scene) signInAtOnce() {
	s.t.Helper()
	var all sync.WaitGroup
	start := make(chan struct{})
	for _, p := range s.people {
		all.Go(func() {
			<-start
			a, err := signIn(p).send(s.c, 0)
			for n := 0; n < 3 && (a.Status == 503 || a.Status == 504); n++ { // the machine cannot start so many functions in time
				a, err = signIn(p).send(s.c, 0)
			}
			if kind := s.kind(a, err); kind != "200" {
				s.t.Errorf("signing in was answered %s", kind)
			}
			p.Token = a.Text("access_token")
		})
	}
	close(start)
	all.Wait()
}

// oneCompany holds everybody to being in one organization, with their roles, under one founder.
func (s *scene) oneCompany(every int) {
	s.t.Helper()
	if s.t.Failed() {
		return
	}
	o := s.people[0].Do(s.t, "POST", "/v1/orgs:search", nil).Want(s.t, 200).Text("orgs.0.id")
	roles := map[string]string{}
	for _, m := range s.people[0].Do(s.t, "POST", "/v1/orgs/"+o+"/members:search", nil).Want(s.t, 200).At("members").([]any) {
		roles[strings.ToLower(m.(object)["username"].(string))], _ = m.(object)["role"].(string)
	}
	founders := 0
	for i, p := range s.people {
		was, got := "Technical", roles[p.Email]
		if every > 0 && i%every == 0 {
			was = "Admin"
		}
		if was == "Technical" && got == "Admin" {
			founders++
		} else if got != was {
			s.t.Errorf("%s has the role %q; want %s", p.Email, got, was)
		}
	}
	if len(roles) != staff || founders > 1 || every == 0 && founders != 1 {
		s.t.Errorf("%d members, %d promoted", len(roles), founders)
	}
	s.orgs = append(s.orgs, o)
	s.wantLogged(o, "CREATE", "organization", 1)
	s.wantLogged(o, "CREATE", "organization_member", staff)
	s.examine()
}
