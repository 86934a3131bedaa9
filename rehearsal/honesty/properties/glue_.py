"""Glue, with the Data Catalog."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, recorded, shown_by, within

JOBS = "rehearsal/test_jobs.py"
ATHENA = "rehearsal/athena/test_tables.py"
NAMED = "rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name"
ROLE = f"{JOBS}::test_the_script_is_read_and_the_logs_are_written_under_the_jobs_role"
WELL = f"{JOBS}::test_a_run_that_ends_well_has_its_times_its_event_and_its_logs"
ONE_DRIVER = "a job has one driver; only the DPU of its bill change"
LINES = f"{ATHENA}::test_lines_of_json"
UNREAD = "nothing reads it but who asks the catalog"
NO_CONNECTION = "nothing is connected through it"
NO_TRIGGER, NO_CRAWLER = "no trigger fires", "no crawler crawls"

EFFECTS: dict[str, Effects] = {
    "aws:glue/job:Job": {
        **shown_by(NAMED, "name"),
        **shown_by(ROLE, "roleArn", "command.scriptLocation"),
        **shown_by("rehearsal/honesty/test_jobs.py::test_a_job_that_is_no_spark_job_is_refused", "command.name"),
        **shown_by(WELL, "defaultArguments"),
        **shown_by("rehearsal/honesty/test_jobs.py::test_a_run_may_take_as_long_as_its_job_says", "timeout"),
        **shown_by("rehearsal/test_patches_glue.py::test_a_run_that_goes_on_keeps_out_the_next",
                   "executionProperty.maxConcurrentRuns"),
        **recorded("it runs on this machine's Python", "command.pythonVersion", "command.runtime"),
        **recorded("one Spark and one Iceberg are installed; it only decides the price", "glueVersion"),
        **recorded(ONE_DRIVER, "workerType", "numberOfWorkers", "maxCapacity"),
        **recorded("a run that failed is not tried again", "maxRetries", as_if=0),
        **recorded("a run may override every argument", "nonOverridableArguments"),
        **recorded("every run starts at once", "executionClass", as_if="STANDARD"),
        **recorded("a run reaches what this machine reaches", "connections"),
        **recorded("nothing is encrypted", "securityConfiguration"),
        **recorded("nobody is told of a run that takes long", "notificationProperty"),
        **recorded("for people", "description"),
    },
    "aws:glue/connection:Connection": {
        **about("name", "catalogId"),
        **recorded(NO_CONNECTION, "connectionType", "connectionProperties", "description", "matchCriterias",
                   "athenaProperties", "physicalConnectionRequirements"),
    },
    "aws:glue/trigger:Trigger": {
        **about("name"),
        **recorded(NO_TRIGGER, "type", "description", "schedule", "workflowName", "startOnCreation", "actions",
                   "predicate"),
    },
    "aws:glue/crawler:Crawler": {
        **about("name"),
        **recorded(NO_CRAWLER, "role", "s3Targets", "databaseName", "description", "schedule", "classifiers",
                   "tablePrefix", "configuration", "securityConfiguration"),
    },
    "aws:glue/catalogDatabase:CatalogDatabase": {
        **shown_by(NAMED, "name"),
        **recorded(UNREAD, "description", "locationUri", "parameters"),
        **recorded("the account has one catalog", "catalogId"),
    },
    "aws:glue/catalogTable:CatalogTable": {
        **shown_by(LINES, "name", "databaseName"),
        **shown_by(f"{ATHENA}::test_a_view_and_another_serde_are_refused", "tableType"),
        **recorded("the account has one catalog", "catalogId"),
        **recorded(UNREAD, "description", "owner", "retention", "parameters", "viewOriginalText", "viewExpandedText"),
        **recorded("partitions are those that somebody puts into the catalog", "partitionKeys"),
        **within("storageDescriptor", {
            **shown_by(LINES, "location", "columns.name", "columns.type"),
            **shown_by(f"{ATHENA}::test_a_view_and_another_serde_are_refused", "serDeInfo.serializationLibrary"),
            **recorded(UNREAD, "columns.comment", "columns.parameters", "inputFormat", "outputFormat", "compressed",
                       "numberOfBuckets", "bucketColumns", "parameters", "storedAsSubDirectories", "serDeInfo.name",
                       "serDeInfo.parameters", "sortColumns"),
        }),
    },
}  # fmt: skip
