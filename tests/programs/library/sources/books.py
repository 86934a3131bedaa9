"""The books of the library, from its catalogue."""

from sources.model import DAY, MINUTE, Api, Column, Daily, HeaderKey, Limit, Source, Stream, Table
from sources.paging import PageNumber
from sources.shape import Kind, Maybe

SHELVED = Table(
    "books",
    key=("id",),
    columns=(
        Column("id", "string", required=True),
        Column("title", "string", required=True),
        Column("author", "string"),
        Column("shelf", "string"),
    ),
    at_most_bad=0.1,
    merged_on_read=True,  # of many books few are moved
)

BOOKS = Source(
    "books",
    api=Api(
        "https://catalogue.example.com",
        auth=HeaderKey("x-api-key"),
        quota=(Limit(60, MINUTE), Limit(1_000, DAY)),
    ),
    streams=(
        Stream(
            "books",
            path="/books",
            records="books",
            fields=("books",),
            record={"id": Kind.TEXT, "title": Maybe(Kind.TEXT), "author": Maybe(Kind.TEXT), "shelf": Kind.TEXT},
            paging=PageNumber("page"),
            feeds=(SHELVED,),
            schedule=Daily("02:30", zone="Europe/Lisbon"),
        ),
    ),
)
