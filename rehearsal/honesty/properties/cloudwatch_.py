"""CloudWatch, and EventBridge's rules and buses, which Pulumi puts here."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, recorded, shown_by, within

NAMED = "rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name"
RULES = "rehearsal/events/test_rules.py"
EVENTS = "rehearsal/test_patches_events.py"
INPUTS = "rehearsal/events/test_inputs.py"
METRICS = "rehearsal/metrics"
OWN_BUS = "rehearsal/honesty/test_events.py::test_an_event_stays_on_its_bus"
MATH = f"{METRICS}/test_alarms.py::test_metric_math_is_judged_by_what_it_returns"
SERIES = f"{METRICS}/test_alarms.py::test_other_dimensions_and_units_are_other_metrics"
READING = f"{METRICS}/test_reading.py::test_periods_are_whole_and_dimensions_exact"
PERCENTILES = f"{METRICS}/test_reading.py::test_percentiles_and_expressions_are_computed"
TOLD = f"{METRICS}/test_actions.py::test_a_topic_is_told_as_aws_tells_it"
COMPOSITE = f"{METRICS}/test_acceptance.py::test_a_composite_alarm_follows_the_others_at_their_time"
ONE_TRY = "a target is tried once"

ACTIONS: Effects = {
    **shown_by(f"{METRICS}/test_actions.py::test_disabled_actions_are_not_carried_out", "actionsEnabled"),
    **shown_by(TOLD, "alarmActions", "alarmDescription"),
    **shown_by("rehearsal/honesty/test_alarms.py::test_each_state_has_its_own_actions", "okActions",
               "insufficientDataActions"),
}  # fmt: skip
RULE: Effects = {
    **shown_by(NAMED, "name", "namePrefix"),
    **shown_by(f"{RULES}::test_an_event_that_matches_calls_the_function", "eventPattern"),
    **shown_by(f"{EVENTS}::test_a_disabled_rule_is_silent", "state", "isEnabled"),
    **shown_by(OWN_BUS, "eventBusName"),
    **recorded("no rule fires by a clock here; take a schedule of EventBridge Scheduler", "scheduleExpression"),
    **recorded("counts only when the stack is destroyed", "forceDestroy"),
    **recorded("targets are reached under their own role", "roleArn"),
    **recorded("for people", "description"),
}
TARGET: Effects = {
    **shown_by(f"{EVENTS}::test_every_target_of_a_matching_rule_is_handed_over", "rule", "arn", "targetId"),
    **shown_by(OWN_BUS, "eventBusName"),
    **shown_by(f"{INPUTS}::test_a_constant_or_a_part", "input", "inputPath"),
    **shown_by(f"{RULES}::test_a_queue_gets_what_the_transformer_makes", "inputTransformer.inputPaths",
               "inputTransformer.inputTemplate"),
    **shown_by(f"{RULES}::test_a_function_without_a_permission_is_not_called_and_the_event_is_a_dead_letter",
               "deadLetterConfig.arn"),
    **recorded("no test shows the role of a target", "roleArn"),
    **recorded(ONE_TRY, "retryPolicy"),
    **recorded("counts only when the stack is destroyed", "forceDestroy"),
    **recorded("no test shows an ordered queue as a target", "sqsTarget"),
    **recorded("such a target cannot be reached here", "kinesisTarget", "batchTarget"),
}  # fmt: skip
ALARM: Effects = {
    **ACTIONS,
    **shown_by(NAMED, "name"),
    **shown_by(SERIES, "namespace", "metricName", "dimensions", "unit"),
    **shown_by(f"{METRICS}/test_statistics.py::test_a_statistic_of_values_and_of_statistics", "statistic",
               "extendedStatistic"),
    **shown_by(f"{METRICS}/test_alarms.py::test_what_looks_back_over_days_is_looked_at_each_hour", "period"),
    **shown_by(f"{METRICS}/test_alarms.py::test_two_of_three_periods", "evaluationPeriods", "datapointsToAlarm"),
    **shown_by(f"{METRICS}/test_evaluation.py::test_a_comparison_says_what_is_beyond", "threshold",
               "comparisonOperator"),
    **shown_by(f"{METRICS}/test_alarms.py::test_when_data_stop_it_is_as_the_alarm_says", "treatMissingData"),
    **shown_by(f"{METRICS}/test_acceptance.py::test_an_alarm_is_refused_by_name", "thresholdMetricId"),
    **recorded("percentiles of few values are judged like those of many", "evaluateLowSampleCountPercentiles"),
    **within("metricQueries", {
        **shown_by(MATH, "id", "expression", "returnData"),
        **shown_by(READING, "period"),
        **recorded("for people", "label"),
        **shown_by("rehearsal/honesty/test_alarms.py::test_a_metric_of_another_account_is_refused", "accountId"),
        **shown_by(MATH, "metric.metricName", "metric.namespace"),
        **shown_by(READING, "metric.dimensions", "metric.period"),
        **shown_by(PERCENTILES, "metric.stat"),
        **shown_by(SERIES, "metric.unit"),
    }),
}  # fmt: skip

EFFECTS: dict[str, Effects] = {
    "aws:cloudwatch/eventBus:EventBus": shown_by(OWN_BUS, "name"),
    "aws:cloudwatch/eventRule:EventRule": RULE,
    "aws:cloudwatch/eventTarget:EventTarget": TARGET,
    "aws:cloudwatch/logGroup:LogGroup": {
        **shown_by(NAMED, "name", "namePrefix"),
        **recorded("lines stay as long as the account", "retentionInDays"),
        **recorded("lines are not encrypted", "kmsKeyId"),
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": ALARM,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
        **ACTIONS,
        **shown_by(COMPOSITE, "alarmName", "alarmRule"),
    },
    "aws:cloudwatch/dashboard:Dashboard": {
        **shown_by(NAMED, "dashboardName"),
        **shown_by(f"{METRICS}/test_dashboard.py::test_what_cloudwatch_would_not_show_is_named_with_its_place",
                   "dashboardBody"),
    },
}  # fmt: skip
