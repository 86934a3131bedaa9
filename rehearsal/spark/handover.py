"""Hands the session that was made ahead to a script, in the driver process.

A script that builds its session with other fixed settings, or makes a context itself, gets its own, as on Glue:
the one made ahead is stopped first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

# Where the AWS SDK for Java looks before it looks at variables, which a Java cannot change while it runs.
OF_AWS = {
    "AWS_ACCESS_KEY_ID": "aws.accessKeyId",
    "AWS_SECRET_ACCESS_KEY": "aws.secretAccessKey",
    "AWS_SESSION_TOKEN": "aws.sessionToken",
    "AWS_REGION": "aws.region",
    "AWS_ENDPOINT_URL": "aws.endpointUrl",
}


def open_session(settings: Mapping[str, str], environment: Mapping[str, str], is_warm: bool = False) -> Any:
    """A session with these settings, in a Java that has the run's credentials from now on."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    remember_classes()
    java: Any = SparkContext._jvm
    of_aws = {name: environment[variable] for variable, name in OF_AWS.items() if variable in environment}
    for name, value in {**settings, **of_aws}.items():
        java.System.setProperty(name, value)
    session = SparkSession.builder.getOrCreate()
    if not is_warm:
        session.range(8).selectExpr("id % 2 AS k").groupBy("k").count().collect()  # loads what every job needs
    return session


def remember_classes() -> None:
    """Else Java looks through all libraries for a class each time that one is named, as each F.col does."""
    from py4j.java_gateway import JVMView

    JVMView.__getattr__ = cache(JVMView.__getattr__)


def fits(session: Any, options: Mapping[str, Any]) -> bool:
    """Whether a session serves a script that asks for these options. Settings that can change later never matter."""
    asked = {name: str(value) for name, value in options.items() if name != "spark.app.name"}
    return all(session.conf.isModifiable(n) or session.conf.get(n, None) == value for n, value in asked.items())


def offer(session: Any) -> None:
    """The first session or context that the script asks for is this one, if it fits."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    get_or_create, new_context = SparkSession.Builder.getOrCreate, SparkContext.__init__

    def once() -> None:
        SparkSession.Builder.getOrCreate, SparkContext.__init__ = get_or_create, new_context

    def first_session(builder: Any) -> Any:
        once()
        if not fits(session, builder._options):
            session.stop()
            return get_or_create(builder)
        for name, value in builder._options.items():
            session.conf.set(name, str(value))
        return session

    def first_context(context: Any, *args: Any, **kwargs: Any) -> None:
        once()
        session.stop()
        new_context(context, *args, **kwargs)

    SparkSession.Builder.getOrCreate, SparkContext.__init__ = first_session, first_context
