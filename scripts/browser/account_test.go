package browser

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

func TestSomebodySignsUpAndConfirms(t *testing.T) {
	t.Parallel()
	c, email := portal(t), cloudtest.Address("nora")
	b := open(t, c, "/")
	b.press("Create an account")
	b.arrive("Create an account")
	b.fill("First name", "Nora")
	b.fill("Last name", "Noon")
	b.fill("E-mail", email)
	b.fill("Password", "short")
	b.press("Create account")
	b.see("Must be at least 10 characters long.")
	b.fill("Password", cloudtest.Password)
	b.press("Create account")
	b.arrive("Confirm your address")
	b.fill("Code", "000000")
	b.press("Confirm")
	b.see("The code is not valid.")
	b.fill("Code", code(t, c, email, 1))
	b.press("Confirm")
	b.see("Hello, Nora")
	b.press("Sign out")
	b.see("You are signed out.")
	b.signIn(email, "Wrong-password-1")
	b.see("Incorrect username or password.")
	b.signIn(email, cloudtest.Password)
	b.see("Hello, Nora")
}

func TestWhoDidNotConfirmIsAskedToWhenSigningIn(t *testing.T) {
	t.Parallel()
	c, email := portal(t), cloudtest.Address("olga")
	c.Do(t, "POST", "/v1/auth/SignUp", "", map[string]any{"email": email, "first_name": "Olga", "last_name": "Oak", "password": cloudtest.Password}).Want(t, 200)
	b := open(t, c, "/")
	b.signIn(email, cloudtest.Password)
	b.arrive("Confirm your address")
	if kind := ask[string](b, "document.querySelector('.notices .alert').className"); kind != "alert note" {
		t.Errorf("that the account is not confirmed is shown as %s", kind)
	}
	b.press("Sign up again")
	b.arrive("Create an account")
	b.fill("First name", "Olga")
	b.fill("Last name", "Oak")
	b.fill("Password", cloudtest.Password)
	b.press("Create account")
	b.arrive("Confirm your address")
	b.fill("Code", code(t, c, email, 2))
	b.press("Confirm")
	b.see("Hello, Olga")
}

func TestAForgottenPasswordIsChosenAnew(t *testing.T) {
	t.Parallel()
	c := portal(t)
	p := named(t, c, "Pia", "Pine")
	b := open(t, c, "/")
	b.press("Forgot your password?")
	b.arrive("Forgot your password?")
	b.fill("E-mail", p.Email)
	b.press("Send the code")
	b.arrive("Choose a new password")
	ask[bool](b, "(history.back(), true)")
	b.arrive("Forgot your password?")
	ask[bool](b, "(history.forward(), true)")
	b.arrive("Choose a new password")
	b.fill("Code", code(t, c, p.Email, 1))
	b.fill("New password", "Narwhal-88-horn")
	b.press("Change password")
	b.see("Your password is changed.")
	b.signIn(p.Email, "Narwhal-88-horn")
	b.see("Hello, Pia")
}

func TestWhoHasNoAccountActivatesOneByTheLink(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann := named(t, c, "Ann", "Archer")
	org, email := ann.Org(t, "Walrus & Sons"), cloudtest.Address("eve")
	ann.Invite(t, org, email, "Technical")
	link := c.Link(t, email, 0)
	b := open(t, c, "/activation?token="+link)
	b.arrive("You are invited")
	b.see("You are to join Walrus & Sons as Technical")
	if at := ask[string](b, "location.href"); at != c.URL+"/#/activation" {
		t.Errorf("the address is %s; the link is a secret and must not stay there", at)
	}
	b.reload()
	b.see("You are to join Walrus & Sons as Technical")
	b.fill("First name", "Eve")
	b.fill("Last name", "Moss")
	b.fill("Choose a password", "Evergreen-123")
	b.tick("I accept the terms of service")
	b.press("Join")
	b.see("Must not contain the first name.")
	b.fill("Choose a password", cloudtest.Password)
	b.press("Join")
	b.see("Welcome to Walrus & Sons.")
	b.see("You are in Walrus & Sons as Technical.")
	b.visit("/activation?token=" + link)
	b.see("The activation link is not valid.")
	b.see("You are in Walrus & Sons as Technical. If the link was to that organization, all is done.")
}

func TestWhoHasAnAccountSignsInAndAccepts(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann, bob := named(t, c, "Ann", "Archer"), named(t, c, "Bob", "Birch")
	org := ann.Org(t, "Acme")
	ann.Invite(t, org, bob.Email, "Admin")
	link := c.Link(t, bob.Email, 0)
	b := open(t, c, "/activation?token="+link)
	b.see("You have an account. Sign in to accept.")
	b.fill("Password", cloudtest.Password)
	b.press("Sign in")
	b.press("Accept the invitation")
	b.see("Welcome to Acme.")
	b.see("You are in Acme as Admin.")
}

func TestAnInvitationForAnotherAddressSaysSo(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann, bob := named(t, c, "Ann", "Archer"), named(t, c, "Bob", "Birch")
	ann.Invite(t, ann.Org(t, "Acme"), bob.Email, "Admin")
	b := enter(t, ann)
	b.visit("/activation?token=" + c.Link(t, bob.Email, 0))
	b.see("which is another address, and in Acme. The invitation is not for this account.")
	b.press("Sign out and go on")
	b.see("You have an account. Sign in to accept.")
}

func TestADeadLinkSaysWhatToDo(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann := named(t, c, "Ann", "Archer")
	org, email := ann.Org(t, "Acme"), cloudtest.Address("eve")
	member := ann.Invite(t, org, email, "Technical")
	link := c.Link(t, email, 0)
	expire(t, c, org, member)
	for _, path := range []string{"/activation?token=" + link, "/activation?token=nothing", "/activation", "/activation/?token="} {
		b := open(t, c, path)
		b.see("ask the person who invited you to send the invitation again")
		b.press("Sign in")
		b.arrive("Sign in")
	}
}

func TestAProfileIsChangedAndEverySessionEnded(t *testing.T) {
	t.Parallel()
	p := named(t, portal(t), "Quinn", "Quill")
	b, other := enter(t, p), enter(t, p)
	b.press("Quinn")
	b.arrive("Profile")
	b.fill("First name", "Quentin")
	b.tick("Send me news about the product")
	b.press("Save")
	b.see("Your profile is saved.")
	b.see("Quentin")
	b.reload()
	b.see("You sign in as " + p.Email)
	if got := p.Do(t, "POST", "/v1/auth/GetProfile", nil); got.Text("first_name") != "Quentin" || got.At("marketing") != true || got.At("tos") != false {
		t.Errorf("profile %s", got.Raw)
	}
	b.press("Sign out everywhere")
	b.see("Sign out everywhere?")
	b.press("Cancel")
	b.press("Sign out everywhere")
	b.press("Sign out everywhere")
	b.see("You are signed out everywhere.")
	other.press("Quinn") // who they are is read again on arrival
	other.see("Your session has ended. Sign in again.")
	other.signIn(p.Email, cloudtest.Password)
	other.arrive("Profile")
}
