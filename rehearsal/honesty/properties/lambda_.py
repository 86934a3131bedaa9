"""Lambda."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, of_pulumi, recorded, shown_by, within

OWN = "rehearsal/honesty/test_functions.py"
NAMED = "rehearsal/honesty/test_names.py::test_a_function_is_found_under_its_name"
RUNS = "rehearsal/test_functions.py"
MAPS = "rehearsal/events/test_mappings.py"
LATER = "rehearsal/events/test_asynchronous.py"
LETS_IN = "rehearsal/honesty/test_events.py::test_a_permission_says_who_may_invoke_and_for_what"
OF_STREAMS = "only for streams, which are refused as a source"
ONE_VERSION = "a function has one version, its code of now"

EFFECTS: dict[str, Effects] = {
    "aws:lambda/function:Function": {
        **shown_by(NAMED, "name"),
        **shown_by(f"{RUNS}::test_it_runs_under_its_role", "role"),
        **shown_by(f"{RUNS}::test_new_code_takes_effect_at_once", "code"),
        **shown_by("rehearsal/test_patches_functions.py::test_code_from_a_bucket_is_reachable_too", "s3Bucket",
                   "s3Key"),
        **shown_by(f"{OWN}::test_the_handler_is_the_one_that_is_named", "handler"),
        **shown_by(f"{OWN}::test_a_function_of_another_language_is_refused", "runtime"),
        **shown_by(f"{OWN}::test_layers_are_refused", "layers"),
        **shown_by(f"{RUNS}::test_a_function_that_takes_too_long_is_killed_and_the_next_call_gets_a_new_process",
                   "timeout"),
        **shown_by(f"{RUNS}::test_a_function_over_its_memory_is_killed", "memorySize"),
        **shown_by(f"{RUNS}::test_nothing_of_the_callers_environment_gets_in", "environment.variables"),
        **shown_by(f"{LATER}::test_dead_letters_get_the_event_itself", "deadLetterConfig.targetArn"),
        **shown_by(f"{OWN}::test_the_log_group_is_the_one_that_is_named", "loggingConfig.logGroup"),
        **shown_by(f"{RUNS}::test_reserved_concurrency_refuses_what_is_too_much", "reservedConcurrentExecutions"),
        **recorded("it runs on the processor of this machine", "architectures"),
        **recorded("the folder for temporary files is as large as this machine's", "ephemeralStorage"),
        **recorded("nothing is traced", "tracingConfig", as_if={"mode": "PassThrough"}),
        **recorded("lines are logged as they are written", "loggingConfig.logFormat",
                   "loggingConfig.applicationLogLevel", "loggingConfig.systemLogLevel"),
        **recorded("variables are not encrypted", "kmsKeyArn"),
        **recorded(ONE_VERSION, "publish", "s3ObjectVersion"),
        **recorded("for people", "description"),
        **of_pulumi("when to upload again", "sourceCodeHash"),
    },
    "aws:lambda/alias:Alias": {
        **about("name", "functionName"),
        **recorded(ONE_VERSION, "functionVersion"),
        **recorded("for people", "description"),
    },
    "aws:lambda/permission:Permission": {
        **shown_by(LETS_IN, "function", "action", "principal", "sourceArn", "sourceAccount"),
        **recorded("there is no organization", "principalOrgId"),
        **recorded("no test shows an effect", "eventSourceToken"),
        **recorded(ONE_VERSION, "qualifier"),
        **recorded("functions have no URL", "functionUrlAuthType"),
        **about("statementId", "statementIdPrefix"),
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": {
        **shown_by(f"{MAPS}::test_messages_reach_the_function_and_leave_the_queue", "functionName", "eventSourceArn"),
        **shown_by(f"{MAPS}::test_a_batch_is_gathered_up_to_its_size", "batchSize"),
        **shown_by(f"{MAPS}::test_a_batch_window_costs_only_the_rehearsals_time", "maximumBatchingWindowInSeconds"),
        **shown_by(f"{MAPS}::test_a_disabled_mapping_reads_nothing", "enabled"),
        **shown_by(f"{MAPS}::test_only_the_reported_items_come_again", "functionResponseTypes"),
        **shown_by(f"{MAPS}::test_no_more_batches_at_a_time_than_the_mapping_allows",
                   "scalingConfig.maximumConcurrency"),
        **shown_by(f"{MAPS}::test_a_filter_is_refused_rather_than_ignored", "filterCriteria.filters.pattern"),
        **recorded(OF_STREAMS, "startingPosition", "maximumRetryAttempts", "maximumRecordAgeInSeconds",
                   "parallelizationFactor", "bisectBatchOnFunctionError", "tumblingWindowInSeconds",
                   "destinationConfig"),
    },
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
        **shown_by(f"{LATER}::test_it_is_tried_as_often_as_configured", "functionName", "maximumRetryAttempts"),
        **shown_by(f"{LATER}::test_it_is_not_tried_when_it_has_become_too_old", "maximumEventAgeInSeconds"),
        **within("destinationConfig", {
            **shown_by(f"{LATER}::test_a_failure_goes_to_its_destination", "onFailure.destination"),
            **shown_by(f"{LATER}::test_a_success_goes_to_its_destination", "onSuccess.destination"),
        }),
        **recorded(ONE_VERSION, "qualifier"),
    },
}  # fmt: skip
