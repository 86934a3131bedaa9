import pulumi_aws as aws

zones = aws.get_availability_zones()
aws.sqs.Queue(f"jobs-{zones.names[0]}")
