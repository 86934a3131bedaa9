"""Hands the session that was made ahead to a script, in the driver process.

A script that builds its session with other fixed settings, or makes a context itself, gets its own, as on Glue:
the one made ahead is stopped first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def open_session(is_warm: bool = False) -> Any:
    """A session from the settings that Java was started with."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    if not is_warm:
        session.range(8).selectExpr("id % 2 AS k").groupBy("k").count().collect()  # loads what every job needs
    return session


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
