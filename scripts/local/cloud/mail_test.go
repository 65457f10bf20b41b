package cloud_test

import (
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/ses"
)

func TestWhatBecomesOfAMailIsSeenOnItsRow(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{})
	token := join(t, c, "ann")
	route := found(t, c, token)
	c.SES.SetFault(func(to string) error {
		return map[string]error{"bob@example.com": ses.Bounced, "cat@example.com": ses.Complained, "dan@example.com": ses.BouncedSoftly}[to]
	})
	want := map[string]string{
		"eve@example.com": "delivered", "bob@example.com": "bounced", "cat@example.com": "complained", "dan@example.com": "sent",
		"bounce@simulator.amazonses.com": "bounced", "complaint@simulator.amazonses.com": "complained",
		"reject@simulator.amazonses.com": "failed", "success@simulator.amazonses.com": "delivered",
	}
	for to := range want {
		must(t, "POST", route+"/members", token, object{"username": to, "role": "Technical"})
	}
	settle(t, c)
	for _, row := range must(t, "POST", route+"/members:search", token, nil)["members"].([]any) {
		name := row.(object)["username"].(string)
		mail, pending := row.(object)["invitation"].(object)
		if pending && (mail["delivery"] != want[name] || mail["sent_at"] == nil && want[name] != "failed") {
			t.Errorf("the mail to %s is %v, want %s", name, mail, want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("no rows of %v", want)
	}
}

func TestAnAdminReachesAnAddressThatBounced(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{Settings: map[string]string{"ROSTER_RESEND_AFTER": "0"}})
	token := join(t, c, "ann")
	route := found(t, c, token)
	c.SES.SetFault(func(string) error { return ses.Bounced })
	must(t, "POST", route+"/members", token, object{"username": "bob@example.com", "role": "Technical"})
	settle(t, c)
	c.SES.SetFault(nil)
	bob := func() (id string, delivery any) {
		row := must(t, "POST", route+"/members:search", token, object{"user": object{"username": "bob@example.com"}})["members"].([]any)[0].(object)
		return row["member_id"].(string), row["invitation"].(object)["delivery"]
	}
	id, delivery := bob()
	if delivery != "bounced" || len(c.Mail.Mails("bob@example.com")) != 0 {
		t.Errorf("the mail is %v", delivery)
	}
	must(t, "POST", route+"/members/"+id+":reactivate", token, nil)
	settle(t, c)
	if _, delivery = bob(); delivery != "delivered" || len(c.Mail.Mails("bob@example.com")) != 1 {
		t.Errorf("the second mail is %v", delivery)
	}
}
