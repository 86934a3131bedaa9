"""IAM."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, recorded, shown_by

NAMED = "rehearsal/honesty/test_names.py::test_what_is_named_is_found_under_its_name"
TRUSTS = "rehearsal/test_account.py::test_a_role_is_not_assumed_for_another_service"
OWN = "rehearsal/honesty/test_policies.py"
BOUNDARY = "rehearsal/identity/test_judge.py::test_a_boundary_cuts_off_what_a_role_holds"
INLINE = f"{OWN}::test_the_policy_of_a_role_decides"
ATTACHED = f"{OWN}::test_a_policy_decides_for_the_roles_that_it_is_attached_to"
OF_ROLE = f"{OWN}::test_the_policy_of_a_bucket_decides_who_reads"

EFFECTS: dict[str, Effects] = {
    "aws:iam/role:Role": {
        **shown_by(NAMED, "name", "namePrefix"),
        **shown_by(TRUSTS, "assumeRolePolicy"),
        **shown_by(INLINE, "inlinePolicies.name", "inlinePolicies.policy"),
        **shown_by(ATTACHED, "managedPolicyArns"),
        **shown_by(BOUNDARY, "permissionsBoundary"),
        **recorded("it is part of the role's ARN, and of nothing else", "path"),
        **recorded("credentials of a role last an hour", "maxSessionDuration"),
        **recorded("for people", "description"),
        **shown_by(
            "rehearsal/test_destroy.py::test_a_role_goes_with_its_policies_when_it_is_forced", "forceDetachPolicies"
        ),
    },
    "aws:iam/rolePolicy:RolePolicy": {**shown_by(OF_ROLE, "role", "name", "policy"), **about("namePrefix")},
    "aws:iam/policy:Policy": {
        **shown_by(ATTACHED, "name", "policy"),
        **about("namePrefix"),
        **recorded("it is part of the policy's ARN, and of nothing else", "path"),
        **recorded("for people", "description"),
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": shown_by(ATTACHED, "role", "policyArn"),
}
