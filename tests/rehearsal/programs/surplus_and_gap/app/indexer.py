import json
import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")
dynamodb = boto3.client("dynamodb")
sns = boto3.client("sns")


def handler(event, context):
    for message in event["Records"]:
        for record in json.loads(message["body"]).get("Records", []):
            bucket = record["s3"]["bucket"]["name"]
            key = unquote_plus(record["s3"]["object"]["key"])
            body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            row = {"key": {"S": key}, "bytes": {"N": str(len(body))}, "lines": {"N": str(body.count(b"\n"))}}
            dynamodb.put_item(TableName=os.environ["TABLE"], Item=row)
            sns.publish(TopicArn=os.environ["TOPIC"], Message=json.dumps({"indexed": key}))
