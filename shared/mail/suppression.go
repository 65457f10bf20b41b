package mail

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// Lift takes an address off SES's suppression list if a bounce put it there, so that SES tries it
// again. One that a complaint put there stays: its owner asked for no more mails, and no Admin can
// take that back. An error tells through Permanent whether a repeat makes sense, and its text does not
// hold the address.
func (s *Sender) Lift(ctx context.Context, to string) error {
	found, err := s.client.GetSuppressedDestination(ctx, &sesv2.GetSuppressedDestinationInput{EmailAddress: &to})
	if err == nil && found.SuppressedDestination.Reason == types.SuppressionListReasonBounce {
		_, err = s.client.DeleteSuppressedDestination(ctx, &sesv2.DeleteSuppressedDestinationInput{EmailAddress: &to})
	}
	if _, free := errors.AsType[*types.NotFoundException](err); free || err == nil {
		return nil
	}
	return anonymous{err, to}
}
