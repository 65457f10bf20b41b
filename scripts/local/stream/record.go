package stream

import (
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// event returns a record of the stream as Lambda hands it to a function.
func event(stream string, r types.Record) events.DynamoDBEventRecord {
	e := events.DynamoDBEventRecord{
		AWSRegion:      aws.ToString(r.AwsRegion),
		Change:         change(r.Dynamodb),
		EventID:        aws.ToString(r.EventID),
		EventName:      string(r.EventName),
		EventSource:    "aws:dynamodb",
		EventVersion:   aws.ToString(r.EventVersion),
		EventSourceArn: stream,
	}
	if r.UserIdentity != nil {
		e.UserIdentity = &events.DynamoDBUserIdentity{
			Type: aws.ToString(r.UserIdentity.Type), PrincipalID: aws.ToString(r.UserIdentity.PrincipalId),
		}
	}
	return e
}

func change(r *types.StreamRecord) events.DynamoDBStreamRecord {
	return events.DynamoDBStreamRecord{
		ApproximateCreationDateTime: events.SecondsEpochTime{Time: aws.ToTime(r.ApproximateCreationDateTime)},
		Keys:                        item(r.Keys),
		NewImage:                    item(r.NewImage),
		OldImage:                    item(r.OldImage),
		SequenceNumber:              aws.ToString(r.SequenceNumber),
		SizeBytes:                   aws.ToInt64(r.SizeBytes),
		StreamViewType:              string(r.StreamViewType),
	}
}

// item converts an image; an absent one stays absent.
func item(image map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	if len(image) == 0 {
		return nil
	}
	return attributes(image)
}

func attributes(all map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	converted := make(map[string]events.DynamoDBAttributeValue, len(all))
	for name, v := range all {
		converted[name] = attribute(v)
	}
	return converted
}

func attribute(v types.AttributeValue) events.DynamoDBAttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value)
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value)
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value)
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value)
	case *types.AttributeValueMemberNULL:
		return events.NewNullAttribute()
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value)
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(v.Value)
	case *types.AttributeValueMemberBS:
		return events.NewBinarySetAttribute(v.Value)
	case *types.AttributeValueMemberM:
		return events.NewMapAttribute(attributes(v.Value))
	case *types.AttributeValueMemberL:
		return events.NewListAttribute(list(v.Value))
	}
	panic(fmt.Sprintf("stream: attribute of unknown type %T", v))
}

func list(all []types.AttributeValue) []events.DynamoDBAttributeValue {
	converted := make([]events.DynamoDBAttributeValue, len(all))
	for i, v := range all {
		converted[i] = attribute(v)
	}
	return converted
}
