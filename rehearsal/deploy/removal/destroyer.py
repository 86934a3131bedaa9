"""Takes away what a deployment made, and stops at the first resource that will not go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.deploy.faults import answer_line
from rehearsal.deploy.model import Deployed, Deployment
from rehearsal.deploy.removal.clients import Clients
from rehearsal.deploy.removal.removal import Removal, RemovalRefusedError
from rehearsal.deploy.removal.ways import LEAVES, WAYS
from rehearsal.errors import RehearsalError

# How AWS says that a thing is not there: then somebody else has taken it away, which is as good.
GONE = frozenset({
    "AWS.SimpleQueueService.NonExistentQueue", "EntityNotFoundException", "NoSuchBucket", "NoSuchEntity", "NotFound",
    "NotFoundException", "QueueDoesNotExist", "ResourceNotFound", "ResourceNotFoundException",
})  # fmt: skip

_NEXT_STEPS = {
    "BucketNotEmpty": "empty the bucket, or deploy it with force_destroy=True",
    "DeleteConflict": "take its policies away, or deploy the role with force_detach_policies=True",
}


class DestroyError(RehearsalError):
    """A deployment that cannot be destroyed, or not wholly. ``lines`` holds each reason on a line of its own.

    ``removed`` has gone. ``left`` is the deployment without it: destroy that to go on.
    """

    def __init__(self, lines: Sequence[str], removed: Sequence[Deployed], left: Deployment) -> None:
        super().__init__("\n".join(lines))
        self.lines, self.removed, self.left = list(lines), list(removed), left


@dataclass(frozen=True)
class Destroyed:
    """What was taken away, in that order, and what the program wants left where it is."""

    removed: list[Deployed]
    retained: list[Deployed]


def destroy(
    deployment: Deployment, environment: Mapping[str, str], *, on_removed: Callable[[Deployed], None] = lambda _: None
) -> Destroyed:
    """Take away all that the deployment made, the latest first, in the account that ``environment`` leads to.

    What is protected stops it before anything is taken away. Raises DestroyError.
    """
    if refusals := [*_protected(deployment), *_unknown(deployment)]:
        raise DestroyError(refusals, [], deployment)
    gone = Destroyed([], [])
    urns = {resource.urn for resource in deployment.resources}
    with closing(Clients(environment)) as clients:
        for resource in sorted(deployment.resources, key=lambda made: made.number, reverse=True):
            if resource.is_retained or resource.state.get(LEAVES):
                gone.retained.append(resource)
                continue
            # What is deleted with another one needs no call of its own, as long as that one goes, too.
            if resource.deleted_with not in urns and (fault := _fault(resource, clients)):
                raise _stopped(deployment, resource, fault, gone)
            gone.removed.append(resource)
            on_removed(resource)
    return gone


def _protected(deployment: Deployment) -> Iterator[str]:
    for resource in deployment.resources:
        if resource.is_protected:
            yield (
                f'unable to delete resource "{resource.urn}" as it is currently marked for protection; remove protect '
                f"from {resource.label} in the program and deploy again"
            )


def _unknown(deployment: Deployment) -> Iterator[str]:
    for resource in deployment.resources:
        if resource.type not in WAYS:
            yield f"{resource.label}: the rehearsal cannot take away a resource of type {resource.type}"


def _fault(resource: Deployed, clients: Clients) -> str | None:
    """Why the resource could not be taken away, or None."""
    try:
        WAYS[resource.type].carry_out(Removal(resource, clients))
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in GONE:
            return None
        return "; ".join(filter(None, [answer_line(error), _NEXT_STEPS.get(code)]))
    except (BotoCoreError, RemovalRefusedError) as error:
        return answer_line(error)
    return None


def _stopped(deployment: Deployment, at: Deployed, fault: str, gone: Destroyed) -> DestroyError:
    done = {resource.urn for resource in (*gone.removed, *gone.retained)}
    left = replace(deployment, resources=[each for each in deployment.resources if each.urn not in done])
    names = ", ".join(resource.label for resource in left.resources)
    return DestroyError([f"{at.label}: {fault}", f"{len(left.resources)} left: {names}"], gone.removed, left)
