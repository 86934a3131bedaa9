"""From one registration of the program to one resource in the account, or to a problem in the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.deploy.assets import AssetError
from rehearsal.deploy.checks import args_class, problems, text_outputs
from rehearsal.deploy.faults import answer_line
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.ledger import Ledger
from rehearsal.deploy.model import SECRET, Deployed, Ignored
from rehearsal.deploy.order import Cloud, Order
from rehearsal.deploy.registry import Created, InputRefusedError, find_handler
from rehearsal.deploy.removal.ways import kept
from rehearsal.deploy.settling import once_settled
from rehearsal.honesty.properties import effects_of

_DEFAULT_PROVIDER = "pulumi:providers:aws"


@dataclass(frozen=True)
class Registration:
    """What the program asks for. ``secret`` names the properties that must not be shown.

    The last three are resource options that count when it is destroyed.
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    secret: frozenset[str] = frozenset()
    provider: str = ""
    is_protected: bool = False
    is_retained: bool = False
    deleted_with: str = ""

    @property
    def label(self) -> str:
        return f'{self.type.rsplit(":", 1)[-1]} "{self.name}"'

    @property
    def full_label(self) -> str:
        return f'{self.type} "{self.name}"'


class Maker:
    """Makes resources. ``make`` never raises: what goes wrong is a line in the ledger."""

    def __init__(self, cloud: Cloud, ledger: Ledger, default_tags: Mapping[str, str]) -> None:
        self._cloud = cloud
        self._ledger = ledger
        self._providers = {"": (cloud.region, dict(default_tags))}

    def make(self, wanted: Registration) -> Created:
        """The resource, or after the first problem a placeholder with which the program can go on."""
        if wanted.type == _DEFAULT_PROVIDER:
            return self._provider(wanted)
        handler = find_handler(wanted.type)
        kind = args_class(wanted.type) if handler else None
        if handler is None:
            self._ledger.problem(f"{wanted.full_label}: the rehearsal has no handler for this type")
        elif kind is not None:
            for problem in problems(wanted.inputs, kind, wanted.secret):
                self._ledger.problem(f"{wanted.label}: {problem}")
        if handler is None or self._ledger.failed:
            return self._placeholder(wanted)
        order = self._order(wanted)
        try:
            created = once_settled(lambda: handler(order))
        except (ClientError, BotoCoreError, AssetError, InputRefusedError) as error:
            self._ledger.problem(f"{wanted.label}: {answer_line(error)}")
            return self._placeholder(wanted)
        except Exception as error:  # Such as an input that is no JSON: still one line with the resource's name.
            self._ledger.problem(f"{wanted.label}: it cannot be made: {type(error).__name__}: {error}")
            return self._placeholder(wanted)
        self._note(wanted, order, created)
        return Created(created.id, {**_common_outputs(order, kind), **created.outputs})

    def _order(self, wanted: Registration) -> Order:
        # A reference to a provider is its URN and its id.
        region, tags = self._providers.get(wanted.provider.rpartition("::")[0], self._providers[""])
        inputs = Inputs(wanted.inputs)
        return Order(
            self._cloud, wanted.type, wanted.name, wanted.urn, inputs, inputs.value("region", region), tags
        )  # fmt: skip

    def _provider(self, wanted: Registration) -> Created:
        """An explicit provider: its region and default tags count. Its values arrive as JSON text."""
        inputs = Inputs(wanted.inputs)
        tags = json.loads(inputs.value("defaultTags", "{}")).get("tags", {})
        self._providers[wanted.urn] = (inputs.value("region", self._cloud.region), tags)
        self._ignore(wanted, inputs)
        return Created(wanted.name)

    def _note(self, wanted: Registration, order: Order, created: Created) -> None:
        options = {name: getattr(wanted, name) for name in ("is_protected", "is_retained", "deleted_with")}
        state = _state(wanted, order.inputs, created)
        made = Deployed(wanted.type, wanted.name, wanted.urn, created.id, region=order.region, state=state, **options)
        self._ledger.made(made)
        self._ignore(wanted, order.inputs)

    def _ignore(self, wanted: Registration, inputs: Inputs) -> None:
        for path, value, why in inputs.without_effect(effects_of(wanted.type)):
            masked = path.replace("[", ".").split(".")[0] in wanted.secret
            self._ledger.ignore(Ignored(wanted.label, path, SECRET if masked else _plain(value), why))

    def _placeholder(self, wanted: Registration) -> Created:
        """Outputs that let the program go on, so that one problem does not bring others after it."""
        texts = {name: wanted.name for name in text_outputs(wanted.type) if name not in wanted.inputs}
        return Created(wanted.name, {**texts, "arn": f"arn:aws:rehearsal:::{wanted.name}"})


def _state(wanted: Registration, inputs: Inputs, created: Created) -> dict[str, Any]:
    """What its removal needs to know. Nothing secret is kept; what counts only then is not without effect."""
    known = {**wanted.inputs, **created.outputs}
    state = {}
    for name in kept(wanted.type):
        if known.get(name) is not None and name not in wanted.secret:
            state[name] = known[name]
            if not isinstance(known[name], Mapping | list):
                inputs.value(name)
    return state


def _common_outputs(order: Order, kind: type | None) -> dict[str, Any]:
    outputs: dict[str, Any] = {"region": order.region}
    if kind is not None and hasattr(kind, "tags"):
        outputs["tagsAll"] = order.tags
    return outputs


def _plain(value: Any) -> Any:
    try:
        json.dumps(value)
    except TypeError:
        return type(value).__name__
    return value
