"""The Olympics lake, for a reader who asks: how many, in what, from where, what is new, and can I trust it?"""

from dashboards.model import Chart, Dashboard, Field, Fold, Form, Kind
from sources.olympics import ATHLETES

_fallback = ATHLETES.fallback.value if ATHLETES.fallback else None
SPORT = Field("sport", "Sport", none="no sport", stand_in=_fallback)
COUNTRY = Field("country", "Country", none="no country")
RUN = Field("runs", "Run", Form.RUN)
NO_BAD_ROWS = "No record was ever set aside: every one that arrived is in the table."


def _whole(column: str, title: str, adds_up: bool = True) -> Field:
    return Field(column, title, Form.WHOLE, adds_up=adds_up)


NUMBERS = (
    Chart(
        "Athletes",
        query="athletes_by_country",
        kind=Kind.NUMBER,
        rows="countries",
        values=(_whole("athletes", "Athletes"),),
        fold=Fold.SUM,
        see="Different athletes, however many sports they have.",
    ),
    Chart(
        "Countries",
        query="countries_by_sports",
        kind=Kind.NUMBER,
        rows="countries",
        values=(_whole("athletes", "Countries"),),
        fold=Fold.COUNT,
        see="Countries with an athlete in at least one sport.",
    ),
    Chart(
        "New or changed",
        query="last_run_by_sport",
        kind=Kind.NUMBER,
        rows="sports",
        values=(_whole("new_or_changed", "New or changed"),),
        fold=Fold.SUM,
        see="Rows that the last run brought or changed.",
    ),
    Chart(
        "Set aside",
        query="set_aside_by_reason",
        kind=Kind.NUMBER,
        rows="reasons",
        values=(_whole("records", "Set aside"),),
        fold=Fold.SUM,
        see="Records that broke a rule, in all runs. They are kept, with the reason.",
        untouched=NO_BAD_ROWS,
    ),
)

PEOPLE = (
    Chart(
        "Athletes by sport",
        query="athletes_by_sport",
        kind=Kind.BAR,
        rows="sports",
        label=SPORT,
        values=(_whole("athletes", "Athletes"),),
        see="How much of the Games a few large sports are. An athlete with two sports counts in both.",
    ),
    Chart(
        "Athletes by country",
        query="athletes_by_country",
        kind=Kind.BAR,
        rows="countries",
        label=COUNTRY,
        values=(_whole("athletes", "Athletes"),),
        see="Which countries send the largest teams.",
    ),
    Chart(
        "Countries by number of sports",
        query="countries_by_sports",
        kind=Kind.BAR,
        rows="countries",
        label=COUNTRY,
        values=(_whole("sports", "Sports", adds_up=False),),
        see="Which countries compete most broadly. A large team in few sports stands low here.",
        top=12,
    ),
    Chart(
        "Athletes in more than one sport",
        query="athletes_in_several_sports",
        kind=Kind.TABLE,
        rows="athletes",
        label=Field("name", "Athlete", none="no name"),
        values=(COUNTRY, _whole("sports", "Sports", adds_up=False), Field("sport_names", "Which", none="none")),
        see="The few who compete in several sports.",
        top=10,
    ),
)

NEWS = (
    Chart(
        "Athletes in the table over time",
        query="changes_by_commit",
        kind=Kind.LINE,
        rows="commits",
        label=RUN,
        values=(_whole("athletes", "Rows", adds_up=False),),
        see="The table grows with the news. A drop or a jump is worth a look.",
    ),
    Chart(
        "What each run changed",
        query="changes_by_commit",
        kind=Kind.STACKED,
        rows="commits",
        label=RUN,
        values=(_whole("inserted", "New"), _whole("updated", "Changed"), _whole("deleted", "Taken away")),
        see="After the first run only the news is written. A commit that changes much has a cause.",
        top=10,
    ),
    Chart(
        "New or changed in the last run, by sport",
        query="last_run_by_sport",
        kind=Kind.BAR,
        rows="sports",
        label=SPORT,
        values=(_whole("new_or_changed", "New or changed"),),
        see="Where the news of the last run is.",
        top=10,
    ),
)

QUALITY = (
    Chart(
        "Records set aside, by reason",
        query="set_aside_by_reason",
        kind=Kind.BAR,
        rows="reasons",
        label=Field("reason", "Reason"),
        values=(_whole("records", "Records"),),
        see="Why records did not reach the table. A new reason means that the API has changed.",
        top=10,
        untouched=NO_BAD_ROWS,
    ),
)

OLYMPICS = Dashboard(
    source="olympics",
    title="Olympic athletes",
    about="Who competes in which sport and for which country, what the last runs brought, and what was set aside.",
    charts=NUMBERS + PEOPLE + NEWS + QUALITY,
)
