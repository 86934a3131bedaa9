"""EventBridge Scheduler."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, recorded, shown_by, within

FIRES = "rehearsal/events/test_schedules.py"
TIMES = "rehearsal/events/test_expressions.py"
NAMED = "rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name"
IN_GROUP = "rehearsal/honesty/test_names.py::test_a_schedule_is_found_under_its_name_in_its_group"
TRIES = "rehearsal/honesty/test_schedules.py::test_a_call_is_tried_as_often_and_as_long_as_the_schedule_says"

EFFECTS: dict[str, Effects] = {
    "aws:scheduler/scheduleGroup:ScheduleGroup": shown_by(NAMED, "name", "namePrefix"),
    "aws:scheduler/schedule:Schedule": {
        **shown_by(IN_GROUP, "name", "namePrefix", "groupName"),
        **shown_by(f"{TIMES}::test_next_times", "scheduleExpression"),
        **shown_by(f"{TIMES}::test_a_zone_keeps_its_wall_clock_over_the_change_of_time", "scheduleExpressionTimezone"),
        **shown_by(f"{TIMES}::test_dates_bound_a_schedule_and_a_rate_counts_from_its_start", "startDate", "endDate"),
        **shown_by(f"{FIRES}::test_time_that_passes_fires_what_is_due_in_order", "state"),
        **recorded("a schedule fires at its very time", "flexibleTimeWindow", as_if={"mode": "OFF"}),
        **recorded("a schedule stays when it is over", "actionAfterCompletion", as_if="NONE"),
        **recorded("inputs are not encrypted", "kmsKeyArn"),
        **recorded("for people", "description"),
        **within("target", {
            **shown_by(f"{FIRES}::test_fire_moves_the_clock_to_the_next_time_and_calls_the_function", "arn", "input"),
            **shown_by(f"{FIRES}::test_a_role_that_scheduler_may_not_assume_makes_a_dead_letter_of_nothing", "roleArn"),
            **shown_by(f"{FIRES}::test_a_target_that_is_gone_makes_a_dead_letter", "deadLetterConfig.arn"),
            **shown_by(TRIES, "retryPolicy.maximumRetryAttempts", "retryPolicy.maximumEventAgeInSeconds"),
            **recorded("no test shows an ordered queue as a target", "sqsParameters"),
            **recorded("such a target cannot be reached here", "eventbridgeParameters", "kinesisParameters"),
        }),
    },
}  # fmt: skip
