import pytest

from infra import permissions
from infra.naming import Names

NAMES = Names("dev", "123456789012", "eu-north-1")
SOURCES = ["chess", "golf"]
ROLES = {
    "extract": permissions.extract(NAMES, "chess"),
    "start": permissions.start(NAMES, SOURCES),
    "record": permissions.record(NAMES, SOURCES),
    "reconcile": permissions.reconcile(NAMES, SOURCES),
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


def test_curate_changes_the_tables_of_its_source_only():
    [catalog] = [each for each in ROLES["curate"] if "glue:UpdateTable" in each["Action"]]
    tables = [arn.split(":table/")[1] for arn in catalog["Resource"] if ":table/" in arn]
    assert tables == ["lakelet_dev/games"]
