import pulumi_aws as aws

aws.sqs.Queue("jobs", name="one")
aws.sqs.Queue("jobs", name="two")
