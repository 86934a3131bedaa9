"""DynamoDB."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, of_pulumi, recorded, shown_by, within

OWN = "rehearsal/honesty/test_dynamodb.py"
KEYS = f"{OWN}::test_items_are_told_apart_by_their_keys"
INDEX = f"{OWN}::test_an_index_finds_items_by_its_own_key"
NEVER_THROTTLED = "no request is throttled"

EFFECTS: dict[str, Effects] = {
    "aws:dynamodb/table:Table": {
        **shown_by("rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name", "name"),
        **shown_by(KEYS, "hashKey", "rangeKey", "attributes.name", "attributes.type"),
        **shown_by(f"{OWN}::test_a_protected_table_is_not_deleted", "deletionProtectionEnabled"),
        **within("globalSecondaryIndexes", {
            **shown_by(INDEX, "name", "hashKey", "rangeKey", "keySchemas.attributeName", "keySchemas.keyType"),
            **shown_by(f"{OWN}::test_an_index_answers_with_what_is_projected_into_it", "projectionType",
                       "nonKeyAttributes"),
            **recorded(NEVER_THROTTLED, "readCapacity", "writeCapacity"),
        }),
        **within("localSecondaryIndexes", {
            **shown_by(f"{OWN}::test_a_local_index_orders_items_by_its_own_key", "name", "rangeKey"),
            **recorded("no test shows the projection of a local index", "projectionType", "nonKeyAttributes"),
        }),
        **recorded(NEVER_THROTTLED, "billingMode", as_if="PAY_PER_REQUEST"),
        **recorded(NEVER_THROTTLED, "readCapacity", "writeCapacity"),
        **recorded("every class is read alike", "tableClass"),
        **recorded("no item expires by itself", "ttl"),
        **recorded("nothing can be restored to a moment", "pointInTimeRecovery", as_if={"enabled": False}),
        **recorded("nothing reads a stream here", "streamEnabled", as_if=False),
        **recorded("nothing reads a stream here", "streamViewType"),
        **recorded("items are not encrypted", "serverSideEncryption"),
    },
    "aws:dynamodb/tableItem:TableItem": {
        **shown_by("rehearsal/test_deploy_programs.py::test_the_table_is_as_declared", "tableName", "item"),
        **of_pulumi("which item it is", "hashKey", "rangeKey"),
    },
}  # fmt: skip
