package storm

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// link draws one of the links that whom was mailed, mostly the last, and makes the moment one of its
// organization. There may be none yet.
func (m *moment) draw(r *rand.Rand) (token string, ok bool) {
	all := mails(m.h.c, m.h.s.people[m.whom].Email)
	if len(all) == 0 {
		return "", false
	}
	one := all[0]
	if r.IntN(3) == 0 {
		one = all[r.IntN(len(all))]
	}
	m.org, m.link = string(one.link.Org), m.h.post.number(one.link.Secret.Hash())
	return one.token, true
}

// follow accepts by a link of one's own.
func (m moment) follow(r *rand.Rand) {
	m.whom = m.who
	if token, ok := m.draw(r); ok {
		m.ask("follows", "POST", "/v1/invitations:accept", object{"activation_token": token})
	}
}

// look shows somebody's link to whoever asks.
func (m *moment) look(r *rand.Rand) (state string) {
	token, ok := m.draw(r)
	if !ok {
		return ""
	}
	kind := m.send("POST", "/v1/auth/ValidateToken", object{"activation_token": token})
	switch {
	case kind == "200":
		row := m.deed("finds")
		row.saw = seat{status: org.Provisioned, role: org.Role(m.answer.Text("role"))}
		m.h.add(*m, row, m.deed("opens"))
	case !m.troubled("looks", kind):
		m.h.add(*m, m.refused("looks", kind)...)
	}
	return m.answer.Text("state_token")
}

// arrive has somebody without an account follow a link of theirs, and sign in once they have one.
func (m moment) arrive(r *rand.Rand) bool {
	m.whom = m.who
	me := m.h.s.people[m.who]
	state := m.look(r)
	if state == "" {
		time.Sleep(20 * time.Millisecond) // for a mail
		return false
	}
	kind := m.ask("activates", "POST", "/v1/auth/ActivateProfile", profile("Stranger", state))
	if kind == "400/3" {
		return true
	}
	a, _ := m.h.c.Send("POST", "/v1/auth/SignIn", "", object{"email": me.Email, "password": cloudtest.Password})
	me.Token = a.Text("access_token") // none where the account is not there yet
	return true
}

// list reads, and returns the parts of that name of the answer, if there is one.
func (m *moment) list(path, name string) (all []object, ok bool) {
	kind := m.send("POST", path, nil)
	if kind != "200" {
		if !strings.Contains(trouble, kind) {
			m.h.add(*m, m.refused("reads", kind)...)
		}
		return nil, false
	}
	items, _ := m.answer.At(name).([]any)
	for _, i := range items {
		one, _ := i.(object)
		all = append(all, one)
	}
	return all, true
}

// seeMembers records a deed for each row, which was read at an instant of its own.
func (m moment) seeMembers() {
	members, ok := m.list("/v1/orgs/"+m.org+"/members:search", "members")
	if !ok {
		return
	}
	m.h.add(m, m.deed("is a member"))
	rows := map[string]object{}
	for _, one := range members {
		rows[text(one, "username")] = one
	}
	for whom, p := range m.h.s.people {
		d, one := m.deed("finds"), rows[p.Email]
		d.whom, d.saw = whom, seat{status: org.Status(text(one, "status")), role: org.Role(text(one, "role"))}
		m.h.add(m, d)
		if d.saw.status == org.Active {
			d.what, d.name = "is called", nameIn(one)
			m.h.add(m, d)
		}
	}
}

// seeOrg is about the organization itself.
func (m moment) seeOrg() {
	kind := m.send("GET", "/v1/orgs/"+m.org, nil)
	switch {
	case kind == "200":
		m.name = m.answer.Text("org.name")
		m.h.add(m, m.deeds("is a member", "is named")...)
	case !m.troubled("reads", kind):
		m.h.add(m, m.refused("reads", kind)...)
	}
}

// seeOffers is about what one is invited to, and says whether it is anything.
func (m moment) seeOffers() bool {
	offers, ok := m.list("/v1/invitations:search", "invitations")
	if !ok {
		return false
	}
	d := m.deed("is offered nothing")
	for _, one := range offers {
		if text(one, "org_id") == m.org {
			d.what, d.role = "is offered", org.Role(text(one, "role"))
		}
	}
	m.h.add(m, d)
	return len(offers) > 0
}

// seeHome is about the one organization that one is in.
func (m moment) seeHome() {
	orgs, ok := m.list("/v1/orgs:search", "orgs")
	if !ok {
		return
	}
	m.h.home[m.who].Store(len(orgs) > 0)
	for _, one := range orgs {
		m.org, m.name = text(one, "id"), text(one, "name")
		m.h.meet(m, m.org)
		m.h.add(m, m.deeds("is in", "is named")...)
		return
	}
	m.h.add(m, m.deeds("is out", "is nowhere")...)
}

// expire lets somebody's invitation end a moment ago, which nobody can wait seven days for.
func (m moment) expire(r *rand.Rand) {
	m.guest(r)
	o, a := org.ID(m.org), account.Address(m.h.s.people[m.whom].Email)
	id := string(org.MemberOf(o, a))
	out, err := client(m.h.c).GetItem(m.h.t.Context(), &dynamodb.GetItemInput{
		TableName: &m.h.c.Table, Key: keyOf(m.org, "INVITATION#"+id), ConsistentRead: aws.Bool(true),
	})
	mail := out.Item["mail"]
	if err != nil || mail == nil {
		return
	}
	ended := time.Now().Add(-time.Second).Truncate(time.Second)
	m.call = m.h.now()
	_, err = client(m.h.c).TransactWriteItems(m.h.t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		m.ends("INVITATION#"+id, "mail = :is", ended, mail),
		m.ends("MEMBER#"+id, "#status = :is", ended, &types.AttributeValueMemberS{Value: string(org.Provisioned)}),
	}})
	if err == nil {
		m.h.add(m, m.deed("expires"))
		m.look(r)
	}
}

// ends sets the end of one of an invitation's two items, if it still is as it was seen.
func (m moment) ends(sk, seen string, at time.Time, is types.AttributeValue) types.TransactWriteItem {
	names, set := map[string]string{}, "SET expires_at = :at"
	values := raw{":at": &types.AttributeValueMemberS{Value: storetest.Stamp(at)}, ":is": is}
	if strings.HasPrefix(sk, "MEMBER#") {
		names["#status"] = "status"
	} else {
		names["#ttl"], set = "ttl", set+", #ttl = :ttl"
		values[":ttl"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Unix(), 10)}
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &m.h.c.Table, Key: keyOf(m.org, sk), UpdateExpression: &set, ConditionExpression: &seen,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}}
}

func keyOf(o, sk string) raw {
	return raw{"PK": &types.AttributeValueMemberS{Value: "ORG#" + o}, "SK": &types.AttributeValueMemberS{Value: sk}}
}
