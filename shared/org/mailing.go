package org

import "roster/shared/id"

// Mailing is one mail to a row, as it was handed to SES: which mail of the row it is, and the link
// that it holds. Two tries of one mail have different links, and only the last one's opens.
type Mailing struct {
	Org    ID
	Member MemberID
	Mail   string
	Link   id.Hash // "" for a mail without a link
}

// Tags are the message tags that SES hands back in its events.
func (m Mailing) Tags() map[string]string {
	tags := map[string]string{"org": string(m.Org), "member": string(m.Member), "mail": m.Mail}
	if m.Link != "" {
		tags["link"] = string(m.Link)
	}
	return tags
}

// ParseMailing takes the tags of an SES event, where each is a list. ok is false for those of a mail
// that is no invitation's: a notice, or somebody else's in the same AWS account.
func ParseMailing(tags map[string][]string) (m Mailing, ok bool) {
	one := func(name string) string {
		if len(tags[name]) != 1 {
			return ""
		}
		return tags[name][0]
	}
	o, noOrg := ParseID(one("org"))
	member, noMember := ParseMemberID(one("member"))
	mail, is := id.Parse(one("mail"))
	if noOrg != nil || noMember != nil || !is {
		return Mailing{}, false
	}
	return Mailing{Org: o, Member: member, Mail: mail, Link: id.Hash(one("link"))}, true
}
