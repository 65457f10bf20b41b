package cognito

import (
	"net/mail"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// fill sets the attributes of a sign-up.
func (u *user) fill(attributes []types.AttributeType) error {
	for _, a := range attributes {
		if !isWritable(value(a.Name)) {
			return errForeignWrite
		}
		if err := u.set(value(a.Name), value(a.Value)); err != nil {
			return err
		}
	}
	return nil
}

// isWritable reports whether the app client may write an attribute. email_verified is for
// administrators only.
func isWritable(name string) bool {
	return name == "email" || name == "given_name" || name == "family_name"
}

// update sets attributes as an administrator does: all or none. A new address is unverified unless
// the same call says that it is.
func (u *user) update(attributes []types.AttributeType) error {
	next := *u
	for _, a := range attributes {
		if err := next.set(value(a.Name), value(a.Value)); err != nil {
			return err
		}
	}
	if alias(next.email) != alias(u.email) && !mentions(attributes, "email_verified") {
		next.verified = false
	}
	*u = next
	return nil
}

func (u *user) set(name, text string) error {
	switch name {
	case "email":
		if !isEmail(text) {
			return badParameter("Invalid email address format.")
		}
		u.email = text
	case "email_verified":
		u.verified = text == "true"
	case "given_name":
		u.given = text
	case "family_name":
		u.family = text
	case "sub":
		return badParameter("Cannot modify the non-mutable attribute sub")
	default:
		return badParameter("Attributes did not conform to the schema: " + name + ": Attribute does not exist in the schema.")
	}
	return nil
}

func mentions(attributes []types.AttributeType, name string) bool {
	for _, a := range attributes {
		if value(a.Name) == name {
			return true
		}
	}
	return false
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
