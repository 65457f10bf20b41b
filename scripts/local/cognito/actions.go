package cognito

// all returns every action that the pool knows, by its name on the wire.
func (p *Pool) all() map[string]action {
	return map[string]action{
		"SignUp":                 on(p.register),
		"ConfirmSignUp":          on(p.confirm),
		"ResendConfirmationCode": on(p.resend),
		"ForgotPassword":         on(p.forgot),
		"ConfirmForgotPassword":  on(p.confirmForgot),

		"InitiateAuth":   on(p.signIn),
		"ChangePassword": on(p.changePassword),
		"GlobalSignOut":  on(p.signOut),
		"DeleteUser":     on(p.deleteSelf),

		"AdminCreateUser":           on(p.adminCreate),
		"AdminGetUser":              on(p.adminGet),
		"AdminConfirmSignUp":        on(p.adminConfirm),
		"AdminSetUserPassword":      on(p.adminSetPassword),
		"AdminResetUserPassword":    on(p.adminReset),
		"AdminUpdateUserAttributes": on(p.adminUpdate),
		"AdminEnableUser":           on(p.adminEnable),
		"AdminDisableUser":          on(p.adminDisable),
		"AdminUserGlobalSignOut":    on(p.adminSignOut),
		"AdminDeleteUser":           on(p.adminDelete),
	}
}
