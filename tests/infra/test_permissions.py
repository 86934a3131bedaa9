import pytest

from infra import permissions
from infra.naming import Names
from sources.olympics import OLYMPICS
from sources.spotify import SPOTIFY

NAMES = Names("dev", "123456789012", "eu-north-1")
SOURCES = ["chess", "golf"]
STREAMS = ["chess/games", "chess/players", "golf/rounds"]
ROLES = {
    "extract": permissions.extract(NAMES, "chess"),
    "start": permissions.start(NAMES, SOURCES),
    "record": permissions.record(NAMES, SOURCES),
    "reconcile": permissions.reconcile(NAMES, SOURCES, STREAMS),
    "curate": permissions.curate(NAMES, "chess", ["games"]),
}


@pytest.mark.parametrize("role", ROLES)
def test_every_statement_names_its_actions_and_resources(role):
    for statement in ROLES[role]:
        assert statement["Effect"] == "Allow"
        assert not [action for action in statement["Action"] if "*" in action]
        assert not [arn for arn in statement["Resource"] if not arn.startswith("arn:aws:") or arn.endswith(":*")]


@pytest.mark.parametrize("role", ROLES)
def test_every_resource_belongs_to_the_stack(role):
    of_the_account = {NAMES.arn("glue", "catalog")}
    arns = {arn for statement in ROLES[role] for arn in statement["Resource"]} - of_the_account
    assert [arn for arn in sorted(arns) if "lakelet-dev-" not in arn and "/lakelet_dev" not in arn] == []


@pytest.mark.parametrize("role", ["extract", "curate"])
def test_a_source_sees_nothing_of_another(role):
    text = str(ROLES[role])
    assert "chess" in text
    assert "golf" not in text


def test_nobody_but_extract_sees_the_secret():
    assert [role for role, statements in ROLES.items() if "secretsmanager" in str(statements)] == ["extract"]


def test_extract_keeps_to_its_own_items():
    keys = [
        statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for statement in ROLES["extract"]
        if statement["Action"][0].startswith("dynamodb:")
    ]
    assert keys == [["chess/*"], ["chess/*"], ["chess"]]


def test_only_curate_writes_tables_and_nobody_deletes_raw():
    writers = [role for role, statements in ROLES.items() if "curated-123456789012/warehouse" in str(statements)]
    assert writers == ["curate"]
    deleted = [
        arn
        for statements in ROLES.values()
        for statement in statements
        if "s3:DeleteObject" in statement["Action"]
        for arn in statement["Resource"]
    ]
    assert deleted == ["arn:aws:s3:::lakelet-dev-curated-123456789012/warehouse/lakelet_dev/*"]


def test_who_tells_how_runs_ended_copies_them_for_athena_and_nobody_else():
    copies = "lakelet-dev-curated-123456789012/ledger/"
    writers = [
        role
        for role, statements in ROLES.items()
        for statement in statements
        if statement["Action"] == ["s3:PutObject"] and copies in str(statement["Resource"])
    ]
    assert writers == ["record", "reconcile"]
    assert [role for role, statements in ROLES.items() if copies in str(statements)] == writers


def test_who_moves_runs_along_keeps_to_the_sources_of_the_stack():
    for role in ("start", "record", "reconcile"):
        [items] = [each for each in ROLES[role] if "dynamodb:UpdateItem" in each["Action"]]
        assert items["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["chess/*", "golf/*"]


def test_reconcile_asks_for_the_runs_of_the_streams_of_the_stack_and_no_others():
    [asks] = [
        each
        for each in ROLES["reconcile"]
        if each["Action"] == ["dynamodb:Query"] and "index" not in str(each["Resource"])
    ]
    assert asks["Resource"] == [NAMES.table_arn("runs")]
    assert asks["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": STREAMS}}


def test_nobody_else_asks_for_runs():
    asking = [
        role
        for role, statements in ROLES.items()
        for each in statements
        if "dynamodb:Query" in each["Action"] and NAMES.table_arn("runs") in each["Resource"]
    ]
    assert asking == ["reconcile"]


def test_a_source_of_playlists_is_read_under_the_same_statements_as_one_of_athletes():
    athletes, playlists = (str(permissions.extract(NAMES, source.name)) for source in (OLYMPICS, SPOTIFY))
    assert playlists == athletes.replace("olympics", "spotify")


def test_each_source_keeps_to_its_own_tables():
    of = {source.name: permissions.curate(NAMES, source.name, source.table_names) for source in (OLYMPICS, SPOTIFY)}
    tables = {
        name: {arn.rsplit("/", 1)[1] for each in statements for arn in each["Resource"] if ":table/" in arn}
        for name, statements in of.items()
    }
    assert tables == {source.name: set(source.table_names) for source in (OLYMPICS, SPOTIFY)}
    assert len(tables["spotify"]) == 2 * 7
    assert "olympics" not in str(of["spotify"]) and "spotify" not in str(of["olympics"])


def test_who_moves_runs_along_is_given_the_sources_of_its_stack_and_nothing_more():
    both = {"sources": ["olympics", "spotify"], "streams": ["olympics/athletes", "spotify/playlist", "spotify/popular"]}
    one = {"sources": ["olympics"], "streams": ["olympics/athletes"]}
    for role in (permissions.start, permissions.record):
        assert actions(role(NAMES, both["sources"])) == actions(role(NAMES, one["sources"]))
    assert actions(permissions.reconcile(NAMES, **both)) == actions(permissions.reconcile(NAMES, **one))


def actions(statements):
    return [each["Action"] for each in statements]


def test_curate_changes_the_tables_of_its_source_only():
    [catalog] = [each for each in ROLES["curate"] if "glue:UpdateTable" in each["Action"]]
    tables = [arn.split(":table/")[1] for arn in catalog["Resource"] if ":table/" in arn]
    assert tables == ["lakelet_dev/games"]
