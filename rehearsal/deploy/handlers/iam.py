"""IAM roles and policies."""

from __future__ import annotations

from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:iam/role:Role")
def role(order: Order) -> Created:
    client, inputs = order.client("iam"), order.inputs
    name = order.physical_name()
    trust = json_text(inputs["assumeRolePolicy"])
    made = client.create_role(
        RoleName=name, AssumeRolePolicyDocument=trust, Tags=order.tag_list(),
        **inputs.take(Path="path", Description="description", MaxSessionDuration="maxSessionDuration",
                      PermissionsBoundary="permissionsBoundary"),
    )["Role"]  # fmt: skip
    for inline in inputs.objects("inlinePolicies"):
        if "name" in inline and "policy" in inline:
            client.put_role_policy(RoleName=name, PolicyName=inline["name"], PolicyDocument=json_text(inline["policy"]))
    for arn in inputs.value("managedPolicyArns", []):
        client.attach_role_policy(RoleName=name, PolicyArn=arn)
    return Created(name, {"name": name, "arn": made["Arn"], "uniqueId": made["RoleId"], "assumeRolePolicy": trust})


@handles("aws:iam/rolePolicy:RolePolicy")
def role_policy(order: Order) -> Created:
    role_name, name = order.inputs["role"], order.physical_name(limit=128)
    text = json_text(order.inputs["policy"])
    order.client("iam").put_role_policy(RoleName=role_name, PolicyName=name, PolicyDocument=text)
    return Created(f"{role_name}:{name}", {"name": name, "policy": text})


@handles("aws:iam/policy:Policy")
def policy(order: Order) -> Created:
    name, text = order.physical_name(limit=128), json_text(order.inputs["policy"])
    made = order.client("iam").create_policy(
        PolicyName=name, PolicyDocument=text, Tags=order.tag_list(),
        **order.inputs.take(Path="path", Description="description"),
    )["Policy"]  # fmt: skip
    return Created(made["Arn"], {"name": name, "arn": made["Arn"], "policyId": made["PolicyId"], "policy": text})


@handles("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
def role_policy_attachment(order: Order) -> Created:
    role_name, arn = order.inputs["role"], order.inputs["policyArn"]
    order.client("iam").attach_role_policy(RoleName=role_name, PolicyArn=arn)
    return Created(f"{role_name}/{arn}")
