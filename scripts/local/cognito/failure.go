package cognito

// A Failure is an error as Cognito answers it; the SDK turns Code into its typed error.
type Failure struct {
	Code    string
	Message string
}

func (f *Failure) Error() string { return f.Code + ": " + f.Message }

// What Cognito says, in its words.
var (
	errNoUser          = &Failure{"UserNotFoundException", "User does not exist."}
	errExists          = &Failure{"UsernameExistsException", "User already exists"}
	errAccountExists   = &Failure{"UsernameExistsException", "User account already exists"}
	errAliasExists     = &Failure{"AliasExistsException", "An account with the email already exists."}
	errWrongPair       = notAuthorized("Incorrect username or password.")
	errDisabled        = notAuthorized("User is disabled.")
	errUnconfirmed     = &Failure{"UserNotConfirmedException", "User is not confirmed."}
	errMustReset       = &Failure{"PasswordResetRequiredException", "Password reset required for the user"}
	errCannotReset     = notAuthorized("User password cannot be reset in the current state.")
	errNoVerifiedEmail = badParameter("Cannot reset password for the user as there is no registered/verified email or phone_number")
	errConfirmed       = badParameter("User is already confirmed.")
	errCodeMismatch    = &Failure{"CodeMismatchException", "Invalid verification code provided, please try again."}
	errCodeExpired     = &Failure{"ExpiredCodeException", "Invalid code provided, please request a code again."}
	errTooManyAttempts = &Failure{"LimitExceededException", "Attempt limit exceeded, please try after some time."}
	errBadRefresh      = notAuthorized("Invalid Refresh Token")
	errRevokedRefresh  = notAuthorized("Refresh Token has been revoked")
	errExpiredRefresh  = notAuthorized("Refresh Token has expired")
	errBadAccess       = notAuthorized("Invalid Access Token")
	errRevokedAccess   = notAuthorized("Access Token has been revoked")
	errExpiredAccess   = notAuthorized("Access Token has expired")
	errScope           = notAuthorized("Access Token does not have required scopes")
	errForeignWrite    = notAuthorized("A client attempted to write unauthorized attribute")
	errNotAnEmail      = badParameter("Username should be an email.")
)

func notAuthorized(message string) *Failure { return &Failure{"NotAuthorizedException", message} }

func badParameter(message string) *Failure { return &Failure{"InvalidParameterException", message} }

func cannotConfirm(s status) *Failure {
	return notAuthorized("User cannot be confirmed. Current status is " + string(s))
}
