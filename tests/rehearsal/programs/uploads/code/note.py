def handler(event, context):
    return {"noted": len(event["Records"])}
