package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// keptDays is how long is kept what could not be processed: as long as the table's backups.
const keptDays = 35

// makeFailed makes where goes what a function could not process, whole, to be sent again by hand: a
// bucket for records of the stream, which may be larger than a message, a queue for events.
func (s *stack) makeFailed() {
	s.failed.records = s.bucket("FailedRecords")
	s.failed.events = awssqs.NewQueue(s.cdk, jsii.String("FailedEvents"), &awssqs.QueueProps{
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)), // SQS keeps nothing longer
		EnforceSSL:      jsii.Bool(true),
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
	})
}

// bucket makes a private one that outlives the stack, which could not remove it with anything in it,
// and empties itself.
func (s *stack) bucket(id string) awss3.Bucket {
	return awss3.NewBucket(s.cdk, &id, &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN,
		LifecycleRules:    &[]*awss3.LifecycleRule{{Expiration: awscdk.Duration_Days(jsii.Number(keptDays))}},
	})
}
