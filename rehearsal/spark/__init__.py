"""Spark at home: a Java, the libraries, a class-data archive, and the driver process that runs one deployed script."""
