"""The proof as text for people, or as JSON for programs. Nothing here does any work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from lakelet.permissions.deployer import as_document, deployer_policy
from lakelet.permissions.play import DEPLOY, Played
from lakelet.permissions.scenarios import SCENARIOS
from lakelet.permissions.words import in_our_words
from rehearsal.proof import Place, Proof, Recorded
from rehearsal.proof.grants import Grant
from rehearsal.proof.held import Statement, listed
from rehearsal.proof.proof import suggested
from rehearsal.proof.record import SHAPING
from rehearsal.proof.smallest import smallest
from sources import SOURCES

_PLACE = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:")
WIDTH = max(len(name) for name in (DEPLOY, *(scenario.name for scenario in SCENARIOS)))


def as_json(played: Played) -> str:
    told = {
        "is_clean": played.is_clean,
        "failures": played.failures(),
        "scenarios": list(played.scenarios),
        "trials": [{**vars(trial), "agrees": trial.agrees} for trial in played.trials],
        "deployer": {"calls": sum(one.times for one in played.deployer), "distinct": len(played.deployer)},
        "proof": played.proof.to_json(),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_text(played: Played) -> str:
    proof = played.proof
    parts = [*_holders(proof), *_sections(played), _totals(played)]
    return "\n\n".join(parts)


def as_permissions(played: Played) -> str:
    """The smallest permissions of each role, as whoever writes them would."""
    names, sources = played.names, sorted(SOURCES)
    return "\n\n".join(
        "\n".join([f"# {holder.split('/')[-1]}", *in_our_words(smallest(own), names, sources)])
        for holder, own in _by_role(played).items()
    )


def as_policy(played: Played) -> str:
    return as_document(deployer_policy(played.deployer, played.names))


def _by_role(played: Played) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for one in played.proof.record:
        if one.holder.startswith("role/"):
            found.setdefault(one.holder, []).append(one)
    return dict(sorted(found.items()))


def _holders(proof: Proof) -> Iterator[str]:
    """Each role and each resource with a policy, a line a statement."""
    statements = dict(proof.held.statements())
    for holder in dict.fromkeys(grant.place.holder for grant in proof.grants):
        own = [grant for grant in proof.grants if grant.place.holder == holder]
        places = dict.fromkeys(grant.place for grant in own)
        lines = [_line([each for each in own if each.place == place], statements[place]) for place in places]
        yield "\n".join([_title(own[0].place), *lines])


def _title(place: Place) -> str:
    kind = place.holder.split(":")[2] if place.is_of_resource else "role"
    return f"trust of {place.title.split('/')[-1]}" if kind == "iam" else f"{kind} {_short(place.title)}"


def _line(grants: Sequence[Grant], statement: Statement) -> str:
    """How often a statement was needed, the first day on which it was, and what it grants."""
    needed = {id(one): one for grant in grants for one in grant.needed_by}.values()
    calls = sum(one.times for one in needed if not one.is_probe)
    first = next((name for one in needed for name in one.during), "never needed")
    actions = _actions(list(dict.fromkeys(grant.action for grant in grants)))
    resources = ", ".join(dict.fromkeys(_short(grant.resource) for grant in grants))
    about = "" if resources == "*" or grants[0].place.is_of_resource else f" on {resources}"
    to = f" by {grants[0].whom}" if grants[0].whom else ""
    return f"  {calls:>6,}  {first:<{WIDTH}}  {actions}{about}{_keys(statement)}{to}"


def _keys(statement: Statement) -> str:
    """Of a statement about some keys only: which."""
    values = [value for keys in (statement.get("Condition") or {}).values() for key, held in keys.items()
              if key.lower() in SHAPING for value in listed(held)]  # fmt: skip
    return f" ({', '.join(values)})" if values else ""


def _actions(actions: Sequence[str]) -> str:
    """``s3:GetObject PutObject``: each service is named once."""
    found: dict[str, list[str]] = {}
    for action in actions:
        service, _, verb = action.partition(":")
        found.setdefault(service, []).append(verb)
    return ", ".join(f"{service}:{' '.join(verbs)}" if verbs[0] else service for service, verbs in found.items())


def _short(arn: str) -> str:
    """Without where it is: that is the same for all."""
    return _PLACE.sub("", arn)


def _sections(played: Played) -> Iterator[str]:
    proof = played.proof
    tried = [
        f"{trial.mutant}: {'as foretold' if trial.agrees else 'NOT as foretold'}, {trial.denied}"
        for trial in played.trials
    ]
    for title, lines in (
        ("guards, which deny and grant nothing", [f"{_short(each.place.title)}: {', '.join(each.actions)}"
                                                  for each in proof.guards]),
        ("taken away for real", tried),
        ("a narrower pattern would have done", list(map(suggested, proof.suggestions))),
        ("FAILURES", played.failures()),
    ):  # fmt: skip
        if lines:
            yield "\n".join([title, *(f"  {line}" for line in lines)])


def _totals(played: Played) -> str:
    proof, deployer = played.proof, played.deployer
    roles = sum(1 for holder in {grant.place.holder for grant in proof.grants} if not holder.startswith("arn:"))
    asked = sum(one.times for one in proof.record if not one.is_probe and one not in deployer)
    killed = len(proof.mutants) - len(proof.survivors)
    return "\n".join(
        [
            f"{len(played.scenarios)} scenarios, {roles} roles, {asked:,} requests",
            f"denied {len(proof.denied)} · granted and never needed {len(proof.unused)} of {len(proof.grants)} · "
            f"mutants {len(proof.mutants)}: {killed} would have been noticed, {len(proof.survivors)} survive",
            f"deployer {sum(one.times for one in deployer):,} requests, to deploy and to destroy; the smallest policy "
            "for that: lakelet permissions --deployer",
            "least privilege is shown" if played.is_clean else "least privilege is NOT shown: see FAILURES",
        ]
    )
