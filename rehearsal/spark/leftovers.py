"""What a script leaves behind in a Java that another run will use, taken back in the script's own process.

What cannot be seen from here, such as the static fields of Java's classes, stays: see docs/decisions/warm-drivers.md.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from typing import Any

OF_A_SCRIPT = re.compile(r"o\d+")  # how the gateway names what it keeps for Python; the rest is its own


@dataclass
class Found:
    """Java as the script found it. ``contexts`` counts those that were made in it since."""

    properties: Any  # as they were before there was a session
    contexts: int = 0
    log_levels: tuple[Any, Any] = (None, None)  # of all log lines, and of those that a shell shows


def look() -> Found:
    """Connects to Java, in which no session is open."""
    from pyspark import SparkContext

    SparkContext._ensure_initialized()
    java: Any = SparkContext._jvm
    found = Found(java.System.getProperties().clone())
    initialize = SparkContext._initialize_context

    def counted(context: Any, conf: Any) -> Any:
        found.contexts += 1
        return initialize(context, conf)

    SparkContext._initialize_context = counted
    return found


def look_again(found: Found) -> None:
    """The first session in a Java has set its log levels."""
    from pyspark import SparkContext

    java: Any = SparkContext._jvm
    all_lines = java.org.apache.logging.log4j.LogManager.getRootLogger().getLevel()
    found.log_levels = all_lines, _the(java.org.apache.spark.internal, "Logging").sparkShellThresholdLevel()


def take_back(found: Found) -> bool:
    """Whether Java is again as it was found. A script that made a context of its own has made it another Java."""
    try:
        if found.contexts != 1:
            return False
        _take_back(found)
    except Exception:
        traceback.print_exc()
        return False
    return True


def _take_back(found: Found) -> None:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    java: Any = SparkContext._jvm
    if (session := SparkSession._instantiatedSession) is not None:
        session.stop()
    if (context := SparkContext._active_spark_context) is not None:
        context.stop()
    java.org.apache.hadoop.fs.FileSystem.closeAll()
    of_spark = _the(java.org.apache.spark.util, "Utils")
    of_spark.clearLocalRootDirs()  # their parent is about to be cleared
    java.System.setProperties(found.properties)
    all_lines, in_a_shell = found.log_levels
    of_spark.setLogLevel(all_lines)
    getattr(_the(java.org.apache.spark.internal, "Logging"), "sparkShellThresholdLevel_$eq")(in_a_shell)
    _forget_objects(SparkContext._gateway)


def _the(package: Any, name: str) -> Any:
    """An object of Scala."""
    return getattr(getattr(package, f"{name}$"), "MODULE$")


def _forget_objects(gateway: Any) -> None:
    """Java keeps whatever Python has held, unless Python lets go of each before it ends."""
    from py4j.java_gateway import JavaObject
    from py4j.protocol import GATEWAY_SERVER_OBJECT_ID

    kept = JavaObject(GATEWAY_SERVER_OBJECT_ID, gateway._gateway_client).getGateway().getBindings()
    own = gateway.jvm.java.util.ArrayList()
    for name in str(kept.keySet().toString()).strip("[]").split(", "):
        if not OF_A_SCRIPT.fullmatch(name):
            own.add(name)
    kept.keySet().retainAll(own)
