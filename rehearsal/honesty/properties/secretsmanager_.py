"""Secrets Manager."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, of_pulumi, recorded, shown_by

OWN = "rehearsal/honesty/test_secrets.py"

EFFECTS: dict[str, Effects] = {
    "aws:secretsmanager/secret:Secret": {
        **shown_by("rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name", "name", "namePrefix"),
        **recorded("for people", "description"),
        **shown_by(
        "rehearsal/test_destroy_programs.py::test_a_secret_waits_for_the_window_that_the_program_gives",
        "recoveryWindowInDays",
    ),
        **recorded("secrets are not encrypted", "kmsKeyId"),
        **shown_by("rehearsal/honesty/test_policies.py::test_the_policy_of_a_secret_decides", "policy"),
    },
    "aws:secretsmanager/secretVersion:SecretVersion": {
        **shown_by(f"{OWN}::test_a_secret_is_what_it_was_given", "secretId", "secretString", "secretStringWo",
                   "secretBinary"),
        **shown_by(f"{OWN}::test_a_version_is_found_under_its_stages", "versionStages"),
        **of_pulumi("when to write again", "secretStringWoVersion"),
    },
}  # fmt: skip
