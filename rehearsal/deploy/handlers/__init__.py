"""One small function per resource type, in modules by AWS service as Pulumi names them."""
