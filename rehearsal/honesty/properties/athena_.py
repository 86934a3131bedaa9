"""Athena."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, recorded, shown_by, within

RUNS = "rehearsal/athena/test_executions.py"
ENFORCED = f"{RUNS}::test_where_nothing_is_enforced_the_caller_says_where"
PLACE = f"{RUNS}::test_the_results_lie_encrypted_in_the_workgroups_place"
NAMED_QUERY = f"{RUNS}::test_named_queries"
PREPARED = f"{RUNS}::test_prepared_statements_belong_to_their_workgroup"

EFFECTS: dict[str, Effects] = {
    "aws:athena/workgroup:Workgroup": {
        **shown_by("rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name", "name"),
        **shown_by(f"{RUNS}::test_a_disabled_workgroup_takes_no_query", "state"),
        **recorded("for people", "description"),
        **shown_by(
        "rehearsal/test_destroy.py::test_a_workgroup_that_holds_queries_stays_unless_it_is_forced", "forceDestroy"
    ),
        **within("configuration", {
            **shown_by(f"{RUNS}::test_the_cutoff_stops_a_query_before_it_runs", "bytesScannedCutoffPerQuery"),
            **shown_by(ENFORCED, "enforceWorkgroupConfiguration"),
            **shown_by(PLACE, "resultConfiguration.outputLocation",
                       "resultConfiguration.encryptionConfiguration.encryptionOption"),
            **recorded("answers are not encrypted", "resultConfiguration.encryptionConfiguration.kmsKeyArn",
                       "enableMinimumEncryptionConfiguration"),
            **recorded("there is one account", "resultConfiguration.expectedBucketOwner"),
            **recorded("queries run as whoever asks", "executionRole"),
            **recorded("no bucket makes its readers pay", "requesterPaysEnabled", as_if=False),
            **recorded("Athena's own metrics are not made", "publishCloudwatchMetricsEnabled", as_if=False),
            **recorded("there is one engine", "engineVersion"),
        }),
    },
    "aws:athena/namedQuery:NamedQuery": {
        **shown_by(NAMED_QUERY, "name", "query", "database", "workgroup"),
        **recorded("for people", "description"),
    },
    "aws:athena/preparedStatement:PreparedStatement": {
        **shown_by(PREPARED, "name", "workgroup", "queryStatement"),
        **recorded("for people", "description"),
    },
}  # fmt: skip
