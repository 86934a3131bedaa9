import pulumi_aws as aws
import settings

print("on its way")
aws.sqs.Queue("jobs", name=settings.queue_name("no colon"))
