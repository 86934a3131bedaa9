from __future__ import annotations

from etl.olympics import athletes
from etl.raw import ROWS, parse_records
from sources.olympics import OLYMPICS

from .conftest import frame


def curated(spark, *records: str) -> list[tuple[str | None, ...]]:
    rows = [("20261121T050000Z", 1, n, "", n, "page", record) for n, record in enumerate(records)]
    found = athletes(parse_records(frame(spark, rows, ROWS), OLYMPICS.stream("athletes").record))
    return [tuple(row) for row in found.orderBy("source_position").select("id", "name", "country", "sport").collect()]


def test_athletes_are_trimmed_and_countries_upper_case(spark):
    assert curated(
        spark,
        '{"id":" 1 ","name":"\\u00a0Ana  Á, Jr.\\u3000","country":" swe","sport":"Judo\\t"}',
        '{"id":"2","name":"O\'Neil \\"Ö\\" 🤼\\u200d♀️","country":null,"sport":"  "}',
        '{"id":"3","name":"\\u200b \\ufeff"}',
    ) == [
        ("1", "Ana  Á, Jr.", "SWE", "Judo"),
        ("2", 'O\'Neil "Ö" 🤼\u200d♀️', None, None),
        ("3", None, None, None),
    ]
