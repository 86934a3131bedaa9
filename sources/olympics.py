"""Athletes of the Olympic Games, from the public `olympic-sports-api`."""

from sources.model import DAY, MINUTE, Api, Column, Daily, Fallback, HeaderKey, Limit, Source, Stream, Table
from sources.paging import PageNumber
from sources.shape import Kind, Maybe

ATHLETES = Table(
    "athletes",
    key=("id", "sport"),
    partition=("sport",),
    columns=(
        Column("id", "string", required=True),
        Column("name", "string", required=True),
        Column("country", "string"),
        Column("sport", "string", required=True),
    ),
    fallback=Fallback("sport", "Unknown", within=("id",)),
    at_most_bad=0.05,
)

OLYMPICS = Source(
    "olympics",
    api=Api(
        "https://olympic-sports-api.p.rapidapi.com",
        auth=HeaderKey("x-rapidapi-key"),
        quota=(Limit(60, MINUTE), Limit(500, DAY)),
        headers={"x-rapidapi-host": "olympic-sports-api.p.rapidapi.com"},
    ),
    streams=(
        Stream(
            "athletes",
            path="/athletes",
            params={"year": "2024"},
            records="athletes",
            fields=("year", "athletes"),
            record={
                "id": Kind.TEXT,
                "name": Kind.TEXT,
                "country": Maybe(Kind.TEXT),
                "sport": Maybe(Kind.TEXT),
            },
            paging=PageNumber("page"),
            feeds=(ATHLETES,),
            schedule=Daily("06:00", zone="Europe/Stockholm"),
        ),
    ),
)
