"""SQS."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, recorded, shown_by

OWN = "rehearsal/honesty/test_sqs.py"
NAMED = "rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name"
DEAD = "rehearsal/events/test_mappings.py::test_what_fails_too_often_becomes_a_dead_letter"
NO_KEYS = "messages are not encrypted"
ANY_SOURCE = "any queue may send its dead letters to any other"
SENDS = "rehearsal/honesty/test_policies.py::test_the_policy_of_a_queue_decides_who_sends"

EFFECTS: dict[str, Effects] = {
    "aws:sqs/queue:Queue": {
        **shown_by(NAMED, "name", "namePrefix"),
        **shown_by(f"{OWN}::test_a_message_is_hidden_for_as_long_as_the_queue_says", "visibilityTimeoutSeconds"),
        **shown_by(f"{OWN}::test_a_message_comes_as_late_as_the_queue_says", "delaySeconds"),
        **shown_by(f"{OWN}::test_a_message_may_be_as_large_as_the_queue_says", "maxMessageSize"),
        **shown_by("rehearsal/test_patches_queues.py::test_an_expired_message_is_gone_and_not_in_the_way",
                   "messageRetentionSeconds"),
        **shown_by("rehearsal/test_patches_queues.py::test_a_long_poll_gets_what_is_sent_meanwhile",
                   "receiveWaitTimeSeconds"),
        **shown_by(f"{OWN}::test_an_ordered_queue_takes_the_same_message_once", "fifoQueue",
                   "contentBasedDeduplication"),
        **shown_by(f"{OWN}::test_a_message_is_received_as_often_as_the_queue_says", "redrivePolicy"),
        **recorded(NO_KEYS, "kmsMasterKeyId", "kmsDataKeyReusePeriodSeconds", "sqsManagedSseEnabled"),
        **recorded("ordered queues are not throttled", "deduplicationScope", "fifoThroughputLimit"),
        **recorded(ANY_SOURCE, "redriveAllowPolicy"),
        **shown_by(SENDS, "policy"),
    },
    "aws:sqs/queuePolicy:QueuePolicy": shown_by(SENDS, "queueUrl", "policy"),
    "aws:sqs/redrivePolicy:RedrivePolicy": shown_by(DEAD, "queueUrl", "redrivePolicy"),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": {
        **about("queueUrl"),
        **recorded(ANY_SOURCE, "redriveAllowPolicy"),
    },
}  # fmt: skip
