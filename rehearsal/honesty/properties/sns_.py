"""SNS."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, recorded, shown_by

OWN = "rehearsal/honesty/test_sns.py"
NAMED = "rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name"
ACTIONS = "rehearsal/metrics/test_actions.py"
ONCE = "a delivery succeeds at once or is lost"

EFFECTS: dict[str, Effects] = {
    "aws:sns/topic:Topic": {
        **shown_by(NAMED, "name", "namePrefix"),
        **shown_by(f"{ACTIONS}::test_a_topic_under_the_key_of_aws_cannot_be_told", "kmsMasterKeyId"),
        **shown_by(f"{ACTIONS}::test_the_policy_of_a_topic_is_asked", "policy"),
        **recorded("mails are kept as they are, without a sender's name", "displayName"),
        **recorded(ONCE, "deliveryPolicy"),
        **recorded("no test shows the order of a topic", "fifoTopic", "contentBasedDeduplication"),
    },
    "aws:sns/topicPolicy:TopicPolicy": shown_by(f"{ACTIONS}::test_the_policy_of_a_topic_is_asked", "arn", "policy"),
    "aws:sns/topicSubscription:TopicSubscription": {
        **shown_by(f"{OWN}::test_a_subscriber_gets_what_is_published", "topic", "protocol", "endpoint",
                   "rawMessageDelivery"),
        **shown_by(f"{OWN}::test_a_subscriber_gets_only_what_its_filter_lets_through", "filterPolicy",
                   "filterPolicyScope"),
        **recorded(ONCE, "redrivePolicy", "deliveryPolicy"),
        **recorded("there is no delivery to Firehose", "subscriptionRoleArn"),
    },
}  # fmt: skip
