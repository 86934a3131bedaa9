"""Resources with every option that counts when they are destroyed; ``protected`` says whether one is protected."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()


class Store(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("farewell:index:Store", name, None, opts)
        self.bucket = aws.s3.Bucket(name, force_destroy=True, opts=pulumi.ResourceOptions(parent=self))


store = Store("store", pulumi.ResourceOptions(protect=config.get_bool("protected")))
ledger = aws.dynamodb.Table(
    "ledger", billing_mode="PAY_PER_REQUEST", hash_key="id", attributes=[{"name": "id", "type": "S"}]
)
seed = {"id": {"S": "1"}, "token": {"S": "planted-secret"}}
aws.dynamodb.TableItem(
    "seed",
    table_name=ledger.name,
    hash_key="id",
    item=pulumi.Output.secret(json.dumps(seed)),
    opts=pulumi.ResourceOptions(deleted_with=ledger),
)
aws.sqs.Queue("kept", opts=pulumi.ResourceOptions(retain_on_delete=True))
aws.cloudwatch.LogGroup("trail", skip_destroy=True)
aws.secretsmanager.Secret("key", recovery_window_in_days=7)
west = aws.Provider("west", region="eu-west-1")
aws.sqs.Queue("far", opts=pulumi.ResourceOptions(provider=west))
bus = aws.cloudwatch.EventBus("own")
rule = aws.cloudwatch.EventRule(
    "any", event_bus_name=bus.name, event_pattern=json.dumps({"source": ["shop"]}), force_destroy=True
)
aws.cloudwatch.EventTarget(
    "any", rule=rule.name, event_bus_name=bus.name, arn="arn:aws:sqs:eu-north-1:123456789012:kept", force_destroy=True
)
